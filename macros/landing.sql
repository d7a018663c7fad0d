{#-
  The landing contract (seeds/landing/_landing.yml) as SQL: these macros turn its
  metadata into casts and checks, the same for every table. Rules about a table's
  meaning do not belong here; they stand in that table's staging model.
-#}

{#- Contract of one landed table: {key: [...], columns: [{name, type, required, ...}]}. -#}
{% macro landing_contract(table) %}
    {% set node = graph.nodes['seed.blueprint.' ~ table] %}
    {% set columns = [] %}
    {% for column in node.columns.values() %}
        {% do columns.append(dict(column.config.meta, name=column.name)) %}
    {% endfor %}
    {% do return({'key': node.config.meta.key, 'columns': columns}) %}
{% endmacro %}


{#- Post-hook of the landing seeds: adds the contract's columns that the file lacks. -#}
{% macro add_absent_columns() %}
    {% if execute %}
        {% set present = adapter.get_columns_in_relation(this)
            | map(attribute='name') | list %}
        {% for column in model.columns if column not in present %}
            alter table {{ this }} add column {{ adapter.quote(column) }} varchar;
        {% endfor %}
    {% endif %}
{% endmacro %}


{#- A landed value without padding, null when blank. -#}
{% macro landed_text(column) -%}
    nullif(trim(cast({{ adapter.quote(column) }} as varchar)), '')
{%- endmacro %}


{#- A landed value in its contract type, null when it cannot be cast. -#}
{% macro landed_value(column) -%}
    {%- set name = adapter.quote(column.name) -%}
    {%- if column.type == 'varchar' -%}
        {%- set value = landed_text(column.name) -%}
    {%- else -%}
        {%- set value = 'try_cast(' ~ name ~ ' as ' ~ column.type ~ ')' -%}
    {%- endif -%}
    {%- if column.default is defined -%}
        {%- set literal = "'" ~ column.default ~ "'" -%}
        {%- if column.type != 'varchar' -%}
            {%- set literal = 'cast(' ~ literal ~ ' as ' ~ column.type ~ ')' -%}
        {%- endif -%}
        coalesce({{ value }}, {{ literal }})
    {%- else -%}
        {{ value }}
    {%- endif -%}
{%- endmacro %}


{#-
  Every landed row of a table, typed, with its first fault if it has one.

  Grain: one row per distinct landed row. `landed_copies` counts the identical rows that
  it stands for. A row with a fault has `fault_rule`, `fault_column` and `fault_value`:

    missing_value     a required value is blank
    not_typed         a value cannot be cast to its type
    unknown_person    a reference to a person who never landed; so for a practice
    cascade_person    a reference to a person who is quarantined; so for a practice
    key_conflict      another row with this key and other contents is kept instead: the
                      one that sorts first by contents, so that file order decides nothing

  columns: the contract's columns to carry; all when none are given.
  references: {column: parent table}; the parent's business key is that column.
-#}
{% macro audited_rows(table, columns=none, references={}) %}
{%- set landed_relation = ref(table) -%}
{%- set parents = {} -%}
{%- for parent in references.values() -%}
    {%- do parents.update({parent: ref('base_' ~ parent)}) -%}
{%- endfor -%}
{%- if not execute -%}
    select 1 as parsed
{%- else -%}
{%- set contract = landing_contract(table) -%}
{%- set carried = [] -%}
{%- for column in contract.columns if columns is none or column.name in columns -%}
    {%- do carried.append(column) -%}
{%- endfor -%}
{%- set names = carried | map(attribute='name') | list -%}
{%- set groups = {} -%}
{%- for column in carried if column.one_of is defined -%}
    {%- do groups.setdefault(column.one_of, []).append(column.name) -%}
{%- endfor -%}
{%- set faults = [] -%}
{%- for column in carried -%}
    {%- if column.required -%}
        {%- do faults.append((
            landed_text(column.name) ~ ' is null', 'missing_value', column.name
        )) -%}
    {%- endif -%}
    {%- if column.type != 'varchar' -%}
        {%- do faults.append((
            landed_text(column.name) ~ ' is not null and try_cast('
            ~ adapter.quote(column.name) ~ ' as ' ~ column.type ~ ') is null',
            'not_typed', column.name
        )) -%}
    {%- endif -%}
    {#- A cast to integer rounds, so that half a claim line would become one. -#}
    {%- if column.type == 'integer' -%}
        {%- do faults.append((
            'try_cast(' ~ adapter.quote(column.name) ~ ' as double) <> try_cast('
            ~ adapter.quote(column.name) ~ ' as integer)',
            'not_typed', column.name
        )) -%}
    {%- endif -%}
{%- endfor -%}
{%- for group in groups.values() -%}
    {%- set blanks = [] -%}
    {%- for name in group -%}
        {%- do blanks.append(landed_text(name) ~ ' is null') -%}
    {%- endfor -%}
    {%- do faults.append((blanks | join(' and '), 'missing_value', group | join(' or '))) -%}
{%- endfor -%}
with landed as (
    select * from {{ landed_relation }}
),

{% for column, parent in references.items() -%}
{{ parent }}_landed as (
    select
        {{ column }},
        bool_or(fault_rule is null) as is_staged
    from {{ parents[parent] }}
    where {{ column }} is not null
    group by {{ column }}
),

{% endfor -%}
typed as (
    select
        {% for column in carried -%}
        {{ landed_value(column) }} as {{ column.name }},
        {% endfor -%}
        case
            {% for condition, rule, name in faults -%}
            when {{ condition }} then '{{ rule }}'
            {% endfor -%}
            else cast(null as varchar)
        end as own_fault_rule,
        case
            {% for condition, rule, name in faults -%}
            when {{ condition }} then '{{ name }}'
            {% endfor -%}
            else cast(null as varchar)
        end as own_fault_column,
        case
            {% for condition, rule, name in faults -%}
            when {{ condition }} then
                {%- if rule == 'not_typed' %} cast({{ adapter.quote(name) }} as varchar)
                {%- else %} cast(null as varchar)
                {%- endif %}
            {% endfor -%}
            else cast(null as varchar)
        end as own_fault_value
    from landed
),

referred as (
    select
        {% for name in names -%}
        typed.{{ name }},
        {% endfor -%}
        case
            when typed.own_fault_rule is not null then typed.own_fault_rule
            {% for column, parent in references.items() -%}
            when {{ parent }}_landed.{{ column }} is null then 'unknown_{{ column | replace("_id", "") }}'
            when not {{ parent }}_landed.is_staged then 'cascade_{{ column | replace("_id", "") }}'
            {% endfor -%}
            else cast(null as varchar)
        end as fault_rule,
        case
            when typed.own_fault_rule is not null then typed.own_fault_column
            {% for column, parent in references.items() -%}
            when {{ parent }}_landed.{{ column }} is null then '{{ column }}'
            when not {{ parent }}_landed.is_staged then '{{ column }}'
            {% endfor -%}
            else cast(null as varchar)
        end as fault_column,
        case
            when typed.own_fault_rule is not null then typed.own_fault_value
            {% for column, parent in references.items() -%}
            when {{ parent }}_landed.{{ column }} is null then typed.{{ column }}
            when not {{ parent }}_landed.is_staged then typed.{{ column }}
            {% endfor -%}
            else cast(null as varchar)
        end as fault_value
    from typed
    {% for column, parent in references.items() -%}
    left join {{ parent }}_landed
        on typed.{{ column }} = {{ parent }}_landed.{{ column }}
    {% endfor %}
),

sound as (
    select * from referred
    where fault_rule is null
),

-- Only keys that occur more than once are windowed: they are few, the rest is not.
repeated_keys as (
    select
        {{ contract.key | join(',\n        ') }}
    from sound
    group by
        {{ contract.key | join(',\n        ') }}
    having count(*) > 1
),

unrepeated as (
    select sound.*
    from sound
    anti join repeated_keys
        on
            {% for name in contract.key -%}
            sound.{{ name }} is not distinct from repeated_keys.{{ name }}
            {% if not loop.last %}and {% endif %}
            {%- endfor %}
),

distinct_repeated as (
    select
        {% for name in names -%}
        sound.{{ name }},
        {% endfor -%}
        count(*) as landed_copies
    from sound
    semi join repeated_keys
        on
            {% for name in contract.key -%}
            sound.{{ name }} is not distinct from repeated_keys.{{ name }}
            {% if not loop.last %}and {% endif %}
            {%- endfor %}
    group by
        {% for name in names -%}
        sound.{{ name }}{{ ',' if not loop.last }}
        {% endfor %}
),

-- The rows of one key differ in at least one column, so their contents are a total order.
ranked_repeated as (
    select
        *,
        row_number() over (
            partition by {{ contract.key | join(', ') }}
            order by {{ names | join(', ') }}
        ) as key_rank
    from distinct_repeated
),

final as (
    select
        {{ names | join(',\n        ') }},
        1 as landed_copies,
        fault_rule,
        fault_column,
        fault_value
    from unrepeated

    union all

    select
        {{ names | join(',\n        ') }},
        landed_copies,
        case when key_rank > 1 then 'key_conflict' end as fault_rule,
        case when key_rank > 1 then '{{ contract.key | join(', ') }}' end as fault_column,
        cast(null as varchar) as fault_value
    from ranked_repeated

    union all

    select
        {{ names | join(',\n        ') }},
        1 as landed_copies,
        fault_rule,
        fault_column,
        fault_value
    from referred
    where fault_rule is not null
)

select * from final
{%- endif -%}
{% endmacro %}


{#- The business key of a landed row as text, for people who look for it in their file. -#}
{% macro landed_key(table) %}
    {%- if execute -%}
    concat_ws(
        ', '
        {%- for name in landing_contract(table).key %},
        '{{ name }}=' || coalesce(cast({{ name }} as varchar), '')
        {%- endfor %}
    )
    {%- else -%}
    ''
    {%- endif -%}
{% endmacro %}


{#- Every table of the contract, for the models that account for all of them. -#}
{% macro landed_tables() %}
    {% do return([
        'eligibility',
        'medical_claim',
        'pharmacy_claim',
        'lab_result',
        'observation',
        'immunization',
        'practice',
        'practice_provider',
        'provider',
        'practice_recognition',
        'collaborative_participation',
        'whi_participation',
        'larc_stock',
        'administrative_entity',
        'cht',
        'payer_policy',
        'payer_attribution_report',
        'practice_patient_report',
        'payer_fixed_amount',
        'payment_override',
        'invoice',
    ]) %}
{% endmacro %}
