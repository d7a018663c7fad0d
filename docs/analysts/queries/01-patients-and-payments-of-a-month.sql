-- Question: What do payers owe each HSA's practices for the newest month?
-- Columns: patients and payment_usd add up the practices that are shown; withheld is
--     how many practices are left out of both, because 1 to 10 people would show;
--     unpaid is how many have patients but no payment (lapsed, suspended, …).
-- Reading: With withheld above zero both sums are too low. Medicare pays by a formula
--     of its own (landed_payments) and is not here.
select
    hsa,
    payer,
    sum(attributed_patients) as patients,
    sum(amount) as payment_usd,
    count(*) as practices,
    count(*) filter (where is_suppressed) as withheld,
    count(*) filter (where status not in ('paid', 'extended')) as unpaid
from marts.pcmh_payments
where
    adjustment_no = 0
    and payment_month = (
        select max(newest.payment_month) from marts.pcmh_payments as newest
    )
group by hsa, payer
order by hsa, payer
