-- Resource units and counts of services are sums of what cannot be negative. Amounts of
-- money can: a payer may take back more than it paid.
select
    period_end,
    person_id,
    category,
    units,
    services
from {{ ref('int_utilization__member_services') }}
where units < 0 or services < 0
