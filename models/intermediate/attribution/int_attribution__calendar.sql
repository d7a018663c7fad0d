-- One row per as-of date, program and type of payer with an algorithm: what the
-- algorithm looks back on, until when claims are read, and when reports, agreement and
-- payments are due (A-01, A-13, A-14, B-05, C-08, D72).
with as_of_dates as (
    select * from {{ ref('int_calendar__as_of_dates') }}
),

runs as (
    select * from {{ ref('int_calendar__run') }}
),

scopes as (
    select * from {{ ref('attribution_algorithm_scopes') }}
),

algorithms as (
    select * from {{ ref('attribution_algorithms') }}
),

deadlines as (
    select * from {{ ref('attribution_deadlines') }}
),

business_days as (
    select * from {{ ref('int_calendar__business_days') }}
),

-- Business days after the as-of date: counted on from those until it.
due as (
    select
        as_of_dates.as_of_date,
        deadlines.algorithm_id,
        deadlines.deadline,
        case
            when deadlines.day_kind = 'business' then min(later.calendar_date)
            else
                cast(
                    {{ dbt.dateadd(
                        'day', 'deadlines.days', 'as_of_dates.as_of_date'
                    ) }} as date
                )
        end as due_date
    from as_of_dates
    cross join deadlines
    inner join business_days as start_days
        on as_of_dates.as_of_date = start_days.calendar_date
    left join business_days as later
        on
            deadlines.day_kind = 'business'
            and start_days.business_days + deadlines.days = later.business_days
    where {{ is_in_force('deadlines', 'as_of_dates.as_of_date') }}
    group by
        as_of_dates.as_of_date,
        deadlines.algorithm_id,
        deadlines.deadline,
        deadlines.day_kind,
        deadlines.days
),

dues as (
    select
        as_of_date,
        algorithm_id,
        max(case when deadline = 'report' then due_date end) as report_due_date,
        max(case when deadline = 'payments' then due_date end) as payments_from_date
    from due
    group by
        as_of_date,
        algorithm_id
),

final as (
    select
        as_of_dates.as_of_date,
        scopes.program,
        scopes.payer_type,
        scopes.algorithm_id,
        algorithms.algorithm_name,
        as_of_dates.look_back_start_date,
        as_of_dates.as_of_date as look_back_end_date,
        as_of_dates.attribution_cutoff_date as cutoff_date,
        dues.report_due_date,
        coalesce(
            dues.payments_from_date,
            cast({{ dbt.dateadd('day', 1, 'as_of_dates.as_of_date') }} as date)
        ) as payments_from_date,
        runs.paid_through_date < as_of_dates.attribution_cutoff_date as is_provisional
    from as_of_dates
    cross join runs
    inner join scopes
        on {{ is_in_force('scopes', 'as_of_dates.as_of_date') }}
    inner join algorithms
        on scopes.algorithm_id = algorithms.algorithm_id
    left join dues
        on
            as_of_dates.as_of_date = dues.as_of_date
            and scopes.algorithm_id = dues.algorithm_id
)

select * from final
