-- One row per period, population, level (practice, hsa, state), entity and
-- characteristic: how many of the people counted have it (rules section 3), with the
-- share's interval of 95 %. A characteristic of several values is had with any of them.
with attributes as (
    select * from {{ ref('int_profiles__attributes') }}
),

characteristics as (
    select * from {{ ref('profile_characteristics') }}
),

members as (
    select * from attributes
    where attribute = 'member'
),

named_characteristics as (
    select distinct
        members.period_end,
        characteristics.characteristic,
        characteristics.partition
    from members
    inner join characteristics
        on {{ is_in_force('characteristics', 'members.period_end') }}
),

people_with as (
    select distinct
        attributes.period_end,
        attributes.person_id,
        characteristics.characteristic
    from attributes
    inner join characteristics
        on
            attributes.attribute = characteristics.attribute
            and attributes.attribute_value = characteristics.attribute_value
            and {{ is_in_force('characteristics', 'attributes.period_end') }}
),

{% set levels = [
    ('practice', 'practice_id'), ('hsa', 'hsa'), ('state', "'Vermont'")
] -%}
placed as (
    {% for level, key in levels -%}
    select
        period_end,
        population,
        '{{ level }}' as level,
        {{ key }} as entity_id,
        hsa,
        person_id,
        age_years
    from members
    {%- if not loop.last %}

    union all

    {% endif %}
    {%- endfor %}
),

counted as (
    select
        placed.period_end,
        placed.population,
        placed.level,
        placed.entity_id,
        max(case when placed.level <> 'state' then placed.hsa end) as hsa,
        named_characteristics.characteristic,
        named_characteristics.partition,
        count(*) as people,
        count(people_with.person_id) as people_with_it,
        avg(cast(placed.age_years as decimal(9, 2))) as average_age
    from placed
    inner join named_characteristics
        on placed.period_end = named_characteristics.period_end
    left join people_with
        on
            placed.period_end = people_with.period_end
            and placed.person_id = people_with.person_id
            and named_characteristics.characteristic = people_with.characteristic
    group by
        placed.period_end,
        placed.population,
        placed.level,
        placed.entity_id,
        named_characteristics.characteristic,
        named_characteristics.partition
),

shares as (
    select
        *,
        cast(people_with_it as double) / people as share
    from counted
),

final as (
    select
        period_end,
        population,
        level,
        entity_id,
        hsa,
        characteristic,
        partition,
        people,
        people_with_it,
        cast(average_age as decimal(18, 6)) as average_age,
        cast(share as decimal(18, 6)) as share,
        cast({{ wilson_bound('share', 'people', '-') }} as decimal(18, 6))
            as share_low,
        cast({{ wilson_bound('share', 'people', '+') }} as decimal(18, 6))
            as share_high
    from shares
)

select * from final
