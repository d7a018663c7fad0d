-- One row per period, measure and woman whom claims of the period show to be sexually
-- active (Core-7 and its age bands): by a service, a diagnosis or a contraceptive, or
-- by a pregnancy test. Who is known by a pregnancy test alone is excluded where it was
-- made for another reason: an X-ray or a retinoid on the day or soon after it.
with women as (
    select * from {{ ref('int_quality__eligible_people') }}
    where design = 'chlamydia'
),

windows as (
    select * from {{ ref('int_quality__value_set_windows') }}
    where design = 'chlamydia'
),

events as (
    select events.*
    from {{ ref('int_quality__events_as_of') }} as events
    semi join windows
        on events.value_set = windows.value_set
),

parameters as (
    select * from {{ ref('int_quality__parameters') }}
    where parameter = 'days_after_pregnancy_test'
),

value_set_codes as (
    select * from {{ ref('int_quality__value_set_codes') }}
),

-- Lists of services of sexually active women hold pregnancy tests too.
test_codes as (
    select distinct
        windows.period_end,
        windows.measure_id,
        value_set_codes.code_system,
        value_set_codes.code
    from windows
    inner join value_set_codes
        on windows.value_set = value_set_codes.value_set
    where windows.role = 'pregnancy test'
),

named as (
    select
        events.period_end,
        windows.measure_id,
        events.person_id,
        case
            when test_codes.code is not null then 'pregnancy test'
            else windows.role
        end as role,
        events.source_table,
        events.payer,
        events.record_id,
        events.event_date,
        events.code_system,
        events.code
    from events
    inner join windows
        on
            events.period_end = windows.period_end
            and events.value_set = windows.value_set
            and events.event_date >= windows.window_start
    left join test_codes
        on
            windows.role = 'denominator'
            and windows.period_end = test_codes.period_end
            and windows.measure_id = test_codes.measure_id
            and events.code_system = test_codes.code_system
            and events.code = test_codes.code
),

-- Versions of a claim and value sets that share a code say the same.
distinct_events as (
    select distinct named.* from named
    semi join women
        on
            named.period_end = women.period_end
            and named.measure_id = women.measure_id
            and named.person_id = women.person_id
),

tests_for_another_reason as (
    select distinct
        tests.period_end,
        tests.measure_id,
        tests.person_id
    from distinct_events as tests
    inner join distinct_events as reasons
        on
            tests.period_end = reasons.period_end
            and tests.measure_id = reasons.measure_id
            and tests.person_id = reasons.person_id
            and tests.event_date <= reasons.event_date
    inner join parameters
        on
            tests.period_end = parameters.period_end
            and tests.measure_id = parameters.measure_id
            and {{ dbt.datediff('tests.event_date', 'reasons.event_date', 'day') }}
            <= parameters.value
    where
        tests.role = 'pregnancy test'
        and reasons.role = 'pregnancy test for another reason'
),

-- What says it by itself goes before a test; the first in time is the evidence, and of
-- the chlamydia tests the last.
ranked as (
    select
        *,
        case when role = 'numerator' then 'numerator' else 'denominator' end as side,
        row_number() over (
            partition by
                period_end,
                measure_id,
                person_id,
                case when role = 'numerator' then 'numerator' else 'denominator' end
            order by
                case when role = 'pregnancy test' then 1 else 0 end asc,
                case when role = 'numerator' then event_date end desc,
                event_date asc,
                record_id asc,
                code asc,
                code_system asc,
                source_table asc,
                payer asc
        ) as event_rank
    from distinct_events
    where role in ('denominator', 'pregnancy test', 'numerator')
),

final as (
    select
        denominators.period_end,
        denominators.measure_id,
        denominators.person_id,
        'person' as event_id,
        cast(1 as decimal(9, 6)) as weight,
        case
            when
                denominators.role = 'pregnancy test'
                and tests_for_another_reason.person_id is not null
                then 'pregnancy test for another reason'
        end as exclusion_reason,
        numerators.person_id is not null as in_numerator,
        denominators.record_id as denominator_record_id,
        denominators.event_date as denominator_date,
        denominators.code as denominator_code,
        numerators.record_id as numerator_record_id,
        numerators.event_date as numerator_date,
        numerators.code as numerator_code,
        cast(null as decimal(18, 4)) as numerator_value
    from ranked as denominators
    left join ranked as numerators
        on
            denominators.period_end = numerators.period_end
            and denominators.measure_id = numerators.measure_id
            and denominators.person_id = numerators.person_id
            and numerators.side = 'numerator'
            and numerators.event_rank = 1
    left join tests_for_another_reason
        on
            denominators.period_end = tests_for_another_reason.period_end
            and denominators.measure_id = tests_for_another_reason.measure_id
            and denominators.person_id = tests_for_another_reason.person_id
    where denominators.side = 'denominator' and denominators.event_rank = 1
)

select * from final
