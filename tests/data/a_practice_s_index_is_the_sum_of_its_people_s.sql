-- E-06: a score can be followed person by person. What a practice used and what was to
-- be expected of it are the sums of its people's.
with people as (
    select * from {{ ref('trui_members') }}
    where is_scored
),

scores as (
    select * from {{ ref('restricted_trui') }}
    where age_group <> 'all'
),

sums as (
    select
        period_end,
        age_group,
        practice_id,
        count(*) as scored_people,
        sum(capped_units) as observed,
        sum(expected_units) as expected
    from people
    group by
        period_end,
        age_group,
        practice_id
)

select
    scores.period_end,
    scores.age_group,
    scores.practice_id
from scores
left join sums
    on
        scores.period_end = sums.period_end
        and scores.age_group = sums.age_group
        and scores.practice_id = sums.practice_id
where
    scores.scored_people <> coalesce(sums.scored_people, 0)
    or abs(scores.observed - coalesce(sums.observed, 0)) > 0.001
    or abs(scores.expected - coalesce(sums.expected, 0)) > 0.001
