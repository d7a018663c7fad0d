-- One row per period, measure, role, part and value set that the measure names then:
-- which events have that role, in the months that end with the period, at which age on
-- the day and by whom. Services and the measures with a model of their own read it.
with periods as (
    select * from {{ ref('int_quality__periods') }}
),

measure_value_sets as (
    select * from {{ ref('measure_value_sets') }}
),

specifications as (
    select * from {{ ref('measure_specifications') }}
),

-- Months are counted whole, back from the period's last one; none means ever.
final as (
    select
        periods.period_end,
        specifications.design,
        measure_value_sets.measure_id,
        measure_value_sets.role,
        measure_value_sets.part,
        measure_value_sets.value_set,
        measure_value_sets.look_back_months,
        coalesce(
            cast(
                {{ dbt.dateadd(
                    'month', '1 - measure_value_sets.look_back_months',
                    dbt.date_trunc('month', 'periods.period_end')
                ) }} as date
            ),
            cast('0001-01-01' as date)
        ) as window_start,
        measure_value_sets.age_from,
        measure_value_sets.age_to,
        measure_value_sets.provider_group
    from periods
    inner join measure_value_sets
        on {{ is_in_force('measure_value_sets', 'periods.period_end') }}
    left join specifications
        on
            measure_value_sets.measure_id = specifications.measure_id
            and {{ is_in_force('specifications', 'periods.period_end') }}
)

select * from final
