-- One row per period, service category and method: lines and resource units whose units
-- were found by the method, and its share of all resource units of the period (rules
-- section 2). Categories that are no resources have a share of their own.
with services as (
    select * from {{ ref('int_utilization__services') }}
),

categories as (
    select * from {{ ref('service_categories') }}
),

sums as (
    select
        services.period_end,
        services.category,
        categories.is_resource,
        services.unit_method,
        sum(services.lines) as lines,
        count(distinct services.person_id) as people,
        sum(services.units) as units,
        sum(services.allowed_amount_usd) as allowed_amount_usd
    from services
    inner join categories
        on services.category = categories.category
    group by
        services.period_end,
        services.category,
        categories.is_resource,
        services.unit_method
),

final as (
    select
        *,
        cast(
            round(
                cast(units as double) / nullif(
                    sum(units) over (partition by period_end, is_resource), 0
                ),
                6
            ) as decimal(9, 6)
        ) as share_of_units
    from sums
)

select * from final
