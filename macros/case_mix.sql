{#-
  The cell of the case mix that a person is in, as text: a step of case_mix_steps says
  which of the person's attributes it keeps; what it gives up is a star.

  keeps: 1 for the finest step, which keeps all of them, or the alias of a step.
-#}
{% macro case_mix_cell(keeps) -%}
    {%- set attributes = [
        ('age_band', 'age_band'),
        ('sex', 'sex'),
        ('broad_band', 'broad_band'),
        ('payer_group', 'payer_group'),
        ('maternity', "case when is_maternity then 'maternity' else '-' end"),
        ('disability', "case when is_disabled then 'disabled' else '-' end"),
        ('burden', 'cast(burden_level as varchar)'),
    ] -%}
    age_group
    {%- for name, value in attributes %}
    || '|' || {% if keeps == 1 %}{{ value }}{% else -%}
    case when {{ keeps }}.keeps_{{ name }} then {{ value }} else '*' end
    {%- endif %}
    {%- endfor %}
{%- endmacro %}


{#-
  The months that a service category goes by: those of pharmacy for pharmacy, else those
  with coverage.

  months: the alias of what holds them; prefix: scored_ for those of people scored.
  `categories` is the alias of the service categories.
-#}
{% macro months_of_category(months, prefix='') -%}
    case
            when categories.claim_type = 'pharmacy'
                then {{ months }}.{{ prefix }}pharmacy_months
            else {{ months }}.{{ prefix }}member_months
        end
{%- endmacro %}
