-- Question: Which HSAs use the emergency department more than the state?
-- Columns: visits per 1,000 member-years with their interval, adjusted to the state's
--     mix of cases, and the state's; avoidable_per_1000 are visits that primary
--     care could have met.
-- Reading: differs is null where figures are withheld, else whether the interval leaves
--     the state's rate out.
select
    visits.entity_id as hsa,
    visits.services_per_1000 as visits_per_1000,
    visits.services_per_1000_low as low,
    visits.services_per_1000_high as high,
    visits.adjusted_services_per_1000 as adjusted_per_1000,
    visits.state_services_per_1000 as state_per_1000,
    avoidable.services_per_1000 as avoidable_per_1000,
    visits.state_services_per_1000 not between
    visits.services_per_1000_low and visits.services_per_1000_high as differs,
    visits.is_suppressed
from marts.utilization as visits
left join marts.utilization as avoidable
    on
        visits.period_end = avoidable.period_end
        and visits.age_group = avoidable.age_group
        and visits.payer_type = avoidable.payer_type
        and visits.level = avoidable.level
        and visits.entity_id = avoidable.entity_id
        and avoidable.category = 'avoidable_ed_visits'
where
    visits.level = 'hsa'
    and visits.age_group = 'all'
    and visits.payer_type = 'all'
    and visits.category = 'ed_visits'
    and visits.period_end = (
        select max(newest.period_end) from marts.utilization as newest
    )
order by visits.services_per_1000 desc nulls last, visits.entity_id
