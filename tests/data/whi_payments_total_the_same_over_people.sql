-- K-01, K-02: what practices without a medical home are paid for a month is the same
-- whether it is added up over the payments or over the people attributed to their
-- women's health providers, each at the practice's rate; from the first month on nobody
-- whose payer takes part is left out.
with payments as (
    select * from {{ ref('int_payments__whi') }}
    where component = 'pmpm'
),

people as (
    select * from {{ ref('attribution') }}
    where program = 'whi' and practice_id is not null
),

payer_months as (
    select * from {{ ref('int_payments__payer_months') }}
),

payers as (
    select * from {{ ref('int_payments__whi_payers') }}
),

starts as (
    select
        practice_id,
        min(start_month) as start_month
    from {{ ref('int_payments__whi_sides') }}
    group by practice_id
),

medical_homes as (
    select distinct practice_id
    from {{ ref('stg_practice_provider') }}
    where program = 'pcmh'
),

of_womens_practices as (
    select payments.*
    from payments
    left join medical_homes
        on payments.practice_id = medical_homes.practice_id
    where medical_homes.practice_id is null
),

paid_for_people as (
    select
        payer_months.payment_month,
        people.payer,
        people.practice_id,
        round(sum(payments.rate * payments.factor), 2) as amount
    from people
    inner join payer_months
        on
            people.as_of_date = payer_months.as_of_date
            and people.payer = payer_months.payer
    inner join payers
        on
            payer_months.payment_month = payers.payment_month
            and people.payer = payers.payer
    inner join starts
        on
            people.practice_id = starts.practice_id
            and payer_months.payment_month >= starts.start_month
            and payer_months.is_first_month
            = (payer_months.payment_month = starts.start_month)
    left join medical_homes
        on people.practice_id = medical_homes.practice_id
    left join of_womens_practices as payments
        on
            payer_months.payment_month = payments.payment_month
            and people.payer = payments.payer
            and people.practice_id = payments.practice_id
    where medical_homes.practice_id is null
    group by
        payer_months.payment_month,
        people.payer,
        people.practice_id
)

select
    coalesce(payments.payment_month, paid_for_people.payment_month) as payment_month,
    coalesce(payments.payer, paid_for_people.payer) as payer,
    coalesce(payments.practice_id, paid_for_people.practice_id) as practice_id,
    payments.amount,
    paid_for_people.amount as amount_over_people
from of_womens_practices as payments
full outer join paid_for_people
    on
        payments.payment_month = paid_for_people.payment_month
        and payments.payer = paid_for_people.payer
        and payments.practice_id = paid_for_people.practice_id
where
    payments.amount is null
    or payments.amount is distinct from paid_for_people.amount
