-- One row per reading, as-of date, program, payer, person and practice that competed,
-- ranked: most distinct claims, then the most recent visit, then most service dates,
-- then most lines, then the lowest practice id, groups after all practices (A-06, A-07,
-- D1 to D3). Where visits are the unit, claims and service dates change places. The
-- practice id is unique within a person, so no tie is left. `default` is the run's own
-- reading; the others have rows for the people whom they affect.
with practice_visits as (
    select * from {{ ref('int_attribution__practice_visits') }}
),

alternative_visits as (
    select * from {{ ref('int_attribution__alternative_visits') }}
),

affected_people as (
    select * from {{ ref('int_attribution__affected_people') }}
    where scenario in ('attribution_unit', 'attribution_rule')
),

scenarios as (
    select * from {{ ref('int_attribution__scenarios') }}
),

practices as (
    select
        'default' as scenario,
        as_of_date,
        program,
        payer,
        person_id,
        practice_id,
        is_group,
        claims,
        service_dates,
        lines,
        first_visit_date,
        last_visit_date
    from practice_visits

    union all

    select
        affected_people.scenario,
        practice_visits.as_of_date,
        practice_visits.program,
        practice_visits.payer,
        practice_visits.person_id,
        practice_visits.practice_id,
        practice_visits.is_group,
        practice_visits.claims,
        practice_visits.service_dates,
        practice_visits.lines,
        practice_visits.first_visit_date,
        practice_visits.last_visit_date
    from practice_visits
    inner join affected_people
        on
            practice_visits.program = affected_people.program
            and practice_visits.payer = affected_people.payer
            and practice_visits.person_id = affected_people.person_id
    where practice_visits.is_run_as_of

    union all

    select
        scenario,
        as_of_date,
        program,
        payer,
        person_id,
        practice_id,
        is_group,
        claims,
        service_dates,
        lines,
        first_visit_date,
        last_visit_date
    from alternative_visits
),

united as (
    select
        practices.*,
        scenarios.attribution_rule,
        scenarios.attribution_unit,
        case
            when scenarios.attribution_unit = 'visit_dates' then practices.service_dates
            else practices.claims
        end as units,
        case
            when scenarios.attribution_unit = 'visit_dates' then practices.claims
            else practices.service_dates
        end as further_units
    from practices
    inner join scenarios
        on practices.scenario = scenarios.scenario
),

ranked as (
    select
        *,
        row_number() over (
            partition by scenario, as_of_date, program, payer, person_id
            order by
                units desc,
                last_visit_date desc,
                further_units desc,
                lines desc,
                is_group asc,
                practice_id asc
        ) as candidate_rank,
        count(*) over (
            partition by scenario, as_of_date, program, payer, person_id
        ) as candidates,
        sum(units) over (
            partition by scenario, as_of_date, program, payer, person_id
        ) as units_of_all_candidates
    from united
),

winners as (
    select * from ranked
    where candidate_rank = 1
),

-- The first step of the ladder at which a practice falls behind the winner.
final as (
    select
        ranked.scenario,
        ranked.as_of_date,
        ranked.program,
        ranked.payer,
        ranked.person_id,
        ranked.practice_id,
        ranked.is_group,
        ranked.candidate_rank,
        ranked.candidates,
        ranked.claims,
        ranked.service_dates,
        ranked.lines,
        ranked.first_visit_date,
        ranked.last_visit_date,
        ranked.units,
        ranked.units_of_all_candidates,
        ranked.units * 2 > ranked.units_of_all_candidates as is_majority,
        ranked.units * 2 > ranked.units_of_all_candidates
        or ranked.attribution_rule = 'plurality' as is_enough,
        case
            when ranked.candidate_rank = 1 then null
            when ranked.claims < winners.claims
                and ranked.attribution_unit = 'claims' then 'fewer_claims'
            when ranked.service_dates < winners.service_dates
                and ranked.attribution_unit = 'visit_dates' then 'fewer_service_dates'
            when ranked.last_visit_date < winners.last_visit_date
                then 'earlier_last_visit'
            when ranked.service_dates < winners.service_dates
                then 'fewer_service_dates'
            when ranked.claims < winners.claims then 'fewer_claims'
            when ranked.lines < winners.lines then 'fewer_lines'
            else 'higher_practice_id'
        end as lost_because
    from ranked
    inner join winners
        on
            ranked.scenario = winners.scenario
            and ranked.as_of_date = winners.as_of_date
            and ranked.program = winners.program
            and ranked.payer = winners.payer
            and ranked.person_id = winners.person_id
)

select * from final
