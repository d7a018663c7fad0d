{#- The columns name one row: none of the given combinations occurs twice. Nulls count as
    a value, since a business key may hold one. -#}
{% test grain_is_unique(model, columns) %}
    {% set keys = [] %}
    {% for column in columns %}
        {% do keys.append(adapter.quote(column)) %}
    {% endfor %}
    select
        {{ keys | join(', ') }},
        count(*) as rows_of_key
    from {{ model }}
    group by {{ keys | join(', ') }}
    having count(*) > 1
{% endtest %}
