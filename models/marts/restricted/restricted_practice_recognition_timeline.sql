{{ config(alias='practice_recognition_timeline') }}
-- One row per practice and day from which something changes, as the public table,
-- which withholds nothing of it (H-01 to H-08).
select
    practice_id,
    from_date,
    to_date,
    policy_id,
    state,
    standard,
    recognition_level,
    pppm_status,
    pppm_reason,
    rate_month,
    cht_factor,
    cht_reason,
    failure_date
from {{ ref('practice_recognition_timeline') }}
