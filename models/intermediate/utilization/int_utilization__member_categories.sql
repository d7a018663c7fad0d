{{ config(materialized='view') }}
-- One row per row of int_utilization__member_services that counts, with the resource
-- units that are left under the cap of the person. Pharmacy counts only where the payer
-- sends pharmacy claims; where it does not, it is no part of the total either. A view:
-- the marts and the cells of the case mix read it once each.
{% set amounts = ['units', 'allowed_amount_usd', 'paid_amount_usd', 'services'] -%}
with services as (
    select * from {{ ref('int_utilization__member_services') }}
),

members as (
    select * from {{ ref('int_utilization__members') }}
),

member_units as (
    select * from {{ ref('int_utilization__member_units') }}
),

categories as (
    select * from {{ ref('service_categories') }}
),

uncounted as (
    select
        services.period_end,
        {% for amount in amounts -%}
        sum(case when categories.is_resource then services.{{ amount }} else 0 end)
            as {{ amount }},
        {% endfor -%}
        services.person_id
    from services
    inner join categories
        on services.category = categories.category
    inner join members
        on
            services.period_end = members.period_end
            and services.person_id = members.person_id
    where categories.claim_type = 'pharmacy' and members.pharmacy_months = 0
    group by
        services.period_end,
        services.person_id
),

counted as (
    select
        services.period_end,
        services.person_id,
        {% for amount in amounts -%}
        case
            when categories.category_kind = 'total'
                then services.{{ amount }} - coalesce(uncounted.{{ amount }}, 0)
            else services.{{ amount }}
        end as {{ amount }},
        {% endfor -%}
        services.category
    from services
    inner join categories
        on services.category = categories.category
    left join uncounted
        on
            services.period_end = uncounted.period_end
            and services.person_id = uncounted.person_id
    where
        categories.claim_type is distinct from 'pharmacy'
        or uncounted.person_id is null
),

-- Who had nothing but pharmacy that does not count used nothing; what a transfer
-- brought is no admission of its own, and counts.
final as (
    select
        counted.period_end,
        counted.person_id,
        counted.category,
        counted.units,
        cast(
            round(counted.units * member_units.cap_factor, 4) as decimal(18, 4)
        ) as capped_units,
        counted.allowed_amount_usd,
        counted.paid_amount_usd,
        counted.services
    from counted
    inner join member_units
        on
            counted.period_end = member_units.period_end
            and counted.person_id = member_units.person_id
    where
        counted.services > 0
        or counted.units > 0
        or counted.allowed_amount_usd > 0
        or counted.paid_amount_usd > 0
)

select * from final
