-- Question: On which measures are HSAs furthest apart?
-- Columns: the lowest and highest rate of an HSA, and which; gap is their difference;
--     withheld HSAs have no rate to compare.
-- Reading: Measures whose rate is per person (rate_per 1). A wide gap of small areas
--     may be chance: apart says whether the two intervals are.
with rates as (
    select *
    from marts.quality_measures
    where
        level = 'hsa'
        and payer_type = 'all'
        and rate_per = 1
        and period_end = (
            select max(newest.period_end) from marts.quality_measures as newest
        )
)

select
    rates.measure_id,
    measures.measure_name,
    count(rates.rate) as hsas_shown,
    count(*) filter (where rates.is_suppressed) as hsas_withheld,
    arg_min(rates.entity_id, rates.rate) as lowest_hsa,
    min(rates.rate) as lowest,
    arg_max(rates.entity_id, rates.rate) as highest_hsa,
    max(rates.rate) as highest,
    max(rates.rate) - min(rates.rate) as gap,
    arg_min(rates.ci_high, rates.rate) < arg_max(rates.ci_low, rates.rate) as apart
from rates
inner join marts.measures on rates.measure_id = measures.measure_id
group by rates.measure_id, measures.measure_name
having count(rates.rate) >= 2
order by gap desc, rates.measure_id
