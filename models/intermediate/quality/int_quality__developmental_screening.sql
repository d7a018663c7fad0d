-- One row per period, measure and child whose first, second or third birthday falls in
-- the period, enrolled in the months that end with it: whether a screening with a
-- standardized tool fell after the birthday before and no later than this one (Core-8).
-- The latest is the evidence.
with periods as (
    select * from {{ ref('int_quality__periods') }}
),

people as (
    select * from {{ ref('int_quality__people') }}
),

events as (
    select * from {{ ref('int_quality__events_as_of') }}
),

coverage_spans as (
    select * from {{ ref('int_quality__coverage_spans') }}
),

specifications as (
    select * from {{ ref('measure_specifications') }}
    where design = 'developmental_screening'
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
        ]) }}
    from periods
    inner join measure_parameters
        on {{ is_in_force('measure_parameters', 'periods.period_end') }}
    group by
        periods.period_end,
        measure_parameters.measure_id
),

{{ birthday_ctes() }},

screenings as (
    select
        enrolled_children.period_end,
        enrolled_children.measure_id,
        enrolled_children.person_id,
        events.record_id,
        events.event_date,
        events.code,
        row_number() over (
            partition by
                enrolled_children.period_end,
                enrolled_children.measure_id,
                enrolled_children.person_id
            order by
                events.event_date desc,
                events.record_id asc,
                events.code asc,
                events.value_set asc,
                events.payer asc,
                events.known_from asc
        ) as screening_rank
    from enrolled_children
    inner join measure_value_sets
        on
            enrolled_children.measure_id = measure_value_sets.measure_id
            and {{ is_in_force('measure_value_sets', 'enrolled_children.period_end') }}
    inner join events
        on
            enrolled_children.period_end = events.period_end
            and enrolled_children.person_id = events.person_id
            and measure_value_sets.value_set = events.value_set
            and enrolled_children.birthday >= events.event_date
            and events.event_date > {{ dbt.dateadd(
                'month',
                '-measure_value_sets.look_back_months',
                'enrolled_children.birthday'
            ) }}
    where measure_value_sets.role = 'numerator'
),

final as (
    select
        enrolled_children.period_end,
        enrolled_children.measure_id,
        enrolled_children.person_id,
        'person' as event_id,
        cast(1 as decimal(9, 6)) as weight,
        cast(null as varchar) as exclusion_reason,
        screenings.event_date is not null as in_numerator,
        cast(null as varchar) as denominator_record_id,
        enrolled_children.birthday as denominator_date,
        cast(null as varchar) as denominator_code,
        screenings.record_id as numerator_record_id,
        screenings.event_date as numerator_date,
        screenings.code as numerator_code,
        cast(null as decimal(18, 4)) as numerator_value
    from enrolled_children
    left join screenings
        on
            enrolled_children.period_end = screenings.period_end
            and enrolled_children.measure_id = screenings.measure_id
            and enrolled_children.person_id = screenings.person_id
            and screenings.screening_rank = 1
)

select * from final
