-- For every landed table: landed = staged + superseded + quarantined (design, section
-- 3). A table that is missing from the accounts would not be missed by the sum, so
-- that it is looked for by name.
with accounts as (
    select * from {{ ref('int_data_quality__row_accounts') }}
),

tables as (
    {% for table in landed_tables() -%}
    select '{{ table }}' as landed_table
    {%- if not loop.last %} union all
    {% endif %}
    {%- endfor %}
)

select
    tables.landed_table,
    accounts.landed_rows,
    accounts.staged_rows,
    accounts.superseded_rows,
    accounts.quarantined_rows
from tables
left join accounts
    on tables.landed_table = accounts.landed_table
where
    accounts.landed_table is null
    or accounts.landed_rows
    <> accounts.staged_rows + accounts.superseded_rows + accounts.quarantined_rows
    or accounts.superseded_rows < 0
