{{ config(materialized='view') }}
-- One row per period, practice and level: whom its people count for, which is the
-- state, the practice itself and, where it has one, its Health Service Area, the region
-- of that, and its administrative entity (rules section 3). A view: two models read it.
with practices as (
    select * from {{ ref('int_program__practices_as_of') }}
),

hsas as (
    select * from {{ ref('hsas') }}
),

placed as (
    select
        practices.as_of_date as period_end,
        practices.practice_id,
        practices.hsa,
        practices.administrative_entity_id,
        hsas.qi_region
    from practices
    left join hsas
        on practices.hsa = hsas.hsa
),

keyed as (
    {% for level, key in [
        ('state', "'Vermont'"), ('qi_region', 'qi_region'), ('hsa', 'hsa'),
        ('administrative_entity', 'administrative_entity_id'),
        ('practice', 'practice_id')
    ] -%}
    select
        period_end,
        practice_id,
        '{{ level }}' as level,
        {{ key }} as entity_id
    from placed
    {%- if not loop.last %}

    union all

    {% endif %}
    {%- endfor %}
),

final as (
    select * from keyed
    where entity_id is not null
)

select * from final
