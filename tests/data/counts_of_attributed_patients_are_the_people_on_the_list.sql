-- Every cell of the counts that are paid on is the number of people in the person-
-- level table, and every person there is in a cell (A-10).
with counts as (
    select * from {{ ref('restricted_attribution_counts') }}
    where attributed_patients > 0
),

people as (
    select
        as_of_date,
        program,
        payer,
        practice_id,
        count(distinct person_id) as attributed_patients
    from {{ ref('attribution') }}
    where practice_id is not null
    group by
        as_of_date,
        program,
        payer,
        practice_id
)

select
    coalesce(counts.as_of_date, people.as_of_date) as as_of_date,
    coalesce(counts.program, people.program) as program,
    coalesce(counts.payer, people.payer) as payer,
    coalesce(counts.practice_id, people.practice_id) as practice_id,
    counts.attributed_patients as counted,
    people.attributed_patients as listed
from counts
full outer join people
    on
        counts.as_of_date = people.as_of_date
        and counts.program = people.program
        and counts.payer = people.payer
        and counts.practice_id = people.practice_id
where counts.attributed_patients is distinct from people.attributed_patients
