{#-
  The columns of a profile from `figures`, rows of int_profiles__figures: every figure of a
  line with the state's, its interval, rank and change. A public profile tells what may be
  told; its twin tells all.
-#}
{% macro profile_figures(is_public) -%}
    {% set told = 'is_told' if is_public else 'true' -%}
    {% set state_told = 'is_state_told' if is_public else 'true' -%}
    {% set prior_told = 'is_told and is_prior_told' if is_public else 'true' -%}
    not ({{ told }}) as is_suppressed,
        case when {{ told }} then value end as value,
        case when {{ told }} then adjusted_value end as adjusted_value,
        case when {{ told }} then ci_low end as ci_low,
        case when {{ told }} then ci_high end as ci_high,
        case when {{ state_told }} then state_value end as state_value,
        case when {{ told }} and {{ state_told }} then difference_from_state end
            as difference_from_state,
        cast(value_rank as integer) as value_rank,
        cast(ranked_entities as integer) as ranked_entities,
        case when {{ prior_told }} then prior_value end as prior_value,
        cast(case when {{ prior_told }} then value - prior_value end as decimal(18, 6))
            as change_from_prior
{%- endmacro %}


{#-
  A profile's rows of one entity side by side, from `figures`: a column for each that the
  model's own YAML describes with the line and population it shows.
-#}
{% macro profile_columns(value='value') -%}
    {% for name, column in model.columns.items() if column.config.meta.line -%}
    max(
        case
            when
                measure_id = '{{ column.config.meta.line }}'
                and population = '{{ column.config.meta.population }}'
                then {{ value }}
        end
    ) as {{ name }}
    {%- if not loop.last %},
    {% endif %}
    {%- endfor %}
{%- endmacro %}
