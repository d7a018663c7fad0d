{{ config(alias='attribution_counts') }}
-- One row per as-of date, program, payer and practice: attributed patients and their
-- movement since the as-of date before, unsuppressed.
select
    as_of_date,
    program,
    payer,
    practice_id,
    hsa,
    false as is_suppressed,
    false as is_movement_suppressed,
    cast(attributed_patients as integer) as attributed_patients,
    cast(newly_attributed as integer) as newly_attributed,
    cast(left_practice as integer) as "left",
    cast(moved as integer) as moved
from {{ ref('int_attribution__counts') }}
