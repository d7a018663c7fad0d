{#-
  Measures around an event: parameters as columns, and enrollment around a day that is
  each event's own. Whether an event counts does not belong here.
-#}

{#- Columns that hold the named parameters of a measure, one row per group of
    measure_parameters; null where the measure has none of that name. -#}
{% macro parameter_columns(names) -%}
    {%- for name in names -%}
        cast(
            max(measure_parameters.value) filter (
                where measure_parameters.parameter = '{{ name }}'
            ) as integer
        ) as {{ name }}
        {%- if not loop.last %},
        {% endif %}
    {%- endfor %}
{%- endmacro %}


{#-
  CTEs that say who is enrolled throughout a window of days but for some gaps. They read
  coverage_spans (int_quality__coverage_spans) and

  windows: a CTE with person_id, window_start, window_end, gaps (how many) and gap_days
  (how long each may be), both 0 for none.

  They leave `enrolled_windows` (person_id, window_start, window_end), one row per window
  in which the person is enrolled. A gap is the days of a window before, between or after
  spans of coverage; spans of one person do not touch, so that their start is a unique
  key within a window.
-#}
{% macro enrolled_windows_ctes(windows) -%}
distinct_windows as (
    select distinct
        person_id,
        window_start,
        window_end,
        gaps,
        gap_days
    from {{ windows }}
),

covered_parts as (
    select
        distinct_windows.*,
        case
            when coverage_spans.span_start_date > distinct_windows.window_start
                then coverage_spans.span_start_date
            else distinct_windows.window_start
        end as covered_from,
        case
            when coverage_spans.span_end_date < distinct_windows.window_end
                then coverage_spans.span_end_date
            else distinct_windows.window_end
        end as covered_to
    from distinct_windows
    inner join coverage_spans
        on
            distinct_windows.person_id = coverage_spans.person_id
            and distinct_windows.window_end >= coverage_spans.span_start_date
            and distinct_windows.window_start <= coverage_spans.span_end_date
),

neighboring_parts as (
    select
        *,
        lag(covered_to) over (
            partition by person_id, window_start, window_end
            order by covered_from
        ) as covered_before,
        lead(covered_from) over (
            partition by person_id, window_start, window_end
            order by covered_from
        ) as covered_next
    from covered_parts
),

gaps_of_parts as (
    select
        *,
        case
            when covered_before is not null
                then {{ dbt.datediff('covered_before', 'covered_from', 'day') }} - 1
            else {{ dbt.datediff('window_start', 'covered_from', 'day') }}
        end as days_before,
        case
            when covered_next is null
                then {{ dbt.datediff('covered_to', 'window_end', 'day') }}
            else 0
        end as days_after
    from neighboring_parts
),

enrolled_windows as (
    select
        person_id,
        window_start,
        window_end
    from gaps_of_parts
    group by
        person_id,
        window_start,
        window_end
    having
        max(days_before) <= max(gap_days)
        and max(days_after) <= max(gap_days)
        and count(*) filter (where days_before > 0)
        + count(*) filter (where days_after > 0) <= max(gaps)
)
{%- endmacro %}
