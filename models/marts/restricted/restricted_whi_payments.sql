{{ config(alias='whi_payments') }}
-- One row per payment month, payer, practice, component and adjustment: payments of the
-- Women's Health Initiative, unsuppressed (K-01 to K-12).
select
    payment_month,
    payer,
    practice_id,
    component,
    cast(adjustment_no as integer) as adjustment_no,
    hsa,
    administrative_entity_id,
    as_of_date,
    paid_period,
    basis,
    status,
    false as is_suppressed,
    cast(attributed_patients as integer) as attributed_patients,
    rate,
    quality_rate,
    factor,
    shared_amount,
    amount
from {{ ref('int_payments__whi') }}
