-- K-01, K-09: 1.25 in the first year, 1.00 to 1.50 after it; and of practices of one
-- side nothing in a month that begins after a lapse and not after compliance.
with payments as (
    select * from {{ ref('int_payments__whi') }}
    where component = 'pmpm'
),

participation as (
    select * from {{ ref('stg_whi_participation') }}
),

practices as (
    select
        practice_id,
        max(program) as program
    from {{ ref('int_payments__whi_sides') }}
    group by practice_id
    having count(*) = 1
),

standing as (
    select
        payments.payment_month,
        payments.practice_id,
        max(case when participation.event = 'lapsed' then participation.event_date end)
            as lapse_date,
        max(
            case
                when participation.event in ('restored', 'attestation_confirmed')
                    then participation.event_date
            end
        ) as compliance_date
    from payments
    inner join practices
        on payments.practice_id = practices.practice_id
    inner join participation
        on
            payments.practice_id = participation.practice_id
            and payments.payment_month > participation.event_date
            and practices.program
            = coalesce(participation.program, practices.program)
    group by
        payments.payment_month,
        payments.practice_id
)

select
    payments.payment_month,
    payments.payer,
    payments.practice_id,
    payments.status,
    payments.rate,
    payments.amount
from payments
left join standing
    on
        payments.payment_month = standing.payment_month
        and payments.practice_id = standing.practice_id
where
    payments.rate not between 1.00 and 1.50
    or (payments.status = 'paid') <> (payments.factor = 1)
    or (payments.status <> 'paid' and payments.amount <> 0)
    or (payments.status = 'paid')
    <> coalesce(standing.compliance_date >= standing.lapse_date, true)
