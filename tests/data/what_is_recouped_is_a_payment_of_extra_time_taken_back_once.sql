-- H-08: an adjustment takes back one payment of extra time whole, of a payer that
-- recoups, and stands beside it; nothing else is taken back.
with payments as (
    select * from {{ ref('int_payments__pcmh') }}
    where adjustment_no = 0
),

adjustments as (
    select * from {{ ref('int_payments__pcmh') }}
    where adjustment_no <> 0
),

recouping as (
    select distinct payer from {{ ref('stg_payer_policy') }}
    where is_recouping
)

select
    adjustments.payment_month,
    adjustments.payer,
    adjustments.practice_id,
    adjustments.adjustment_no
from adjustments
left join payments
    on
        adjustments.payment_month = payments.payment_month
        and adjustments.payer = payments.payer
        and adjustments.practice_id = payments.practice_id
left join recouping
    on adjustments.payer = recouping.payer
where
    payments.status is distinct from 'extended'
    or adjustments.adjustment_no <> 1
    or adjustments.amount is distinct from -payments.amount
    or adjustments.total_pppm is distinct from -payments.total_pppm
    or adjustments.attributed_patients <> 0
    or recouping.payer is null
