-- A-01: without an as-of date every table after it would be silently empty. Every date
-- that the run computes ends a month, and exactly one of them is the run's own.
with run as (
    select * from {{ ref('int_calendar__run') }}
),

as_of_dates as (
    select * from {{ ref('int_calendar__as_of_dates') }}
),

run_dates as (
    select
        count(*) as run_rows,
        count(as_of_date) as run_as_of_dates
    from run
),

own_dates as (
    select count(*) as own_as_of_dates
    from as_of_dates
    where is_run_as_of
),

faults as (
    select 'the run has no as-of date' as fault
    from run_dates
    where run_rows <> 1 or run_as_of_dates <> 1

    union all

    select 'not exactly one of the as-of dates is the run''s own' as fault
    from own_dates
    where own_as_of_dates <> 1

    union all

    select 'an as-of date is not the last day of a month' as fault
    from as_of_dates
    where
        as_of_date is null
        or as_of_date <> cast({{ dbt.last_day('as_of_date', 'month') }} as date)
)

select * from faults
