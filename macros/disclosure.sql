{#-
  Whether a total over cells may be told although some of the cells are suppressed.

  cells: how many of them are suppressed; people: how many people these count together;
  largest: the largest count that is suppressed. One suppressed cell is the total less the
  others. Of two and more, each 1 to `largest`, the total leaves every one open unless all
  must be 1 or all must be `largest`; and what they count together must not be small.
-#}
{% macro is_total_open(cells, people, largest) -%}
    (
        {{ cells }} = 0
        or (
            {{ cells }} > 1
            and {{ people }} > {{ largest }}
            and {{ people }} > {{ cells }}
            and {{ people }} < {{ cells }} * {{ largest }}
        )
    )
{%- endmacro %}


{#-
  Whether an amount over cells tells no more of the suppressed ones than their count
  does: all that are paid by the patient are paid at one rate. Of two rates, the sum of
  the patients and the sum of the dollars would be two equations for two numbers.
-#}
{% macro is_of_one_rate(lowest_rate, highest_rate) -%}
    coalesce({{ lowest_rate }} = {{ highest_rate }}, true)
{%- endmacro %}


{#-
  Whether a total may be told beside cells of it that are not: there is none of them, or
  there are several and they count together more than a small number.

  hidden: an alias with `cells` and `people`, null where there are none; `largest` (the
  largest count that is suppressed) is a column of the model.
-#}
{% macro is_hidden_part_open(hidden) -%}
    (
            coalesce({{ hidden }}.cells, 0) = 0
            or ({{ hidden }}.cells > 1 and {{ hidden }}.people > largest)
        )
{%- endmacro %}


{#- A join's condition: two relations have the same value in each of some columns. -#}
{% macro are_equal(left, right, columns) -%}
    {%- for column in columns -%}
        {{ left }}.{{ column }} = {{ right }}.{{ column }}
        {%- if not loop.last %} and {% endif -%}
    {%- endfor -%}
{%- endmacro %}


{#- Some columns of a relation, in a select or group by. -#}
{% macro columns_of(relation, columns) -%}
    {%- for column in columns -%}
        {{ relation }}.{{ column }}
        {%- if not loop.last %}, {% endif -%}
    {%- endfor -%}
{%- endmacro %}
