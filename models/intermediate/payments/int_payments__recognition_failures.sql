-- One row per recognition policy, practice and day on which neither recognition nor
-- engagement stands any more: what was due and came, when the medical home payment and
-- the Community Health Team's end, what extra time was paid for, and when recognition
-- was attained (H-01 to H-08, H-10; D18 to D25). All policies side by side; what is
-- paid follows the run's.
with events as (
    select * from {{ ref('int_payments__recognition_events') }}
),

policies as (
    select * from {{ ref('recognition_policies') }}
),

tracks as (
    select * from {{ ref('recognition_tracks') }}
),

time_frames as (
    select * from {{ ref('recognition_time_frames') }}
),

policy_endings as (
    select * from {{ ref('recognition_endings') }}
),

starts as (
    select * from events
    where starts is not null
),

failures as (
    select
        practice_id,
        event_date as failure_date,
        event_number as failure_number,
        role as failure_kind,
        standard,
        recognition_level,
        start_number,
        attainment_due_date,
        lead(start_number) over (
            partition by practice_id order by event_number
        ) as next_start_number
    from events
    where is_failure
),

-- The level and standard of the last recognition before it say which of the manual's
-- frames hold; where none is known, the failure's own.
last_recognitions as (
    select
        failures.practice_id,
        failures.failure_number,
        starts.standard,
        starts.recognition_level,
        row_number() over (
            partition by failures.practice_id, failures.failure_number
            order by starts.event_number desc
        ) as recognition_rank
    from failures
    inner join starts
        on
            failures.practice_id = starts.practice_id
            and failures.failure_number > starts.event_number
            and starts.role = 'recognition'
            and starts.standard is not null
),

described as (
    select
        failures.*,
        coalesce(last_recognitions.standard, failures.standard) as last_standard,
        coalesce(last_recognitions.recognition_level, failures.recognition_level)
            as last_level
    from failures
    left join last_recognitions
        on
            failures.practice_id = last_recognitions.practice_id
            and failures.failure_number = last_recognitions.failure_number
            and last_recognitions.recognition_rank = 1
),

-- The row that names both standard and level goes before one that names less.
ranked_tracks as (
    select
        described.practice_id,
        described.failure_number,
        tracks.track,
        row_number() over (
            partition by described.practice_id, described.failure_number
            order by
                tracks.recognition_level asc nulls last,
                tracks.standard asc nulls last,
                tracks.track asc
        ) as track_rank
    from described
    inner join tracks
        on
            described.failure_kind = tracks.failure_kind
            and {{ is_in_force('tracks', 'described.failure_date') }}
            and (
                tracks.standard is null
                or described.last_standard = tracks.standard
            )
            and (
                tracks.recognition_level is null
                or described.last_level = tracks.recognition_level
            )
),

-- A decision to postpone is the first since the last start; the shortfall is the day on
-- which NCQA's period was missed, known before the lapse or by it.
dated as (
    select
        described.practice_id,
        described.failure_number,
        min(
            case
                when
                    events.role = 'decision'
                    and events.event_number
                    between described.start_number and described.failure_number
                    then events.event_date
            end
        ) as decision_date,
        coalesce(
            min(
                case
                    when
                        events.role = 'not_attained'
                        and events.event_number
                        between described.start_number and described.failure_number
                        then events.event_date
                end
            ), max(described.failure_date)
        ) as shortfall_date,
        min(
            case
                when
                    events.role = 'recognition'
                    and events.event_number > described.failure_number
                    then events.event_date
            end
        ) as attained_date,
        min(
            case
                when
                    events.role = 'recognition'
                    and events.event_number > described.failure_number
                    then events.event_number
            end
        ) as attained_number
    from described
    inner join events
        on described.practice_id = events.practice_id
    group by
        described.practice_id,
        described.failure_number
),

known as (
    select
        policies.policy_id,
        described.*,
        ranked_tracks.track,
        dated.decision_date,
        dated.shortfall_date,
        dated.attained_date,
        dated.attained_number
    from described
    cross join policies
    inner join ranked_tracks
        on
            described.practice_id = ranked_tracks.practice_id
            and described.failure_number = ranked_tracks.failure_number
            and ranked_tracks.track_rank = 1
    inner join dated
        on
            described.practice_id = dated.practice_id
            and described.failure_number = dated.failure_number
),

