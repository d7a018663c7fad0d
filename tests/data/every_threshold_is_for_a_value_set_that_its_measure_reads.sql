-- A threshold is named by the value set whose results it is for; misspelled, it would
-- hold for none, and every result would be within it.
with parameters as (
    select
        *,
        split_part(parameter, '.', 1) as side,
        split_part(parameter, '.', 2) as value_set
    from {{ ref('measure_parameters') }}
    where parameter like 'result\_%' escape '\'
),

measure_value_sets as (
    select * from {{ ref('measure_value_sets') }}
    where role = 'result'
)

select
    parameters.measure_id,
    parameters.parameter
from parameters
left join measure_value_sets
    on
        parameters.measure_id = measure_value_sets.measure_id
        and parameters.value_set = measure_value_sets.value_set
where
    measure_value_sets.value_set is null
    or parameters.side not in ('result_from', 'result_below', 'result_above')
