-- E-06: quartiles are by count; only equal scores, which take the better one, make
-- their sizes differ by more than one.
with scores as (
    select * from {{ ref('restricted_trui') }}
    where quartile is not null
),

quartiles as (
    select distinct quartile
    from {{ ref('trui_levels') }}
),

groups as (
    select
        period_end,
        age_group,
        count(*) as practices,
        count(distinct trui) as different_scores
    from scores
    group by
        period_end,
        age_group
),

sizes as (
    select
        groups.period_end,
        groups.age_group,
        quartiles.quartile,
        count(scores.practice_id) as practices
    from groups
    cross join quartiles
    left join scores
        on
            groups.period_end = scores.period_end
            and groups.age_group = scores.age_group
            and quartiles.quartile = scores.quartile
    where groups.practices = groups.different_scores
    group by
        groups.period_end,
        groups.age_group,
        quartiles.quartile
)

select
    period_end,
    age_group
from sizes
group by
    period_end,
    age_group
having max(practices) - min(practices) > 1
