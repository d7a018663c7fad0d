-- One row per period, measure and child whose second birthday falls in the period,
-- enrolled in the months that end with it: whether by then it had every vaccine of the
-- combination, in as many doses as each takes or by having had the illness (Core-14). A
-- role of measure_value_sets is a vaccine, and a part of it one way to be protected.
-- The last dose that was needed is the evidence; a child that lacks vaccines has their
-- names instead. A child for whom a vaccine is contraindicated is excluded.
with periods as (
    select * from {{ ref('int_quality__periods') }}
),

people as (
    select * from {{ ref('int_quality__people') }}
),

coverage_spans as (
    select * from {{ ref('int_quality__coverage_spans') }}
),

specifications as (
    select * from {{ ref('measure_specifications') }}
    where design = 'childhood_immunizations'
),

measure_value_sets as (
    select * from {{ ref('measure_value_sets') }}
),

measure_parameters as (
    select * from {{ ref('measure_parameters') }}
),

parameters as (
    select
        periods.period_end,
        measure_parameters.measure_id,
        {{ parameter_columns([
            'enrollment_months',
            'enrollment_gaps',
            'enrollment_gap_days',
            'dose_days_apart',
        ]) }}
    from periods
    inner join measure_parameters
        on {{ is_in_force('measure_parameters', 'periods.period_end') }}
    group by
        periods.period_end,
        measure_parameters.measure_id
),

{{ birthday_ctes() }},

-- Ages at which a dose counts, in days of life, are parameters named by value set, and
-- doses that it takes by role and part.
vaccine_ways as (
    select
        periods.period_end,
        measure_value_sets.measure_id,
        measure_value_sets.role,
        measure_value_sets.part,
        measure_value_sets.value_set,
        measure_value_sets.age_from,
        cast(
            max(measure_parameters.value) filter (
                where
                measure_parameters.parameter
                = measure_value_sets.value_set || '_from_days'
            ) as integer
        ) as from_days,
        cast(
            max(measure_parameters.value) filter (
                where
                measure_parameters.parameter
                = measure_value_sets.value_set || '_to_days'
            ) as integer
        ) as to_days,
        cast(
            max(measure_parameters.value) filter (
                where
                measure_parameters.parameter
                = measure_value_sets.role
                || '_' || cast(measure_value_sets.part as varchar) || '_doses'
            ) as integer
        ) as doses
    from periods
    inner join measure_value_sets
        on {{ is_in_force('measure_value_sets', 'periods.period_end') }}
    inner join specifications
        on measure_value_sets.measure_id = specifications.measure_id
    inner join measure_parameters
        on
            measure_value_sets.measure_id = measure_parameters.measure_id
            and {{ is_in_force('measure_parameters', 'periods.period_end') }}
    group by
        periods.period_end,
        measure_value_sets.measure_id,
        measure_value_sets.role,
        measure_value_sets.part,
        measure_value_sets.value_set,
        measure_value_sets.age_from
),

vaccine_value_sets as (
    select distinct value_set from vaccine_ways
),

-- Joined, where other measures ask whether the value set is among theirs: DuckDB so
-- narrows the events while it reads them, since the children are few.
events as (
    select events.*
    from {{ ref('int_quality__events_as_of') }} as events
    inner join vaccine_value_sets
        on events.value_set = vaccine_value_sets.value_set
),

vaccines as (
    select distinct
        period_end,
        measure_id,
        role
    from vaccine_ways
    where role <> 'contraindication'
),

found as (
    select
        enrolled_children.period_end,
        enrolled_children.measure_id,
        enrolled_children.person_id,
        vaccine_ways.role,
        vaccine_ways.part,
        vaccine_ways.doses,
        events.event_date,
        events.record_id,
        events.code
    from enrolled_children
    inner join vaccine_ways
        on
            enrolled_children.period_end = vaccine_ways.period_end
            and enrolled_children.measure_id = vaccine_ways.measure_id
    inner join events
        on
            enrolled_children.period_end = events.period_end
            and enrolled_children.person_id = events.person_id
            and vaccine_ways.value_set = events.value_set
            and enrolled_children.birthday >= events.event_date
            and {{ full_years('enrolled_children.birth_date', 'events.event_date') }}
            >= coalesce(vaccine_ways.age_from, 0)
            and {{ dbt.datediff(
                'enrolled_children.birth_date', 'events.event_date', 'day'
            ) }} >= coalesce(vaccine_ways.from_days, 0)
            and (
                {{ dbt.datediff(
                    'enrolled_children.birth_date', 'events.event_date', 'day'
                ) }} <= vaccine_ways.to_days
                or vaccine_ways.to_days is null
            )
),

