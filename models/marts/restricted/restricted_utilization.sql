{{ config(alias='utilization') }}
-- One row per period, age group (and all), type of payer (and all), level, entity and
-- service category, indicator or total: what people used in the year (rules section 3),
-- unsuppressed.
select
    period_end,
    age_group,
    payer_type,
    level,
    entity_id,
    category,
    false as is_suppressed,
    cast(people as integer) as people,
    cast(users as integer) as users,
    cast(member_months as integer) as member_months,
    cast(services as decimal(18, 4)) as services,
    cast(services_per_1000 as decimal(18, 4)) as services_per_1000,
    cast(services_per_1000_low as decimal(18, 4)) as services_per_1000_low,
    cast(services_per_1000_high as decimal(18, 4)) as services_per_1000_high,
    cast(adjusted_services_per_1000 as decimal(18, 4))
        as adjusted_services_per_1000,
    cast(state_services_per_1000 as decimal(18, 4)) as state_services_per_1000,
    cast(allowed_amount_usd as decimal(18, 2)) as allowed_amount_usd,
    cast(paid_amount_usd as decimal(18, 2)) as paid_amount_usd,
    cast(allowed_pmpm as decimal(18, 4)) as allowed_pmpm,
    cast(allowed_pmpm_low as decimal(18, 4)) as allowed_pmpm_low,
    cast(allowed_pmpm_high as decimal(18, 4)) as allowed_pmpm_high,
    cast(adjusted_allowed_pmpm as decimal(18, 4)) as adjusted_allowed_pmpm,
    cast(state_allowed_pmpm as decimal(18, 4)) as state_allowed_pmpm,
    cast(resource_units as decimal(18, 4)) as resource_units,
    cast(resource_units_pmpm as decimal(18, 4)) as resource_units_pmpm,
    cast(state_resource_units_pmpm as decimal(18, 4)) as state_resource_units_pmpm,
    cast(resource_index as decimal(18, 6)) as resource_index,
    cast(resource_index_low as decimal(18, 6)) as resource_index_low,
    cast(resource_index_high as decimal(18, 6)) as resource_index_high
from {{ ref('int_utilization__rates') }}
