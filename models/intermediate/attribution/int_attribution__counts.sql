-- One row per as-of date, program, payer and practice: attributed patients and how they
-- came and went since the as-of date before. For every practice:
-- attributed = attributed before + newly attributed + moved in - left.
with attribution as (
    select * from {{ ref('int_attribution__attribution') }}
    where practice_id is not null
),

as_of_dates as (
    select * from {{ ref('int_calendar__as_of_dates') }}
),

practices as (
    select * from {{ ref('int_program__practices_as_of') }}
),

-- Each attribution as it was on the as-of date before, seen from the one after.
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
),

arrivals as (
    select
        attribution.as_of_date,
        attribution.program,
        attribution.payer,
        attribution.practice_id,
        count(*) as attributed_patients,
        count(*) filter (where before.person_id is null) as newly_attributed,
        count(*) filter (
            where before.practice_id <> attribution.practice_id
        ) as moved
    from attribution
    left join before
        on
            attribution.as_of_date = before.as_of_date
            and attribution.program = before.program
            and attribution.payer = before.payer
            and attribution.person_id = before.person_id
    group by
        attribution.as_of_date,
        attribution.program,
        attribution.payer,
        attribution.practice_id
),

departures as (
    select
        before.as_of_date,
        before.program,
        before.payer,
        before.practice_id,
        count(*) as attributed_before,
        count(*) filter (
            where
            attribution.practice_id is null
            or attribution.practice_id <> before.practice_id
        ) as left_practice
    from before
    left join attribution
        on
            before.as_of_date = attribution.as_of_date
            and before.program = attribution.program
            and before.payer = attribution.payer
            and before.person_id = attribution.person_id
    group by
        before.as_of_date,
        before.program,
        before.payer,
        before.practice_id
),

cells as (
    select
        as_of_date,
        program,
        payer,
        practice_id
    from arrivals
    union
    select
        as_of_date,
        program,
        payer,
        practice_id
    from departures
),

final as (
    select
        cells.as_of_date,
        cells.program,
        cells.payer,
        cells.practice_id,
        practices.hsa,
        coalesce(arrivals.attributed_patients, 0) as attributed_patients,
        case
            when as_of_dates.prior_as_of_date is not null
                then coalesce(departures.attributed_before, 0)
        end as attributed_before,
        case
            when as_of_dates.prior_as_of_date is not null
                then coalesce(arrivals.newly_attributed, 0)
        end as newly_attributed,
        case
            when as_of_dates.prior_as_of_date is not null
                then coalesce(arrivals.moved, 0)
        end as moved,
        case
            when as_of_dates.prior_as_of_date is not null
                then coalesce(departures.left_practice, 0)
        end as left_practice
    from cells
    inner join as_of_dates
        on cells.as_of_date = as_of_dates.as_of_date
    left join practices
        on
            cells.as_of_date = practices.as_of_date
            and cells.practice_id = practices.practice_id
    left join arrivals
        on
            cells.as_of_date = arrivals.as_of_date
            and cells.program = arrivals.program
            and cells.payer = arrivals.payer
            and cells.practice_id = arrivals.practice_id
    left join departures
        on
            cells.as_of_date = departures.as_of_date
            and cells.program = departures.program
            and cells.payer = departures.payer
            and cells.practice_id = departures.practice_id
)

select * from final
