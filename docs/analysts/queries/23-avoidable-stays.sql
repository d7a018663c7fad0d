-- Question: How often are people admitted for what good primary care prevents (PQI)?
-- Columns: state_rate is admissions per rate_per people; then the highest HSA that
--     shows, and its rate from ci_low to ci_high; areas_above is how many HSAs lie
--     above the state by more than chance; areas_shown and areas_withheld count HSAs.
-- Reading: With few people no HSA's rate is surely above the state's, however high: see
--     ci_low. HSAs with 1 to 10 admissions or people are withheld, so that those shown
--     are mostly without any.
with rates as (
    select
        quality_measures.*,
        measures.measure_name
    from marts.quality_measures
    inner join marts.measures on quality_measures.measure_id = measures.measure_id
    where
        measures.measure_name like '%PQI%'
        and quality_measures.payer_type = 'all'
        and quality_measures.level in ('state', 'hsa')
        and quality_measures.period_end = (
            select max(newest.period_end) from marts.quality_measures as newest
        )
)

select
    measure_id,
    measure_name,
    rate_per,
    max(rate) filter (where level = 'state') as state_rate,
    arg_max(entity_id, rate) filter (where level = 'hsa') as highest_hsa,
    max(rate) filter (where level = 'hsa') as highest_rate,
    arg_max(ci_low, rate) filter (where level = 'hsa') as ci_low,
    arg_max(ci_high, rate) filter (where level = 'hsa') as ci_high,
    count(*) filter (where level = 'hsa' and ci_low > state_rate) as areas_above,
    count(rate) filter (where level = 'hsa') as areas_shown,
    count(*) filter (where level = 'hsa' and is_suppressed) as areas_withheld
from rates
group by measure_id, measure_name, rate_per
order by measure_id
