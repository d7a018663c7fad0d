-- E-02: a month without a rate would be paid nothing, one with two would be paid
-- twice.
with payment_months as (
    select * from {{ ref('int_calendar__payment_months') }}
),

rates as (
    select * from {{ ref('payment_rates') }}
    where program = 'pcmh' and component = 'base'
)

select
    payment_months.payment_month,
    count(rates.rate_id) as base_rates
from payment_months
left join rates
    on
        coalesce(rates.effective_from, payment_months.payment_month)
        <= payment_months.payment_month
        and coalesce(rates.effective_to, payment_months.payment_month)
        >= payment_months.payment_month
group by payment_months.payment_month
having count(rates.rate_id) <> 1
