-- Question: In which kinds of care does a practice use more than expected?
-- Columns: resource units per person and month, observed and expected; use_pmpm is the
--     part of its distance from the state that is its use, case_mix_pmpm the part that
--     its patients' mix explains.
-- Reading: The three largest positive use_pmpm of each practice. Kinds of care with too
--     few users are together in few_users, which is not ranked.
select
    decomposition.practice_id,
    practices.hsa,
    decomposition.category,
    decomposition.observed_pmpm,
    decomposition.expected_pmpm,
    decomposition.use_pmpm,
    decomposition.case_mix_pmpm
from marts.trui_decomposition as decomposition
inner join marts.practices on decomposition.practice_id = practices.practice_id
where
    decomposition.use_pmpm > 0
    and decomposition.category not in ('total', 'few_users')
    and decomposition.period_end = (
        select max(newest.period_end) from marts.trui_decomposition as newest
    )
qualify
    row_number() over (
        partition by decomposition.practice_id
        order by decomposition.use_pmpm desc, decomposition.category
    ) <= 3
order by decomposition.practice_id, decomposition.use_pmpm desc, decomposition.category
