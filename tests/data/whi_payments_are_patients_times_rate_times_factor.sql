-- K-01, K-03, K-06: every linear amount is its attributed patients times its rate times
-- the part that stands, to the cent; and the team's patients are those whom attribution
-- counts for the women's health providers on the as-of date that the month uses (D72).
with payments as (
    select * from {{ ref('int_payments__whi') }}
),

counts as (
    select * from {{ ref('restricted_attribution_counts') }}
    where program = 'whi'
)

select
    payments.payment_month,
    payments.payer,
    payments.practice_id,
    payments.component,
    payments.attributed_patients,
    counts.attributed_patients as counted,
    payments.rate,
    payments.factor,
    payments.amount
from payments
left join counts
    on
        payments.as_of_date = counts.as_of_date
        and payments.payer = counts.payer
        and payments.practice_id = counts.practice_id
where
    (
        payments.basis = 'linear'
        and payments.amount is distinct from round(
            payments.attributed_patients * payments.rate * payments.factor, 2
        )
    )
    or (
        payments.component = 'cht'
        and payments.attributed_patients <> coalesce(counts.attributed_patients, 0)
    )
