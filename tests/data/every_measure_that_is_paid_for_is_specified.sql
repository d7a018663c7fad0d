-- A policy for a measure that nothing computes would pay for no points, silently.
with policies as (
    select * from {{ ref('quality_policies') }}
),

specifications as (
    select * from {{ ref('measure_specifications') }}
)

select policies.measure_id
from policies
anti join specifications
    on policies.measure_id = specifications.measure_id
