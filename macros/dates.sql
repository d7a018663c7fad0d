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


{#- The day on which a time frame ends that is counted from another: so many days or
    months after, or the last day of the month or quarter so many after that day's. -#}
{% macro frame_end(day, unit, units) -%}
    cast(
            case {{ unit }}
                when 'day' then {{ dbt.dateadd('day', units, day) }}
                when 'month' then {{ dbt.dateadd('month', units, day) }}
                when 'month_end'
                    then {{ dbt.last_day(dbt.dateadd('month', units, day), 'month') }}
                when 'quarter_end'
                    then {{ dbt.last_day(dbt.dateadd('quarter', units, day), 'quarter') }}
            end as date
        )
{%- endmacro %}


{#- The first of the month after a day, and the first of a month on or after it. -#}
{% macro month_after(day) -%}
    cast({{ dbt.dateadd('month', 1, dbt.date_trunc('month', day)) }} as date)
{%- endmacro %}

{% macro month_on_or_after(day) -%}
    cast({{ dbt.dateadd(
            'month', 1, dbt.date_trunc('month', dbt.dateadd('day', -1, day))
        ) }} as date)
{%- endmacro %}


{#- The days beside a day. -#}
{% macro day_after(day) -%}
    cast({{ dbt.dateadd('day', 1, day) }} as date)
{%- endmacro %}

{% macro day_before(day) -%}
    cast({{ dbt.dateadd('day', -1, day) }} as date)
{%- endmacro %}
