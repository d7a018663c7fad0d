-- Question: What does each payer owe for the newest quarter, by program?
-- Columns: amount_usd of the newest three months that the release has; withheld is how
--     many payments are left out of it.
-- Reading: Changes of those months by later releases are in the sums. pcmh pays
--     practices, cht teams, whi both; what begins with landed are sums that
--     payers landed themselves (those for teams are in cht already).
with payments as (
    select
        'pcmh' as program,
        payment_month,
        payer,
        amount,
        is_suppressed
    from marts.pcmh_payments
    union all
    select
        'cht' as program,
        payment_month,
        payer,
        amount,
        is_suppressed
    from marts.cht_payments
    union all
    select
        'whi' as program,
        payment_month,
        payer,
        amount,
        is_suppressed
    from marts.whi_payments
    union all
    select
        'landed ' || component as program,
        payment_month,
        payer,
        amount,
        is_suppressed
    from marts.landed_payments
    where component <> 'cht'
),

newest as (
    select max(payment_month) as payment_month
    from payments
)

select
    payments.payer,
    payments.program,
    min(payments.payment_month) as first_month,
    max(payments.payment_month) as last_month,
    sum(payments.amount) as amount_usd,
    count(*) as payments,
    count(*) filter (where payments.is_suppressed) as withheld
from payments
cross join newest
where payments.payment_month > newest.payment_month - interval 3 month
group by payments.payer, payments.program
order by payments.payer, payments.program
