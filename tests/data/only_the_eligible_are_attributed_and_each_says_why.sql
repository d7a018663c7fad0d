-- A practice, a method and the reason `attributed` come together, and only to people
-- who are eligible; everyone else has another reason (A-02).
select
    as_of_date,
    program,
    payer,
    person_id,
    practice_id,
    method,
    reason,
    decided_by,
    is_eligible
from {{ ref('attribution') }}
where
    (practice_id is not null) <> (reason = 'attributed')
    or (practice_id is not null) <> (method <> 'none')
    or (practice_id is not null) <> (decided_by is not null)
    or (practice_id is not null and not is_eligible)
    or reason is null
