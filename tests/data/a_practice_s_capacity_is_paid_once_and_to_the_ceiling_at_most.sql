-- K-06 to K-08, D46: whoever joins later adds to the one-time payment, and all of them
-- together pay a practice no more than the ceiling; a payer's payments count up from 0.
with payments as (
    select * from {{ ref('int_payments__whi') }}
    where component = 'capacity'
),

ceilings as (
    select max(amount) as amount
    from {{ ref('payment_rates') }}
    where program = 'whi' and component like 'capacity_%_ceiling'
),

practices as (
    select
        practice_id,
        sum(amount) as amount,
        count(distinct payment_month) filter (
            where basis in ('linear', 'floor', 'ceiling')
        ) as first_payments
    from payments
    group by practice_id
),

payers as (
    select
        practice_id,
        max(adjustment_no) - count(*) + 1 as gaps
    from payments
    group by
        practice_id,
        payer
)

select
    practices.practice_id,
    practices.amount,
    practices.first_payments,
    payers.gaps
from practices
cross join ceilings
inner join payers
    on practices.practice_id = payers.practice_id
where
    practices.amount > ceilings.amount
    or practices.first_payments > 1
    or payers.gaps <> 0
