-- Question: How far is what payers report to have paid from what is computed, and why?
-- Columns: dollars over all months of the release, of payments that the payer reported
--     and that show; the difference splits by count, rate, timing and status.
-- Reading: A positive difference is more than computed. not_reported and withheld
--     payments are counted and in no sum.
select
    program,
    payer,
    sum(computed) filter (where difference is not null) as computed_usd,
    sum(reported) filter (where difference is not null) as reported_usd,
    sum(difference) as difference_usd,
    sum(difference_by_count) as by_count_usd,
    sum(difference_by_rate) as by_rate_usd,
    sum(difference_by_timing) as by_timing_usd,
    sum(difference_by_status) as by_status_usd,
    count(*) filter (where status = 'not_reported') as not_reported,
    count(*) filter (where is_suppressed) as withheld
from marts.payment_reconciliation
group by program, payer
order by program, payer
