-- One row per period, service category and method: lines and resource units whose units
-- were found by the method, and its share of all resource units of the period (rules
-- section 2). Categories that are no resources have a share of their own.
with units as (
    select * from {{ ref('int_utilization__units') }}
),

categories as (
    select * from {{ ref('service_categories') }}
),

sums as (
    select
        units.period_end,
        units.category,
        categories.is_resource,
        units.unit_method,
        count(*) as lines,
        count(distinct units.person_id) as people,
        sum(units.units) as units,
        sum(units.allowed_amount_usd) as allowed_amount_usd
    from units
    inner join categories
        on units.category = categories.category
    group by
        units.period_end,
        units.category,
        categories.is_resource,
        units.unit_method
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
