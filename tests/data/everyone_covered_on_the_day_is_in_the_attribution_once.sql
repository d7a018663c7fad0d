-- A-02: nobody is lost between the coverage that landed and the attribution, and
-- nobody is added; the living with a row in force are counted again from the staged
-- rows.
with as_of_dates as (
    select * from {{ ref('int_calendar__as_of_dates') }}
),

eligibility as (
    select * from {{ ref('stg_eligibility') }}
),

attribution as (
    select * from {{ ref('attribution') }}
),

programs as (
    select distinct program from {{ ref('attribution_algorithm_scopes') }}
),

covered as (
    select distinct
        as_of_dates.as_of_date,
        programs.program,
        eligibility.payer,
        eligibility.person_id
    from as_of_dates
    inner join eligibility
        on
            as_of_dates.as_of_date >= eligibility.enrollment_start_date
            and as_of_dates.as_of_date
            <= coalesce(eligibility.enrollment_end_date, as_of_dates.as_of_date)
    cross join programs
    where
        coalesce(eligibility.death_date > as_of_dates.as_of_date, true)
        and {{ is_attributed_type('eligibility.payer_type') }}
)

select
    coalesce(covered.as_of_date, attribution.as_of_date) as as_of_date,
    coalesce(covered.payer, attribution.payer) as payer,
    coalesce(covered.person_id, attribution.person_id) as person_id,
    covered.person_id is null as is_added,
    attribution.person_id is null as is_lost
from covered
full outer join attribution
    on
        covered.as_of_date = attribution.as_of_date
        and covered.program = attribution.program
        and covered.payer = attribution.payer
        and covered.person_id = attribution.person_id
where covered.person_id is null or attribution.person_id is null
