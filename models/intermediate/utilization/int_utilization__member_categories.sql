{{ config(materialized='view') }}
-- One row per row of int_utilization__member_services, with the resource units that are
-- left under the cap of the person. A view: the marts and the cells of the case mix
-- read it once each.
with services as (
    select * from {{ ref('int_utilization__member_services') }}
),

member_units as (
    select * from {{ ref('int_utilization__member_units') }}
),

final as (
    select
        services.period_end,
        services.person_id,
        services.category,
        services.units,
        cast(
            round(services.units * member_units.cap_factor, 4) as decimal(18, 4)
        ) as capped_units,
        services.allowed_amount_usd,
        services.paid_amount_usd,
        services.services
    from services
    inner join member_units
        on
            services.period_end = member_units.period_end
            and services.person_id = member_units.person_id
)

select * from final
