-- Question: Whose lists of attributed patients differ from ours, and how often?
-- Columns: cells are practice and month; equal, more and fewer say how many cells of
--     the payer's list hold as many, more or fewer; net_difference is patients.
-- Reading: Single practices: marts.attribution_reconciliation, order by
--     abs(difference). Withheld cells have a status and no difference.
select
    program,
    payer,
    count(*) as cells,
    count(*) filter (where status = 'equal') as equal,
    count(*) filter (where status in ('payer_has_more', 'payer_only')) as payer_more,
    count(*) filter (where status = 'warehouse_has_more') as payer_fewer,
    count(*) filter (where status = 'not_reported') as not_reported,
    sum(difference) as net_difference,
    count(*) filter (where is_suppressed) as withheld
from marts.attribution_reconciliation
group by program, payer
order by program, payer
