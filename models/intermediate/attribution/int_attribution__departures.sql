-- One row per as-of date, program, payer, practice and reason: people who were
-- attributed to the practice on the as-of date before and are not any longer, and why
-- (A-10).
with attribution as (
    select * from {{ ref('int_attribution__attribution') }}
),

as_of_dates as (
    select * from {{ ref('int_calendar__as_of_dates') }}
),

eligibility as (
    select * from {{ ref('stg_eligibility') }}
),

practices as (
    select * from {{ ref('int_program__practices_as_of') }}
),

deaths as (
    select
        person_id,
        min(death_date) as death_date
    from eligibility
    where death_date is not null
    group by person_id
),

before as (
    select
        as_of_dates.as_of_date,
        attribution.program,
        attribution.payer,
        attribution.person_id,
        attribution.practice_id
    from attribution
    inner join as_of_dates
        on attribution.as_of_date = as_of_dates.prior_as_of_date
    where attribution.practice_id is not null
),

departed as (
    select
        before.as_of_date,
        before.program,
        before.payer,
        before.practice_id,
        case
            when attribution.practice_id is not null then 'moved'
            when deaths.death_date <= before.as_of_date then 'died'
            when attribution.person_id is null then 'coverage_ended'
            else attribution.reason
        end as reason
    from before
    left join attribution
        on
            before.as_of_date = attribution.as_of_date
            and before.program = attribution.program
            and before.payer = attribution.payer
            and before.person_id = attribution.person_id
    left join deaths
        on before.person_id = deaths.person_id
    where
        attribution.practice_id is null
        or attribution.practice_id <> before.practice_id
),

final as (
    select
        departed.as_of_date,
        departed.program,
        departed.payer,
        departed.practice_id,
        departed.reason,
        practices.hsa,
        count(*) as people
    from departed
    left join practices
        on
            departed.as_of_date = practices.as_of_date
            and departed.practice_id = practices.practice_id
    group by
        departed.as_of_date,
        departed.program,
        departed.payer,
        departed.practice_id,
        departed.reason,
        practices.hsa
)

select * from final
