-- One row per as-of date, program, practice, provider and start: the payment roster in
-- force on that day, which is the list of recognised practices (D67).
with rosters as (
    select * from {{ ref('int_program__rosters') }}
),

as_of_dates as (
    select * from {{ ref('int_calendar__as_of_dates') }}
),

final as (
    select
        as_of_dates.as_of_date,
        rosters.program,
        rosters.practice_id,
        rosters.npi,
        rosters.start_date,
        rosters.end_date,
        rosters.billing_npi,
        rosters.is_primary_practice,
        rosters.is_board_certified_obgyn,
        rosters.specialty,
        rosters.credential
    from rosters
    inner join as_of_dates
        on
            rosters.start_date <= as_of_dates.as_of_date
            and (
                rosters.end_date >= as_of_dates.as_of_date
                or rosters.end_date is null
            )
)

select * from final
