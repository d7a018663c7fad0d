-- Question: How do one practice's figures (here PR01) change over the periods?
-- Columns: value in unit, the state's, and the change from a year before.
-- Reading: Lines that are withheld in every period are left out; withheld says in how
--     many periods the line is.
select
    label,
    population,
    unit,
    period_end,
    value,
    state_value,
    change_from_prior,
    count(*) filter (where is_suppressed) over (
        partition by population, section, measure_id
    ) as withheld
from marts.practice_profiles
where
    practice_id = 'PR01'
    and section in ('members', 'utilization', 'quality')
qualify count(value) over (partition by population, section, measure_id) > 0
order by section, line_order, population, label, period_end
