{{ config(alias='days') }}
-- One row per day from the first look-back to the last payment month, so that metrics
-- can be asked by month or quarter (models/semantic).
with as_of_dates as (
    select * from {{ ref('int_calendar__as_of_dates') }}
),

bounds as (
    select
        min(look_back_start_date) as first_day,
        max(as_of_date) as last_as_of_date
    from as_of_dates
),

quarters as (
    select
        first_day,
        cast({{ dbt.dateadd('month', 3, 'last_as_of_date') }} as date) as last_day
    from bounds
),

numbered as (
    select
        first_day,
        {{ each_number('0', dbt.datediff('first_day', 'last_day', 'day')) }} as day_no
    from quarters
),

final as (
    select cast({{ dbt.dateadd('day', 'day_no', 'first_day') }} as date) as calendar_day
    from numbered
)

select * from final
