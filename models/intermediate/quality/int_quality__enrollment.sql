-- One row per period, person and rule of continuous enrolment: whether the person was
-- covered as the rule asks in each of its windows. A gap is the days of a window
-- before, between or after spans of coverage; a window without any is all gap.
with periods as (
    select * from {{ ref('int_quality__periods') }}
),

people as (
    select * from {{ ref('int_quality__measured_people') }}
),

coverage_spans as (
    select * from {{ ref('int_quality__coverage_spans') }}
),

rules as (
    select * from {{ ref('enrollment_rules') }}
),

-- Windows are few: they are the periods' and not the people's.
windows as (
    select
        periods.period_end,
        rules.enrollment_rule,
        rules.months_before,
        rules.gaps,
        rules.gap_days,
        cast(
            {{ dbt.dateadd(
                'month', '1 - rules.months - rules.months_before',
                dbt.date_trunc('month', 'periods.period_end')
            ) }} as date
        ) as window_start,
        cast(
            {{ dbt.dateadd(
                'day', -1,
                dbt.dateadd(
                    'month', '1 - rules.months_before',
                    dbt.date_trunc('month', 'periods.period_end')
                )
            ) }} as date
        ) as window_end
    from periods
    inner join rules
        on {{ is_in_force('rules', 'periods.period_end') }}
),

-- Spans of one person do not touch, so their start is a unique key.
spans as (
    select
        *,
        lag(span_end_date) over (
            partition by person_id
            order by span_start_date
        ) as span_before_end_date,
        lead(span_start_date) over (
            partition by person_id
            order by span_start_date
        ) as next_span_start_date
    from coverage_spans
),

covered as (
    select
        windows.*,
        people.person_id,
        spans.span_before_end_date,
        spans.next_span_start_date,
        case
            when spans.span_start_date > windows.window_start then spans.span_start_date
            when spans.person_id is not null then windows.window_start
        end as covered_from,
        case
            when spans.span_end_date < windows.window_end then spans.span_end_date
            when spans.person_id is not null then windows.window_end
        end as covered_to
    from people
    inner join windows
        on people.period_end = windows.period_end
    left join spans
        on
            people.person_id = spans.person_id
            and windows.window_end >= spans.span_start_date
            and windows.window_start <= spans.span_end_date
),

-- A span outside the window ends no gap in it.
gaps as (
    select
        *,
        case
            when span_before_end_date >= window_start
                then {{ dbt.datediff(
                    'span_before_end_date', 'covered_from', 'day'
                ) ~ ' - 1' }}
            else {{ dbt.datediff('window_start', 'covered_from', 'day') }}
        end as days_before,
        case
            when next_span_start_date <= window_end then 0
            else {{ dbt.datediff('covered_to', 'window_end', 'day') }}
        end as days_after
    from covered
),

judged as (
    select
        period_end,
        person_id,
        enrollment_rule,
        months_before,
        count(covered_from) > 0
        and max(days_before) <= max(gap_days)
        and max(days_after) <= max(gap_days)
        and count(*) filter (where days_before > 0)
        + count(*) filter (where days_after > 0) <= max(gaps) as is_enrolled
    from gaps
    group by
        period_end,
        person_id,
        enrollment_rule,
        months_before
),

final as (
    select
        period_end,
        person_id,
        enrollment_rule,
        bool_and(coalesce(is_enrolled, false)) as is_enrolled
    from judged
    group by
        period_end,
        person_id,
        enrollment_rule
)

select * from final
