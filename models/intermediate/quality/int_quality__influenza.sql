-- One row per period, measure and person seen in the last influenza season that ended
-- by the period's last day (Core-35): the months of visits and of vaccines end with the
-- season, and age counts on the day of the visit. Who was not vaccinated and had a
-- reason is excluded; who was vaccinated counts, whatever else was written down.
with people as (
    select * from {{ ref('int_quality__eligible_people') }}
    where design = 'influenza'
),

specifications as (
    select * from {{ ref('measure_specifications') }}
    where design = 'influenza'
),

windows as (
    select * from {{ ref('int_quality__value_set_windows') }}
    where design = 'influenza'
),

events as (
    select events.*
    from {{ ref('int_quality__events_as_of') }} as events
    semi join windows
        on events.value_set = windows.value_set
),

parameters as (
    select * from {{ ref('int_quality__parameters') }}
),

rules as (
    select
        parameters.period_end,
        parameters.measure_id,
        cast(
            max(parameters.value) filter (
                where parameters.parameter = 'season_last_month'
            ) as integer
        ) as season_last_month,
        cast(
            max(parameters.value) filter (
                where parameters.parameter = 'least_age_months'
            ) as integer
        ) as least_age_months
    from parameters
    inner join specifications
        on parameters.measure_id = specifications.measure_id
    group by
        parameters.period_end,
        parameters.measure_id
),

-- First day of the month that follows the last season of the period.
seasons as (
    select
        *,
        cast(
            {{ dbt.dateadd(
                'month',
                '1 - cast((extract(month from period_end) + 12 - season_last_month) '
                ~ '% 12 as integer)',
                dbt.date_trunc('month', 'period_end')
            ) }} as date
        ) as season_over_on
    from rules
),

named as (
    select
        events.period_end,
        windows.measure_id,
        events.person_id,
        windows.role,
        seasons.least_age_months,
        events.source_table,
        events.payer,
        events.record_id,
        events.event_date,
        events.code_system,
        events.code,
        events.value_set
    from events
    inner join windows
        on
            events.period_end = windows.period_end
            and events.value_set = windows.value_set
    inner join seasons
        on
            windows.period_end = seasons.period_end
            and windows.measure_id = seasons.measure_id
            and events.event_date < seasons.season_over_on
            and events.event_date >= {{ dbt.dateadd(
                'month', '-windows.look_back_months', 'seasons.season_over_on'
            ) }}
),

-- Of the visits the last is the evidence, at which the person is oldest; of vaccines
-- and reasons the first.
ranked as (
    select
        *,
        row_number() over (
            partition by period_end, measure_id, person_id, role
            order by
                case when role = 'visit' then event_date end desc,
                event_date asc,
                record_id asc,
                code asc,
                code_system asc,
                value_set asc,
                source_table asc,
                payer asc
        ) as event_rank
    from named
),

first_events as (
    select * from ranked
    where event_rank = 1
),

final as (
    select
        visits.period_end,
        visits.measure_id,
        visits.person_id,
        'person' as event_id,
        cast(1 as decimal(9, 6)) as weight,
        case
            when vaccines.person_id is null
                then replace(exceptions.value_set, '_', ' ')
        end as exclusion_reason,
        vaccines.person_id is not null as in_numerator,
        visits.record_id as denominator_record_id,
        visits.event_date as denominator_date,
        visits.code as denominator_code,
        vaccines.record_id as numerator_record_id,
        vaccines.event_date as numerator_date,
        vaccines.code as numerator_code,
        cast(null as decimal(18, 4)) as numerator_value
    from people
    inner join first_events as visits
        on
            people.period_end = visits.period_end
            and people.measure_id = visits.measure_id
            and people.person_id = visits.person_id
            and visits.role = 'visit'
            and {{ dbt.dateadd(
                'month', 'visits.least_age_months', 'people.birth_date'
            ) }} <= visits.event_date
    left join first_events as vaccines
        on
            visits.period_end = vaccines.period_end
            and visits.measure_id = vaccines.measure_id
            and visits.person_id = vaccines.person_id
            and vaccines.role = 'numerator'
    left join first_events as exceptions
        on
            visits.period_end = exceptions.period_end
            and visits.measure_id = exceptions.measure_id
            and visits.person_id = exceptions.person_id
            and exceptions.role = 'exception'
)

select * from final
