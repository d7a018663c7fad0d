-- One row per as-of date, program, level (practice, hsa, state) and entity: attributed
-- patients over all payers and practices, and whether they may be told beside the cells
-- of attribution_counts, some of which are suppressed. A level is judged by the cells
-- that no told total below it accounts for.
with counts as (
    select * from {{ ref('int_attribution__counts') }}
    where attributed_patients > 0
),

small_cells as (
    select * from {{ ref('disclosure_rules') }}
    where rule = 'small_cell'
),

cells as (
    select
        counts.*,
        small_cells.largest_suppressed_count as largest,
        counts.attributed_patients <= small_cells.largest_suppressed_count as is_small
    from counts
    cross join small_cells
),

practice_totals as (
    select
        as_of_date,
        program,
        practice_id as entity_id,
        hsa,
        max(largest) as largest,
        sum(attributed_patients) as attributed_patients,
        count(*) filter (where is_small) as cells,
        coalesce(sum(attributed_patients) filter (where is_small), 0) as people
    from cells
    group by
        as_of_date,
        program,
        practice_id,
        hsa
),

{% set levels = [
    ('practice', none, none), ('hsa', 'practice', 'hsa'), ('state', 'hsa', "'Vermont'")
] -%}
{% for level, below, key in levels -%}
{% if below -%}
{{ level }}_totals as (
    select
        as_of_date,
        program,
        {{ key }} as entity_id,
        max(largest) as largest,
        sum(attributed_patients) as attributed_patients,
        coalesce(sum(cells) filter (where not is_told), 0) as cells,
        coalesce(sum(people) filter (where not is_told), 0) as people
    from {{ below }}s
    group by
        as_of_date,
        program,
        {{ key }}
),

{% endif -%}
{{ level }}s as (
    select
        *,
        attributed_patients > largest
        and {{ is_total_open('cells', 'people', 'largest') }} as is_told
    from {{ level }}_totals
),

{% endfor -%}
final as (
    {% for level, _, _ in levels -%}
    select
        as_of_date,
        program,
        '{{ level }}' as level,
        entity_id,
        attributed_patients,
        is_told
    from {{ level }}s
    {%- if not loop.last %}

    union all

    {% endif %}
    {%- endfor %}
)

select * from final
