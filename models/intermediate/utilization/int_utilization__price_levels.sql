-- One row per period and payer: what it allows for a resource unit, over lines with
-- public weights. A price divided by it is the payer's no more, so that a payer that
-- doubles its prices changes nobody's resource units. Lines are named wherever they are
-- read: a table expression that several read would be kept whole.
with
-- The units of a stay stand on one of its lines, what is allowed for it on all.
services as (
    select
        period_end,
        payer,
        sum(allowed_amount_usd) as allowed_amount_usd,
        sum(public_units) as units
    from {{ ref('int_utilization__lines') }}
    where
        stay_id is null
        and public_units is not null
        and unit_method <> 'none'
        and allowed_amount_usd > 0
    group by
        period_end,
        payer

    union all

    select
        period_end,
        min(payer) as payer,
        sum(allowed_amount_usd) as allowed_amount_usd,
        sum(public_units) as units
    from {{ ref('int_utilization__lines') }}
    where stay_id is not null and public_units is not null
    group by
        period_end,
        person_id,
        stay_id
    having sum(allowed_amount_usd) > 0 and min(payer) = max(payer)
),

final as (
    select
        period_end,
        payer,
        sum(allowed_amount_usd) as allowed_amount_usd,
        sum(units) as units,
        cast(sum(allowed_amount_usd) as double) / nullif(sum(units), 0)
            as usd_per_unit
    from services
    group by
        period_end,
        payer
)

select * from final
