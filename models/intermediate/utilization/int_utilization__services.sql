-- One row per period, person measured, service category and method by which resource
-- units were found, and, where the category counts visits, day and provider: lines,
-- units and amounts. What each line is worth is asked once, for all that is counted.
with units as (
    select * from {{ ref('int_utilization__units') }}
),

categories as (
    select
        category,
        counted_as
    from {{ ref('service_categories') }}
    where category_kind = 'category'
),

kept as (
    select
        units.period_end,
        units.person_id,
        units.category,
        units.unit_method,
        case when categories.counted_as = 'visits' then units.service_date end
            as visit_date,
        case when categories.counted_as = 'visits' then units.provider_npi end
            as visit_npi,
        units.units,
        units.allowed_amount_usd,
        units.paid_amount_usd
    from units
    inner join categories
        on units.category = categories.category
),

final as (
    select
        period_end,
        person_id,
        category,
        unit_method,
        visit_date,
        visit_npi,
        count(*) as lines,
        sum(units) as units,
        sum(allowed_amount_usd) as allowed_amount_usd,
        sum(paid_amount_usd) as paid_amount_usd
    from kept
    group by
        period_end,
        person_id,
        category,
        unit_method,
        visit_date,
        visit_npi
)

select * from final
