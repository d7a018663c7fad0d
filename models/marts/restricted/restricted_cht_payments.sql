{{ config(alias='cht_payments') }}
-- One row per payment month, payer, practice and adjustment: the Community Health
-- Team's payment for the practice's patients (F-00, F-01, F-04 to F-07, B-08, D16,
-- D17), unsuppressed.
select
    payment_month,
    payer,
    practice_id,
    adjustment_no,
    administrative_entity_id,
    hsa,
    as_of_date,
    paid_period,
    payment_due_date,
    basis,
    status,
    is_policy_gap,
    false as is_suppressed,
    attributed_patients,
    cast(rate as decimal(10, 4)) as pppm,
    cast(factor as decimal(5, 4)) as factor,
    amount
from {{ ref('int_payments__ledger') }}
where program = 'cht'
