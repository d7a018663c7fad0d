-- E-01, E-02: a month without a rate would be paid nothing, one with two would be paid
-- twice. Medicare pays none; every other type of payer that an algorithm of the program
-- attributes does.
with payment_months as (
    select * from {{ ref('int_calendar__payment_months') }}
),

payer_types as (
    select distinct payer_type from {{ ref('attribution_algorithm_scopes') }}
    where program = 'pcmh' and payer_type <> 'medicare'
),

rates as (
    select * from {{ ref('payment_rates') }}
    where program = 'pcmh' and component = 'base'
)

select
    payment_months.payment_month,
    payer_types.payer_type,
    count(rates.rate_id) as base_rates
from payment_months
cross join payer_types
left join rates
    on
        payer_types.payer_type = rates.payer_type
        and coalesce(rates.effective_from, payment_months.payment_month)
        <= payment_months.payment_month
        and coalesce(rates.effective_to, payment_months.payment_month)
        >= payment_months.payment_month
group by
    payment_months.payment_month,
    payer_types.payer_type
having count(rates.rate_id) <> 1
