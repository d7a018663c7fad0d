-- One row per period, measure, person, role, part, day, code and record that a measure
-- of results (`design` = result) reads of whom it looks at: results and whether they
-- meet its threshold, codes that say so without a number, and follow-ups. What was
-- taken outside the measure's months, before the diagnosis or during stays that it
-- leaves out is not there (Core-16, 17, 19, 20, 36, 38, 39, 40).
with people as (
    select * from {{ ref('int_quality__eligible_people') }}
    where design = 'result'
),

value_set_windows as (
    select * from {{ ref('int_quality__value_set_windows') }}
    where design = 'result'
),

parameters as (
    select * from {{ ref('int_quality__parameters') }}
),

answers as (
    select * from {{ ref('int_quality__answers') }}
),

-- A threshold is named by its side and the value set whose results it is for.
thresholds as (
    select
        period_end,
        measure_id,
        split_part(parameter, '.', 2) as value_set,
        max(value) filter (where split_part(parameter, '.', 1) = 'result_from')
            as result_from,
        max(value) filter (where split_part(parameter, '.', 1) = 'result_below')
            as result_below,
        max(value) filter (where split_part(parameter, '.', 1) = 'result_above')
            as result_above
    from parameters
    where split_part(parameter, '.', 2) <> ''
    group by
        period_end,
        measure_id,
        split_part(parameter, '.', 2)
),

settings as (
    select
        period_end,
        measure_id,
        cast(
            max(value) filter (where parameter = 'months_before') as integer
        ) as months_before,
        cast(
            max(value) filter (where parameter = 'months_before_visit') as integer
        ) as months_before_visit,
        coalesce(
            max(value) filter (where parameter = 'is_read_from_diagnosis') = 1, false
        ) as is_read_from_diagnosis
    from parameters
    group by
        period_end,
        measure_id
),

windows as (
    select
        value_set_windows.period_end,
        value_set_windows.measure_id,
        value_set_windows.role,
        value_set_windows.part,
        value_set_windows.value_set,
        value_set_windows.window_start,
        cast(
            {{ dbt.dateadd(
                'day', -1,
                dbt.dateadd(
                    'month', '1 - coalesce(settings.months_before, 0)',
                    dbt.date_trunc('month', 'value_set_windows.period_end')
                )
            ) }} as date
        ) as window_end,
        thresholds.result_from,
        thresholds.result_below,
        thresholds.result_above
    from value_set_windows
    left join settings
        on
            value_set_windows.period_end = settings.period_end
            and value_set_windows.measure_id = settings.measure_id
    left join thresholds
        on
            value_set_windows.period_end = thresholds.period_end
            and value_set_windows.measure_id = thresholds.measure_id
            and value_set_windows.value_set = thresholds.value_set
),

events as (
    select events.*
    from {{ ref('int_quality__events_as_of') }} as events
    semi join windows
        on events.value_set = windows.value_set
),

coded as (
    select
        events.period_end,
        events.person_id,
        windows.measure_id,
        windows.role,
        windows.part,
        events.record_id,
        events.event_date,
        events.end_date,
        events.code,
        events.result,
        coalesce(events.result >= windows.result_from, true)
        and coalesce(events.result < windows.result_below, true)
        and coalesce(events.result > windows.result_above, true) as is_within
    from events
    inner join windows
        on
            events.period_end = windows.period_end
            and events.value_set = windows.value_set
            and events.event_date between windows.window_start and windows.window_end

    union all

    select
        answers.period_end,
        answers.person_id,
        windows.measure_id,
        windows.role,
        windows.part,
        answers.record_id,
        answers.event_date,
        answers.event_date as end_date,
        answers.code,
        cast(null as decimal(18, 4)) as result,
        true as is_within
    from answers
    inner join windows
        on
            answers.period_end = windows.period_end
            and answers.value_set = windows.value_set
            and answers.event_date between windows.window_start and windows.window_end
),

-- The last visit, where the measure counts back from it.
visits as (
    select
        period_end,
        measure_id,
        person_id,
        max(event_date) as visit_date
    from coded
    where role = 'visit'
    group by
        period_end,
        measure_id,
        person_id
),

bounded_people as (
    select
        people.period_end,
        people.measure_id,
        people.person_id,
        case
            when settings.is_read_from_diagnosis then people.denominator_date
            else
                cast(
                    {{ dbt.dateadd(
                        'month', '0 - settings.months_before_visit', 'visits.visit_date'
                    ) }} as date
                )
        end as read_from,
        case
            when settings.months_before_visit is null then people.period_end
            else visits.visit_date
        end as read_to
    from people
    left join settings
        on
            people.period_end = settings.period_end
            and people.measure_id = settings.measure_id
    left join visits
        on
            people.period_end = visits.period_end
            and people.measure_id = visits.measure_id
            and people.person_id = visits.person_id
),

left_out as (
    select * from coded
    where role = 'not during'
),

kept as (
    select distinct
        coded.period_end,
        coded.measure_id,
        coded.person_id,
        coded.role,
        coded.part,
        coded.event_date,
        coded.record_id,
        coded.code,
        coded.result,
        case
            when coded.role = 'result' then coded.is_within
            when coded.role in ('met', 'not met') then coded.role = 'met'
        end as is_met
    from coded
    inner join bounded_people
        on
            coded.period_end = bounded_people.period_end
            and coded.measure_id = bounded_people.measure_id
            and coded.person_id = bounded_people.person_id
            and coded.event_date
            >= coalesce(bounded_people.read_from, coded.event_date)
            and coded.event_date <= bounded_people.read_to
    where
        coded.role in ('met', 'not met', 'follow-up')
        or (coded.role = 'result' and coded.result is not null)
),

final as (
    select kept.*
    from kept
    left join left_out
        on
            kept.period_end = left_out.period_end
            and kept.measure_id = left_out.measure_id
            and kept.person_id = left_out.person_id
            and kept.event_date between left_out.event_date and left_out.end_date
    where left_out.person_id is null
)

select * from final
