-- Question: What is due within the next quarter, and from whom?
-- Columns: one row per duty that is not yet due; days_left is from the day on which the
--     release judges.
-- Reading: may_stop_funding marks duties whose neglect can end payments.
select
    due_date,
    date_diff('day', judged_on_date, due_date) as days_left,
    owner_level,
    entity_id,
    program,
    payer,
    deliverable,
    rule_id,
    may_stop_funding
from marts.program_calendar
where status = 'due' and due_date <= judged_on_date + interval 3 month
order by due_date, owner_level, entity_id, program, payer, deliverable
