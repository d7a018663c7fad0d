-- An algorithm without codes would attribute nobody, and nothing would say so (A-05).
with algorithms as (
    select * from {{ ref('attribution_algorithms') }}
),

codes as (
    select * from {{ ref('int_attribution__qualifying_codes') }}
)

select algorithms.algorithm_id
from algorithms
anti join codes
    on algorithms.algorithm_id = codes.algorithm_id
