-- One row per as-of date and person who lives in Vermont and is covered on the day,
-- whoever pays: who may be one of a practice's total unique patients (D-01, D14). A
-- table, so that its size is known when it meets the claim lines.
with eligibility as (
    select * from {{ ref('stg_eligibility') }}
),

as_of_dates as (
    select * from {{ ref('int_calendar__as_of_dates') }}
),

home_states as (
    select distinct state from {{ ref('states') }}
)

select distinct
    as_of_dates.as_of_date,
    as_of_dates.look_back_start_date,
    as_of_dates.attribution_cutoff_date,
    eligibility.person_id
from eligibility
inner join as_of_dates
    on
        eligibility.enrollment_start_date <= as_of_dates.as_of_date
        and (
            eligibility.enrollment_end_date >= as_of_dates.as_of_date
            or eligibility.enrollment_end_date is null
        )
        and (
            eligibility.death_date > as_of_dates.as_of_date
            or eligibility.death_date is null
        )
inner join home_states
    on eligibility.residence_state = home_states.state
