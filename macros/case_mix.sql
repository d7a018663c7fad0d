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
