-- One row per 12-month period that measures are taken over: the one that ends with the
-- run's as-of date, and those among its other as-of dates that end a half-year, with
-- the year before, which does not overlap (E-05, D72). A run of some types of payers
-- takes no measures: a score is of everybody's patients.
{% set cutoff = var('score_cutoff_days') %}
with as_of_dates as (
    select * from {{ ref('int_calendar__as_of_dates') }}
),

period_ends as (
    select * from {{ ref('score_period_ends') }}
),

final as (
    select
        as_of_dates.as_of_date as period_end,
        cast(
            {{ dbt.dateadd(
                'month', -11, dbt.date_trunc('month', 'as_of_dates.as_of_date')
            ) }} as date
        ) as period_start,
        cast(
            {{ dbt.dateadd('day', -1, dbt.dateadd(
                'month', -11, dbt.date_trunc('month', 'as_of_dates.as_of_date')
            )) }} as date
        ) as prior_period_end,
        cast({{ dbt.dateadd('day', cutoff, 'as_of_dates.as_of_date') }} as date)
            as score_cutoff_date,
        as_of_dates.is_run_as_of,
        period_ends.month_of_year is not null as is_half_year
    from as_of_dates
    left join period_ends
        on
            extract(month from as_of_dates.as_of_date) = period_ends.month_of_year
            and {{ is_in_force('period_ends', 'as_of_dates.as_of_date') }}
    where
        {{ 'false' if var('payer_types') else 'true' }}
        and (as_of_dates.is_run_as_of or period_ends.month_of_year is not null)
)

select * from final
