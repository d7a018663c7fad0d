-- One row per program, period and entity: the points of its measures together, the
-- level that they make and its dollars per patient and month (E-05, K-01). Scores of a
-- period that ends a half-year take effect six months later (D72).
with steps as (
    select * from {{ ref('int_quality__score_steps') }}
),

levels as (
    select * from {{ ref('quality_levels') }}
),

totals as (
    select
        program,
        version,
        period_end,
        level as entity_level,
        entity_id,
        sum(points) as points,
        sum(maximum_points) as maximum_points,
        count(*) filter (where is_scored) as measures_scored,
        count(*) as measures
    from steps
    group by
        program,
        version,
        period_end,
        level,
        entity_id
),

final as (
    select
        totals.program,
        totals.version,
        totals.period_end,
        totals.entity_level,
        totals.entity_id,
        totals.points,
        totals.maximum_points,
        totals.measures_scored,
        totals.measures,
        levels.level,
        levels.amount_usd,
        cast(
            {{ dbt.dateadd(
                'month', 7, dbt.date_trunc('month', 'totals.period_end')
            ) }} as date
        ) as effective_from_month
    from totals
    inner join levels
        on
            totals.program = levels.program
            and totals.version = levels.version
            and totals.points >= levels.points_from
            and totals.points <= coalesce(levels.points_to, totals.points)
            and {{ is_in_force('levels', 'totals.period_end') }}
)

select * from final
