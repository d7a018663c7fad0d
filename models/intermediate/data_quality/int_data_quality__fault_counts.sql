-- One row per landed table, rule and column: how many rows broke it, with an example of
-- what could not be typed. The messages of a run quote it, so that it names nobody.
with quarantine as (
    select * from {{ ref('int_data_quality__quarantine') }}
),

final as (
    select
        landed_table,
        rule,
        column_name,
        sum(landed_copies) as faults,
        min(landed_value) filter (where rule = 'not_typed') as example_value
    from quarantine
    group by
        landed_table,
        rule,
        column_name
)

select * from final
