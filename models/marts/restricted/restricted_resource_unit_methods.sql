{{ config(alias='resource_unit_methods') }}
-- One row per period, service category and method: how much of all resource units was
-- found by it (rules section 2). Unsuppressed.
select
    period_end,
    category,
    unit_method,
    is_resource,
    false as is_suppressed,
    cast(lines as integer) as lines,
    cast(units as decimal(18, 4)) as resource_units,
    cast(share_of_units as decimal(9, 6)) as share_of_units,
    cast(allowed_amount_usd as decimal(18, 2)) as allowed_amount_usd
from {{ ref('int_utilization__unit_methods') }}
