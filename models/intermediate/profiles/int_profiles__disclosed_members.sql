-- One row of int_profiles__member_rates each, and whether it may be told: neither the
-- people, nor those with the characteristic, nor those without are few; and it is not
-- what is left when the others are taken from a total. Of an entity's shares that sum
-- to one, all are told or none; an area is not told where it would give a practice's
-- back, nor the state an area's.
with rates as (
    select * from {{ ref('int_profiles__member_rates') }}
),

small_cells as (
    select * from {{ ref('disclosure_rules') }}
    where rule = 'small_cell'
),

marked as (
    select
        rates.*,
        small_cells.largest_suppressed_count as largest,
        coalesce(rates.partition, rates.characteristic) as family,
        rates.people between 1 and small_cells.largest_suppressed_count
        or rates.people_with_it between 1 and small_cells.largest_suppressed_count
        or rates.people - rates.people_with_it
        between 1 and small_cells.largest_suppressed_count as is_small
    from rates
    cross join small_cells
),

{% set levels = [
    ('practice', none, none), ('hsa', 'practice', 'hsa'), ('state', 'hsa', "'Vermont'")
] -%}
{% set counts = ['people_with_it', 'people_without_it'] -%}
{% for level, below, key in levels -%}
{% if below -%}
{% for counted in counts -%}
{{ level }}_hidden_{{ counted }} as (
    select
        period_end,
        population,
        characteristic,
        {{ key }} as entity_id,
        count(*) as cells,
        sum({{ 'people_with_it' if counted == 'people_with_it'
            else 'people - people_with_it' }}) as people
    from {{ below }}_told
    where
        not is_told
        and {{ 'people_with_it' if counted == 'people_with_it'
            else 'people - people_with_it' }} > 0
    group by
        period_end,
        population,
        characteristic,
        {{ key }}
),

{% endfor -%}
{% endif -%}
{{ level }}_open as (
    select
        marked.*,
        not marked.is_small
        {%- if below %}
        {%- for counted in counts %}
        and {{ is_hidden_part_open(counted) }}
        {%- endfor %}
        {%- endif %} as is_open
    from marked
    {% if below -%}
    {% for counted in counts -%}
    left join {{ level }}_hidden_{{ counted }} as {{ counted }}
        on
            marked.period_end = {{ counted }}.period_end
            and marked.population = {{ counted }}.population
            and marked.characteristic = {{ counted }}.characteristic
            and marked.entity_id = {{ counted }}.entity_id
    {% endfor -%}
    {% endif -%}
    where marked.level = '{{ level }}'
),

{{ level }}_families as (
    select
        period_end,
        population,
        entity_id,
        family,
        bool_and(is_open) as is_told
    from {{ level }}_open
    group by
        period_end,
        population,
        entity_id,
        family
),

{{ level }}_told as (
    select
        open_rates.*,
        families.is_told
    from {{ level }}_open as open_rates
    inner join {{ level }}_families as families
        on
            open_rates.period_end = families.period_end
            and open_rates.population = families.population
            and open_rates.entity_id = families.entity_id
            and open_rates.family = families.family
),

{% endfor -%}
final as (
    {% for level, _, _ in levels -%}
    select
        period_end,
        population,
        level,
        entity_id,
        characteristic,
        people,
        people_with_it,
        average_age,
        share,
        share_low,
        share_high,
        is_told
    from {{ level }}_told
    {%- if not loop.last %}

    union all

    {% endif %}
    {%- endfor %}
)

select * from final
