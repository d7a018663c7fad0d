-- K-04 to K-07, K-12: what the payers of a practice share adds up to the cent to the
-- floor, ceiling, set amount or difference; nobody pays less than nothing; and a floor
-- or ceiling for capacity is one of the rates in force.
with payments as (
    select * from {{ ref('int_payments__whi') }}
    where basis <> 'linear'
),

rates as (
    select * from {{ ref('payment_rates') }}
    where program = 'whi'
),

totals as (
    select
        payment_month,
        practice_id,
        component,
        basis,
        min(shared_amount) as least_shared_amount,
        max(shared_amount) as shared_amount,
        min(amount) as least_amount,
        sum(amount) as amount
    from payments
    group by
        payment_month,
        practice_id,
        component,
        basis
)

select totals.*
from totals
left join rates
    on
        totals.component = 'capacity'
        and rates.component like 'capacity_%_' || totals.basis
        and totals.shared_amount = rates.amount
        and {{ is_in_force('rates', 'totals.payment_month') }}
where
    totals.amount is distinct from totals.shared_amount
    or totals.least_shared_amount is distinct from totals.shared_amount
    or totals.least_amount < 0
    or (
        totals.component = 'capacity'
        and totals.basis in ('floor', 'ceiling')
        and rates.rate_id is null
    )
