-- Question: Which practices lost attributed patients since the quarter before?
-- Columns: patients now and a quarter before, and the change; withheld is how many
--     payers of the practice are withheld on either date and left out of all three.
-- Reading: A payer counts only when it shows on both dates, so that the change is of
--     the same payers. Gains and losses net out; why people left is query 06.
with dates as (
    select
        as_of_date,
        lag(as_of_date) over (order by as_of_date) as date_before
    from marts.attribution_counts
    group by as_of_date
    qualify row_number() over (order by as_of_date desc) = 1
),

pairs as (
    select
        counts.practice_id,
        counts.hsa,
        counts.attributed_patients as patients_now,
        earlier.attributed_patients as patients_before,
        counts.is_suppressed or earlier.is_suppressed as is_withheld
    from marts.attribution_counts as counts
    inner join dates on counts.as_of_date = dates.as_of_date
    inner join marts.attribution_counts as earlier
        on
            dates.date_before = earlier.as_of_date
            and counts.program = earlier.program
            and counts.payer = earlier.payer
            and counts.practice_id = earlier.practice_id
    where counts.program = 'pcmh'
)

select
    practice_id,
    hsa,
    sum(patients_now) filter (where not is_withheld) as patients_now,
    sum(patients_before) filter (where not is_withheld) as patients_before,
    sum(patients_now - patients_before) filter (where not is_withheld) as change,
    count(*) filter (where is_withheld) as withheld
from pairs
group by practice_id, hsa
order by change nulls last, practice_id
