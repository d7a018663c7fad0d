-- K-01, K-03, K-04, K-06: a month without a rate would be paid nothing, one with two
-- the higher.
with payment_months as (
    select * from {{ ref('int_calendar__payment_months') }}
),

rates as (
    select * from {{ ref('payment_rates') }}
    where program = 'whi'
),

components as (
    select distinct component from rates
),

in_force as (
    select
        payment_months.payment_month,
        components.component,
        count(rates.rate_id) as rates
    from payment_months
    cross join components
    left join rates
        on
            components.component = rates.component
            and {{ is_in_force('rates', 'payment_months.payment_month') }}
    group by
        payment_months.payment_month,
        components.component
)

select
    payment_month,
    component,
    rates
from in_force
where rates <> 1

union all

select
    payment_month,
    'all' as component,
    count(*) as rates
from in_force
group by payment_month
having count(*) <> 11
