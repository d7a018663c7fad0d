-- One row per deadline and quarter in which it falls due, from the first as-of date of
-- the run until a quarter after its last: the day by which it is due (N-01 to N-03,
-- F-08, A-11). Months count from the quarter's first; a business day is counted within
-- its month.
with as_of_dates as (
    select * from {{ ref('int_calendar__as_of_dates') }}
),

business_days as (
    select * from {{ ref('int_calendar__business_days') }}
),

deadlines as (
    select * from {{ ref('program_deadlines') }}
),

reach as (
    select
        min(as_of_dates.as_of_date) as first_day,
        max(business_days.calendar_date) as last_day
    from as_of_dates
    cross join business_days
),

quarters as (
    select distinct
        cast({{ dbt.date_trunc('quarter', 'calendar_date') }} as date) as quarter_start
    from business_days
),

months as (
    select
        quarters.quarter_start,
        deadlines.*,
        cast(
            {{ dbt.dateadd(
                'month', 'deadlines.months_after', 'quarters.quarter_start'
            ) }} as date
        ) as month_start
    from quarters
    inner join deadlines
        on {{ is_in_force('deadlines', 'quarters.quarter_start') }}
),

numbered_days as (
    select
        calendar_date,
        cast({{ dbt.date_trunc('month', 'calendar_date') }} as date) as month_start,
        row_number() over (
            partition by {{ dbt.date_trunc('month', 'calendar_date') }}
            order by calendar_date
        ) as business_day
    from business_days
    where is_business_day
),

dated as (
    select
        months.*,
        coalesce(
            numbered_days.calendar_date,
            cast(
                {{ dbt.dateadd('day', 'months.due_day - 1', 'months.month_start') }}
                as date
            )
        ) as due_date
    from months
    left join numbered_days
        on
            months.month_start = numbered_days.month_start
            and months.due_business_day = numbered_days.business_day
),

final as (
    select
        dated.quarter_start,
        cast({{ dbt.last_day('dated.quarter_start', 'quarter') }} as date)
            as quarter_end,
        dated.deadline_id,
        dated.rule_id,
        dated.deliverable,
        dated.owner_level,
        dated.may_stop_funding,
        dated.due_date
    from dated
    inner join reach
        on
            dated.due_date > reach.first_day
            and dated.due_date <= reach.last_day
)

select * from final
