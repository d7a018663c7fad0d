-- One row per recognition policy, practice and day from which something about its
-- recognition changes, until the day before the next change: what stands, whether the
-- medical home payment is paid, and what part of the Community Health Team's stands
-- (E-07, H-03 to H-08, F-00, D18, D25, D26). Payment of a month is that of its first
-- day. Participation (D69) is not recognition's and is not here.
with events as (
    select * from {{ ref('int_payments__recognition_events') }}
),

failures as (
    select * from {{ ref('int_payments__recognition_failures') }}
),

steps as (
    select * from {{ ref('int_payments__cht_steps') }}
),

policies as (
    select * from {{ ref('recognition_policies') }}
),

-- Pay starts strictly after the transmission, the team's also on its day.
pay_starts as (
    select
        *,
        {{ month_after('event_date') }} as pppm_month,
        {{ month_on_or_after('event_date') }} as cht_month
    from events
    where is_pay_start
),

team_starts as (
    select
        practice_id,
        min(cht_month) as cht_start,
        min(event_date) as first_transmitted_date
    from pay_starts
    group by practice_id
),

endings as (
    select
        *,
        {{ day_after('pppm_end_date') }} as ended_from,
        cast({{ dbt.date_trunc('month', 'fee_date') }} as date) as fee_month
    from failures
    where is_pppm_ended
),

changes as (
    select
        policies.policy_id,
        events.practice_id,
        events.event_date as change_date
    from events
    cross join policies
    where events.starts is not null or events.is_failure

    union

    select
        policies.policy_id,
        pay_starts.practice_id,
        pay_starts.pppm_month as change_date
    from pay_starts
    cross join policies

    union

    select
        policies.policy_id,
        team_starts.practice_id,
        team_starts.cht_start as change_date
    from team_starts
    cross join policies

    union

    select
        policy_id,
        practice_id,
        ended_from as change_date
    from endings

    union

    select
        policy_id,
        practice_id,
        fee_month as change_date
    from endings
    where fee_month > ended_from

    union

    select
        policy_id,
        practice_id,
        {{ day_after('extension_paid_until') }}
            as change_date
    from endings
    where extension_paid_until >= ended_from

    union

    select
        policy_id,
        practice_id,
        step_from as change_date
    from steps

    union

    select
        policy_id,
        practice_id,
        {{ day_after('step_to') }} as change_date
    from steps
    where step_to is not null
),

days as (
    select
        policy_id,
        practice_id,
        change_date as from_date
    from changes
),

-- The last event by the day, the last transmission that pays by it, the last end.
last_events as (
    select
        days.policy_id,
        days.practice_id,
        days.from_date,
        max(events.event_number) as event_number
    from days
    inner join events
        on
            days.practice_id = events.practice_id
            and days.from_date >= events.event_date
    group by
        days.policy_id,
        days.practice_id,
        days.from_date
),

last_starts as (
    select
        days.policy_id,
        days.practice_id,
        days.from_date,
        max(pay_starts.event_number) as start_number,
        max(
            case
                when pay_starts.role = 'recognition' then pay_starts.event_number
            end
        ) as level_number
    from days
    inner join pay_starts
        on
            days.practice_id = pay_starts.practice_id
            and days.from_date >= pay_starts.pppm_month
    group by
        days.policy_id,
        days.practice_id,
        days.from_date
),

last_endings as (
    select
        days.policy_id,
        days.practice_id,
        days.from_date,
        max(endings.failure_number) as failure_number
    from days
    inner join endings
        on
            days.policy_id = endings.policy_id
            and days.practice_id = endings.practice_id
            and days.from_date >= endings.ended_from
    group by
        days.policy_id,
        days.practice_id,
        days.from_date
),

-- Of failures that go on together, the one that leaves least of the team's payment.
ranked_steps as (
    select
        days.policy_id,
        days.practice_id,
        days.from_date,
        steps.factor,
        steps.reason,
        row_number() over (
            partition by days.policy_id, days.practice_id, days.from_date
            order by steps.factor asc, steps.failure_number desc
        ) as step_rank
    from days
    inner join steps
        on
            days.policy_id = steps.policy_id
            and days.practice_id = steps.practice_id
            and days.from_date >= steps.step_from
            and (steps.step_to is null or days.from_date <= steps.step_to)
),

