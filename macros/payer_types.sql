{#- Whether a run attributes the people of a type of payer: all but those of the types that
    the parameter `payer_types` leaves out, where it names any (A-09). -#}
{% macro is_attributed_type(payer_type) -%}
    {%- if var('payer_types') -%}
        {{ payer_type }} in ('{{ var("payer_types") | join("', '") }}')
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}
