-- Quality measures of an HSA against the state, with intervals.
select
    period_end,
    hsa,
    population,
    label,
    unit,
    case
        when is_suppressed then 'withheld'
        else coalesce(cast(round(value, 3) as varchar), 'none')
    end as shown_value,
    round(ci_low, 3) as ci_low,
    round(ci_high, 3) as ci_high,
    round(state_value, 3) as state_value,
    value_rank,
    ranked_entities
from marts.hsa_profiles
where section = 'quality'
