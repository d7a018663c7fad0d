-- Without a threshold every number would be within it.
with measure_value_sets as (
    select * from {{ ref('measure_value_sets') }}
    where role = 'result'
),

parameters as (
    select * from {{ ref('measure_parameters') }}
)

select
    measure_value_sets.measure_id,
    measure_value_sets.value_set
from measure_value_sets
anti join parameters
    on
        measure_value_sets.measure_id = parameters.measure_id
        and measure_value_sets.value_set = split_part(parameters.parameter, '.', 2)
