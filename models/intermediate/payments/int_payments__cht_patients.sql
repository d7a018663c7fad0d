-- One row per payment month, payer and practice with attributed patients of types that
-- are paid for, where the payer takes part in Community Health Teams: how many, at
-- what rate, and by which policy (F-01, F-04, D16, D17).
with counts as (
    select * from {{ ref('int_attribution__counts_by_type') }}
    where program = 'pcmh'
),

payment_months as (
    select * from {{ ref('int_calendar__payment_months') }}
),

payers as (
    select * from {{ ref('int_program__payers_as_of') }}
    where is_cht_participant
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
    counts.payer,
    counts.practice_id,
    counts.as_of_date,
    rates.amount as pppm,
    bases.basis as policy_basis,
    bases.is_policy_gap,
    sum(counts.attributed_patients) as attributed_patients
from counts
inner join payment_months
    on counts.as_of_date = payment_months.as_of_date
inner join payers
    on
        counts.as_of_date = payers.as_of_date
        and counts.payer = payers.payer
inner join rates
    on
        counts.payer_type = rates.payer_type
        and {{ is_in_force('rates', 'payment_months.payment_month') }}
inner join bases
    on
        counts.payer_type = bases.payer_type
        and {{ is_in_force('bases', 'payment_months.payment_month') }}
group by
    payment_months.payment_month,
    counts.payer,
    counts.practice_id,
    counts.as_of_date,
    rates.amount,
    bases.basis,
    bases.is_policy_gap
