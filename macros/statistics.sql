{#-
  Bounds of 95 % intervals. 1.959964 is the standard normal's quantile of 0.975.

  wilson_bound: of a share (Wilson 1927), which stays between 0 and 1. share, count: the
  share and the number it is of; sign: - for the lower bound, + for the upper.
-#}
{% macro wilson_bound(share, count, sign) -%}
    (
                {{ share }} + 1.959964 * 1.959964 / (2 * nullif({{ count }}, 0))
                {{ sign }} 1.959964 * sqrt(
                    {{ share }} * (1 - {{ share }}) / nullif({{ count }}, 0)
                    + 1.959964 * 1.959964
                    / (4 * cast(nullif({{ count }}, 0) as double) * {{ count }})
                )
            ) / (1 + 1.959964 * 1.959964 / nullif({{ count }}, 0))
{%- endmacro %}


{#- Of a count of events, by Byar's approximation (Breslow and Day 1987); 0 for none. -#}
{% macro byar_low(count) -%}
    case
                when {{ count }} = 0 then 0
                else {{ count }} * power(
                    1 - 1 / (9.0 * {{ count }}) - 1.959964 / (3 * sqrt({{ count }})), 3
                )
            end
{%- endmacro %}

{% macro byar_high(count) -%}
    ({{ count }} + 1) * power(
                1 - 1 / (9.0 * ({{ count }} + 1))
                + 1.959964 / (3 * sqrt({{ count }} + 1)), 3
            )
{%- endmacro %}
