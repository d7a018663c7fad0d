-- One row per period, measure and person of every all-or-nothing measure (`design` =
-- all_results): in the numerator is who is in that of each measure of results with the
-- same id in the catalogue (Core-16, whose aspirin part is not in the profile: D59).
with specifications as (
    select * from {{ ref('measure_specifications') }}
),

people as (
    select * from {{ ref('int_quality__eligible_people') }}
    where design = 'all_results'
),

results as (
    select * from {{ ref('int_quality__results') }}
),

periods as (
    select * from {{ ref('int_quality__periods') }}
),

components as (
    select
        periods.period_end,
        composites.measure_id,
        parts.measure_id as component_id
    from periods
    inner join specifications as composites
        on {{ is_in_force('composites', 'periods.period_end') }}
    inner join specifications as parts
        on
            composites.catalogue_id = parts.catalogue_id
            and {{ is_in_force('parts', 'periods.period_end') }}
    where
        composites.design = 'all_results'
        and parts.design = 'result'
),

totals as (
    select
        period_end,
        measure_id,
        count(*) as components
    from components
    group by
        period_end,
        measure_id
),

-- The evidence is the last of the records that are in the numerators.
met as (
    select
        components.period_end,
        components.measure_id,
        results.person_id,
        count(*) as components,
        max_by(
            results.numerator_record_id,
            (results.numerator_date, components.component_id)
        ) as numerator_record_id,
        max(results.numerator_date) as numerator_date,
        max_by(
            results.numerator_code,
            (results.numerator_date, components.component_id)
        ) as numerator_code
    from components
    inner join results
        on
            components.period_end = results.period_end
            and components.component_id = results.measure_id
    where results.in_numerator
    group by
        components.period_end,
        components.measure_id,
        results.person_id
),

final as (
    select
        people.period_end,
        people.measure_id,
        people.person_id,
        'person' as event_id,
        cast(1 as decimal(9, 6)) as weight,
        cast(null as varchar) as exclusion_reason,
        coalesce(met.components = totals.components, false) as in_numerator,
        people.denominator_record_id,
        people.denominator_date,
        people.denominator_code,
        met.numerator_record_id,
        met.numerator_date,
        met.numerator_code,
        cast(null as decimal(18, 4)) as numerator_value
    from people
    inner join totals
        on
            people.period_end = totals.period_end
            and people.measure_id = totals.measure_id
    left join met
        on
            people.period_end = met.period_end
            and people.measure_id = met.measure_id
            and people.person_id = met.person_id
)

select * from final
