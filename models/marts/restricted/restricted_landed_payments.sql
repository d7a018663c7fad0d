{{ config(alias='landed_payments') }}
-- One row per payment month, payer, component and payee of a sum that a payer landed:
-- what Medicare fixed for 2017, and statewide sums (B-06 to B-09, D17, F-07),
-- unsuppressed.
select
    payment_month,
    payer,
    component,
    payee_id,
    payee_kind,
    as_of_date,
    basis,
    is_policy_gap,
    false as is_suppressed,
    amount
from {{ ref('int_payments__landed_sums') }}
