-- Rules section 2: the index is relative to the state, whose own is 1.000, of all ages
-- together and of each; and so it is in every category, by each type of payer.
with scores as (
    select * from {{ ref('restricted_trui') }}
),

rates as (
    select * from {{ ref('restricted_utilization') }}
    where level = 'state'
),

states as (
    select
        period_end,
        age_group,
        cast(sum(observed) as double) / nullif(sum(expected), 0) as resource_index
    from scores
    group by
        period_end,
        age_group
)

select
    'trui' as mart,
    period_end,
    age_group,
    'total' as category
from states
where round(resource_index, 3) <> 1

union all

select
    'utilization' as mart,
    period_end,
    age_group,
    category
from rates
where round(resource_index, 3) <> 1
