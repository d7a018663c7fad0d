-- One row per as-of date, program, level (practice, hsa, state) and entity: what PCMH
-- payments the attributed patients bring in the quarter that follows, over all payers
-- and practices, and whether it may be told beside the cells of pcmh_payments, some of
-- which are suppressed: the patients may be, and the small cells that are paid for do
-- not stand alone and are paid at one rate.
with patients as (
    select * from {{ ref('int_attribution__totals') }}
),

counts as (
    select * from {{ ref('int_attribution__counts') }}
    where attributed_patients > 0
),

-- Rows that are withheld, adjustments of few patients included. What is taken back
-- later is no part of what the patients bring.
withheld as (
    select * from {{ ref('int_payments__ledger_cells') }}
    where program = 'pcmh' and is_small and amount <> 0 and status <> 'recouped'
),

payments as (
    select * from {{ ref('int_payments__pcmh') }}
    where adjustment_no = 0
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
        sum(amount) as amount,
        sum(case when amount = 0 then 0 else total_pppm end) as rate
    from payments
    group by
        as_of_date,
        payer,
        practice_id
),

withheld_months as (
    select
        as_of_date,
        payer,
        practice_id,
        abs(sum(attributed_patients)) as patients
    from withheld
    group by
        as_of_date,
        payer,
        practice_id,
        payment_month
),

withheld_cells as (
    select
        as_of_date,
        payer,
        practice_id,
        max(patients) as patients
    from withheld_months
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
        coalesce(amounts.amount, 0) as amount,
        coalesce(amounts.rate, 0) as rate,
        small_cells.largest_suppressed_count as largest,
        coalesce(withheld_cells.patients, counts.attributed_patients) as patients,
        withheld_cells.payer is not null
        or (
            counts.attributed_patients <= small_cells.largest_suppressed_count
            and coalesce(amounts.amount, 0) > 0
        ) as is_small
    from counts
    cross join small_cells
    left join amounts
        on
            counts.as_of_date = amounts.as_of_date
            and counts.program = amounts.program
            and counts.payer = amounts.payer
            and counts.practice_id = amounts.practice_id
    left join withheld_cells
        on
            counts.as_of_date = withheld_cells.as_of_date
            and counts.program = 'pcmh'
            and counts.payer = withheld_cells.payer
            and counts.practice_id = withheld_cells.practice_id
),

practice_totals as (
    select
        as_of_date,
        program,
        practice_id as entity_id,
        hsa,
        max(largest) as largest,
        sum(amount) as amount,
        count(*) filter (where is_small) as cells,
        coalesce(sum(patients) filter (where is_small), 0) as people,
        min(rate) filter (where is_small) as lowest_rate,
        max(rate) filter (where is_small) as highest_rate
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
        sum(amount) as amount,
        coalesce(sum(cells) filter (where not is_amount_told), 0) as cells,
        coalesce(sum(people) filter (where not is_amount_told), 0) as people,
        min(lowest_rate) filter (where not is_amount_told) as lowest_rate,
        max(highest_rate) filter (where not is_amount_told) as highest_rate
    from {{ below }}s
    group by
        as_of_date,
        program,
        {{ key }}
),

{% endif -%}
{{ level }}s as (
    select
        totals.*,
        patients.is_told
        and {{ is_total_open('cells', 'people', 'largest') }}
        and {{ is_of_one_rate('lowest_rate', 'highest_rate') }} as is_amount_told
    from {{ level }}_totals as totals
    inner join patients
        on
            totals.as_of_date = patients.as_of_date
            and totals.program = patients.program
            and totals.entity_id = patients.entity_id
            and patients.level = '{{ level }}'
),

{% endfor -%}
final as (
    {% for level, _, _ in levels -%}
    select
        as_of_date,
        program,
        '{{ level }}' as level,
        entity_id,
        amount,
        is_amount_told
    from {{ level }}s
    {%- if not loop.last %}

    union all

    {% endif %}
    {%- endfor %}
)

select * from final
