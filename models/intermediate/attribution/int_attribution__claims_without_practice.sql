-- One row per eligible person with qualifying lines of which none counted: whether any
-- of them belonged to a practice that competes.
with visits as (
    select * from {{ ref('int_attribution__visits') }}
)

select
    as_of_date,
    program,
    payer,
    person_id,
    bool_or(has_practice) as has_practice
from visits
group by
    as_of_date,
    program,
    payer,
    person_id
having not bool_or(is_visit)
