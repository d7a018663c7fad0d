-- One row per program, period, entity and measure of a score: an HSA for the Quality
-- Index of medical homes, a practice for the Women's Health Initiative; from the rate
-- to its points (E-05, K-01; rules section 1). Attainment is the highest percentile
-- that the rate reaches, improvement the change since the year before, which does not
-- overlap; a measure has at most so many points.
with periods as (
    select * from {{ ref('int_quality__periods') }}
    where is_half_year
),

pcmh_rates as (
    select * from {{ ref('int_quality__rates') }}
    where payer_type = 'all'
),

whi_rates as (
    select * from {{ ref('int_quality__whi_rates') }}
),

entities as (
    select * from {{ ref('int_quality__scored_entities') }}
),

policies as (
    select * from {{ ref('quality_policies') }}
),

points as (
    select * from {{ ref('quality_points') }}
),

-- Each program is scored on its own people.
rates as (
    select
        'pcmh' as program,
        period_end,
        measure_id,
        level,
        entity_id,
        numerator,
        denominator,
        people,
        rate
    from pcmh_rates

    union all

    select
        'whi' as program,
        period_end,
        measure_id,
        'practice' as level,
        practice_id as entity_id,
        numerator,
        denominator,
        people,
        rate
    from whi_rates
),

measured as (
    select
        entities.program,
        entities.period_end,
        entities.level,
        entities.entity_id,
        policies.version,
        policies.measure_id,
        policies.direction,
        policies.attainment_mode,
        policies.improvement_mode,
        policies.improvement_threshold,
        policies.maximum_points,
        policies.least_denominator,
        policies.p50,
        policies.p75,
        policies.p90,
        rates.numerator,
        rates.denominator,
        rates.people,
        rates.rate,
        earlier.denominator as prior_denominator,
        earlier.rate as prior_rate,
        coalesce(rates.denominator, 0) >= policies.least_denominator as is_scored,
        coalesce(earlier.denominator, 0) >= policies.least_denominator as has_prior
    from entities
    inner join periods
        on entities.period_end = periods.period_end
    inner join policies
        on
            entities.program = policies.program
            and {{ is_in_force('policies', 'entities.period_end') }}
    left join rates
        on
            entities.program = rates.program
            and entities.period_end = rates.period_end
            and entities.level = rates.level
            and entities.entity_id = rates.entity_id
            and policies.measure_id = rates.measure_id
    left join rates as earlier
        on
            entities.program = earlier.program
            and periods.prior_period_end = earlier.period_end
            and entities.level = earlier.level
            and entities.entity_id = earlier.entity_id
            and policies.measure_id = earlier.measure_id
),

changed as (
    select
        *,
        cast(
            round(
                case when direction = 'lower' then -1 else 1 end
                * case
                    when improvement_mode = 'relative'
                        then cast(rate - prior_rate as double) / nullif(prior_rate, 0)
                    else cast(rate - prior_rate as double)
                end,
                6
            ) as decimal(18, 6)
        ) as improvement
    from measured
),

benchmarks as (
    {% for percentile in ['p50', 'p75', 'p90'] -%}
    select
        program,
        version,
        measure_id,
        '{{ percentile }}' as percentile,
        {{ percentile }} as benchmark,
        effective_from,
        effective_to
    from policies
    where {{ percentile }} is not null
    {%- if not loop.last %}

    union all

    {% endif %}
    {%- endfor %}
),

reached as (
    select
        changed.program,
        changed.period_end,
        changed.entity_id,
        changed.measure_id,
        benchmarks.percentile,
        points.points,
        row_number() over (
            partition by
                changed.program, changed.period_end, changed.entity_id,
                changed.measure_id
            order by points.points desc, benchmarks.percentile asc
        ) as reached_rank
    from changed
    inner join benchmarks
        on
            changed.program = benchmarks.program
            and changed.version = benchmarks.version
            and changed.measure_id = benchmarks.measure_id
            and {{ is_in_force('benchmarks', 'changed.period_end') }}
    inner join points
        on
            benchmarks.program = points.program
            and benchmarks.version = points.version
            and benchmarks.percentile = points.from_percentile
            and points.step = 'attainment'
            and {{ is_in_force('points', 'changed.period_end') }}
    where
        changed.is_scored
        and changed.attainment_mode = 'percentiles'
        and case
            when changed.direction = 'lower'
                then changed.rate <= benchmarks.benchmark
            else changed.rate >= benchmarks.benchmark
        end
),

improvement_points as (
    select * from points
    where step = 'improvement'
),

stepped as (
    select
        changed.*,
        reached.percentile as percentile_reached,
        coalesce(reached.points, 0) as attainment_points,
        case
            when
                changed.is_scored
                and changed.has_prior
                and changed.improvement >= changed.improvement_threshold
                then improvement_points.points
            else 0
        end as improvement_points
    from changed
    left join reached
        on
            changed.program = reached.program
            and changed.period_end = reached.period_end
            and changed.entity_id = reached.entity_id
            and changed.measure_id = reached.measure_id
            and reached.reached_rank = 1
    inner join improvement_points
        on
            changed.program = improvement_points.program
            and changed.version = improvement_points.version
            and {{ is_in_force('improvement_points', 'changed.period_end') }}
),

final as (
    select
        *,
        case
            when attainment_points + improvement_points > maximum_points
                then maximum_points
            else attainment_points + improvement_points
        end as points,
        case
            when not is_scored then 'too_few_people'
            when not has_prior then 'no_prior_year'
            else 'scored'
        end as score_status
    from stepped
)

select * from final
