-- A-14: the four parts of a difference add up to it, and who reports gets one.
select
    program,
    payment_month,
    payer,
    practice_id,
    difference
from {{ ref('restricted_payment_reconciliation') }}
where
    difference is distinct from difference_by_count + difference_by_rate
    + difference_by_timing + difference_by_status
    or difference is distinct from reported - computed
    or (difference is null) <> (status = 'not_reported')
