{#- None of the given columns is null in any row. -#}
{% test key_is_filled(model, columns) %}
    {% set blanks = [] %}
    {% for column in columns %}
        {% do blanks.append(adapter.quote(column) ~ ' is null') %}
    {% endfor %}
    select * from {{ model }}
    where {{ blanks | join(' or ') }}
{% endtest %}
