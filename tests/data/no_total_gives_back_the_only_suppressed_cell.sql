-- Design, section 1: where one payer's cell of a practice is suppressed and the others
-- are told, a total over payers would give it back; so would a practice's sum of
-- departures whose reasons are told but for one.
with counts as (
    select * from {{ ref('attribution_counts') }}
),

unique_patients as (
    select * from {{ ref('total_unique_patients') }}
    where level = 'practice'
),

departures as (
    select * from {{ ref('attribution_departures') }}
),

cells as (
    select
        as_of_date,
        program,
        practice_id,
        count(*) filter (where is_suppressed) as suppressed
    from counts
    group by
        as_of_date,
        program,
        practice_id
),

reasons as (
    select
        as_of_date,
        program,
        payer,
        practice_id,
        count(*) filter (where is_suppressed) as suppressed
    from departures
    group by
        as_of_date,
        program,
        payer,
        practice_id
)

select
    'total_unique_patients' as mart,
    cells.as_of_date,
    cells.practice_id
from cells
inner join unique_patients
    on
        cells.as_of_date = unique_patients.as_of_date
        and cells.program = unique_patients.program
        and cells.practice_id = unique_patients.entity_id
where cells.suppressed = 1 and unique_patients.attributed is not null

union all

select
    'attribution_departures' as mart,
    reasons.as_of_date,
    reasons.practice_id
from reasons
inner join counts
    on
        reasons.as_of_date = counts.as_of_date
        and reasons.program = counts.program
        and reasons.payer = counts.payer
        and reasons.practice_id = counts.practice_id
where reasons.suppressed = 1 and counts."left" is not null
