-- Appendix 1 says of each measure which profile of an HSA shows it: so many does it
-- name.
with measures as (
    select * from {{ ref('measures') }}
),

counted as (
    select
        count(*) filter (where population = 'adult' and is_in_hsa_profile) as adult,
        count(*) filter (where population = 'pediatric' and is_in_hsa_profile)
            as pediatric,
        count(*) filter (where population = 'both' and is_in_hsa_profile) as both_ages,
        count(*) filter (where (population = 'none') = is_in_hsa_profile)
            as contradictions
    from measures
)

select * from counted
where
    adult <> 17
    or pediatric <> 3
    or both_ages <> 1
    or contradictions > 0
