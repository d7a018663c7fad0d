{#-
  Suppression withholds figures and nothing else: a public mart has the rows of its
  unsuppressed twin, what it tells is the same, and it withholds only where a flag says so.

  key: columns that name a row in both. figures: columns that may be withheld. withheld:
  boolean columns of which one is true where a figure of the row is withheld.
-#}
{% test tells_what_its_twin_does(model, twin, key, figures, withheld) %}
    select
        {% for column in key -%}
        coalesce(told."{{ column }}", twin."{{ column }}") as "{{ column }}"
        {%- if not loop.last %},
        {% endif %}
        {%- endfor %}
    from {{ model }} as told
    full outer join {{ twin }} as twin
        on
            {% for column in key -%}
            told."{{ column }}" = twin."{{ column }}"
            {% if not loop.last %}and {% endif %}
            {%- endfor %}
    where
        told."{{ key[0] }}" is null
        or twin."{{ key[0] }}" is null
        {%- for column in figures %}
        or told."{{ column }}" <> twin."{{ column }}"
        or (
            (told."{{ column }}" is null) <> (twin."{{ column }}" is null)
            {%- for flag in withheld %}
            and not told.{{ flag }}
            {%- endfor %}
        )
        {%- endfor %}
{% endtest %}
