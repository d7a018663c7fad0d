{#-
  Measures around an event: parameters as columns, and enrollment around a day that is
  each event's own; birthdays; episodes of an infection that antibiotics are asked of;
  discharges and what follows them.
  Which events a measure counts does not belong here: its value sets and parameters say
  so.
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


{#-
  A CTE, `evidence` or as `name` says: the events of `people` that a measure of theirs
  names a value set for, by the role that they play there, or of one role alone. Reads
  `people` (period_end, measure_id, person_id; any CTE with one row or more for each
  whom the measure has still to look at: the fewer, the sooner) and measure_value_sets.

  Events are narrowed to the value sets as they are read. DuckDB does so by a semi join
  where it thinks the people many, and by an inner join (of distinct value sets, so that
  the rows are the same) where it thinks them few: `are_few` says which.
-#}
{% macro evidence_cte(people, name='evidence', role=none, are_few=false) -%}
{{ name }}_people as (
    select distinct
        period_end,
        measure_id,
        person_id
    from {{ people }}
),

{{ name }}_value_sets as (
    select distinct measure_value_sets.value_set
    from measure_value_sets
    semi join specifications
        on measure_value_sets.measure_id = specifications.measure_id
    {%- if role %}
    where measure_value_sets.role = '{{ role }}'
    {%- endif %}
),

{{ name }} as (
    select
        people.period_end,
        people.measure_id,
        people.person_id,
        measure_value_sets.role,
        events.source_table,
        events.payer,
        events.record_id,
        events.event_date,
        events.code,
        events.provider_npi,
        events.days_supply
    from {{ ref('int_quality__events_as_of') }} as events
    {{ 'inner' if are_few else 'semi' }} join {{ name }}_value_sets as value_sets
        on events.value_set = value_sets.value_set
    inner join {{ name }}_people as people
        on
            events.period_end = people.period_end
            and events.person_id = people.person_id
    inner join measure_value_sets
        on
            people.measure_id = measure_value_sets.measure_id
            and events.value_set = measure_value_sets.value_set
            and {{ is_in_force('measure_value_sets', 'events.period_end') }}
    {%- if role %}
    where measure_value_sets.role = '{{ role }}'
    {%- endif %}
)
{%- endmacro %}


{#-
  CTEs that say which children have a birthday in the period and were enrolled in the
  months before it. They read people, specifications (of the measure's design; its ages
  are those that the children turn), parameters (enrollment_months, enrollment_gaps,
  enrollment_gap_days) and coverage_spans, and leave anniversaries, children, windows and
  enrolled_children (period_end, measure_id, person_id, birth_date and birthday).
-#}
{% macro birthday_ctes() -%}
-- Who was born on February 29 has the birthdays of other years on March 1 (full_years).
anniversaries as (
    select
        people.period_end,
        specifications.measure_id,
        people.person_id,
        people.birth_date,
        cast(
            {{ dbt.dateadd('year', 'people.age_years', 'people.birth_date') }} as date
        ) as anniversary
    from people
    inner join specifications
        on
            people.age_years >= specifications.age_from
            and people.age_years <= specifications.age_to
            and {{ is_in_force('specifications', 'people.period_end') }}
),

children as (
    select
        period_end,
        measure_id,
        person_id,
        birth_date,
        case
            when extract(day from anniversary) = extract(day from birth_date)
                then anniversary
            else cast({{ dbt.dateadd('day', 1, 'anniversary') }} as date)
        end as birthday
    from anniversaries
),

windows as (
    select
        children.*,
        cast(
            {{ dbt.dateadd('day', 1, dbt.dateadd(
                'month', '-parameters.enrollment_months', 'children.birthday'
            )) }} as date
        ) as window_start,
        children.birthday as window_end,
        parameters.enrollment_gaps as gaps,
        parameters.enrollment_gap_days as gap_days
    from children
    inner join parameters
        on
            children.period_end = parameters.period_end
            and children.measure_id = parameters.measure_id
),

{{ enrolled_windows_ctes('windows') }},

enrolled_children as (
    select windows.*
    from windows
    inner join enrolled_windows
        on
            windows.person_id = enrolled_windows.person_id
            and windows.window_start = enrolled_windows.window_start
            and windows.window_end = enrolled_windows.window_end
)
{%- endmacro %}


{#-
  CTEs that Core-6 and Core-13 share: visits for an infection that did not end in a stay,
  of people of the measure's age who are enrolled around it, and the antibiotics that were
  dispensed in the days that follow.

  They read periods, people, stays, coverage_spans, specifications (of the
  measure's design), measure_value_sets and parameters (with the columns that both
  measures name), and leave, one after another, age_days, measured, diagnoses, evidence,
  visits,
  admitted_visits, episodes, windows, enrolled_episodes (period_end, measure_id,
  person_id and episode_date, unique) and dispensed (`fill_rank` 1: the first fill).
-#}
{% macro infection_episode_ctes() -%}
age_days as (
    select
        people.*,
        specifications.measure_id,
        specifications.age_from,
        specifications.age_to,
        cast(
            {{ dbt.dateadd(
                'month', '-parameters.age_from_months_before', 'people.period_start'
            ) }} as date
        ) as age_from_day
    from people
    inner join specifications
        on {{ is_in_force('specifications', 'people.period_end') }}
    inner join parameters
        on
            people.period_end = parameters.period_end
            and specifications.measure_id = parameters.measure_id
),

measured as (
    select
        period_end,
        period_start,
        measure_id,
        person_id
    from age_days
    where
        age_years <= age_to
        and {{ full_years('birth_date', 'age_from_day') }} >= age_from
),

-- What the measure asks of claims and records of who has the diagnosis, by the role that
-- it plays there.
{{ evidence_cte('measured', 'diagnoses', 'diagnosis') }},

{{ evidence_cte('diagnoses') }},

-- Claims of a visit with the diagnosis.
visits as (
    select
        diagnoses.period_end,
        diagnoses.measure_id,
        diagnoses.person_id,
        diagnoses.event_date,
        diagnoses.record_id,
        diagnoses.code,
        encounters.role
    from diagnoses
    inner join evidence as encounters
        on
            diagnoses.period_end = encounters.period_end
            and diagnoses.measure_id = encounters.measure_id
            and diagnoses.person_id = encounters.person_id
            and diagnoses.payer = encounters.payer
            and diagnoses.record_id = encounters.record_id
            and diagnoses.event_date = encounters.event_date
    where encounters.role in ('visit', 'visit unless admitted')
),

-- Of emergency and observation care that ends in a stay, the stay is the encounter: one
-- that began by the next day or was going on.
admitted_visits as (
    select distinct
        visits.period_end,
        visits.measure_id,
        visits.person_id,
        visits.record_id,
        visits.event_date,
        visits.role
    from visits
    inner join parameters
        on
            visits.period_end = parameters.period_end
            and visits.measure_id = parameters.measure_id
    inner join stays
        on
            visits.period_end = stays.period_end
            and visits.person_id = stays.person_id
            and visits.event_date <= stays.discharge_date
            and stays.admission_date <= {{ dbt.dateadd(
                'day', 'parameters.admission_days_after_visit', 'visits.event_date'
            ) }}
    where visits.role = 'visit unless admitted'
),

-- Days in the part of the period after which enough of it is left to see what follows.
episodes as (
    select
        visits.period_end,
        visits.measure_id,
        visits.person_id,
        visits.event_date as episode_date,
        min(visits.record_id) as record_id,
        min_by(visits.code, visits.record_id || ' ' || visits.code) as code
    from visits
    inner join measured
        on
            visits.period_end = measured.period_end
            and visits.measure_id = measured.measure_id
            and visits.person_id = measured.person_id
            and visits.event_date >= measured.period_start
    inner join parameters
        on
            visits.period_end = parameters.period_end
            and visits.measure_id = parameters.measure_id
            and visits.event_date <= {{ dbt.dateadd(
                'day', '-parameters.last_days_left_out', 'visits.period_end'
            ) }}
    left join admitted_visits
        on
            visits.period_end = admitted_visits.period_end
            and visits.measure_id = admitted_visits.measure_id
            and visits.person_id = admitted_visits.person_id
            and visits.record_id = admitted_visits.record_id
            and visits.event_date = admitted_visits.event_date
            and visits.role = admitted_visits.role
    where admitted_visits.record_id is null
    group by
        visits.period_end,
        visits.measure_id,
        visits.person_id,
        visits.event_date
),

windows as (
    select
        episodes.*,
        cast(
            {{ dbt.dateadd(
                'day', '-parameters.enrollment_days_before', 'episodes.episode_date'
            ) }} as date
        ) as window_start,
        cast(
            {{ dbt.dateadd(
                'day', 'parameters.enrollment_days_after', 'episodes.episode_date'
            ) }} as date
        ) as window_end,
        parameters.enrollment_gaps as gaps,
        parameters.enrollment_gap_days as gap_days
    from episodes
    inner join parameters
        on
            episodes.period_end = parameters.period_end
            and episodes.measure_id = parameters.measure_id
),

{{ enrolled_windows_ctes('windows') }},

enrolled_episodes as (
    select windows.*
    from windows
    inner join enrolled_windows
        on
            windows.person_id = enrolled_windows.person_id
            and windows.window_start = enrolled_windows.window_start
            and windows.window_end = enrolled_windows.window_end
),

dispensed as (
    select
        enrolled_episodes.period_end,
        enrolled_episodes.measure_id,
        enrolled_episodes.person_id,
        enrolled_episodes.episode_date,
        evidence.record_id,
        evidence.event_date,
        evidence.code,
        row_number() over (
            partition by
                enrolled_episodes.period_end,
                enrolled_episodes.measure_id,
                enrolled_episodes.person_id,
                enrolled_episodes.episode_date
            order by evidence.event_date, evidence.record_id, evidence.code
        ) as fill_rank
    from enrolled_episodes
    inner join parameters
        on
            enrolled_episodes.period_end = parameters.period_end
            and enrolled_episodes.measure_id = parameters.measure_id
    inner join evidence
        on
            enrolled_episodes.period_end = evidence.period_end
            and enrolled_episodes.measure_id = evidence.measure_id
            and enrolled_episodes.person_id = evidence.person_id
            and enrolled_episodes.episode_date <= evidence.event_date
            and evidence.event_date <= {{ dbt.dateadd(
                'day',
                'parameters.dispensing_days_after',
                'enrolled_episodes.episode_date'
            ) }}
    where evidence.role = 'antibiotic'
)
{%- endmacro %}


{#-
  CTEs that Core-4 and MSSP-12 share: discharges of the period that are followed by days
  to see what comes, of people of the measure's age who are enrolled in those days.

  They read measured (period_end, period_start, measure_id, person_id, birth_date,
  age_from), parameters (with the columns that both measures name), coverage_spans and

  stays: a CTE with the columns of int_quality__stays, measure_id and is_asked_for, of
  which one stay of a chain is to be true.

  They leave linked, chained, chain_ends, discharges and enrolled_discharges, one row per
  chain of stays.
-#}
{% macro discharge_ctes(stays) -%}
-- A stay that began within the days after the end of one before goes on with the same
-- chain; of a chain the last discharge counts.
linked as (
    select
        {{ stays }}.*,
        parameters.readmission_days,
        max({{ stays }}.end_date) over (
            partition by
                {{ stays }}.period_end,
                {{ stays }}.measure_id,
                {{ stays }}.person_id
            order by
                {{ stays }}.admission_date,
                {{ stays }}.end_date,
                {{ stays }}.stay_id
            rows between unbounded preceding and 1 preceding
        ) as earlier_end_date
    from {{ stays }}
    inner join parameters
        on
            {{ stays }}.period_end = parameters.period_end
            and {{ stays }}.measure_id = parameters.measure_id
),

chained as (
    select
        *,
        sum(
            case
                when admission_date <= {{ dbt.dateadd(
                    'day', 'readmission_days', 'earlier_end_date'
                ) }} then 0
                else 1
            end
        ) over (
            partition by period_end, measure_id, person_id
            order by admission_date, end_date, stay_id
            rows between unbounded preceding and current row
        ) as chain_number
    from linked
),

chain_ends as (
    select
        *,
        row_number() over (
            partition by period_end, measure_id, person_id, chain_number
            order by end_date desc, admission_date desc, stay_id desc
        ) as chain_rank,
        bool_or(is_asked_for) over (
            partition by period_end, measure_id, person_id, chain_number
        ) as is_chain_asked_for
    from chained
),

discharges as (
    select
        chain_ends.*,
        cast(
            {{ dbt.dateadd(
                'day', 'parameters.enrollment_days_after', 'chain_ends.discharge_date'
            ) }} as date
        ) as window_end,
        chain_ends.discharge_date as window_start,
        parameters.enrollment_gaps as gaps,
        parameters.enrollment_gap_days as gap_days
    from chain_ends
    inner join measured
        on
            chain_ends.period_end = measured.period_end
            and chain_ends.measure_id = measured.measure_id
            and chain_ends.person_id = measured.person_id
            and chain_ends.discharge_date >= measured.period_start
            and {{ full_years('measured.birth_date', 'chain_ends.discharge_date') }}
            >= measured.age_from
    inner join parameters
        on
            chain_ends.period_end = parameters.period_end
            and chain_ends.measure_id = parameters.measure_id
            and chain_ends.discharge_date <= {{ dbt.dateadd(
                'day', '-parameters.last_days_left_out', 'chain_ends.period_end'
            ) }}
    where
        chain_ends.chain_rank = 1
        and not chain_ends.has_died
        and chain_ends.is_chain_asked_for
),

{{ enrolled_windows_ctes('discharges') }},

enrolled_discharges as (
    select discharges.*
    from discharges
    inner join enrolled_windows
        on
            discharges.person_id = enrolled_windows.person_id
            and discharges.window_start = enrolled_windows.window_start
            and discharges.window_end = enrolled_windows.window_end
)
{%- endmacro %}
