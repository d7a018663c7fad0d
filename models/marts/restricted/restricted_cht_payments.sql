{{ config(alias='cht_payments') }}
-- One row per payment month, payer, practice and adjustment: the Community Health
-- Team's payment for the practice's patients (F-00, F-01, F-04 to F-07, B-08, D16,
-- D17), unsuppressed.
select
    payment_month,
    payer,
    practice_id,
    cast(adjustment_no as integer) as adjustment_no,
    administrative_entity_id,
    hsa,
    as_of_date,
    paid_period,
    basis,
    status,
    is_policy_gap,
    false as is_suppressed,
    cast(attributed_patients as integer) as attributed_patients,
    pppm,
    factor,
    amount
from {{ ref('int_payments__cht') }}
