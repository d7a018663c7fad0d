{{ config(alias='attribution_reconciliation') }}
-- One row per program, payment month, payer and practice: the payer's count of
-- attributed patients beside the warehouse's, unsuppressed.
select
    program,
    payment_month,
    payer,
    practice_id,
    hsa,
    as_of_date,
    status,
    agreement_status,
    list_sent_date,
    agreement_due_date,
    agreed_date,
    report_due_date,
    report_date,
    is_report_late,
    false as is_suppressed,
    cast(warehouse_patients as integer) as warehouse_patients,
    cast(payer_patients as integer) as payer_patients,
    cast(difference as integer) as difference
from {{ ref('int_attribution__reconciliation') }}