-- One clock of two: the decision's where the scoring was postponed.
due_dates as (
    select
        known.policy_id,
        known.practice_id,
        known.failure_number,
        coalesce(
            max(
                case
                    when time_frames.counted_from = 'decision'
                        then {{ frame_end(
                            'known.decision_date', 'time_frames.unit',
                            'time_frames.units'
                        ) }}
                end
            ),
            max(
                case
                    when time_frames.counted_from = 'shortfall'
                        then {{ frame_end(
                            'known.shortfall_date', 'time_frames.unit',
                            'time_frames.units'
                        ) }}
                    when time_frames.counted_from = 'failure'
                        then {{ frame_end(
                            'known.failure_date', 'time_frames.unit',
                            'time_frames.units'
                        ) }}
                end
            )
        ) as plan_due_date
    from known
    inner join time_frames
        on
            known.policy_id = time_frames.policy_id
            and known.track = time_frames.track
            and time_frames.time_frame = 'plan_due'
            and {{ is_in_force('time_frames', 'known.failure_date') }}
    group by
        known.policy_id,
        known.practice_id,
        known.failure_number
),

-- What counts from the day on which a plan is due counts from the failure where that is
-- later: until it the practice is recognised or engaged (F-00).
due as (
    select
        known.*,
        due_dates.plan_due_date,
        greatest(due_dates.plan_due_date, known.failure_date) as decline_date
    from known
    inner join due_dates
        on
            known.policy_id = due_dates.policy_id
            and known.practice_id = due_dates.practice_id
            and known.failure_number = due_dates.failure_number
),

-- A plan is of the first failure whose time it falls into.
plans as (
    select
        due.policy_id,
        due.practice_id,
        due.failure_number,
        events.event_date,
        events.has_whole_plan,
        events.event_date <= due.plan_due_date as is_in_time,
        row_number() over (
            partition by due.policy_id, due.practice_id, events.event_number
            order by due.failure_number asc
        ) as failure_rank
    from due
    inner join events
        on
            due.practice_id = events.practice_id
            and events.role = 'plan'
            and due.start_number < events.event_number
            and (
                due.next_start_number is null
                or due.next_start_number > events.event_number
                or due.plan_due_date >= events.event_date
            )
),

plans_of_failures as (
    select
        policy_id,
        practice_id,
        failure_number,
        min(event_date) as plan_submitted_date,
        min(case when has_whole_plan then event_date end) as plan_complete_date,
        coalesce(max(case when is_in_time and has_whole_plan then 1 end), 0)
            as whole_plans_in_time,
        coalesce(max(case when is_in_time then 1 end), 0) as plans_in_time
    from plans
    where failure_rank = 1
    group by
        policy_id,
        practice_id,
        failure_number
),

-- Extra time is that of the first fee since the last start, before recognition.
fees as (
    select
        due.policy_id,
        due.practice_id,
        due.failure_number,
        min(events.event_date) as fee_date
    from due
    inner join events
        on
            due.practice_id = events.practice_id
            and events.role = 'fee'
            and due.start_number < events.event_number
            and (
                due.next_start_number is null
                or due.next_start_number > events.event_number
            )
            and (
                due.attained_number is null
                or due.attained_number > events.event_number
            )
    group by
        due.policy_id,
        due.practice_id,
        due.failure_number
),

extensions as (
    select
        due.policy_id,
        due.practice_id,
        due.failure_number,
        fees.fee_date,
        {{ frame_end('fees.fee_date', 'time_frames.unit', 'time_frames.units') }}
            as extension_end_date
    from due
    inner join fees
        on
            due.policy_id = fees.policy_id
            and due.practice_id = fees.practice_id
            and due.failure_number = fees.failure_number
    inner join time_frames
        on
            due.policy_id = time_frames.policy_id
            and due.track = time_frames.track
            and time_frames.time_frame = 'extension'
            and {{ is_in_force('time_frames', 'fees.fee_date') }}
),

planned as (
    select
        due.*,
        plans_of_failures.plan_submitted_date,
        plans_of_failures.plan_complete_date,
        case
            when plans_of_failures.whole_plans_in_time = 1 then 'complete'
            when plans_of_failures.plans_in_time = 1 then 'incomplete'
            when plans_of_failures.plan_submitted_date is not null then 'late'
            else 'none'
        end as plan_status,
        extensions.fee_date,
        extensions.extension_end_date
    from due
    left join plans_of_failures
        on
            due.policy_id = plans_of_failures.policy_id
            and due.practice_id = plans_of_failures.practice_id
            and due.failure_number = plans_of_failures.failure_number
    left join extensions
        on
            due.policy_id = extensions.policy_id
            and due.practice_id = extensions.practice_id
            and due.failure_number = extensions.failure_number
),

