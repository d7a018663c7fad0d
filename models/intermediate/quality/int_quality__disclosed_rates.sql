-- One row of int_quality__rates each, and whether it may be told: neither the people of
-- the denominator, nor those in or out of the numerator are few; and no cell that may
-- not be told is what is left when the others are taken from a total. An area is not
-- told where that would give a practice back; of an entity's types of payers none is
-- told where the total would give one back, so that the total can be. Measures whose
-- stays add up to another's are told all or none, and with it only.
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

sums as (
    select * from {{ ref('measure_sums') }}
),

-- Every measure, and all that it is a part of.
wholes as (
    select
        measure_id,
        total_measure_id
    from sums

    union

    select
        sums.measure_id,
        above.total_measure_id
    from sums
    inner join sums as above
        on sums.total_measure_id = above.measure_id
),

totals as (
    select distinct total_measure_id from sums
),

small_cells as (
    select * from {{ ref('disclosure_rules') }}
    where rule = 'small_cell'
),

marked as (
    select
        rates.*,
        practices.hsa,
        sums.total_measure_id,
        sums.measure_id is not null
        or totals.total_measure_id is not null as is_in_sum,
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
    left join sums
        on rates.measure_id = sums.measure_id
    left join totals
        on rates.measure_id = totals.total_measure_id
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

{{ level }}_judged_by_type as (
    select
        types.*,
        types.is_open and {{ is_hidden_part_open('closed_types') }} as is_alone_told
    from {{ level }}_types as types
    left join {{ level }}_closed_types as closed_types
        on
            types.period_end = closed_types.period_end
            and types.measure_id = closed_types.measure_id
            and types.entity_id = closed_types.entity_id
),

{{ level }}_judged_of_all as (
    select
        marked.*,
        not marked.is_small
        {%- if below %}
        and {{ is_hidden_part_open('hidden') }}
        {%- endif %} as is_alone_told
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

{% for kind in ['by_type', 'of_all'] -%}
{{ level }}_siblings_{{ kind }} as (
    select
        *,
        case
            when is_in_sum
                then
                    bool_and(is_alone_told) over (
                        partition by
                            period_end,
                            entity_id,
                            coalesce(total_measure_id, measure_id),
                            total_measure_id is null
                    )
            else is_alone_told
        end as is_with_siblings_told
    from {{ level }}_judged_{{ kind }}
),

{{ level }}_hidden_wholes_{{ kind }} as (
    select distinct
        siblings.period_end,
        siblings.entity_id,
        wholes.measure_id
    from {{ level }}_siblings_{{ kind }} as siblings
    inner join wholes
        on siblings.measure_id = wholes.total_measure_id
    where not siblings.is_with_siblings_told
),

{{ level }}_{{ kind }} as (
    select
        siblings.*,
        siblings.is_with_siblings_told and hidden_wholes.measure_id is null as is_told
    from {{ level }}_siblings_{{ kind }} as siblings
    left join {{ level }}_hidden_wholes_{{ kind }} as hidden_wholes
        on
            siblings.period_end = hidden_wholes.period_end
            and siblings.entity_id = hidden_wholes.entity_id
            and siblings.measure_id = hidden_wholes.measure_id
),

{% endfor -%}

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
