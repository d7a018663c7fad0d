-- K-04, K-06 (design, section 1): what the payers of a practice share is public policy,
-- so that the parts told and the counts of the others give a withheld part and its
-- count. What corrects the shares afterwards is told or withheld by itself.
with payments as (
    select * from {{ ref('whi_payments') }}
),

unsuppressed as (
    select * from {{ ref('restricted_whi_payments') }}
)

select
    payments.payment_month,
    payments.practice_id,
    payments.component,
    payments.basis = 'adjustment' as is_adjustment,
    count(*) as payers,
    count(*) filter (where payments.is_suppressed) as suppressed
from payments
inner join unsuppressed
    on
        payments.payment_month = unsuppressed.payment_month
        and payments.payer = unsuppressed.payer
        and payments.practice_id = unsuppressed.practice_id
        and payments.component = unsuppressed.component
        and payments.adjustment_no = unsuppressed.adjustment_no
group by
    payments.payment_month,
    payments.practice_id,
    payments.component,
    payments.basis = 'adjustment'
having
    max(unsuppressed.shared_amount) is not null
    and count(*) filter (where payments.is_suppressed) not in (0, count(*))
