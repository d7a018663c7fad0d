-- F-01, D16, D17: a month without a rate or a basis would be paid nothing, one with two
-- would be paid twice.
with payment_months as (
    select * from {{ ref('int_calendar__payment_months') }}
),

payer_types as (
    select distinct payer_type from {{ ref('attribution_algorithm_scopes') }}
    where program = 'pcmh'
),

rates as (
    select * from {{ ref('payment_rates') }}
    where program = 'cht' and component = 'base'
),

bases as (
    select * from {{ ref('cht_payment_bases') }}
)

select
    payment_months.payment_month,
    payer_types.payer_type,
    count(distinct rates.rate_id) as base_rates,
    count(distinct bases.basis) as bases
from payment_months
cross join payer_types
left join rates
    on
        payer_types.payer_type = rates.payer_type
        and {{ is_in_force('rates', 'payment_months.payment_month') }}
left join bases
    on
        payer_types.payer_type = bases.payer_type
        and {{ is_in_force('bases', 'payment_months.payment_month') }}
group by
    payment_months.payment_month,
    payer_types.payer_type
having
    count(*) <> 1
    or count(distinct rates.rate_id) <> 1
    or count(distinct bases.basis) <> 1
