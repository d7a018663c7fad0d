-- Question: Which practices make an HSA's use of resources high or low?
-- Columns: trui is observed over expected; excess_units is observed less expected, in
--     resource units of the year; share_of_hsa is the practice's part of the HSA's
--     expected units.
-- Reading: Sort by excess_units, not by trui: a large practice near 1 can weigh more
--     than a small one far off. Withheld practices stay in the list, without figures;
--     share_of_hsa is a share of the practices that show.
select
    hsa,
    practice_id,
    trui,
    ci_low,
    ci_high,
    quartile,
    observed - expected as excess_units,
    round(expected / sum(expected) over (partition by hsa), 3) as share_of_hsa,
    is_suppressed
from marts.trui
where
    age_group = 'all'
    and period_end = (select max(newest.period_end) from marts.trui as newest)
order by hsa, excess_units desc nulls last, practice_id
