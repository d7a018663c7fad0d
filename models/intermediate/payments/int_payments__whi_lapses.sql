-- One row per practice, side and lapse in the Women's Health Initiative: the date that
-- was missed, whether an action plan came in time, and when pay ends and resumes (K-09,
-- D48). A lapse of who has lapsed already says nothing new.
with sides as (
    select * from {{ ref('int_payments__whi_sides') }}
),

participation as (
    select * from {{ ref('stg_whi_participation') }}
),

effects as (
    select * from {{ ref('whi_event_effects') }}
),

strategies as (
    select * from {{ ref('whi_strategies') }}
),

terms as (
    select * from {{ ref('whi_terms') }}
),

first_years as (
    select cast(value as integer) as months
    from terms
    where term = 'first_year'
),

plan_terms as (
    select cast(value as integer) as days
    from terms
    where term = 'plan_due'
),

events as (
    select
        sides.practice_id,
        sides.program,
        sides.initiation_date,
        sides.start_month,
        participation.event,
        participation.event_date
    from sides
    inner join participation
        on
            sides.practice_id = participation.practice_id
            and (
                sides.program = participation.program
                or participation.program is null
            )
),

-- Of events on one day a start stands over an end: the last of the day rules.
turns as (
    select
        events.practice_id,
        events.program,
        events.initiation_date,
        events.start_month,
        events.event_date,
        bool_or(effects.is_in_force) as is_in_force
    from events
    inner join effects
        on events.event = effects.event
    group by
        events.practice_id,
        events.program,
        events.initiation_date,
        events.start_month,
        events.event_date
),

sequence as (
    select
        *,
        lag(is_in_force) over (
            partition by practice_id, program
            order by event_date
        ) as was_in_force,
        lag(event_date) over (
            partition by practice_id, program
            order by event_date
        ) as turned_date,
        min(case when is_in_force then event_date end) over (
            partition by practice_id, program
            order by event_date
            rows between 1 following and unbounded following
        ) as complied_date
    from turns
),

lapses as (
    select * from sequence
    where not is_in_force and was_in_force
),

aged as (
    select
        *,
        {{ full_years('initiation_date', 'event_date') }} as full_years_taken
    from lapses
),

-- The anniversary that the lapse follows; before the first, the first.
anniversaries as (
    select
        *,
        cast(
            {{ dbt.dateadd(
                'year', 'greatest(full_years_taken, 1)', 'initiation_date'
            ) }} as date
        ) as anniversary_date
    from aged
),

implemented as (
    select
        events.practice_id,
        events.program,
        participation.strategy,
        min(participation.event_date) as implemented_date
    from events
    inner join participation
        on events.practice_id = participation.practice_id
    where participation.event = 'strategy_implemented'
    group by
        events.practice_id,
        events.program,
        participation.strategy
),

-- What is due after the first year, was due by the lapse, and had not been done.
missed_strategies as (
    select
        lapses.practice_id,
        lapses.program,
        lapses.event_date,
        max(
            {{ last_day_of_months('lapses.start_month', 'strategies.months') }}
        ) as due_date
    from lapses
    inner join strategies
        on {{ is_in_force('strategies', 'lapses.event_date') }}
    cross join first_years
    left join implemented
        on
            lapses.practice_id = implemented.practice_id
            and lapses.program = implemented.program
            and strategies.strategy = implemented.strategy
    where
        strategies.months > first_years.months
        and {{ last_day_of_months('lapses.start_month', 'strategies.months') }}
        <= lapses.event_date
        and coalesce(
            implemented.implemented_date
            > {{ last_day_of_months('lapses.start_month', 'strategies.months') }},
            true
        )
    group by
        lapses.practice_id,
        lapses.program,
        lapses.event_date
),

missed as (
    select
        anniversaries.*,
        greatest(
            anniversaries.anniversary_date,
            coalesce(missed_strategies.due_date, anniversaries.anniversary_date)
        ) as missed_date
    from anniversaries
    left join missed_strategies
        on
            anniversaries.practice_id = missed_strategies.practice_id
            and anniversaries.program = missed_strategies.program
            and anniversaries.event_date = missed_strategies.event_date
),

planned as (
    select
        missed.practice_id,
        missed.program,
        missed.event_date as lapse_date,
        missed.missed_date,
        missed.complied_date,
        cast(
            {{ dbt.dateadd('day', 'plan_terms.days', 'missed.missed_date') }} as date
        ) as plan_due_date,
        min(events.event_date) as plan_date
    from missed
    cross join plan_terms
    left join events
        on
            missed.practice_id = events.practice_id
            and missed.program = events.program
            and events.event = 'action_plan_submitted'
            and missed.turned_date <= events.event_date
            and (
                missed.complied_date >= events.event_date
                or missed.complied_date is null
            )
    group by
        missed.practice_id,
        missed.program,
        missed.event_date,
        missed.missed_date,
        missed.complied_date,
        plan_terms.days
),

final as (
    select
        practice_id,
        program,
        lapse_date,
        missed_date,
        plan_due_date,
        plan_date,
        coalesce(plan_date <= plan_due_date, false) as is_planned,
        cast({{ dbt.last_day('lapse_date', 'month') }} as date) as pmpm_end_date,
        cast({{ dbt.last_day('missed_date', 'quarter') }} as date)
            as cht_end_without_plan_date,
        complied_date,
        cast(
            {{ dbt.dateadd(
                'month', 1, dbt.date_trunc('month', 'complied_date')
            ) }} as date
        ) as resumption_month
    from planned
)

select * from final
