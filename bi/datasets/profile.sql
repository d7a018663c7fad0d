-- Members and expenditure of an HSA beside the state; a withheld figure says so.
select
    period_end,
    hsa,
    population,
    section,
    label,
    unit,
    case
        when is_suppressed then 'withheld'
        else coalesce(cast(round(value, 2) as varchar), 'none')
    end as shown_value,
    round(state_value, 2) as state_value
from marts.hsa_profiles
where section in ('members', 'expenditure')
