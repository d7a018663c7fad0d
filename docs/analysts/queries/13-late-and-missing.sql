-- Question: Who owes what that is late, short or missing?
-- Columns: duties of the kind, by their state; worst_days_late of those that came late
--     or are missing.
-- Reading: not_tracked duties have no landed record of receipt and are not judged.
select
    deliverable,
    owner_level,
    program,
    count(*) filter (where status in ('in_time', 'met')) as done,
    count(*) filter (where status = 'late') as late,
    count(*) filter (where status = 'short') as short,
    count(*) filter (where status = 'missing') as missing,
    max(days_late) filter (where status in ('late', 'missing')) as worst_days_late
from marts.program_calendar
group by deliverable, owner_level, program
having count(*) filter (where status in ('late', 'short', 'missing')) > 0
order by missing desc, late desc, deliverable, owner_level, program
