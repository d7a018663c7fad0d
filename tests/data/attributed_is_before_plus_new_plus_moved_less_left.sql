-- The movement of every practice adds up: to its own count before, and that count is
-- the one that the as-of date before had.
with counts as (
    select * from {{ ref('int_attribution__counts') }}
),

as_of_dates as (
    select * from {{ ref('int_calendar__as_of_dates') }}
),

compared as (
    select
        counts.*,
        case
            when as_of_dates.prior_as_of_date is not null
                then coalesce(earlier.attributed_patients, 0)
        end as attributed_at_prior_date
    from counts
    inner join as_of_dates
        on counts.as_of_date = as_of_dates.as_of_date
    left join counts as earlier
        on
            as_of_dates.prior_as_of_date = earlier.as_of_date
            and counts.program = earlier.program
            and counts.payer = earlier.payer
            and counts.practice_id = earlier.practice_id
)

select
    as_of_date,
    program,
    payer,
    practice_id,
    attributed_patients,
    attributed_before,
    attributed_at_prior_date,
    newly_attributed,
    moved,
    left_practice
from compared
where
    attributed_patients
    <> attributed_before + newly_attributed + moved - left_practice
    or attributed_before is distinct from attributed_at_prior_date
