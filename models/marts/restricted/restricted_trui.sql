{{ config(alias='trui') }}
-- One row per period, age group (and all) and practice: the Total Resource Utilization
-- Index, its interval, quartile and dollars (E-06). Unsuppressed.
select
    period_end,
    age_group,
    practice_id,
    hsa,
    score_status,
    false as is_suppressed,
    cast(scored_people as integer) as scored_people,
    cast(member_years as decimal(18, 4)) as member_years,
    cast(observed as decimal(18, 4)) as observed,
    cast(expected as decimal(18, 4)) as expected,
    cast(trui as decimal(9, 6)) as trui,
    cast(ci_low as decimal(9, 6)) as ci_low,
    cast(ci_high as decimal(9, 6)) as ci_high,
    cast(quartile as integer) as quartile,
    cast(amount_usd as decimal(9, 2)) as pppm,
    effective_from_month
from {{ ref('int_utilization__trui') }}
