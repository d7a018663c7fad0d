-- E-01, E-02: what a month costs is the same whether it is added up over the payments,
-- over the people who are paid for at the rate of their practice, or over the practices
-- of each HSA. It is what the run computes; what an earlier release published may have
-- counted otherwise.
with payments as (
    select * from {{ ref('int_payments__pcmh') }}
    where basis = 'linear'
),

people as (
    select * from {{ ref('attribution') }}
    where
        program = 'pcmh'
        and practice_id is not null
        and payer_type in ('commercial', 'self-insured', 'medicaid')
),

practices as (
    select * from {{ ref('dim_practices') }}
),

-- A rate counts once per person, and cents are rounded once per payer and practice.
paid_for_people as (
    select
        payments.payment_month,
        payments.payer,
        payments.practice_id,
        round(sum(payments.total_pppm), 2) as amount
    from people
    inner join payments
        on
            people.as_of_date = payments.as_of_date
            and people.payer = payments.payer
            and people.practice_id = payments.practice_id
    group by
        payments.payment_month,
        payments.payer,
        payments.practice_id
),

paid_in_hsas as (
    select
        payments.payment_month,
        practices.hsa,
        sum(payments.amount) as amount
    from payments
    inner join practices
        on payments.practice_id = practices.practice_id
    group by
        payments.payment_month,
        practices.hsa
),

totals as (
    select
        'payments' as path,
        payment_month,
        sum(amount) as amount
    from payments
    group by payment_month

    union all

    select
        'people' as path,
        payment_month,
        sum(amount) as amount
    from paid_for_people
    group by payment_month

    union all

    select
        'health service areas' as path,
        payment_month,
        sum(amount) as amount
    from paid_in_hsas
    group by payment_month
)

select
    payment_month,
    count(*) as paths,
    min(amount) as lowest_total,
    max(amount) as highest_total
from totals
where amount <> 0
group by payment_month
having count(distinct amount) > 1 or count(*) < 3
