-- G-04, F-05: a practice is never split among administrative entities or areas, and
-- what changes within a quarter waits for the next.
with payments as (
    select * from {{ ref('int_payments__cht') }}
)

select
    practice_id,
    as_of_date,
    min(administrative_entity_id) as one_entity,
    max(administrative_entity_id) as another_entity
from payments
group by
    practice_id,
    as_of_date
having
    count(distinct administrative_entity_id) > 1
    or count(distinct hsa) > 1
