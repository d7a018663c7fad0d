-- Question: How did each HSA's attributed patients develop over the release's dates?
-- Columns: one row per HSA and date; patients of the cells that show; withheld cells
--     (practice and payer) are left out; change is against the date before, when
--     withheld_before were.
-- Reading: change is null where a cell is withheld on either date: cells that cross
--     ten people would move it.
with by_date as (
    select
        hsa,
        as_of_date,
        sum(attributed_patients) as patients,
        count(*) filter (where is_suppressed) as withheld
    from marts.attribution_counts
    where program = 'pcmh'
    group by hsa, as_of_date
),

with_before as (
    select
        *,
        lag(patients) over (partition by hsa order by as_of_date) as patients_before,
        lag(withheld) over (partition by hsa order by as_of_date) as withheld_before
    from by_date
)

select
    hsa,
    as_of_date,
    patients,
    case
        when withheld = 0 and withheld_before = 0 then patients - patients_before
    end as change,
    withheld,
    withheld_before
from with_before
order by hsa, as_of_date
