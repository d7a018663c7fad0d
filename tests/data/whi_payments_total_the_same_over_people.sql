-- K-01, K-02: what practices without a medical home are paid for a month is the same
-- whether it is added up over the payments or over the people attributed to their
-- women's health providers, each at the practice's rate; from the first month on nobody
-- whose payer takes part is left out.
with payments as (
    select * from {{ ref('restricted_whi_payments') }}
    where component = 'pmpm'
),

people as (
    select * from {{ ref('attribution') }}
    where program = 'whi' and practice_id is not null
),

payment_months as (
    select * from {{ ref('int_calendar__payment_months') }}
),

payers as (
    select * from {{ ref('int_payments__whi_payers') }}
),

sides as (
    select * from {{ ref('int_payments__whi_sides') }}
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
        payment_months.payment_month,
        people.payer,
        people.practice_id,
        round(sum(payments.rate * payments.factor), 2) as amount
    from people
    inner join payment_months
        on people.as_of_date = payment_months.as_of_date
    inner join payers
        on
            payment_months.payment_month = payers.payment_month
            and people.payer = payers.payer
    inner join sides
        on
            people.practice_id = sides.practice_id
            and payment_months.payment_month >= sides.start_month
    left join medical_homes
        on people.practice_id = medical_homes.practice_id
    left join of_womens_practices as payments
        on
            payment_months.payment_month = payments.payment_month
            and people.payer = payments.payer
            and people.practice_id = payments.practice_id
    where medical_homes.practice_id is null
    group by
        payment_months.payment_month,
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
