-- One row per as-of date that the run computes: its own and the quarter-ends before it.
-- Everything joins to it, so that a backfill is more rows and not another run. The
-- window is the 24 calendar months that end with the as-of date (A-01).
{% set cutoff = var('attribution_cutoff_days') %}
with run as (
    select * from {{ ref('int_calendar__run') }}
),

algorithms as (
    select max(look_back_months) as look_back_months
    from {{ ref('attribution_algorithms') }}
),

dates as (
    select
        as_of_date,
        true as is_run_as_of
    from run

    {% for quarter in range(var('history_quarters')) -%}
    union all

    select
        cast(
            {{ dbt.dateadd(
                'day', -1, dbt.dateadd(
                    'month', -3 * quarter, dbt.date_trunc('quarter', 'as_of_date')
                )
            ) }} as date
        ) as as_of_date,
        false as is_run_as_of
    from run

    {% endfor -%}
),

final as (
    select
        dates.as_of_date,
        dates.is_run_as_of,
        lag(dates.as_of_date) over (order by dates.as_of_date) as prior_as_of_date,
        cast(
            {{ dbt.dateadd(
                'month', '1 - algorithms.look_back_months',
                dbt.date_trunc('month', 'dates.as_of_date')
            ) }} as date
        ) as look_back_start_date,
        cast({{ dbt.dateadd('day', cutoff, 'dates.as_of_date') }} as date)
            as attribution_cutoff_date
    from dates
    cross join algorithms
)

select * from final
