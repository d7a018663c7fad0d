-- Question: What would one point more on the Quality Index pay each HSA?
-- Columns: points and pppm (dollars per patient and month) of the newest index;
--     next_points and next_pppm are the lowest score above them that pays more to some
--     HSA; points_missing is how far it is; more_per_month_usd is what it would add for
--     the patients who are paid for in the newest month and show.
-- Reading: Where points_missing is above 1, one point alone pays nothing. The ladder is
--     read from what HSAs of the release earn, because policy tables are not published:
--     a step that no HSA stands on does not show, and for the highest HSAs the columns
--     are null. With withheld practices the dollars are too low.
with scores as (
    select *
    from marts.quality_index
    where
        period_end = (
            select max(newest.period_end) from marts.quality_index as newest
        )
),

steps as (
    select
        scores.hsa,
        min(higher.points) as next_points,
        min(higher.pppm) as next_pppm
    from scores
    inner join marts.quality_index as higher
        on
            scores.version = higher.version
            and scores.pppm < higher.pppm
    group by scores.hsa
),

paid as (
    select
        hsa,
        sum(attributed_patients) as patients,
        count(*) filter (where is_suppressed) as withheld
    from marts.pcmh_payments
    where
        adjustment_no = 0
        and status in ('paid', 'extended')
        and payment_month = (
            select max(newest.payment_month) from marts.pcmh_payments as newest
        )
    group by hsa
)

select
    scores.hsa,
    scores.points,
    scores.maximum_points,
    scores.pppm,
    steps.next_points,
    steps.next_points - scores.points as points_missing,
    steps.next_pppm,
    paid.patients,
    round((steps.next_pppm - scores.pppm) * paid.patients, 2) as more_per_month_usd,
    paid.withheld
from scores
left join steps on scores.hsa = steps.hsa
left join paid on scores.hsa = paid.hsa
order by scores.hsa
