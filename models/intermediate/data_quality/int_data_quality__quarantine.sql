-- One row per landed row that is kept out of the warehouse, with its first fault, and
-- whether that only follows the fault of another table's row, which this one refers to.
with rules as (
    select * from {{ ref('quarantine_rules') }}
),

faults as (
    {% for table in landed_tables() -%}
    select
        '{{ table }}' as landed_table,
        {{ landed_key(table) }} as landed_key,
        fault_rule as rule,
        fault_column as column_name,
        fault_value as landed_value,
        landed_copies
    from {{ ref('base_' ~ table) }}
    where fault_rule is not null
    {% if not loop.last %}
    union all

    {% endif %}
    {%- endfor %}
),

-- A rule that the seed lacks counts as the table's own fault, and a test says so.
final as (
    select
        faults.landed_table,
        faults.landed_key,
        faults.rule,
        faults.column_name,
        faults.landed_value,
        coalesce(rules.is_cascade, false) as is_cascade,
        faults.landed_copies
    from faults
    left join rules
        on faults.rule = rules.rule
)

select * from final
