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


{#- A hash of columns as a number, to find rows that may be alike; equal hashes are no
    proof, so that whoever uses it compares the columns too. -#}
{% macro row_hash(columns) -%}
    {{ adapter.dispatch('row_hash', 'blueprint')(columns) }}
{%- endmacro %}

{% macro default__row_hash(columns) -%}
    hash({{ columns | join(', ') }})
{%- endmacro %}

{% macro spark__row_hash(columns) -%}
    xxhash64({{ columns | join(', ') }})
{%- endmacro %}


{#- Hash of the named columns of a landed row, typed as audited_rows types them. -#}
{% macro landed_hash(table, names) -%}
    {%- set values = [] -%}
    {%- for column in landing_contract(table).columns if column.name in names -%}
        {%- do values.append(landed_value(column)) -%}
    {%- endfor -%}
    {{ row_hash(values) }}
{%- endmacro %}


{#-
  Hashes that more than one landed row of a table has in the named columns: few, while
  grouping all rows is the dearest step of auditing them. Grain: one row per hash.
-#}
{% macro repeated_rows(table, names) %}
{%- set landed_relation = ref(table) -%}
{%- if not execute -%}
    select 1 as parsed
{%- else -%}
select {{ landed_hash(table, names) }} as row_hash
from {{ landed_relation }}
group by row_hash
having count(*) > 1
{%- endif -%}
{% endmacro %}


{#-
  Every landed row of a table, typed, with its first fault if it has one.

  Grain: one row per distinct landed row. `landed_copies` counts the identical rows that
  it stands for; `is_repeated` says whether another landed row may share its key (or the
  columns that `repeated` was made for). A row with a fault has `fault_rule`,
  `fault_column` and `fault_value`:

    missing_value     a required value is blank
    not_typed         a value cannot be cast to its type
    unknown_person    a reference to a person who never landed; so for a practice
    cascade_person    a reference to a person who is quarantined; so for a practice
    key_conflict      another row with this key and other contents is kept instead: the
                      one that sorts first by contents, so that file order decides nothing

  columns: the contract's columns to carry; all when none are given.
  lists: {name: (column, how many)}: numbered columns of codes to carry as one text, the
  codes in their order with a space between them, null when there are none.
  references: {column: parent table}; the parent's business key is that column.
  repeated: (model of repeated_rows, its columns), which then need to be part of the key;
  without it the hashes are found here. Large tables that are read more than once have
  one.

  The landed relation is named wherever it is read, and not imported once: a table
  expression that is read twice would be kept whole, in every column, before anything is
  left out of it.
-#}
{% macro audited_rows(table, columns=none, references={}, repeated=none, lists={}) %}
{%- set landed_relation = ref(table) -%}
{%- set repeated_relation = ref(repeated[0]) if repeated else none -%}
{%- set parents = {} -%}
{%- for parent in references.values() -%}
    {%- do parents.update({parent: ref('base_' ~ parent)}) -%}
{%- endfor -%}
{%- if not execute -%}
    select 1 as parsed
{%- else -%}
{%- set contract = landing_contract(table) -%}
{%- set hashed = repeated[1] if repeated else contract.key -%}
{%- set carried = [] -%}
{%- for column in contract.columns if columns is none or column.name in columns -%}
    {%- do carried.append(column) -%}
{%- endfor -%}
{%- set names = carried | map(attribute='name') | list + lists.keys() | list -%}
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
    {#- Whether a value is blank is the dearest question, and comes last. -#}
    {%- if column.type != 'varchar' -%}
        {%- do faults.append((
            adapter.quote(column.name) ~ ' is not null and try_cast('
            ~ adapter.quote(column.name) ~ ' as ' ~ column.type ~ ') is null and '
            ~ landed_text(column.name) ~ ' is not null',
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
with repeated_hashes as (
    {% if repeated -%}
    select row_hash from {{ repeated_relation }}
    {%- else -%}
    select {{ landed_hash(table, hashed) }} as row_hash
    from {{ landed_relation }}
    group by row_hash
    having count(*) > 1
    {%- endif %}
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
{% for part, join_kind in [('unrepeated', 'anti'), ('repeated', 'semi')] -%}
-- The number of a row's first fault, found once; what it means, only where there is one.
numbered_{{ part }} as (
    select
        landed.*,
        case
            {% for condition, rule, name in faults -%}
            when {{ condition }} then {{ loop.index }}
            {% endfor -%}
            else cast(null as integer)
        end as fault_number
    from {{ landed_relation }} as landed
    {{ join_kind }} join repeated_hashes
        on {{ landed_hash(table, hashed) }} = repeated_hashes.row_hash
),

typed_{{ part }} as (
    select
        {% for column in carried -%}
        {{ landed_value(column) }} as {{ column.name }},
        {% endfor -%}
        {% for name, (column, count) in lists.items() -%}
        nullif(
            concat_ws(
                ' '
                {%- for number in range(1, count + 1) %},
                {{ landed_text(column ~ '_' ~ number) }}
                {%- endfor %}
            ),
            ''
        ) as {{ name }},
        {% endfor -%}
        case when fault_number is not null then case fault_number
            {% for condition, rule, name in faults -%}
            when {{ loop.index }} then '{{ rule }}'
            {% endfor -%}
        end end as own_fault_rule,
        case when fault_number is not null then case fault_number
            {% for condition, rule, name in faults -%}
            when {{ loop.index }} then '{{ name }}'
            {% endfor -%}
        end end as own_fault_column,
        case when fault_number is not null then case fault_number
            when 0 then cast(null as varchar)
            {% for condition, rule, name in faults -%}
            {% if rule == 'not_typed' -%}
            when {{ loop.index }} then cast({{ adapter.quote(name) }} as varchar)
            {% endif -%}
            {% endfor -%}
        end end as own_fault_value
    from numbered_{{ part }}
),

{{ part }} as (
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
    from typed_{{ part }} as typed
    {% for column, parent in references.items() -%}
    left join {{ parent }}_landed
        on typed.{{ column }} = {{ parent }}_landed.{{ column }}
    {% endfor %}
),

{% endfor -%}
distinct_repeated as (
    select
        {% for name in names -%}
        {{ name }},
        {% endfor -%}
        count(*) as landed_copies
    from repeated
    where fault_rule is null
    group by
        {{ names | join(',\n        ') }}
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
        false as is_repeated,
        fault_rule,
        fault_column,
        fault_value
    from unrepeated

    union all

    select
        {{ names | join(',\n        ') }},
        landed_copies,
        true as is_repeated,
        case when key_rank > 1 then 'key_conflict' end as fault_rule,
        case when key_rank > 1 then '{{ contract.key | join(', ') }}' end as fault_column,
        cast(null as varchar) as fault_value
    from ranked_repeated

    union all

    select
        {{ names | join(',\n        ') }},
        1 as landed_copies,
        true as is_repeated,
        fault_rule,
        fault_column,
        fault_value
    from repeated
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
        'program_report',
        'reported_measure_result',
        'payer_fixed_amount',
        'payment_override',
        'invoice',
    ]) %}
{% endmacro %}
