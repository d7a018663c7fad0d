-- Question: How do the patients that practices report compare with those attributed?
-- Columns: reported by practices and counted by us in all their residents, beside
--     attributed; ratio_to_attributed beside what the manual expects.
-- Reading: is_ratio_in_band says whether the ratio is near enough; it is null where a
--     figure is withheld or nothing was reported.
select
    level,
    entity_id,
    reported,
    counted,
    attributed,
    ratio_to_attributed,
    expected_ratio,
    is_ratio_in_band,
    is_suppressed
from marts.total_unique_patients
where
    program = 'pcmh'
    and as_of_date = (
        select max(newest.as_of_date) from marts.total_unique_patients as newest
    )
order by level desc, entity_id
