-- Points are told of every practice and area: none of them is of so few people that
-- their count could not be told (design, section 1).
with steps as (
    select * from {{ ref('int_quality__score_steps') }}
)

select
    program,
    period_end,
    entity_id,
    measure_id,
    people,
    points
from steps
where
    coalesce(people, 0) <= 10
    and (is_scored or points <> 0)
