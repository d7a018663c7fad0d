-- One row per period: how complete its claims are, of all payers and of the least
-- complete one, and whether that is enough to score the period.
with completion as (
    select * from {{ ref('int_utilization__completion') }}
),

periods as (
    select * from {{ ref('int_quality__periods') }}
),

payers as (
    select
        period_end,
        payer,
        completeness_least,
        sum(allowed_amount_usd) as allowed_amount_usd,
        sum(completed_amount_usd) as completed_amount_usd,
        cast(
            round(
                cast(sum(allowed_amount_usd) as double)
                / nullif(sum(completed_amount_usd), 0),
                6
            ) as decimal(9, 6)
        ) as completeness
    from completion
    group by
        period_end,
        payer,
        completeness_least
),

states as (
    select
        period_end,
        cast(
            round(
                cast(sum(allowed_amount_usd) as double)
                / nullif(sum(completed_amount_usd), 0),
                6
            ) as decimal(9, 6)
        ) as completeness,
        min(coalesce(completeness, 0)) as least_completeness,
        min_by(payer, (coalesce(completeness, 0), payer)) as least_complete_payer,
        bool_and(coalesce(completeness, 0) >= completeness_least) as is_complete
    from payers
    group by period_end
),

final as (
    select
        periods.period_end,
        states.completeness,
        states.least_completeness,
        states.least_complete_payer,
        coalesce(states.is_complete, false) as is_complete
    from periods
    left join states
        on periods.period_end = states.period_end
)

select * from final
