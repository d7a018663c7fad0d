-- One row per value set and code that some measure, condition or exclusion asks for,
-- with the days on which the code counts. What no rule names is not looked for; what
-- measures of stays alone name is looked for in stays, and not among events; and of
-- places that are asked of services alone, those of such services.
with value_sets as (
    select * from {{ ref('value_sets') }}
),

measure_value_sets as (
    select * from {{ ref('measure_value_sets') }}
),

condition_rules as (
    select * from {{ ref('condition_rules') }}
),

specifications as (
    select * from {{ ref('measure_specifications') }}
),

-- What stays are, and the measures of them, are read from the claims of stays.
named_for_events as (
    select measure_value_sets.value_set
    from measure_value_sets
    inner join specifications
        on measure_value_sets.measure_id = specifications.measure_id
    where
        specifications.design not in (
            'readmissions', 'admissions per member-year', 'admissions per member'
        )
    union
    select value_set from condition_rules
    union
    select visit_value_set as value_set from condition_rules
    union
    select except_visit_value_set as value_set from condition_rules
),

named as (
    select value_set from measure_value_sets
    union
    select value_set from named_for_events
),

-- Some services count in some places alone; where they were is then asked beside.
places as (
    select
        value_set,
        bool_and(role = 'place') as is_place_of_services,
        bool_or(role like '% at a place') as is_asked_for_place
    from measure_value_sets
    group by value_set
),

final as (
    select
        value_sets.value_set,
        value_sets.code_system,
        value_sets.code,
        coalesce(value_sets.effective_from, cast('0001-01-01' as date))
            as effective_from,
        coalesce(value_sets.effective_to, cast('9999-12-31' as date)) as effective_to,
        named_for_events.value_set is not null as is_of_events,
        coalesce(places.is_place_of_services, false) as is_place_of_services,
        coalesce(places.is_asked_for_place, false) as is_asked_for_place
    from value_sets
    inner join named
        on value_sets.value_set = named.value_set
    left join named_for_events
        on value_sets.value_set = named_for_events.value_set
    left join places
        on value_sets.value_set = places.value_set
)

select * from final
