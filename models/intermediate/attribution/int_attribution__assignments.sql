-- One row per reading, as-of date, program, payer and person: the practice that the
-- person is attributed to, if any, and what decided. `default` has everyone covered on
-- the day; the other readings have the people whom they affect (A-03, A-06, D1, D5).
with coverage as (
    select * from {{ ref('int_attribution__coverage') }}
),

affected_people as (
    select * from {{ ref('int_attribution__affected_people') }}
),

as_of_dates as (
    select * from {{ ref('int_calendar__as_of_dates') }}
),

candidates as (
    select * from {{ ref('int_attribution__candidates') }}
),

winners as (
    select * from candidates
    where candidate_rank = 1
),

runners_up as (
    select * from candidates
    where candidate_rank = 2
),

selected_practices as (
    select * from {{ ref('int_attribution__selected_practices') }}
    where is_default
),

people as (
    select
        'default' as scenario,
        as_of_date,
        program,
        payer,
        person_id,
        selected_pcp_npi
    from coverage

    union all

    select
        affected_people.scenario,
        coverage.as_of_date,
        coverage.program,
        coverage.payer,
        coverage.person_id,
        coverage.selected_pcp_npi
    from affected_people
    inner join coverage
        on
            affected_people.program = coverage.program
            and affected_people.payer = coverage.payer
            and affected_people.person_id = coverage.person_id
    inner join as_of_dates
        on
            coverage.as_of_date = as_of_dates.as_of_date
            and as_of_dates.is_run_as_of
),

-- Whoever selected a PCP is not asked for a majority; a group is no practice to be
-- attributed to.
final as (
    select
        people.scenario,
        people.as_of_date,
        people.program,
        people.payer,
        people.person_id,
        case
            when people.selected_pcp_npi is not null
                then coalesce(winners.practice_id, selected_practices.practice_id)
            when winners.is_enough and not winners.is_group then winners.practice_id
        end as practice_id,
        case
            when people.selected_pcp_npi is not null then null
            when winners.is_group then 'non_blueprint_practice'
            when not winners.is_enough then 'no_majority'
        end as lost_because,
        case
            when people.selected_pcp_npi is not null then 'selection'
            when runners_up.lost_because is null then 'only_one'
            when runners_up.lost_because = 'fewer_claims' then 'most_claims'
            when runners_up.lost_because = 'earlier_last_visit' then 'most_recent'
            when runners_up.lost_because = 'fewer_service_dates'
                then 'most_service_dates'
            when runners_up.lost_because = 'fewer_lines' then 'most_lines'
            else 'lowest_practice_id'
        end as decided_by,
        winners.claims as qualifying_claims,
        cast(
            cast(winners.units as double)
            / winners.units_of_all_candidates as decimal(7, 6)
        ) as share_of_claims,
        winners.is_majority,
        winners.last_visit_date
    from people
    left join winners
        on
            people.scenario = winners.scenario
            and people.as_of_date = winners.as_of_date
            and people.program = winners.program
            and people.payer = winners.payer
            and people.person_id = winners.person_id
    left join runners_up
        on
            people.scenario = runners_up.scenario
            and people.as_of_date = runners_up.as_of_date
            and people.program = runners_up.program
            and people.payer = runners_up.payer
            and people.person_id = runners_up.person_id
    left join selected_practices
        on
            people.as_of_date = selected_practices.as_of_date
            and people.program = selected_practices.program
            and people.payer = selected_practices.payer
            and people.person_id = selected_practices.person_id
)

select * from final
