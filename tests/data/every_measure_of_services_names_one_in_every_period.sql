-- Without a value set in force a measure of services would have no rows at all.
with periods as (
    select * from {{ ref('int_quality__periods') }}
),

specifications as (
    select * from {{ ref('measure_specifications') }}
    where design = 'service'
),

windows as (
    select * from {{ ref('int_quality__value_set_windows') }}
    where role = 'numerator'
),

expected as (
    select
        periods.period_end,
        specifications.measure_id
    from periods
    inner join specifications
        on {{ is_in_force('specifications', 'periods.period_end') }}
)

select
    expected.period_end,
    expected.measure_id
from expected
anti join windows
    on
        expected.period_end = windows.period_end
        and expected.measure_id = windows.measure_id
