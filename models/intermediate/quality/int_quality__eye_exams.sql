-- One row per period and person with diabetes: whether an eye-care provider examined
-- the eyes, or somebody reported such an exam, in the period, or the exam of the year
-- before found nothing (M&E-2). The latest is the evidence.
with people as (
    select * from {{ ref('int_quality__eligible_people') }}
    where design = 'eye_exam'
),

value_set_windows as (
    select * from {{ ref('int_quality__value_set_windows') }}
    where design = 'eye_exam'
),

parameters as (
    select * from {{ ref('int_quality__parameters') }}
),

providers as (
    select * from {{ ref('stg_provider') }}
),

provider_groups as (
    select * from {{ ref('provider_groups') }}
),

windows as (
    select
        value_set_windows.*,
        case
            when value_set_windows.role <> 'negative exam'
                then value_set_windows.period_end
            else
                cast(
                    {{ dbt.dateadd(
                        'day', -1,
                        dbt.dateadd(
                            'month', '1 - cast(parameters.value as integer)',
                            dbt.date_trunc('month', 'value_set_windows.period_end')
                        )
                    ) }} as date
                )
        end as window_end
    from value_set_windows
    left join parameters
        on
            value_set_windows.period_end = parameters.period_end
            and value_set_windows.measure_id = parameters.measure_id
            and parameters.parameter = 'negative_exam_months_before'
),

events as (
    select events.*
    from {{ ref('int_quality__events_as_of') }} as events
    semi join windows
        on events.value_set = windows.value_set
),

coded as (
    select
        events.period_end,
        windows.measure_id,
        windows.role,
        events.person_id,
        events.payer,
        events.record_id,
        events.event_date,
        events.code
    from events
    inner join windows
        on
            events.period_end = windows.period_end
            and events.value_set = windows.value_set
            and events.event_date between windows.window_start and windows.window_end
    left join providers
        on events.provider_npi = providers.npi
    left join provider_groups
        on
            windows.provider_group = provider_groups.provider_group
            and providers.specialty = provider_groups.specialty
            and {{ is_in_force('provider_groups', 'events.event_date') }}
    where
        windows.provider_group is null
        or provider_groups.specialty is not null
),

findings as (
    select distinct
        period_end,
        measure_id,
        person_id,
        payer,
        record_id
    from coded
    where role = 'negative finding'
),

exams as (
    select coded.*
    from coded
    left join findings
        on
            coded.period_end = findings.period_end
            and coded.measure_id = findings.measure_id
            and coded.person_id = findings.person_id
            and coded.payer = findings.payer
            and coded.record_id = findings.record_id
    where
        coded.role = 'exam'
        or (coded.role = 'negative exam' and findings.record_id is not null)
),

numerators as (
    select
        period_end,
        measure_id,
        person_id,
        max_by(record_id, (event_date, record_id, code)) as record_id,
        max(event_date) as event_date,
        max_by(code, (event_date, record_id, code)) as code
    from exams
    group by
        period_end,
        measure_id,
        person_id
),

final as (
    select
        people.period_end,
        people.measure_id,
        people.person_id,
        'person' as event_id,
        cast(1 as decimal(9, 6)) as weight,
        cast(null as varchar) as exclusion_reason,
        numerators.person_id is not null as in_numerator,
        people.denominator_record_id,
        people.denominator_date,
        people.denominator_code,
        numerators.record_id as numerator_record_id,
        numerators.event_date as numerator_date,
        numerators.code as numerator_code,
        cast(null as decimal(18, 4)) as numerator_value
    from people
    left join numerators
        on
            people.period_end = numerators.period_end
            and people.measure_id = numerators.measure_id
            and people.person_id = numerators.person_id
)

select * from final
