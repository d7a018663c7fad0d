-- E-03, E-07, H-03: what a month's payment says of the practice is what the timeline
-- says of the month's first day, but for practices suspended for want of an initiative.
-- It is what the run computes; what was published stays as it was.
with payments as (
    select * from {{ ref('int_payments__pcmh') }}
    where adjustment_no = 0
),

spans as (
    select * from {{ ref('practice_recognition_timeline') }}
)

select
    payments.payment_month,
    payments.payer,
    payments.practice_id,
    payments.status,
    spans.pppm_status
from payments
left join spans
    on
        payments.practice_id = spans.practice_id
        and payments.payment_month >= spans.from_date
        and payments.payment_month <= coalesce(spans.to_date, payments.payment_month)
where
    case
        when payments.status = 'suspended'
            then coalesce(spans.pppm_status, 'not_started') not in ('paid', 'extended')
        else payments.status <> coalesce(spans.pppm_status, 'not_started')
    end
