-- Codes that nothing looks for are dead weight, or a name that is misspelled elsewhere.
with named as (
    select value_set from {{ ref('measure_value_sets') }}
    union
    select value_set from {{ ref('condition_rules') }}
    union
    select visit_value_set as value_set from {{ ref('condition_rules') }}
    union
    select except_visit_value_set as value_set from {{ ref('condition_rules') }}
),

value_sets as (
    select distinct value_set from {{ ref('value_sets') }}
)

select value_sets.value_set
from value_sets
anti join named
    on value_sets.value_set = named.value_set
