-- One row per value set and code that some measure, condition or exclusion asks for,
-- with the days on which the code counts. What no rule names is not looked for.
with value_sets as (
    select * from {{ ref('value_sets') }}
),

measure_value_sets as (
    select * from {{ ref('measure_value_sets') }}
),

condition_rules as (
    select * from {{ ref('condition_rules') }}
),

named as (
    select value_set from measure_value_sets
    union
    select value_set from condition_rules
    union
    select visit_value_set as value_set from condition_rules
    union
    select except_visit_value_set as value_set from condition_rules
),

final as (
    select
        value_sets.value_set,
        value_sets.code_system,
        value_sets.code,
        coalesce(value_sets.effective_from, cast('0001-01-01' as date))
            as effective_from,
        coalesce(value_sets.effective_to, cast('9999-12-31' as date)) as effective_to
    from value_sets
    inner join named
        on value_sets.value_set = named.value_set
)

select * from final
