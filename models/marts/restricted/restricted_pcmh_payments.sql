{{ config(alias='pcmh_payments') }}
-- One row per payment month, payer, practice and adjustment: the PCMH payment,
-- unsuppressed (E-01 to E-03, E-07, A-11, A-12, D69, D72).
select
    payment_month,
    payer,
    practice_id,
    adjustment_no,
    hsa,
    as_of_date,
    paid_period,
    payment_due_date,
    basis,
    status,
    false as is_suppressed,
    attributed_patients,
    base_pppm,
    quality_pppm,
    trui_pppm,
    cast(rate as decimal(10, 2)) as total_pppm,
    amount
from {{ ref('int_payments__ledger') }}
where program = 'pcmh'
