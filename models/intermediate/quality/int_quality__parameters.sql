-- One row per period, measure and parameter in force on the period's last day: windows
-- around events and thresholds of results.
with periods as (
    select * from {{ ref('int_quality__periods') }}
),

parameters as (
    select * from {{ ref('measure_parameters') }}
),

final as (
    select
        periods.period_end,
        parameters.measure_id,
        parameters.parameter,
        parameters.value
    from periods
    inner join parameters
        on {{ is_in_force('parameters', 'periods.period_end') }}
)

select * from final
