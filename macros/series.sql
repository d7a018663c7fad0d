{#- A row for each whole number from one to another, both included. -#}
{% macro each_number(first, last) -%}
    {{ adapter.dispatch('each_number', 'blueprint')(first, last) }}
{%- endmacro %}

{% macro default__each_number(first, last) -%}
    unnest(generate_series({{ first }}, {{ last }}))
{%- endmacro %}

{% macro spark__each_number(first, last) -%}
    explode(sequence({{ first }}, {{ last }}))
{%- endmacro %}
