{{ config(alias='service_categories') }}
-- One row per service category, indicator and total: what is in it, how it is counted
-- and whether it counts for the resource index (rules sections 2 and 3).
select
    category,
    category_kind,
    category_group,
    counted_as,
    is_resource,
    coalesce(claim_type = 'pharmacy', false) as is_pharmacy,
    cast(sort_order as integer) as sort_order,
    description,
    provenance,
    source
from {{ ref('service_categories') }}
