-- One row per administrative entity and Health Service Area with practices or a
-- Community Health Team: the first month for which payers pay the team (F-06, D26,
-- G-05). A month that begins on the very day counts. A team that lands without a date
-- has long been at work; an area without a team is paid nothing.
with teams as (
    select * from {{ ref('stg_cht') }}
),

practices as (
    select distinct
        practice_id,
        administrative_entity_id,
        hsa
    from {{ ref('stg_practice') }}
),

recognition as (
    select * from {{ ref('stg_practice_recognition') }}
),

event_effects as (
    select * from {{ ref('recognition_event_effects') }}
),

-- What payers are told of the first of a team's practices is their notice of the team.
notices as (
    select
        practices.administrative_entity_id,
        practices.hsa,
        min(recognition.event_date) as notice_date
    from practices
    inner join recognition
        on practices.practice_id = recognition.practice_id
    inner join event_effects
        on
            recognition.event = event_effects.event
            and event_effects.is_pay_start
    group by
        practices.administrative_entity_id,
        practices.hsa
),

dated as (
    select
        teams.administrative_entity_id,
        teams.hsa,
        teams.operations_start_date,
        teams.fte_filled,
        notices.notice_date,
        -- The greater of two days skips one that is not there: without a notice there
        -- is no day at all.
        case
            when notices.notice_date is not null
                then
                    greatest(
                        notices.notice_date,
                        coalesce(teams.operations_start_date, notices.notice_date)
                    )
        end as ready_date
    from teams
    left join notices
        on
            teams.administrative_entity_id = notices.administrative_entity_id
            and teams.hsa = notices.hsa
),

final as (
    select
        administrative_entity_id,
        hsa,
        operations_start_date,
        notice_date,
        cast(
            case
                when
                    ready_date
                    = cast({{ dbt.date_trunc('month', 'ready_date') }} as date)
                    then ready_date
                else
                    {{ dbt.dateadd(
                        'month', 1, dbt.date_trunc('month', 'ready_date')
                    ) }}
            end as date
        ) as first_month,
        fte_filled
    from dated
)

select * from final
