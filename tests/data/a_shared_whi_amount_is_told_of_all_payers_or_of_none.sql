-- K-04, K-06 (design, section 1): what the payers of a practice share is public policy,
-- so that the parts told and the counts of the others give a withheld part and its
-- count.
with payments as (
    select * from {{ ref('whi_payments') }}
    where basis <> 'linear'
)

select
    payment_month,
    practice_id,
    component,
    count(*) as payers,
    count(*) filter (where is_suppressed) as suppressed
from payments
group by
    payment_month,
    practice_id,
    component
having count(*) filter (where is_suppressed) not in (0, count(*))
