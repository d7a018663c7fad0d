-- One row per period, age group (and all) and practice: the Total Resource Utilization
-- Index, its interval, quartile and dollars (E-06). Units are told where the table
-- utilization tells them. How many people are scored is told nowhere: beside those
-- attributed it would tell how few are not.
with scores as (
    select * from {{ ref('int_utilization__trui') }}
),

totals as (
    select * from {{ ref('int_utilization__disclosed_rates') }}
    where
        level = 'practice'
        and payer_type = 'all'
        and category = 'total'
),

final as (
    select
        scores.period_end,
        scores.age_group,
        scores.practice_id,
        scores.hsa,
        scores.score_status,
        not totals.is_told as is_suppressed,
        case when totals.is_told then scores.observed end as observed,
        case when totals.is_told then scores.expected end as expected,
        cast(scores.trui as decimal(9, 6)) as trui,
        cast(scores.ci_low as decimal(9, 6)) as ci_low,
        cast(scores.ci_high as decimal(9, 6)) as ci_high,
        cast(scores.quartile as integer) as quartile,
        cast(scores.amount_usd as decimal(9, 2)) as pppm,
        scores.effective_from_month
    from scores
    inner join totals
        on
            scores.period_end = totals.period_end
            and scores.practice_id = totals.entity_id
            and scores.age_group = totals.age_group
)

select * from final