-- What several senders report of one day is one row.
days as (
    select
        period_end,
        measure_id,
        person_id,
        role,
        part,
        event_date,
        max(doses) as doses,
        min(record_id) as record_id,
        min_by(code, record_id || ' ' || code) as code
    from found
    group by
        period_end,
        measure_id,
        person_id,
        role,
        part,
        event_date
),

spaced as (
    select
        days.*,
        parameters.dose_days_apart,
        lag(days.event_date) over (
            partition by
                days.period_end,
                days.measure_id,
                days.person_id,
                days.role,
                days.part
            order by days.event_date
        ) as date_before
    from days
    inner join parameters
        on
            days.period_end = parameters.period_end
            and days.measure_id = parameters.measure_id
),

-- Dates too close together are one dose that two senders date differently.
doses as (
    select
        *,
        row_number() over (
            partition by period_end, measure_id, person_id, role, part
            order by event_date
        ) as dose_number
    from spaced
    where
        date_before is null
        or event_date
        >= {{ dbt.dateadd('day', 'dose_days_apart', 'date_before') }}
),

-- The first of the ways that was complete.
protected as (
    select
        *,
        row_number() over (
            partition by period_end, measure_id, person_id, role
            order by event_date, part
        ) as way_rank
    from doses
    where dose_number = doses and role <> 'contraindication'
),

asked as (
    select
        enrolled_children.period_end,
        enrolled_children.measure_id,
        enrolled_children.person_id,
        case when protected.event_date is null then vaccines.role end as lacking,
        protected.event_date,
        protected.record_id,
        protected.code
    from enrolled_children
    inner join vaccines
        on
            enrolled_children.period_end = vaccines.period_end
            and enrolled_children.measure_id = vaccines.measure_id
    left join protected
        on
            enrolled_children.period_end = protected.period_end
            and enrolled_children.measure_id = protected.measure_id
            and enrolled_children.person_id = protected.person_id
            and vaccines.role = protected.role
            and protected.way_rank = 1
),

numerators as (
    select
        period_end,
        measure_id,
        person_id,
        count(*) = count(event_date) as is_complete,
        {{ distinct_list('lacking') }} as lacking,
        max(event_date) as event_date,
        max_by(record_id, cast(event_date as varchar) || record_id) as record_id,
        max_by(code, cast(event_date as varchar) || record_id || code) as code
    from asked
    group by
        period_end,
        measure_id,
        person_id
),

contraindications as (
    select
        *,
        row_number() over (
            partition by period_end, measure_id, person_id
            order by event_date, part
        ) as contraindication_rank
    from days
    where role = 'contraindication'
),

final as (
    select
        enrolled_children.period_end,
        enrolled_children.measure_id,
        enrolled_children.person_id,
        'person' as event_id,
        cast(1 as decimal(9, 6)) as weight,
        case
            when contraindications.event_date is not null
                then 'vaccine contraindicated'
        end as exclusion_reason,
        numerators.is_complete as in_numerator,
        contraindications.record_id as denominator_record_id,
        coalesce(contraindications.event_date, enrolled_children.birthday)
            as denominator_date,
        contraindications.code as denominator_code,
        case when numerators.is_complete then numerators.record_id end
            as numerator_record_id,
        case when numerators.is_complete then numerators.event_date end
            as numerator_date,
        case
            when numerators.is_complete then numerators.code
            else 'lacks ' || numerators.lacking
        end as numerator_code,
        cast(null as decimal(18, 4)) as numerator_value
    from enrolled_children
    inner join numerators
        on
            enrolled_children.period_end = numerators.period_end
            and enrolled_children.measure_id = numerators.measure_id
            and enrolled_children.person_id = numerators.person_id
    left join contraindications
        on
            enrolled_children.period_end = contraindications.period_end
            and enrolled_children.measure_id = contraindications.measure_id
            and enrolled_children.person_id = contraindications.person_id
            and contraindications.contraindication_rank = 1
)

select * from final
