-- One row per as-of date, program, payer and person covered on the day: where the
-- person is attributed and why (A-01 to A-07, A-10).
select
    as_of_date,
    program,
    payer,
    person_id,
    payer_type,
    plan,
    practice_id,
    hsa,
    method,
    reason,
    decided_by,
    is_eligible,
    is_majority,
    share_of_claims,
    qualifying_claims,
    last_visit_date
from {{ ref('int_attribution__attribution') }}
