-- One row per landed row that is kept out of the warehouse, with its first fault. Rules
-- that begin with `cascade_` are faults of another table's row that this one refers to.
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
