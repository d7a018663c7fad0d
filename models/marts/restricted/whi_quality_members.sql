-- One row per period, measure of the Women's Health Initiative, practice in it, woman
-- on whom it is scored and event: whether she counts, why not, and the records that say
-- so (K-01, D36).
select
    period_end,
    measure_id,
    practice_id,
    person_id,
    event_id,
    payer,
    payer_type,
    is_whi_attributed,
    is_pcmh_attributed,
    cast(age_years as integer) as age_years,
    in_denominator,
    is_excluded,
    exclusion_reason,
    in_numerator,
    weight,
    denominator_record_id,
    denominator_date,
    denominator_code,
    numerator_record_id,
    numerator_date,
    numerator_code,
    numerator_value,
    exclusion_record_id,
    exclusion_date,
    exclusion_code
from {{ ref('int_quality__whi_members') }}