possible_endings as (
    select
        planned.policy_id,
        planned.practice_id,
        planned.failure_number,
        planned.plan_status,
        policy_endings.payment,
        policy_endings.condition,
        {{ frame_end(
            "case policy_endings.counted_from when 'plan_due' "
            ~ "then planned.decline_date else planned.failure_date end",
            'policy_endings.unit', 'policy_endings.units'
        ) }} as end_date
    from planned
    inner join policy_endings
        on
            planned.policy_id = policy_endings.policy_id
            and planned.failure_kind = policy_endings.failure_kind
            and {{ is_in_force('policy_endings', 'planned.failure_date') }}
),

-- Progress counts in the quarter with which payment would end without it.
attested_endings as (
    select distinct
        possible_endings.practice_id,
        possible_endings.end_date
    from possible_endings
    inner join events
        on
            possible_endings.practice_id = events.practice_id
            and events.role = 'progress'
            and events.event_date between
            {{ dbt.date_trunc('quarter', 'possible_endings.end_date') }}
            and possible_endings.end_date
),

-- Of the endings whose condition holds the first one ends a payment.
end_dates as (
    select
        possible_endings.policy_id,
        possible_endings.practice_id,
        possible_endings.failure_number,
        min(
            case
                when possible_endings.payment = 'pppm' then possible_endings.end_date
            end
        ) as pppm_end_date,
        min(
            case
                when possible_endings.payment = 'cht' then possible_endings.end_date
            end
        ) as cht_end_date
    from possible_endings
    left join attested_endings
        on
            possible_endings.practice_id = attested_endings.practice_id
            and possible_endings.end_date = attested_endings.end_date
    where
        possible_endings.condition = 'always'
        or (
            possible_endings.condition = 'no_plan'
            and possible_endings.plan_status <> 'complete'
        )
        or (
            possible_endings.condition = 'no_progress'
            and attested_endings.end_date is null
        )
    group by
        possible_endings.policy_id,
        possible_endings.practice_id,
        possible_endings.failure_number
),

-- Pay goes on where recognition came before its end, and extra time is won where it
-- came within it. A shortfall that was told during extra time ends its pay with the
-- month; one that was not, the time itself.
shortfalls as (
    select
        planned.policy_id,
        planned.practice_id,
        planned.failure_number,
        min(events.event_date) as told_date
    from planned
    inner join events
        on
            planned.practice_id = events.practice_id
            and planned.failure_number < events.event_number
            and events.role = 'not_attained'
            and events.event_date
            between planned.fee_date and planned.extension_end_date
    group by
        planned.policy_id,
        planned.practice_id,
        planned.failure_number
),

final as (
    select
        planned.policy_id,
        planned.practice_id,
        planned.failure_date,
        planned.failure_number,
        planned.failure_kind,
        planned.track,
        planned.last_standard as standard,
        planned.last_level as recognition_level,
        attainment_frames.units as attainment_months,
        planned.attainment_due_date,
        planned.decision_date,
        planned.shortfall_date,
        planned.plan_due_date,
        planned.decline_date,
        planned.plan_submitted_date,
        planned.plan_complete_date,
        planned.plan_status,
        end_dates.pppm_end_date,
        coalesce(planned.attained_date > end_dates.pppm_end_date, true)
            as is_pppm_ended,
        end_dates.cht_end_date,
        planned.fee_date,
        planned.extension_end_date,
        coalesce(planned.attained_date <= planned.extension_end_date, false)
            as is_extension_won,
        case
            when planned.attained_date <= planned.extension_end_date then null
            else
                cast({{ dbt.last_day(
                    'coalesce(shortfalls.told_date, planned.extension_end_date)',
                    'month'
                ) }} as date)
        end as extension_paid_until,
        case
            when
                planned.extension_end_date > end_dates.pppm_end_date
                and coalesce(
                    planned.attained_date > planned.extension_end_date, true
                )
                then {{ day_after('planned.extension_end_date') }}
        end as recoup_date,
        planned.attained_date,
        {{ month_on_or_after('planned.attained_date') }} as cht_restored_from
    from planned
    left join time_frames as attainment_frames
        on
            planned.policy_id = attainment_frames.policy_id
            and planned.track = attainment_frames.track
            and attainment_frames.time_frame = 'attainment'
            and {{ is_in_force('attainment_frames', 'planned.failure_date') }}
    left join end_dates
        on
            planned.policy_id = end_dates.policy_id
            and planned.practice_id = end_dates.practice_id
            and planned.failure_number = end_dates.failure_number
    left join shortfalls
        on
            planned.policy_id = shortfalls.policy_id
            and planned.practice_id = shortfalls.practice_id
            and planned.failure_number = shortfalls.failure_number
)

select * from final
