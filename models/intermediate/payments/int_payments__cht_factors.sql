-- One row per payment month and practice: what part of the Community Health Team's
-- payment for its patients stands (F-00, D73).
with practice_months as (
    select * from {{ ref('int_payments__practice_months') }}
)

select
    payment_month,
    practice_id,
    status,
    cast(case when status = 'paid' then 1 else 0 end as decimal(5, 4)) as factor
from practice_months
