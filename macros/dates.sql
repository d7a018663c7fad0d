{#- Full years between a birth date and a day. Who was born on February 29 is a year older
    on March 1 of a year without one. -#}
{% macro full_years(birth_date, day) -%}
    extract(year from {{ day }}) - extract(year from {{ birth_date }})
                    - case
                        when
                            extract(month from {{ day }}) * 100
                            + extract(day from {{ day }})
                            < extract(month from {{ birth_date }}) * 100
                            + extract(day from {{ birth_date }})
                            then 1
                        else 0
                    end
{%- endmacro %}


{#- A row for each day from one to another, both included. -#}
{% macro each_day(first_day, last_day) -%}
    {{ adapter.dispatch('each_day', 'blueprint')(first_day, last_day) }}
{%- endmacro %}

{% macro default__each_day(first_day, last_day) -%}
    unnest(generate_series({{ first_day }}, {{ last_day }}, interval 1 day))
{%- endmacro %}

{% macro spark__each_day(first_day, last_day) -%}
    explode(sequence({{ first_day }}, {{ last_day }}))
{%- endmacro %}


{#- Day of the week: 1 on Monday, 7 on Sunday. -#}
{% macro iso_weekday(day) -%}
    {{ adapter.dispatch('iso_weekday', 'blueprint')(day) }}
{%- endmacro %}

{% macro default__iso_weekday(day) -%}
    extract(isodow from {{ day }})
{%- endmacro %}

{% macro spark__iso_weekday(day) -%}
    extract(dayofweek_iso from {{ day }})
{%- endmacro %}


{#- Whether a row of policy is in force on a day. -#}
{% macro is_in_force(policy, day) -%}
    coalesce({{ policy }}.effective_from, {{ day }}) <= {{ day }}
            and coalesce({{ policy }}.effective_to, {{ day }}) >= {{ day }}
{%- endmacro %}
