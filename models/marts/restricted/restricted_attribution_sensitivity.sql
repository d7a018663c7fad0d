{{ config(alias='attribution_sensitivity') }}
-- One row per as-of date, program, parameter, level and entity: what the other reading
-- of the manual would do, unsuppressed.
select
    as_of_date,
    program,
    parameter,
    level,
    entity_id,
    default_value,
    alternative_value,
    false as is_suppressed,
    cast(default_patients as integer) as default_patients,
    cast(alternative_patients as integer) as alternative_patients,
    cast(default_amount_usd as decimal(18, 2)) as default_amount_usd,
    cast(alternative_amount_usd as decimal(18, 2)) as alternative_amount_usd
from {{ ref('int_attribution__sensitivity') }}
