-- What few used is told together and the rest one by one: the public parts of a
-- practice add up to those of the unsuppressed twin, and each that has a name there is
-- the same.
with told as (
    select * from {{ ref('trui_decomposition') }}
),

twin as (
    select * from {{ ref('restricted_trui_decomposition') }}
),

told_sums as (
    select
        period_end,
        practice_id,
        sum(observed_pmpm) as observed_pmpm,
        sum(use_pmpm) as use_pmpm,
        sum(case_mix_pmpm) as case_mix_pmpm
    from told
    where category <> 'total'
    group by
        period_end,
        practice_id
),

twin_sums as (
    select
        period_end,
        practice_id,
        sum(observed_pmpm) as observed_pmpm,
        sum(use_pmpm) as use_pmpm,
        sum(case_mix_pmpm) as case_mix_pmpm
    from twin
    where category <> 'total'
    group by
        period_end,
        practice_id
)

select
    told.period_end,
    told.practice_id,
    told.category
from told
left join twin
    on
        told.period_end = twin.period_end
        and told.practice_id = twin.practice_id
        and told.category = twin.category
where
    told.category <> 'few_users'
    and (
        twin.category is null
        or told.observed_pmpm <> twin.observed_pmpm
        or told.use_pmpm <> twin.use_pmpm
        or told.case_mix_pmpm <> twin.case_mix_pmpm
    )

union all

select
    told_sums.period_end,
    told_sums.practice_id,
    'all parts' as category
from told_sums
left join twin_sums
    on
        told_sums.period_end = twin_sums.period_end
        and told_sums.practice_id = twin_sums.practice_id
where
    twin_sums.practice_id is null
    or told_sums.observed_pmpm <> twin_sums.observed_pmpm
    or told_sums.use_pmpm <> twin_sums.use_pmpm
    or told_sums.case_mix_pmpm <> twin_sums.case_mix_pmpm
