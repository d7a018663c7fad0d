-- Question: Which duties of the Women's Health Initiative are late or missing?
-- Columns: what was required and reported, where it is a number; days_late of what came
--     after its day, or has not come.
-- Reading: short is a stock below what is asked. What is due later is
--     in query 12.
select
    obligations.practice_id,
    practices.practice_name,
    obligations.obligation,
    obligations.due_date,
    obligations.done_date,
    obligations.status,
    obligations.days_late,
    obligations.required,
    obligations.reported,
    obligations.rule_id
from marts.whi_obligations as obligations
left join marts.practices on obligations.practice_id = practices.practice_id
where obligations.status in ('late', 'short', 'missing')
order by obligations.practice_id, obligations.due_date, obligations.obligation
