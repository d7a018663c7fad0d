-- One row per day from the first as-of date until a quarter after the last: whether it
-- is a business day in Vermont, and how many there were until then (B-05). A state
-- holiday on a Saturday is kept on the Friday, one on a Sunday on the Monday (1 V.S.A.
-- § 371).
with as_of_dates as (
    select * from {{ ref('int_calendar__as_of_dates') }}
),

holidays as (
    select * from {{ ref('state_holidays') }}
),

limits as (
    select
        min(as_of_date) as first_day,
        cast({{ dbt.dateadd('month', 3, 'max(as_of_date)') }} as date) as last_day
    from as_of_dates
),

days as (
    select cast({{ each_day('first_day', 'last_day') }} as date) as calendar_date
    from limits
),

-- Weeks count from the first day of the month, and backwards from its last.
parts as (
    select
        calendar_date,
        {{ iso_weekday('calendar_date') }} as weekday,
        extract(month from calendar_date) as month_number,
        extract(day from calendar_date) as day_number,
        cast(floor((extract(day from calendar_date) + 6) / 7) as integer)
            as occurrence,
        -cast(
            floor(
                (
                    extract(day from {{ dbt.last_day('calendar_date', 'month') }})
                    - extract(day from calendar_date)
                    + 7
                ) / 7
            ) as integer
        ) as occurrence_from_end
    from days
),

holiday_dates as (
    select
        holidays.holiday,
        case
            when holidays.day is not null and parts.weekday = 6
                then cast({{ dbt.dateadd('day', -1, 'parts.calendar_date') }} as date)
            when holidays.day is not null and parts.weekday = 7
                then cast({{ dbt.dateadd('day', 1, 'parts.calendar_date') }} as date)
            else parts.calendar_date
        end as kept_on
    from parts
    inner join holidays
        on
            parts.month_number = holidays.month
            and {{ is_in_force('holidays', 'parts.calendar_date') }}
            and (
                parts.day_number = holidays.day
                or (
                    parts.weekday = holidays.weekday
                    and holidays.occurrence
                    in (parts.occurrence, parts.occurrence_from_end)
                )
            )
),

holidays_kept as (
    select
        kept_on,
        min(holiday) as holiday
    from holiday_dates
    group by kept_on
),

marked as (
    select
        parts.calendar_date,
        holidays_kept.holiday,
        parts.weekday < 6 and holidays_kept.holiday is null as is_business_day
    from parts
    left join holidays_kept
        on parts.calendar_date = holidays_kept.kept_on
),

final as (
    select
        *,
        sum(case when is_business_day then 1 else 0 end)
            over (order by calendar_date) as business_days
    from marked
)

select * from final
