-- A condition without a rule would exclude nobody, or leave a measure without anybody.
with named as (
    select condition from {{ ref('measure_specifications') }}
    where condition is not null
    union
    select condition from {{ ref('measure_exclusions') }}
    union
    select other_condition as condition from {{ ref('measure_exclusions') }}
    where other_condition is not null
),

rules as (
    select * from {{ ref('condition_rules') }}
)

select named.condition
from named
anti join rules
    on named.condition = rules.condition
