-- E-05, K-01: a total without a level would be paid nothing, and nothing would say so;
-- one with two would be paid twice. Totals go from none to what all measures can earn.
with policies as (
    select * from {{ ref('quality_policies') }}
),

levels as (
    select * from {{ ref('quality_levels') }}
),

-- The days on which anything changes stand for all days; null is the time before them.
days as (
    select cast(null as date) as first_day
    union
    select effective_from as first_day
    from policies
    union
    select effective_from as first_day
    from levels
),

highest as (
    select
        policies.program,
        policies.version,
        days.first_day,
        sum(policies.maximum_points) as points
    from policies
    inner join days
        on
            (
                policies.effective_from is null
                or policies.effective_from <= days.first_day
            )
            and (
                policies.effective_to is null
                or days.first_day is null
                or policies.effective_to >= days.first_day
            )
    group by
        policies.program,
        policies.version,
        days.first_day
),

totals as (
    select
        program,
        version,
        first_day,
        unnest(generate_series(0, cast(points as integer))) as points
    from highest
)

select
    totals.program,
    totals.version,
    totals.first_day,
    totals.points,
    count(levels.level) as levels
from totals
left join levels
    on
        totals.program = levels.program
        and totals.version = levels.version
        and totals.points
        between levels.points_from and coalesce(levels.points_to, totals.points)
        and (
            levels.effective_from is null
            or totals.first_day >= levels.effective_from
        )
        and (
            levels.effective_to is null
            or totals.first_day is null
            or totals.first_day <= levels.effective_to
        )
group by
    totals.program,
    totals.version,
    totals.first_day,
    totals.points
having count(levels.level) <> 1
