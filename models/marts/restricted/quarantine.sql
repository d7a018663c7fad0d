-- One row per landed row that is kept out of the warehouse: which table, which key,
-- what is wrong with which value, and what to do about it.
with quarantine as (
    select * from {{ ref('int_data_quality__quarantine') }}
),

rules as (
    select * from {{ ref('quarantine_rules') }}
),

final as (
    select
        quarantine.landed_table as "table",
        quarantine.landed_key as "key",
        quarantine.column_name as "column",
        quarantine.landed_value as "value",
        quarantine.rule as reason,
        rules.meaning,
        rules.remedy,
        quarantine.is_cascade,
        cast(quarantine.landed_copies as integer) as landed_copies
    from quarantine
    left join rules
        on quarantine.rule = rules.rule
)

select * from final
