{{ config(alias='attribution_departures') }}
-- One row per as-of date, program, payer, practice and reason: people who are no longer
-- attributed to the practice, and why, unsuppressed.
select
    as_of_date,
    program,
    payer,
    practice_id,
    reason,
    hsa,
    false as is_suppressed,
    cast(people as integer) as people
from {{ ref('int_attribution__departures') }}
