-- One row per as-of date, program, level (practice, hsa, state) and entity: attributed
-- patients over all payers and practices, what PCMH payments they bring in the quarter
-- that follows, and whether each may be told beside the cells of attribution_counts and
-- pcmh_payments, some of which are suppressed. A level is judged by the cells that no
-- told total below it accounts for.
with counts as (
    select * from {{ ref('int_attribution__counts') }}
    where attributed_patients > 0
),

payments as (
    select * from {{ ref('int_payments__pcmh') }}
),

small_cells as (
    select * from {{ ref('disclosure_rules') }}
    where rule = 'small_cell'
),

amounts as (
    select
        as_of_date,
        'pcmh' as program,
        payer,
        practice_id,
        sum(amount) as amount
    from payments
    group by
        as_of_date,
        payer,
        practice_id
),

cells as (
    select
        counts.as_of_date,
        counts.program,
        counts.practice_id,
        counts.hsa,
        counts.attributed_patients,
        coalesce(amounts.amount, 0) as amount,
        small_cells.largest_suppressed_count as largest,
        counts.attributed_patients <= small_cells.largest_suppressed_count as is_small
    from counts
    cross join small_cells
    left join amounts
        on
            counts.as_of_date = amounts.as_of_date
            and counts.program = amounts.program
            and counts.payer = amounts.payer
            and counts.practice_id = amounts.practice_id
),

practice_totals as (
    select
        as_of_date,
        program,
        practice_id,
        hsa,
        max(largest) as largest,
        sum(attributed_patients) as attributed_patients,
        sum(amount) as amount,
        count(*) filter (where is_small) as cells,
        coalesce(sum(attributed_patients) filter (where is_small), 0) as people,
        count(*) filter (where is_small and amount > 0) as paid_cells,
        coalesce(sum(attributed_patients) filter (where is_small and amount > 0), 0)
            as paid_people
    from cells
    group by
        as_of_date,
        program,
        practice_id,
        hsa
),

practices as (
    select
        *,
        attributed_patients > largest
        and {{ is_total_open('cells', 'people', 'largest') }} as is_told,
        attributed_patients > largest
        and {{ is_total_open('cells', 'people', 'largest') }}
        and {{ is_total_open('paid_cells', 'paid_people', 'largest') }}
            as is_amount_told
    from practice_totals
),

{% for level, below, key in [
    ('hsa', 'practices', 'hsa'), ('state', 'hsas', "'Vermont'")
] -%}
{{ level }}_totals as (
    select
        as_of_date,
        program,
        {{ key }} as entity_id,
        max(largest) as largest,
        sum(attributed_patients) as attributed_patients,
        sum(amount) as amount,
        coalesce(sum(cells) filter (where not is_told), 0) as cells,
        coalesce(sum(people) filter (where not is_told), 0) as people,
        coalesce(sum(paid_cells) filter (where not is_amount_told), 0) as paid_cells,
        coalesce(sum(paid_people) filter (where not is_amount_told), 0) as paid_people
    from {{ below }}
    group by
        as_of_date,
        program,
        {{ key }}
),

{{ level }}s as (
    select
        *,
        attributed_patients > largest
        and {{ is_total_open('cells', 'people', 'largest') }} as is_told,
        attributed_patients > largest
        and {{ is_total_open('cells', 'people', 'largest') }}
        and {{ is_total_open('paid_cells', 'paid_people', 'largest') }}
            as is_amount_told
    from {{ level }}_totals
),

{% endfor -%}
final as (
    select
        as_of_date,
        program,
        'practice' as level,
        practice_id as entity_id,
        attributed_patients,
        amount,
        is_told,
        is_amount_told
    from practices

    {% for level in ['hsa', 'state'] -%}
    union all

    select
        as_of_date,
        program,
        '{{ level }}' as level,
        entity_id,
        attributed_patients,
        amount,
        is_told,
        is_amount_told
    from {{ level }}s
    {%- if not loop.last %}

    {% endif %}
    {%- endfor %}
)

select * from final
