-- A value set without codes would make a measure count nobody, silently.
with named as (
    select value_set from {{ ref('measure_value_sets') }}
    union
    select value_set from {{ ref('condition_rules') }}
    union
    select visit_value_set as value_set from {{ ref('condition_rules') }}
    where visit_value_set is not null
    union
    select except_visit_value_set as value_set from {{ ref('condition_rules') }}
    where except_visit_value_set is not null
),

codes as (
    select * from {{ ref('value_sets') }}
)

select named.value_set
from named
anti join codes
    on named.value_set = codes.value_set
