-- Question: Which practices are without recognition, and what ends when?
-- Columns: failure_kind is a lapse or a first attempt that failed, on failure_date;
--     plan_status is that of the plan asked for; pppm_end_date is the last day of
--     payments; CHT money declines and ends on the next two dates.
-- Reading: A practice without a name has closed. Only episodes that are not
--     over: outcome is not_recognised.
select
    episodes.practice_id,
    practices.practice_name,
    practices.hsa,
    episodes.failure_kind,
    episodes.failure_date,
    episodes.plan_status,
    episodes.pppm_end_date,
    episodes.cht_declines_from,
    episodes.cht_zero_from
from marts.practice_recognition_episodes as episodes
left join marts.practices on episodes.practice_id = practices.practice_id
where episodes.outcome = 'not_recognised'
order by episodes.failure_date, episodes.practice_id
