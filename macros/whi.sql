{#- The first of the month that begins on a day or after it. -#}
{% macro first_month_from(day) -%}
    cast(
                {{ dbt.dateadd(
                    'month', 1,
                    dbt.date_trunc('month', dbt.dateadd('day', -1, day))
                ) }} as date
            )
{%- endmacro %}


{#- The last day of a number of months that begin with a month. -#}
{% macro last_day_of_months(first_month, months) -%}
    cast(
                {{ dbt.dateadd(
                    'day', -1, dbt.dateadd('month', months, first_month)
                ) }} as date
            )
{%- endmacro %}


{#-
  Part of an amount by people, in cents: whole and share are people, the quotient is cast
  before it is rounded, so that half a cent is half a cent.
-#}
{% macro part_of_amount(amount, share, whole) -%}
    round(
            cast(
                cast({{ amount }} as decimal(18, 2)) * {{ share }} / {{ whole }}
                as decimal(18, 8)
            ), 2
        )
{%- endmacro %}
