-- One row of int_quality__rates each, and whether it may be told: neither the people of
-- the denominator, nor those in or out of the numerator are few; and no cell that may
-- not be told is what is left when the others are taken from a total. An area is not
-- told where that would give a practice back; of an entity's types of payers none is
-- told where the total would give one back, so that the total can be.
with rates as (
    select * from {{ ref('int_quality__rates') }}
),

people as (
    select * from {{ ref('int_quality__people') }}
),

practices as (
    select distinct
        period_end,
        practice_id,
        hsa
    from people
),

small_cells as (
    select * from {{ ref('disclosure_rules') }}
    where rule = 'small_cell'
),

marked as (
    select
        rates.*,
        practices.hsa,
        small_cells.largest_suppressed_count as largest,
        coalesce(
            rates.people between 1 and small_cells.largest_suppressed_count
            or rates.numerator_people between 1 and small_cells.largest_suppressed_count
            or rates.people - rates.numerator_people
            between 1 and small_cells.largest_suppressed_count,
            false
        ) as is_small
    from rates
    cross join small_cells
    left join practices
        on
            rates.period_end = practices.period_end
            and rates.level = 'practice'
            and rates.entity_id = practices.practice_id
),

{% set levels = [
    ('practice', none, none), ('hsa', 'practice', 'hsa'), ('state', 'hsa', "'Vermont'")
] -%}
{% for level, below, key in levels -%}
{% if below -%}
{% for kind in ['by_type', 'of_all'] -%}
{{ level }}_hidden_{{ kind }} as (
    select
        period_end,
        measure_id,
        payer_type,
        {{ key }} as entity_id,
        count(*) as cells,
        sum(people) as people
    from {{ below }}_{{ kind }}
    where not is_told and people > 0
    group by
        period_end,
        measure_id,
        payer_type,
        {{ key }}
),

{% endfor -%}
{% endif -%}
{{ level }}_types as (
    select
        marked.*,
        not marked.is_small
        {%- if below %}
        and {{ is_hidden_part_open('hidden') }}
        {%- endif %} as is_open
    from marked
    {% if below -%}
    left join {{ level }}_hidden_by_type as hidden
        on
            marked.period_end = hidden.period_end
            and marked.measure_id = hidden.measure_id
            and marked.payer_type = hidden.payer_type
            and marked.entity_id = hidden.entity_id
    {% endif -%}
    where marked.level = '{{ level }}' and marked.payer_type <> 'all'
),

{{ level }}_closed_types as (
    select
        period_end,
        measure_id,
        entity_id,
        count(*) as cells,
        sum(people) as people
    from {{ level }}_types
    where not is_open and people > 0
    group by
        period_end,
        measure_id,
        entity_id
),

{{ level }}_by_type as (
    select
        types.*,
        types.is_open and {{ is_hidden_part_open('closed_types') }} as is_told
    from {{ level }}_types as types
    left join {{ level }}_closed_types as closed_types
        on
            types.period_end = closed_types.period_end
            and types.measure_id = closed_types.measure_id
            and types.entity_id = closed_types.entity_id
),

{{ level }}_of_all as (
    select
        marked.*,
        not marked.is_small
        {%- if below %}
        and {{ is_hidden_part_open('hidden') }}
        {%- endif %} as is_told
    from marked
    {% if below -%}
    left join {{ level }}_hidden_of_all as hidden
        on
            marked.period_end = hidden.period_end
            and marked.measure_id = hidden.measure_id
            and marked.entity_id = hidden.entity_id
    {% endif -%}
    where marked.level = '{{ level }}' and marked.payer_type = 'all'
),

{% endfor -%}
final as (
    {% for level, _, _ in levels -%}
    {% for kind in ['by_type', 'of_all'] -%}
    select
        period_end,
        measure_id,
        payer_type,
        level,
        entity_id,
        status,
        rate_kind,
        rate_per,
        people,
        numerator_people,
        numerator,
        denominator,
        exclusions,
        rate,
        adjusted_rate,
        ci_low,
        ci_high,
        state_rate,
        is_told
    from {{ level }}_{{ kind }}
    {%- if not loop.last %}

    union all

    {% endif %}
    {%- endfor %}
    {%- if not loop.last %}

    union all

    {% endif %}
    {%- endfor %}
)

select * from final
