-- B-08, F-07: what a payer landed for a month is paid out to the cent, whoever it is
-- split over.
with sums as (
    select * from {{ ref('int_payments__cht_sums') }}
    where component = 'cht'
),

payments as (
    select * from {{ ref('int_payments__cht') }}
    where basis in ('fixed', 'carried_forward', 'fallback')
),

landed as (
    select
        payment_month,
        payer,
        sum(amount) as amount
    from sums
    group by
        payment_month,
        payer
),

paid as (
    select
        payment_month,
        payer,
        sum(amount) as amount
    from payments
    group by
        payment_month,
        payer
)

select
    landed.payment_month,
    landed.payer,
    landed.amount,
    paid.amount as paid_amount
from landed
left join paid
    on
        landed.payment_month = paid.payment_month
        and landed.payer = paid.payer
where landed.amount is distinct from paid.amount
