-- One row per period that ends a half-year and practice of the Women's Health
-- Initiative: the points of its three measures, their level and what it pays per
-- patient and month (K-01).
with scores as (
    select * from {{ ref('int_quality__scores') }}
    where program = 'whi'
),

steps as (
    select * from {{ ref('int_quality__score_steps') }}
    where program = 'whi'
),

points as (
    select
        period_end,
        entity_id,
        max(points) filter (where measure_id = 'core-7') as core_7_points,
        max(points) filter (where measure_id = 'core-30') as core_30_points,
        max(points) filter (where measure_id = 'whi-contraception')
            as contraception_points
    from steps
    group by
        period_end,
        entity_id
),

final as (
    select
        scores.period_end,
        scores.entity_id as practice_id,
        scores.version,
        scores.effective_from_month,
        cast(points.core_7_points as integer) as core_7_points,
        cast(points.core_30_points as integer) as core_30_points,
        cast(points.contraception_points as integer) as contraception_points,
        cast(scores.points as integer) as points,
        cast(scores.maximum_points as integer) as maximum_points,
        cast(scores.measures_scored as integer) as measures_scored,
        cast(scores.level as integer) as level,
        cast(scores.amount_usd as decimal(9, 2)) as pmpm
    from scores
    inner join points
        on
            scores.period_end = points.period_end
            and scores.entity_id = points.entity_id
)

select * from final
