-- Question: How many staff does the money of each Community Health Team support?
-- Columns: one month, the newest, all payers together; amount_usd of the month;
--     fte_supported is the staff that it pays for, fte_filled and fte_vacant what the
--     entity reported.
-- Reading: is_suppressed rows have no figures: a payer's patients would show.
select
    administrative_entity_id,
    hsa,
    practices,
    attributed_patients as patients,
    amount as amount_usd,
    fte_supported,
    fte_filled,
    fte_vacant,
    has_policy_gap,
    is_suppressed
from marts.cht_payments_by_entity
where
    payer = 'all'
    and payment_month = (
        select max(newest.payment_month) from marts.cht_payments_by_entity as newest
    )
order by administrative_entity_id, hsa
