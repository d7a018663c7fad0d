-- One row per practice, date and event of recognition: its place in the practice's
-- history, what stands after it (recognition, engagement), and whether it ends the last
-- of the two, which is a failure (E-03, E-04, H-03). Recognition stands until it
-- lapses, engagement until recognition is attained or not: a practice that lapses while
-- its twelve months of engagement run goes on as engaged, and one that is not
-- recognised under a new standard in time, by the old one.
with events as (
    select * from {{ ref('stg_practice_recognition') }}
),

effects as (
    select * from {{ ref('recognition_event_effects') }}
),

time_frames as (
    select * from {{ ref('recognition_time_frames') }}
    where
        policy_id = '{{ var("recognition_policy") }}'
        and time_frame = 'attainment'
        and counted_from = 'engagement'
),

survey_frames as (
    select * from {{ ref('recognition_time_frames') }}
    where
        policy_id = '{{ var("recognition_policy") }}'
        and time_frame = 'interim_survey'
),

-- Of events on one day what ends comes before what starts, and engagement before
-- recognition, so that the better news stands; the event's name makes it one order.
numbered as (
    select
        events.*,
        effects.role,
        effects.starts,
        effects.ends,
        effects.is_pay_start,
        row_number() over (
            partition by events.practice_id
            order by
                events.event_date asc,
                case when effects.starts is null then 0 else 1 end asc,
                effects.role asc,
                events.event asc
        ) as event_number
    from events
    inner join effects
        on
            events.event = effects.event
            and {{ is_in_force('effects', 'events.event_date') }}
),

-- What started and ended last, up to and with each event. An engagement's run is what
-- lies between two ends of one.
reached as (
    select
        *,
        max(case when starts = 'recognition' then event_number end)
            over up_to_now as recognition_number,
        max(case when ends = 'recognition' then event_number end)
            over up_to_now as lapse_number,
        max(case when starts = 'engagement' then event_number end)
            over up_to_now as engagement_number,
        max(case when ends = 'engagement' then event_number end)
            over up_to_now as engagement_end_number,
        max(case when starts is not null then event_number end)
            over up_to_now as start_number,
        count(case when ends = 'engagement' then 1 end) over up_to_now
            as engagement_run,
        max(case when role = 'survey' then event_number end) over (
            partition by practice_id
            order by event_number
            rows between unbounded preceding and 1 preceding
        ) as earlier_survey_number
    from numbered
    window
        up_to_now as (
            partition by practice_id
            order by event_number
            rows between unbounded preceding and current row
        )
),

-- An engagement runs from its submission (E-04), or where that is not known from its
-- transmission.
standing as (
    select
        *,
        coalesce(recognition_number > coalesce(lapse_number, 0), false)
            as is_recognised,
        coalesce(engagement_number > coalesce(engagement_end_number, 0), false)
            as is_engaging,
        coalesce(
            max(case when event = 'engagement_submitted' then event_date end)
                over run_up_to_now,
            min(case when starts = 'engagement' then event_date end) over run_up_to_now
        ) as engagement_date
    from reached
    window
        run_up_to_now as (
            partition by practice_id, engagement_run
            order by event_number
            rows between unbounded preceding and current row
        )
),

changes as (
    select
        standing.*,
        {{ frame_end(
            'standing.engagement_date', 'time_frames.unit', 'time_frames.units'
        ) }} as attainment_due_date,
        coalesce(
            lag(standing.is_recognised) over (
                partition by standing.practice_id order by standing.event_number
            ), false
        ) as was_recognised,
        coalesce(
            lag(standing.is_engaging) over (
                partition by standing.practice_id order by standing.event_number
            ), false
        ) as was_engaging
    from standing
    left join time_frames
        on {{ is_in_force('time_frames', 'standing.event_date') }}
),

endings as (
    select
        *,
        case
            when role = 'lapse' and was_recognised
                then not is_engaging or event_date > attainment_due_date
            when role = 'not_attained' and was_engaging then not is_recognised
            else false
        end as ends_all
    from changes
),

-- What ends after an end, with no start between, is no failure of its own: the extra
-- time that a fee bought ran out.
preceded as (
    select
        *,
        max(case when ends_all then event_number end) over (
            partition by practice_id
            order by event_number
            rows between unbounded preceding and 1 preceding
        ) as earlier_end_number
    from endings
),

failing as (
    select
        *,
        ends_all and start_number > coalesce(earlier_end_number, 0) as is_failure
    from preceded
),

stated as (
    select
        *,
        max(case when is_failure then event_number end) over up_to_now
            as failure_number
    from failing
    window
        up_to_now as (
            partition by practice_id
            order by event_number
            rows between unbounded preceding and current row
        )
),

final as (
    select
        stated.practice_id,
        stated.event_date,
        stated.event,
        stated.event_number,
        stated.role,
        stated.starts,
        stated.is_pay_start,
        stated.is_failure,
        case
            when stated.is_recognised then 'recognised'
            when coalesce(stated.start_number > stated.failure_number, true)
                and stated.is_engaging
                then 'engaging'
            when failures.role = 'lapse' then 'lapsed'
            when failures.role = 'not_attained' then 'not_attained'
            else 'not_started'
        end as state,
        stated.start_number,
        stated.attainment_due_date,
        stated.standard,
        stated.recognition_level,
        coalesce(
            stated.has_reasons and stated.has_improvement_plan and stated.has_timeline,
            false
        ) as has_whole_plan,
        stated.role = 'survey'
        and coalesce(
            {{ frame_end(
                'surveys.event_date', 'survey_frames.unit', 'survey_frames.units'
            ) }} > stated.event_date, false
        ) as is_survey_too_soon
    from stated
    left join stated as failures
        on
            stated.practice_id = failures.practice_id
            and stated.failure_number = failures.event_number
    left join survey_frames
        on {{ is_in_force('survey_frames', 'stated.event_date') }}
    left join stated as surveys
        on
            stated.practice_id = surveys.practice_id
            and stated.earlier_survey_number = surveys.event_number
)

select * from final
