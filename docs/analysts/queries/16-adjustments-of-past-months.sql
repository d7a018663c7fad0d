-- Question: What did this release change of months already paid?
-- Columns: amount_usd that is added or, when negative, taken back, by the status that
--     the month now has.
-- Reading: Adjustment 0 is the payment as first computed; 1 and up are later changes.
with changes as (
    select
        'pcmh' as program,
        payment_month,
        payer,
        practice_id,
        status,
        amount,
        is_suppressed
    from marts.pcmh_payments
    where adjustment_no > 0
    union all
    select
        'cht' as program,
        payment_month,
        payer,
        practice_id,
        status,
        amount,
        is_suppressed
    from marts.cht_payments
    where adjustment_no > 0
    union all
    select
        'whi' as program,
        payment_month,
        payer,
        practice_id,
        status,
        amount,
        is_suppressed
    from marts.whi_payments
    where adjustment_no > 0
)

select
    program,
    practice_id,
    payer,
    status,
    min(payment_month) as first_month,
    max(payment_month) as last_month,
    sum(amount) as amount_usd,
    count(*) as changes,
    count(*) filter (where is_suppressed) as withheld
from changes
group by program, practice_id, payer, status
order by program, practice_id, payer, status
