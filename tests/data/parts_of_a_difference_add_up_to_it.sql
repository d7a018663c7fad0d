-- Why a practice is high: use and case mix of all categories add up to its difference
-- from the state, but for the rounding of each to six decimals.
with parts as (
    select * from {{ ref('trui_decomposition') }}
),

sums as (
    select
        period_end,
        practice_id,
        sum(case when category <> 'total' then use_pmpm + case_mix_pmpm else 0 end)
            as parts_pmpm,
        sum(case when category = 'total' then difference_pmpm else 0 end) as total_pmpm
    from parts
    group by
        period_end,
        practice_id
)

select *
from sums
where abs(parts_pmpm - total_pmpm) > 0.001
