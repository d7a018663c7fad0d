-- One row per period, kind of claim, category and code without a public weight (a null
-- code is every one of the category): the state's standard price, in resource units per
-- unit of quantity. It is the median over lines of what was allowed at the payer's
-- level of prices, so that no payer's prices make it; zero-paid lines do not count for
-- it (rules section 2). Lines are named wherever they are read: a table expression that
-- several read would be kept whole.
with
-- A stay is priced whole: its days stand on one of its lines.
services as (
    select
        period_end,
        payer,
        claim_type,
        category,
        line_code,
        quantity,
        allowed_amount_usd
    from {{ ref('int_utilization__lines') }}
    where
        stay_id is null
        and unit_method = 'price'
        and allowed_amount_usd > 0

    union all

    select
        period_end,
        min(payer) as payer,
        claim_type,
        category,
        line_code,
        sum(quantity) as quantity,
        sum(allowed_amount_usd) as allowed_amount_usd
    from {{ ref('int_utilization__lines') }}
    where stay_id is not null and unit_method = 'price'
    group by
        period_end,
        person_id,
        stay_id,
        claim_type,
        category,
        line_code
    having sum(allowed_amount_usd) > 0 and min(payer) = max(payer)
),

price_levels as (
    select * from {{ ref('int_utilization__price_levels') }}
    where usd_per_unit > 0
),

parameters as (
    select * from {{ ref('int_utilization__parameters') }}
),

priced as (
    select
        services.period_end,
        services.claim_type,
        services.category,
        services.line_code,
        services.quantity,
        cast(services.allowed_amount_usd as double) / price_levels.usd_per_unit as units
    from services
    inner join price_levels
        on
            services.period_end = price_levels.period_end
            and services.payer = price_levels.payer
),

of_codes as (
    select
        priced.period_end,
        priced.claim_type,
        cast(null as varchar) as category,
        priced.line_code,
        'price' as unit_method,
        count(*) as lines,
        median(priced.units / priced.quantity) as units_per_quantity
    from priced
    where priced.line_code is not null
    group by
        priced.period_end,
        priced.claim_type,
        priced.line_code
),

-- What is too rare for a price of its own takes that of a line of its category.
of_categories as (
    select
        period_end,
        claim_type,
        category,
        cast(null as varchar) as line_code,
        'fallback' as unit_method,
        count(*) as lines,
        median(units) as units_per_quantity
    from priced
    group by
        period_end,
        claim_type,
        category
),

final as (
    select of_codes.*
    from of_codes
    inner join parameters
        on
            of_codes.period_end = parameters.period_end
            and of_codes.lines >= parameters.price_lines_least

    union all

    select * from of_categories
)

select
    period_end,
    claim_type,
    category,
    line_code,
    unit_method,
    lines,
    cast(round(units_per_quantity, 6) as decimal(18, 6)) as units_per_quantity
from final
