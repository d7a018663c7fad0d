-- One row per as-of date, program, practice, provider and start: the payment roster in
-- force on that day, which is the list of recognised practices (D67). What a roster row
-- leaves blank about the provider, the provider table says.
with rosters as (
    select * from {{ ref('stg_practice_provider') }}
),

providers as (
    select * from {{ ref('stg_provider') }}
),

as_of_dates as (
    select * from {{ ref('int_calendar__as_of_dates') }}
),

in_force as (
    select
        as_of_dates.as_of_date,
        rosters.program,
        rosters.practice_id,
        rosters.npi,
        rosters.billing_npi,
        rosters.is_primary_practice,
        rosters.start_date,
        rosters.is_board_certified_obgyn,
        coalesce(rosters.specialty, providers.specialty) as specialty,
        coalesce(rosters.credential, providers.credential) as credential
    from rosters
    inner join as_of_dates
        on
            rosters.start_date <= as_of_dates.as_of_date
            and (
                rosters.end_date >= as_of_dates.as_of_date
                or rosters.end_date is null
            )
    left join providers
        on rosters.npi = providers.npi
)

select * from in_force
