{{ config(alias='practice_recognition_episodes') }}
-- One row per practice and day of failure, as the public table, which withholds
-- nothing of it (H-01 to H-08).
select
    practice_id,
    failure_date,
    policy_id,
    failure_kind,
    track,
    standard,
    recognition_level,
    attainment_months,
    attainment_due_date,
    decision_date,
    plan_due_date,
    plan_submitted_date,
    plan_complete_date,
    plan_status,
    pppm_end_date,
    cht_end_date,
    cht_declines_from,
    cht_zero_from,
    fee_date,
    extension_end_date,
    extension_paid_until,
    recoup_date,
    attained_date,
    cht_restored_from,
    outcome,
    is_pppm_ended
from {{ ref('practice_recognition_episodes') }}
