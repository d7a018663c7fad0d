-- One row per period that ends a half-year and Health Service Area: the points of the
-- four measures, their level and what it pays per patient and month in each of its
-- practices (E-05).
with scores as (
    select * from {{ ref('int_quality__scores') }}
    where program = 'pcmh'
),

steps as (
    select * from {{ ref('int_quality__score_steps') }}
    where program = 'pcmh'
),

points as (
    select
        period_end,
        entity_id,
        max(points) filter (where measure_id = 'core-2') as core_2_points,
        max(points) filter (where measure_id = 'core-8') as core_8_points,
        max(points) filter (where measure_id = 'core-12') as core_12_points,
        max(points) filter (where measure_id = 'core-17') as core_17_points
    from steps
    group by
        period_end,
        entity_id
),

final as (
    select
        scores.period_end,
        scores.entity_id as hsa,
        scores.version,
        scores.effective_from_month,
        cast(points.core_2_points as integer) as core_2_points,
        cast(points.core_8_points as integer) as core_8_points,
        cast(points.core_12_points as integer) as core_12_points,
        cast(points.core_17_points as integer) as core_17_points,
        cast(scores.points as integer) as points,
        cast(scores.maximum_points as integer) as maximum_points,
        cast(scores.measures_scored as integer) as measures_scored,
        cast(scores.level as integer) as level,
        cast(scores.amount_usd as decimal(9, 2)) as pppm
    from scores
    inner join points
        on
            scores.period_end = points.period_end
            and scores.entity_id = points.entity_id
)

select * from final
