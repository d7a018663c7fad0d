{{ config(alias='attribution_by_residence') }}
-- One row per as-of date and town, and per Health Service Area that towns belong to:
-- who lives there, and where they are attributed.
with towns as (
    select * from {{ ref('int_attribution__residence') }}
),

areas as (
    {% for level, key in [('town', 'town'), ('hsa', 'hsa')] -%}
    select
        as_of_date,
        '{{ level }}' as level,
        {{ key }} as entity_id,
        hsa,
        sum(residents) as residents,
        sum(attributed_here) as attributed_here,
        sum(attributed_elsewhere) as attributed_elsewhere,
        sum(not_attributed) as not_attributed
    from towns
    group by
        as_of_date,
        {% if key != 'hsa' %}{{ key }},
        {% endif %}hsa
    {%- if not loop.last %}

    union all

    {% endif %}
    {%- endfor %}
),

final as (
    select
        as_of_date,
        level,
        entity_id,
        hsa,
        false as is_suppressed,
        false as is_split_suppressed,
        cast(residents as integer) as residents,
        cast(attributed_here + attributed_elsewhere as integer) as attributed_patients,
        cast(attributed_here as integer) as attributed_here,
        cast(attributed_elsewhere as integer) as attributed_elsewhere,
        cast(not_attributed as integer) as not_attributed,
        cast(
            cast(attributed_here + attributed_elsewhere as double) / residents
            as decimal(7, 6)
        ) as attributed_share,
        cast(
            cast(attributed_here as double)
            / nullif(attributed_here + attributed_elsewhere, 0)
            as decimal(7, 6)
        ) as here_share
    from areas
)

select * from final
