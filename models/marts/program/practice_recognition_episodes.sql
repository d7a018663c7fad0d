-- One row per practice and day on which neither recognition nor engagement stood any
-- more: what was due, what came, and what ended when, by the run's policy (H-01 to
-- H-08). It counts no people.
with failures as (
    select * from {{ ref('int_payments__recognition_failures') }}
    where policy_id = '{{ var("recognition_policy") }}'
),

steps as (
    select * from {{ ref('int_payments__cht_steps') }}
    where policy_id = '{{ var("recognition_policy") }}'
),

declines as (
    select
        practice_id,
        failure_date,
        min(case when factor < 1 then step_from end) as cht_declines_from,
        min(case when factor = 0 then step_from end) as cht_zero_from
    from steps
    group by
        practice_id,
        failure_date
),

final as (
    select
        failures.practice_id,
        failures.failure_date,
        failures.policy_id,
        failures.failure_kind,
        failures.track,
        failures.standard,
        failures.recognition_level,
        failures.attainment_months,
        failures.attainment_due_date,
        failures.decision_date,
        failures.plan_due_date,
        failures.plan_submitted_date,
        failures.plan_complete_date,
        failures.plan_status,
        failures.pppm_end_date,
        failures.cht_end_date,
        declines.cht_declines_from,
        declines.cht_zero_from,
        failures.fee_date,
        failures.extension_end_date,
        failures.extension_paid_until,
        failures.recoup_date,
        failures.attained_date,
        failures.cht_restored_from,
        case
            when not failures.is_pppm_ended then 'recognised_in_time'
            when failures.is_extension_won then 'recognised_in_extra_time'
            when failures.attained_date is not null then 'recognised_later'
            else 'not_recognised'
        end as outcome,
        failures.is_pppm_ended
    from failures
    left join declines
        on
            failures.practice_id = declines.practice_id
            and failures.failure_date = declines.failure_date
)

select * from final
