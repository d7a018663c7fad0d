{{ config(severity='warn') }}
-- G-01, D28: a practice whose HSA and town nobody knows has its patients in no HSA.
-- They are attributed and paid all the same, so that this warns.
with rosters as (
    select distinct
        as_of_date,
        practice_id
    from {{ ref('int_program__rosters_as_of') }}
),

practices as (
    select * from {{ ref('int_program__practices_as_of') }}
)

select
    rosters.as_of_date,
    rosters.practice_id
from rosters
left join practices
    on
        rosters.as_of_date = practices.as_of_date
        and rosters.practice_id = practices.practice_id
where practices.hsa is null
