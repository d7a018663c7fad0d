-- Question: How does one HSA (here Rutland) stand beside the state?
-- Columns: value is the HSA's figure in unit, from ci_low to ci_high; difference is
--     higher or lower when the interval leaves the state's figure out; value_rank is
--     its place among ranked_entities, the best first, or the highest where neither
--     side is better; change_from_prior is against 12 months before; withheld is
--     how many figures of the HSA's profile are not shown.
-- Reading: For another HSA change its name. Higher is not better by itself.
select
    lines.population,
    lines.label,
    lines.unit,
    lines.value,
    lines.ci_low,
    lines.ci_high,
    lines.state_value,
    lines.difference_from_state as difference,
    lines.value_rank,
    lines.ranked_entities,
    lines.change_from_prior,
    wide.withheld_figures as withheld
from marts.hsa_profiles as lines
inner join marts.hsa_profile_wide as wide
    on
        lines.period_end = wide.period_end
        and lines.hsa = wide.hsa
where
    lines.hsa = 'Rutland'
    and not lines.is_suppressed
    and lines.state_value is not null
    and lines.period_end = (
        select max(newest.period_end) from marts.hsa_profiles as newest
    )
order by lines.population, lines.line_order, lines.measure_id
