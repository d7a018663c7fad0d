-- A group without specialties would let no service count.
with named as (
    select provider_group from {{ ref('measure_value_sets') }}
    where provider_group is not null
    union
    select provider_group from {{ ref('condition_rules') }}
    where provider_group is not null
),

provider_groups as (
    select * from {{ ref('provider_groups') }}
)

select named.provider_group
from named
anti join provider_groups
    on named.provider_group = provider_groups.provider_group
