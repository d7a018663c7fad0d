-- Question: Which invoices of Community Health Teams are late, missing or wrong?
-- Columns: computed and invoiced dollars and their difference; days_late.
-- Reading: Where is_suppressed is true the dollars are withheld, and whether the amount
--     is right cannot be seen; such an invoice is here only when late or missing.
select
    administrative_entity_id,
    payer,
    period,
    due_date,
    received_date,
    status,
    days_late,
    computed_amount as computed_usd,
    invoiced_amount as invoiced_usd,
    difference as difference_usd,
    is_suppressed
from marts.cht_invoices
where status in ('late', 'missing') or difference <> 0
order by due_date, administrative_entity_id, payer, period
