{{ config(alias='cht_invoices') }}
-- One row per administrative entity, payer and period: what the warehouse computes for
-- its Community Health Teams, what was invoiced, and whether in time (F-08),
-- unsuppressed.
select
    administrative_entity_id,
    payer,
    period,
    period_start as period_start_date,
    due_date,
    received_date,
    status,
    cast(days_late as integer) as days_late,
    false as is_suppressed,
    computed_amount,
    invoiced_amount,
    difference
from {{ ref('int_payments__cht_invoices') }}
