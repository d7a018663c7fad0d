{{ config(materialized='view') }}
-- One row per row of int_utilization__lines: its resource units, and by what method
-- (rules section 2). A visit to a health center or rural clinic is one unit a claim and
-- day. What has no public weight takes the state's standard price of its code, or, when
-- that is too rare, of a line of its category. A claim with a line of an emergency
-- department is of that category as a whole. What has nothing to go by is unpriced, and
-- earns nothing. A view: int_utilization__services alone reads it.
--
-- Lines are named wherever they are read, and not imported once: a table expression
-- that several read would be kept whole.
{% set line_columns = [
    'period_end', 'person_id', 'payer', 'claim_id', 'claim_line_number',
    'claim_version', 'claim_status_code', 'claim_type', 'service_date',
    'provider_npi', 'stay_id', 'category', 'line_code', 'quantity',
    'allowed_amount_usd', 'paid_amount_usd'
] -%}
with code_prices as (
    select * from {{ ref('int_utilization__standard_prices') }}
    where line_code is not null
),

category_prices as (
    select * from {{ ref('int_utilization__standard_prices') }}
    where category is not null
),

scales as (
    select * from {{ ref('resource_unit_scales') }}
    where unit_method = 'fqhc_visit'
),

whole_claim_categories as (
    select * from {{ ref('service_categories') }}
    where takes_whole_claim
),

whole_claims as (
    select
        lines.period_end,
        lines.payer,
        lines.claim_id,
        lines.claim_type,
        min_by(lines.category, whole_claim_categories.sort_order) as category
    from {{ ref('int_utilization__lines') }} as lines
    inner join whole_claim_categories
        on
            lines.category = whole_claim_categories.category
            and lines.claim_type = whole_claim_categories.claim_type
    group by
        lines.period_end,
        lines.payer,
        lines.claim_id,
        lines.claim_type
),

visits as (
    select
        *,
        row_number() over (
            partition by period_end, payer, claim_id, service_date
            order by claim_line_number, claim_version, claim_status_code
        ) as visit_line
    from {{ ref('int_utilization__lines') }}
    where unit_method = 'fqhc_visit'
),

measured as (
    select
        {% for column in line_columns -%}
        lines.{{ column }},
        {% endfor -%}
        lines.public_units as units,
        lines.unit_method as method
    from {{ ref('int_utilization__lines') }} as lines
    where lines.public_units is not null

    union all

    select
        {% for column in line_columns -%}
        visits.{{ column }},
        {% endfor -%}
        case
            when visits.visit_line = 1 then scales.units_per_weight
            else 0
        end as units,
        visits.unit_method as method
    from visits
    cross join scales

    union all

    select
        {% for column in line_columns -%}
        lines.{{ column }},
        {% endfor -%}
        case
            when lines.quantity = 0 then 0
            when of_code.units_per_quantity is not null
                then of_code.units_per_quantity * lines.quantity
            else of_category.units_per_quantity
        end as units,
        coalesce(of_code.unit_method, of_category.unit_method, 'unpriced') as method
    from {{ ref('int_utilization__lines') }} as lines
    left join code_prices as of_code
        on
            lines.period_end = of_code.period_end
            and lines.claim_type = of_code.claim_type
            and lines.line_code = of_code.line_code
    left join category_prices as of_category
        on
            lines.period_end = of_category.period_end
            and lines.claim_type = of_category.claim_type
            and lines.category = of_category.category
    where lines.unit_method = 'price'
),

final as (
    select
        measured.period_end,
        measured.person_id,
        measured.payer,
        measured.claim_id,
        measured.claim_line_number,
        measured.claim_version,
        measured.claim_status_code,
        measured.claim_type,
        measured.service_date,
        measured.provider_npi,
        measured.stay_id,
        coalesce(whole_claims.category, measured.category) as category,
        measured.line_code,
        measured.quantity,
        measured.method as unit_method,
        cast(round(coalesce(measured.units, 0), 4) as decimal(18, 4)) as units,
        measured.allowed_amount_usd,
        measured.paid_amount_usd
    from measured
    left join whole_claims
        on
            measured.period_end = whole_claims.period_end
            and measured.payer = whole_claims.payer
            and measured.claim_id = whole_claims.claim_id
            and measured.claim_type = whole_claims.claim_type
)

select * from final
