-- One row per as-of date, program, payer, type of payer and practice: attributed
-- patients (A-10). A payer may cover people of several types, of which not all are paid
-- for.
with attribution as (
    select * from {{ ref('int_attribution__attribution') }}
    where practice_id is not null
)

select
    as_of_date,
    program,
    payer,
    payer_type,
    practice_id,
    hsa,
    count(*) as attributed_patients
from attribution
group by
    as_of_date,
    program,
    payer,
    payer_type,
    practice_id,
    hsa
