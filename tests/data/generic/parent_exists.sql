{#- Every row whose given columns are filled has a row of the same values in `parent`: the
    stock test `relationships` for keys of several columns. -#}
{% test parent_exists(model, columns, parent) %}
    {% set matches = [] %}
    {% set filled = [] %}
    {% for column in columns %}
        {% set name = adapter.quote(column) %}
        {% do matches.append('child.' ~ name ~ ' = parent.' ~ name) %}
        {% do filled.append('child.' ~ name ~ ' is not null') %}
    {% endfor %}
    select child.*
    from {{ model }} as child
    anti join {{ parent }} as parent
        on {{ matches | join(' and ') }}
    where {{ filled | join(' and ') }}
{% endtest %}
