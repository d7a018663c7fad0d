-- The resource use index of each practice of an HSA.
select
    period_end,
    hsa,
    practice_id,
    age_group,
    case
        when is_suppressed then 'withheld'
        else coalesce(cast(round(trui, 3) as varchar), 'none')
    end as shown_trui,
    round(ci_low, 3) as ci_low,
    round(ci_high, 3) as ci_high,
    quartile
from marts.trui
