-- One row per payment month and practice: the team that its patients count for, and
-- the part of the payment that stands (F-00, F-05, F-06, G-04, D26). What changes
-- within a quarter changes the payment from the first day of the next, or on which;
-- within the quarter in which a team starts, from the team's first month.
with payment_months as (
    select * from {{ ref('int_calendar__payment_months') }}
),

practices as (
    select * from {{ ref('stg_practice') }}
),

teams as (
    select * from {{ ref('int_payments__cht_teams') }}
),

factors as (
    select * from {{ ref('int_payments__cht_factors') }}
),

recognition as (
    select * from {{ ref('stg_practice_recognition') }}
),

event_effects as (
    select * from {{ ref('recognition_event_effects') }}
),

first_starts as (
    select
        recognition.practice_id,
        min(recognition.event_date) as first_start_date
    from recognition
    inner join event_effects
        on
            recognition.event = event_effects.event
            and event_effects.is_pay_start
    group by recognition.practice_id
),

quarters as (
    select
        payment_month,
        as_of_date,
        cast({{ dbt.date_trunc('quarter', 'payment_month') }} as date)
            as quarter_start
    from payment_months
),

-- The period in force on the first day of the quarter, or the nearest one, as
-- int_program__practices_as_of has it for as-of dates.
ranked as (
    select
        quarters.payment_month,
        quarters.as_of_date,
        quarters.quarter_start,
        practices.practice_id,
        practices.administrative_entity_id,
        practices.hsa,
        row_number() over (
            partition by quarters.payment_month, practices.practice_id
            order by
                case
                    when
                        coalesce(practices.start_date, quarters.quarter_start)
                        > quarters.quarter_start then 3
                    when
                        coalesce(practices.end_date, quarters.quarter_start)
                        < quarters.quarter_start then 2
                    else 1
                end,
                case
                    when practices.start_date > quarters.quarter_start
                        then practices.start_date
                end nulls first,
                practices.start_date desc nulls last
        ) as period_rank
    from practices
    cross join quarters
),

placed as (
    select
        ranked.payment_month,
        ranked.as_of_date,
        ranked.practice_id,
        ranked.administrative_entity_id,
        ranked.hsa,
        teams.administrative_entity_id is not null as has_team,
        teams.first_month as team_first_month,
        first_starts.first_start_date,
        case
            when
                teams.first_month > ranked.quarter_start
                and teams.first_month <= ranked.payment_month
                then teams.first_month
            else ranked.quarter_start
        end as factor_month
    from ranked
    left join teams
        on
            ranked.administrative_entity_id = teams.administrative_entity_id
            and ranked.hsa = teams.hsa
    left join first_starts
        on ranked.practice_id = first_starts.practice_id
    where ranked.period_rank = 1
),

-- A practice that starts on the day itself has its full part from that day, although
-- its own payment starts a month later (D26).
judged as (
    select
        placed.*,
        case
            when placed.first_start_date = placed.factor_month then 'paid'
            else factors.status
        end as practice_status,
        cast(
            case
                when placed.first_start_date = placed.factor_month then 1
                else coalesce(factors.factor, 0)
            end as decimal(5, 4)
        ) as practice_factor
    from placed
    left join factors
        on
            placed.factor_month = factors.payment_month
            and placed.practice_id = factors.practice_id
),

final as (
    select
        payment_month,
        practice_id,
        as_of_date,
        administrative_entity_id,
        hsa,
        first_start_date,
        factor_month,
        team_first_month,
        case
            when not has_team then 'no_team'
            when coalesce(team_first_month > payment_month, true)
                then 'team_not_started'
            else practice_status
        end as status,
        cast(
            case
                when team_first_month <= payment_month then practice_factor
                else 0
            end as decimal(5, 4)
        ) as factor
    from judged
)

select * from final
