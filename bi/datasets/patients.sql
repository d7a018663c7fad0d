-- Attributed patients of medical homes by HSA, payer and as-of date. A sum that lacks
-- a withheld count is withheld too.
select
    as_of_date,
    cast(as_of_date as varchar) as quarter,
    payer,
    hsa,
    case
        when bool_or(is_suppressed) then 'withheld'
        else cast(sum(attributed_patients) as varchar)
    end as shown_patients,
    case
        when not bool_or(is_suppressed) then sum(attributed_patients)
    end as patients
from marts.attribution_counts
where program = 'pcmh'
group by as_of_date, payer, hsa
