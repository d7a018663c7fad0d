-- One row per period, measure, person and event that the measure looked at: whether it
-- counts, why not, and the records that say so (rules section 3).
select
    period_end,
    measure_id,
    person_id,
    event_id,
    payer,
    payer_type,
    practice_id,
    hsa,
    gender,
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
from {{ ref('int_quality__members') }}
