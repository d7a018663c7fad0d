-- A policy that took the wrong end for the better one would pay for worse care. A
-- variant of a measure, with its suffix after a dot, has the measure's direction.
with policies as (
    select * from {{ ref('quality_policies') }}
),

measures as (
    select * from {{ ref('measures') }}
)

select
    policies.program,
    policies.version,
    policies.measure_id,
    policies.direction,
    measures.direction as catalogue_direction
from policies
inner join measures
    on
        policies.measure_id = measures.measure_id
        or starts_with(policies.measure_id, measures.measure_id || '.')
where policies.direction <> measures.direction
