{{ config(alias='claim_completeness') }}
-- One row per period, payer and month of service: how complete its claims were when
-- the period was scored (rules section 5),
-- unsuppressed.
with months as (
    select * from {{ ref('int_utilization__completion') }}
),

final as (
    select
        months.period_end,
        months.payer,
        months.service_month,
        false as is_suppressed,
        cast(months.run_out_steps as integer) as run_out_steps,
        cast(months.lines as integer) as lines,
        cast(months.allowed_amount_usd as decimal(18, 2)) as allowed_amount_usd,
        cast(months.completion_factor as decimal(9, 6)) as completion_factor,
        cast(months.completed_amount_usd as decimal(18, 2)) as completed_amount_usd,
        months.is_complete_enough
    from months
)

select * from final
