-- One row per practice and day: dollars per patient and month that the last release's
-- Total Resource Utilization Index gave the practice, and the day by which it had them.
-- Empty as it is made: the run fills it from the last release, if there is one of the
-- same people, and a practice that no period of the run scores keeps the newest (E-06).
select
    cast(null as varchar) as practice_id,
    cast(null as date) as level_date,
    cast(null as decimal(18, 2)) as amount_usd
where false
