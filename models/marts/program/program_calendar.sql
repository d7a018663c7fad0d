-- One row per deadline, owner, program, payer and due date: what was owed, when it
-- came, and whether in time (N-01 to N-03, N-05, A-11, A-14, B-05, F-08, H-01, K-13,
-- K-14, L-01). Nothing in it counts people.
select
    deadline_id,
    owner_level,
    entity_id,
    program,
    payer,
    due_date,
    quarter_end,
    rule_id,
    deliverable,
    received_date,
    judged_on_date,
    status,
    cast(days_late as integer) as days_late,
    may_stop_funding
from {{ ref('int_program__deliverables') }}
