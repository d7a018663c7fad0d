{#- The columns name one row: none of the given combinations occurs twice. Nulls count as
    a value, since a business key may hold one; the columns in `filled` hold none. Hashes
    are counted first, since a number per row takes a fraction of the memory that the
    columns would; equal hashes are no proof, so that only their rows are then grouped by
    the columns. Of a row with a blank the keys are given too, with no number. One test
    asks both, since a refresh spends more on starting a test than on answering it. -#}
{% test grain_is_unique(model, columns, filled=[]) %}
    {% set keys = [] %}
    {% for column in columns %}
        {% do keys.append(adapter.quote(column)) %}
    {% endfor %}
    {% set blanks = [] %}
    {% for column in filled %}
        {% do blanks.append(adapter.quote(column) ~ ' is null') %}
    {% endfor %}
    with repeated_hashes as (
        select {{ row_hash(keys) }} as row_hash
        from {{ model }}
        group by row_hash
        having count(*) > 1
    )

    select
        {{ keys | join(', ') }},
        count(*) as rows_of_key
    from {{ model }}
    semi join repeated_hashes
        on {{ row_hash(keys) }} = repeated_hashes.row_hash
    group by {{ keys | join(', ') }}
    having count(*) > 1
    {%- if blanks %}
    union all
    select
        {{ keys | join(', ') }},
        null as rows_of_key
    from {{ model }}
    where {{ blanks | join(' or ') }}
    {%- endif %}
{% endtest %}
