-- One row per landed table, rule and column: how many rows broke it, with an example of
-- a value at fault. The messages of a run quote it, so that no value of a table about
-- people is one.
with quarantine as (
    select * from {{ ref('int_data_quality__quarantine') }}
),

final as (
    select
        landed_table,
        rule,
        column_name,
        is_cascade,
        sum(landed_copies) as faults,
        min(landed_value) filter (
            where landed_table not in (
                {%- for table in tables_about_people() %}
                '{{ table }}'{{ ',' if not loop.last }}
                {%- endfor %}
            )
        ) as example_value
    from quarantine
    group by
        landed_table,
        rule,
        column_name,
        is_cascade
)

select * from final
