-- One row per landed row that is kept out of the warehouse: which table, which key,
-- what is wrong with which value.
select
    landed_table as "table",
    landed_key as "key",
    column_name as "column",
    landed_value as "value",
    rule as reason,
    cast(landed_copies as integer) as landed_copies
from {{ ref('int_data_quality__quarantine') }}
