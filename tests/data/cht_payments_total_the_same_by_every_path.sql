-- F-01, F-03, F-08, G-05: what a quarter costs is the same whether it is added up over
-- practices, over entities by payer or over entities' totals; what an entity and payer
-- settle in a period, whether over practices or in the invoice; and the payers' shares
-- of an entity's patients are 1 together.
with payments as (
    select * from {{ ref('restricted_cht_payments') }}
),

entities as (
    select * from {{ ref('restricted_cht_payments_by_entity') }}
),

invoices as (
    select * from {{ ref('restricted_cht_invoices') }}
),

totals as (
    select
        'practices' as path,
        {{ dbt.date_trunc('quarter', 'payment_month') }} as quarter_start,
        sum(amount) as amount
    from payments
    group by {{ dbt.date_trunc('quarter', 'payment_month') }}

    union all

    select
        'payers of entities' as path,
        {{ dbt.date_trunc('quarter', 'payment_month') }} as quarter_start,
        sum(amount) as amount
    from entities
    where payer <> 'all'
    group by {{ dbt.date_trunc('quarter', 'payment_month') }}

    union all

    select
        'entities' as path,
        {{ dbt.date_trunc('quarter', 'payment_month') }} as quarter_start,
        sum(amount) as amount
    from entities
    where payer = 'all'
    group by {{ dbt.date_trunc('quarter', 'payment_month') }}
),

settled as (
    select
        administrative_entity_id,
        payer,
        paid_period as period,
        sum(amount) as amount
    from payments
    group by
        administrative_entity_id,
        payer,
        paid_period
),

shares as (
    select
        payment_month,
        administrative_entity_id,
        hsa,
        sum(payer_share) as share
    from entities
    where payer <> 'all'
    group by
        payment_month,
        administrative_entity_id,
        hsa
)

select
    cast(quarter_start as varchar) as subject,
    cast(max(amount) - min(amount) as double) as difference
from totals
group by quarter_start
having count(distinct amount) > 1 or count(*) < 3

union all

select
    coalesce(settled.administrative_entity_id, invoices.administrative_entity_id)
    || ', ' || coalesce(settled.period, invoices.period) as subject,
    cast(invoices.computed_amount - settled.amount as double) as difference
from settled
full outer join invoices
    on
        settled.administrative_entity_id = invoices.administrative_entity_id
        and settled.payer = invoices.payer
        and settled.period = invoices.period
where settled.amount is distinct from invoices.computed_amount

union all

select
    administrative_entity_id || ', ' || hsa as subject,
    share - 1 as difference
from shares
where abs(share - 1) > 0.000000001
