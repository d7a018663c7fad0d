-- One row per as-of date, program, payer, person and practice with qualifying visits:
-- how much of each thing that practices compete by (A-06, D2, D3).
with visits as (
    select * from {{ ref('int_attribution__visits') }}
    where is_visit
)

select
    as_of_date,
    is_run_as_of,
    program,
    payer,
    person_id,
    practice_id,
    bool_or(is_group) as is_group,
    count(distinct claim_id) as claims,
    count(distinct service_date) as service_dates,
    sum(lines) as lines,
    min(service_date) as first_visit_date,
    max(service_date) as last_visit_date
from visits
group by
    as_of_date,
    is_run_as_of,
    program,
    payer,
    person_id,
    practice_id
