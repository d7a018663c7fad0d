-- One row per recognition policy, practice, failure and day from which it changes what
-- part of the Community Health Team's payment stands, until the last day of it: with a
-- plan the ladder of quarters, without one nothing after the end; recognition restores
-- the whole from the first of a month on or after it (H-04 to H-06, D21, D23, D26).
with failures as (
    select * from {{ ref('int_payments__recognition_failures') }}
),

ladder as (
    select * from {{ ref('cht_decay_steps') }}
),

ladder_steps as (
    select
        failures.policy_id,
        failures.practice_id,
        failures.failure_number,
        cast({{ dbt.dateadd(
            'quarter', 'ladder.quarters_after', dbt.date_trunc(
                'quarter',
                "case ladder.counted_from when 'plan_due' "
                ~ "then failures.decline_date else failures.failure_date end"
            )
        ) }} as date) as step_from,
        ladder.factor
    from failures
    inner join ladder
        on
            failures.policy_id = ladder.policy_id
            and failures.failure_kind = ladder.failure_kind
            and {{ is_in_force('ladder', 'failures.failure_date') }}
),

steps_before_the_end as (
    select ladder_steps.*
    from ladder_steps
    inner join failures
        on
            ladder_steps.policy_id = failures.policy_id
            and ladder_steps.practice_id = failures.practice_id
            and ladder_steps.failure_number = failures.failure_number
            and (
                failures.cht_end_date is null
                or ladder_steps.step_from <= failures.cht_end_date
            )
),

all_steps as (
    select * from steps_before_the_end

    union all

    select
        policy_id,
        practice_id,
        failure_number,
        {{ day_after('cht_end_date') }} as step_from,
        0 as factor
    from failures
    where cht_end_date is not null
),

bounded as (
    select
        all_steps.*,
        failures.failure_date,
        failures.failure_kind,
        failures.plan_status,
        failures.cht_end_date,
        {{ day_before('failures.cht_restored_from') }} as last_day,
        {{ day_before(
            'lead(all_steps.step_from) over ('
            ~ 'partition by all_steps.policy_id, all_steps.practice_id, '
            ~ 'all_steps.failure_number order by all_steps.step_from)'
        ) }} as before_next_step
    from all_steps
    inner join failures
        on
            all_steps.policy_id = failures.policy_id
            and all_steps.practice_id = failures.practice_id
            and all_steps.failure_number = failures.failure_number
),

final as (
    select
        policy_id,
        practice_id,
        failure_number,
        failure_date,
        step_from,
        case
            when last_day is null then before_next_step
            when before_next_step is null then last_day
            else least(last_day, before_next_step)
        end as step_to,
        cast(factor as decimal(5, 4)) as factor,
        case
            when factor = 1 then 'full'
            when factor > 0 then 'declining'
            when step_from <= cht_end_date or cht_end_date is null then 'declined'
            when plan_status = 'none' then 'no_plan'
            when plan_status = 'incomplete' then 'incomplete_plan'
            when plan_status = 'late' then 'late_plan'
            else 'time_over'
        end as reason
    from bounded
    where last_day is null or step_from <= last_day
)

select * from final
