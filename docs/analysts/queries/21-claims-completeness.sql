-- Question: How complete are each payer's claims, in the newest months?
-- Columns: completion_factor is what has come of what is expected; completed_usd is
--     allowed_usd raised by it.
-- Reading: Months whose is_complete_enough is false should not be compared with others.
select
    payer,
    service_month,
    lines,
    allowed_amount_usd as allowed_usd,
    completion_factor,
    completed_amount_usd as completed_usd,
    is_complete_enough,
    is_suppressed
from marts.claim_completeness
where
    period_end = (select max(newest.period_end) from marts.claim_completeness as newest)
    and service_month > period_end - interval 6 month
order by payer, service_month
