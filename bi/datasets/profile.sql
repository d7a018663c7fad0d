-- Who an HSA's people are and what their care cost in its last period, beside the
-- state; a withheld figure says so.
select
    period_end,
    hsa,
    population,
    line_order,
    section,
    label,
    unit,
    case
        when is_suppressed then 'withheld'
        else coalesce(cast(round(value, 2) as varchar), 'none')
    end as shown_value,
    coalesce(cast(round(state_value, 2) as varchar), 'withheld') as state_value
from marts.hsa_profiles
where
    section in ('members', 'health_status', 'expenditure')
    and period_end = (
        select max(newest.period_end) from marts.hsa_profiles as newest
    )
