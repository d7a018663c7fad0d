-- One row per period: how complete its claims are, of all payers and of the least
-- complete one, and whether that is enough to score the period: no payer may have too
-- few. Of all payers it is null where that of one cannot be told; a period without
-- claims is not complete.
with completion as (
    select * from {{ ref('int_utilization__completion') }}
),

periods as (
    select * from {{ ref('int_quality__periods') }}
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
        min(payer_completeness) as least_completeness,
        min_by(payer, (payer_completeness, payer)) as least_complete_payer,
        bool_and(is_complete_enough) as is_complete
    from completion
    group by period_end
),

final as (
    select
        periods.period_end,
        case when states.least_completeness > 0 then states.completeness end
            as completeness,
        states.least_completeness,
        states.least_complete_payer,
        coalesce(states.is_complete, false) as is_complete
    from periods
    left join states
        on periods.period_end = states.period_end
)

select * from final
