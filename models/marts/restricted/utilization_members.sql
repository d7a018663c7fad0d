-- One row per period, person measured and service category, indicator or total with
-- something in it: what the person used (rules sections 2 and 3).
select
    period_end,
    person_id,
    category,
    cast(services as decimal(18, 4)) as services,
    cast(units as decimal(18, 4)) as units,
    capped_units,
    cast(allowed_amount_usd as decimal(18, 2)) as allowed_amount_usd,
    cast(paid_amount_usd as decimal(18, 2)) as paid_amount_usd
from {{ ref('int_utilization__member_categories') }}
