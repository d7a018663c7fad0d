-- F-01, F-04: every linear amount is patients times rate times factor, and the
-- patients are those whom the payer attributes on the as-of date at the end of the
-- quarter before.
with payments as (
    select * from {{ ref('int_payments__cht') }}
),

people as (
    select
        as_of_date,
        payer,
        practice_id,
        count(*) as attributed_patients
    from {{ ref('attribution') }}
    where
        program = 'pcmh'
        and practice_id is not null
        and payer_type in ('commercial', 'self-insured', 'medicaid', 'medicare')
    group by
        as_of_date,
        payer,
        practice_id
)

select
    payments.payment_month,
    payments.payer,
    payments.practice_id,
    payments.basis,
    payments.attributed_patients,
    people.attributed_patients as listed,
    payments.amount
from payments
left join people
    on
        payments.as_of_date = people.as_of_date
        and payments.payer = people.payer
        and payments.practice_id = people.practice_id
where
    payments.attributed_patients <> coalesce(people.attributed_patients, 0)
    or payments.as_of_date >= payments.payment_month
    or (
        payments.basis = 'linear'
        and payments.amount is distinct from round(
            payments.attributed_patients * payments.pppm * payments.factor, 2
        )
    )
