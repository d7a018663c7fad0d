-- The resource use index of each practice of an HSA in its last period.
select
    scores.period_end,
    scores.hsa,
    practices.practice_name,
    scores.age_group,
    coalesce(
        cast(round(scores.trui, 3) as varchar), 'not scored'
    ) as shown_trui,
    round(scores.ci_low, 3) as ci_low,
    round(scores.ci_high, 3) as ci_high,
    scores.quartile
from marts.trui as scores
inner join marts.practices on scores.practice_id = practices.practice_id
where
    scores.period_end = (select max(newest.period_end) from marts.trui as newest)
