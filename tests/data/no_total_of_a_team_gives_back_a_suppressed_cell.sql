-- Design, section 1: a payer's row of an entity is told only where its suppressed
-- practices are none or several; the row of all payers, only where what the told rows
-- of payers leave is.
with payments as (
    select * from {{ ref('cht_payments') }}
),

entities as (
    select * from {{ ref('cht_payments_by_entity') }}
),

hidden as (
    select
        payment_month,
        administrative_entity_id,
        hsa,
        payer,
        count(*) filter (where is_suppressed) as cells
    from payments
    group by
        payment_month,
        administrative_entity_id,
        hsa,
        payer
),

hidden_of_withheld as (
    select
        hidden.payment_month,
        hidden.administrative_entity_id,
        hidden.hsa,
        'all' as payer,
        coalesce(sum(hidden.cells) filter (where entities.is_suppressed), 0) as cells
    from hidden
    inner join entities
        on
            hidden.payment_month = entities.payment_month
            and hidden.administrative_entity_id = entities.administrative_entity_id
            and hidden.hsa = entities.hsa
            and hidden.payer = entities.payer
    group by
        hidden.payment_month,
        hidden.administrative_entity_id,
        hidden.hsa
),

cells as (
    select * from hidden
    union all
    select * from hidden_of_withheld
)

select
    entities.payment_month,
    entities.administrative_entity_id,
    entities.hsa,
    entities.payer,
    cells.cells
from entities
inner join cells
    on
        entities.payment_month = cells.payment_month
        and entities.administrative_entity_id = cells.administrative_entity_id
        and entities.hsa = cells.hsa
        and entities.payer = cells.payer
where
    (not entities.is_suppressed and cells.cells = 1)
    or (not entities.is_share_suppressed and entities.is_suppressed)
