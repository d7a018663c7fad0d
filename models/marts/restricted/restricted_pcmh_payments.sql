{{ config(alias='pcmh_payments') }}
-- One row per payment month, payer, practice and adjustment: the PCMH payment,
-- unsuppressed (E-01 to E-03, E-07, D69, D72).
select
    payment_month,
    payer,
    practice_id,
    cast(adjustment_no as integer) as adjustment_no,
    hsa,
    as_of_date,
    paid_period,
    basis,
    status,
    false as is_suppressed,
    cast(attributed_patients as integer) as attributed_patients,
    base_pppm,
    quality_pppm,
    trui_pppm,
    total_pppm,
    amount
from {{ ref('int_payments__pcmh') }}
