-- Quality measures of an HSA in its last period against the state, with intervals.
select
    period_end,
    hsa,
    population,
    line_order,
    label,
    case
        when is_suppressed then 'withheld'
        else coalesce(cast(round(value, 3) as varchar), 'none')
    end as shown_value,
    round(ci_low, 3) as ci_low,
    round(ci_high, 3) as ci_high,
    coalesce(cast(round(state_value, 3) as varchar), 'withheld') as state_value,
    difference_from_state as difference,
    value_rank || ' of ' || ranked_entities as shown_rank
from marts.hsa_profiles
where
    section = 'quality'
    and period_end = (
        select max(newest.period_end) from marts.hsa_profiles as newest
    )