gathered as (
    select
        days.policy_id,
        days.practice_id,
        days.from_date,
        coalesce(events.state, 'not_started') as state,
        levels.standard,
        levels.recognition_level,
        last_starts.start_number,
        last_endings.failure_number,
        endings.failure_kind,
        endings.failure_date,
        endings.pppm_end_date,
        endings.recoup_date,
        endings.attained_date,
        endings.extension_paid_until,
        coalesce(
            endings.fee_month <= days.from_date
            and (
                endings.extension_paid_until is null
                or days.from_date <= endings.extension_paid_until
            ), false
        ) as is_extra_time,
        coalesce(days.from_date >= team_starts.cht_start, false) as is_team_started,
        coalesce(days.from_date >= team_starts.first_transmitted_date, false)
            as is_transmitted,
        ranked_steps.factor,
        ranked_steps.reason
    from days
    left join last_events
        on
            days.policy_id = last_events.policy_id
            and days.practice_id = last_events.practice_id
            and days.from_date = last_events.from_date
    left join events
        on
            last_events.practice_id = events.practice_id
            and last_events.event_number = events.event_number
    left join last_starts
        on
            days.policy_id = last_starts.policy_id
            and days.practice_id = last_starts.practice_id
            and days.from_date = last_starts.from_date
    left join events as levels
        on
            last_starts.practice_id = levels.practice_id
            and last_starts.level_number = levels.event_number
    left join last_endings
        on
            days.policy_id = last_endings.policy_id
            and days.practice_id = last_endings.practice_id
            and days.from_date = last_endings.from_date
    left join endings
        on
            last_endings.policy_id = endings.policy_id
            and last_endings.practice_id = endings.practice_id
            and last_endings.failure_number = endings.failure_number
    left join team_starts
        on days.practice_id = team_starts.practice_id
    left join ranked_steps
        on
            days.policy_id = ranked_steps.policy_id
            and days.practice_id = ranked_steps.practice_id
            and days.from_date = ranked_steps.from_date
            and ranked_steps.step_rank = 1
),

paid as (
    select
        *,
        case
            when start_number is null then 'not_started'
            when start_number > coalesce(failure_number, 0) then 'paid'
            when is_extra_time then 'extended'
            else 'lapsed'
        end as pppm_status
    from gathered
),

told as (
    select
        policy_id,
        practice_id,
        from_date,
        state,
        standard,
        recognition_level,
        pppm_status,
        case
            when pppm_status = 'not_started' and is_transmitted then 'pay_to_start'
            when pppm_status = 'not_started' then 'nothing_transmitted'
            when pppm_status = 'paid' and state in ('lapsed', 'not_attained')
                then 'end_to_come'
            when pppm_status = 'paid' then state
            when pppm_status = 'extended' then 'extra_time_paid_for'
            when attained_date <= from_date then 'pay_to_start'
            when extension_paid_until < from_date then 'extra_time_over'
            else failure_kind
        end as pppm_reason,
        case when pppm_status in ('lapsed', 'extended') then failure_date end
            as failure_date,
        case
            when pppm_status = 'extended'
                then cast({{ dbt.date_trunc('month', 'pppm_end_date') }} as date)
        end as rate_month,
        case when pppm_status = 'extended' then recoup_date end as recoup_date,
        case
            when not is_team_started then cast(0 as decimal(5, 4))
            else coalesce(factor, cast(1 as decimal(5, 4)))
        end as cht_factor,
        case
            when not is_team_started then 'not_started'
            else coalesce(reason, 'full')
        end as cht_reason
    from paid
),

-- A day from which nothing differs from the day before is no change.
described as (
    select
        *,
        concat_ws(
            '|', state, pppm_status, pppm_reason, cht_reason,
            cast(cht_factor as varchar),
            coalesce(standard, ''),
            coalesce(recognition_level, ''),
            coalesce(cast(failure_date as varchar), ''),
            coalesce(cast(rate_month as varchar), ''),
            coalesce(cast(recoup_date as varchar), '')
        ) as description
    from told
),

compared as (
    select
        *,
        lag(description) over (
            partition by policy_id, practice_id
            order by from_date
        ) as description_before
    from described
),

differing as (
    select * from compared
    where description_before is null or description <> description_before
),

final as (
    select
        policy_id,
        practice_id,
        from_date,
        {{ day_before(
            'lead(from_date) over ('
            ~ 'partition by policy_id, practice_id order by from_date)'
        ) }} as to_date,
        state,
        standard,
        recognition_level,
        pppm_status,
        pppm_reason,
        failure_date,
        rate_month,
        recoup_date,
        cht_factor,
        cht_reason
    from differing
)

select * from final
