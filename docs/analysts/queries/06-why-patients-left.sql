-- Question: Why did patients leave, by HSA and reason?
-- Needs: restricted (counts of 1 to 10 people show: not for handing out)
-- Columns: people who were attributed a quarter before and no longer are, by reason;
--     share_of_hsa is the reason's part of all who left the HSA's practices.
-- Reading: moved means to another Blueprint practice; non_blueprint_practice means
--     outside the program. A person may be counted once for each primary payer.
select
    departures.hsa,
    departures.reason,
    sum(departures.people) as people,
    round(
        sum(departures.people) * 1.0 / sum(sum(departures.people)) over (
            partition by departures.hsa
        ),
        3
    ) as share_of_hsa
from restricted.attribution_departures as departures
where
    departures.program = 'pcmh'
    and departures.as_of_date = (
        select max(newest.as_of_date) from restricted.attribution_departures as newest
    )
group by departures.hsa, departures.reason
order by departures.hsa, people desc, departures.reason
