{{ config(alias='whi_payments') }}
-- One row per payment month, payer, practice, component and adjustment: payments of the
-- Women's Health Initiative, unsuppressed (K-01 to K-12).
select
    payment_month,
    payer,
    practice_id,
    component,
    adjustment_no,
    hsa,
    administrative_entity_id,
    as_of_date,
    paid_period,
    payment_due_date,
    basis,
    status,
    false as is_suppressed,
    attributed_patients,
    cast(rate as decimal(10, 4)) as rate,
    cast(quality_rate as decimal(10, 4)) as quality_rate,
    cast(factor as decimal(5, 4)) as factor,
    shared_amount,
    amount
from {{ ref('int_payments__ledger') }}
where program = 'whi'
