{{ config(alias='quality_measures') }}
-- One row per period, measure, type of payer (and all), level and entity: the rate of
-- every measure, unsuppressed.
select
    period_end,
    measure_id,
    payer_type,
    level,
    entity_id,
    status,
    false as is_suppressed,
    cast(numerator as integer) as numerator,
    cast(denominator as decimal(18, 4)) as denominator,
    cast(exclusions as integer) as exclusions,
    rate,
    adjusted_rate,
    ci_low,
    ci_high,
    state_rate,
    rate_per
from {{ ref('int_quality__rates') }}
