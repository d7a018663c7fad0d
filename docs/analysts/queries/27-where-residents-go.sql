-- Question: How many who live in each HSA have a practice there, and how many not?
-- Columns: residents are people of Vermont who live in its towns and are covered on the
--     day, whoever pays; here_percent is the part of its attributed residents whose
--     practice is of the same HSA.
-- Reading: All other tables sort people by their practice's HSA. unknown is Vermont,
--     with no known town. withheld_towns have a part of 1 to 10 people.
select
    areas.entity_id as hsa,
    areas.residents,
    areas.attributed_patients,
    areas.attributed_elsewhere,
    areas.not_attributed,
    round(100 * areas.attributed_share, 1) as attributed_percent,
    round(100 * areas.here_share, 1) as here_percent,
    count(towns.entity_id) filter (where towns.is_suppressed) as withheld_towns
from marts.attribution_by_residence as areas
left join marts.attribution_by_residence as towns
    on
        areas.as_of_date = towns.as_of_date
        and areas.hsa = towns.hsa
        and towns.level = 'town'
where
    areas.level = 'hsa'
    and areas.as_of_date = (
        select max(as_of_date) from marts.attribution_by_residence
    )
group by all
order by hsa
