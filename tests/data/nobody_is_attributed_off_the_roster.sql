-- A-04, D4, D67: whoever is attributed is so to a practice with a roster row of that
-- program in force on the as-of date.
with attribution as (
    select * from {{ ref('attribution') }}
    where practice_id is not null
),

rosters as (
    select * from {{ ref('int_program__rosters_as_of') }}
)

select
    attribution.as_of_date,
    attribution.program,
    attribution.payer,
    attribution.person_id,
    attribution.practice_id
from attribution
anti join rosters
    on
        attribution.as_of_date = rosters.as_of_date
        and attribution.program = rosters.program
        and attribution.practice_id = rosters.practice_id
