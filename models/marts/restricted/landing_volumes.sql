-- One row per landed table, payer and month of service: rows as they landed. The next
-- release's landing gate compares its drop with them.
select
    landed_table as "table",
    payer,
    volume_month as "month",
    cast(landed_rows as bigint) as landed_rows
from {{ ref('int_landing__volumes') }}
