{{ config(alias='payment_reconciliation') }}
-- One row per program, payment month, payer and practice: the payment computed and
-- reported, with the difference by cause, unsuppressed (A-14).
select
    program,
    payment_month,
    payer,
    practice_id,
    hsa,
    status,
    payment_status,
    false as is_suppressed,
    computed_patients,
    reported_patients,
    computed_rate,
    reported_rate,
    computed,
    reported,
    difference,
    difference_by_count,
    difference_by_rate,
    difference_by_timing,
    difference_by_status
from {{ ref('int_payments__reconciliation') }}
