-- One row per as-of date, program, payer and person covered on the day: the practice
-- the person is attributed to, by which step, or why to none (design, "Which claims
-- count for whom, exactly").
with coverage as (
    select * from {{ ref('int_attribution__coverage') }}
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

claims_without_practice as (
    select * from {{ ref('int_attribution__claims_without_practice') }}
),

practices as (
    select * from {{ ref('int_program__practices_as_of') }}
),

assigned as (
    select
        coverage.*,
        case
            when coverage.selected_pcp_npi is not null
                then coalesce(winners.practice_id, selected_practices.practice_id)
            else winners.practice_id
        end as practice_id,
        winners.claims as qualifying_claims,
        winners.claims_of_all_candidates,
        winners.last_visit_date,
        runners_up.lost_because as runner_up_lost_because,
        claims_without_practice.has_roster_lines
    from coverage
    left join winners
        on
            coverage.as_of_date = winners.as_of_date
            and coverage.program = winners.program
            and coverage.payer = winners.payer
            and coverage.person_id = winners.person_id
    left join runners_up
        on
            coverage.as_of_date = runners_up.as_of_date
            and coverage.program = runners_up.program
            and coverage.payer = runners_up.payer
            and coverage.person_id = runners_up.person_id
    left join selected_practices
        on
            coverage.as_of_date = selected_practices.as_of_date
            and coverage.program = selected_practices.program
            and coverage.payer = selected_practices.payer
            and coverage.person_id = selected_practices.person_id
    left join claims_without_practice
        on
            coverage.as_of_date = claims_without_practice.as_of_date
            and coverage.program = claims_without_practice.program
            and coverage.payer = claims_without_practice.payer
            and coverage.person_id = claims_without_practice.person_id
),

final as (
    select
        assigned.as_of_date,
        assigned.program,
        assigned.payer,
        assigned.person_id,
        assigned.payer_type,
        assigned.plan,
        assigned.practice_id,
        practices.hsa,
        case
            when assigned.practice_id is null then 'none'
            when assigned.selected_pcp_npi is not null then 'pcp_selection'
            else 'claims'
        end as method,
        case
            when not assigned.is_eligible then assigned.ineligible_because
            when assigned.practice_id is not null then 'attributed'
            when assigned.selected_pcp_npi is not null then 'selected_pcp_off_roster'
            when assigned.has_roster_lines is null then 'no_qualifying_claim'
            when not assigned.has_roster_lines then 'only_providers_off_roster'
            else 'no_qualifying_provider'
        end as reason,
        case
            when assigned.practice_id is null then null
            when assigned.selected_pcp_npi is not null then 'selection'
            when assigned.runner_up_lost_because is null then 'only_one'
            when assigned.runner_up_lost_because = 'fewer_claims' then 'most_claims'
            when assigned.runner_up_lost_because = 'earlier_last_visit'
                then 'most_recent'
            when assigned.runner_up_lost_because = 'fewer_service_dates'
                then 'most_service_dates'
            when assigned.runner_up_lost_because = 'fewer_lines' then 'most_lines'
            else 'lowest_practice_id'
        end as decided_by,
        assigned.is_eligible,
        cast(
            cast(assigned.qualifying_claims as double)
            / assigned.claims_of_all_candidates as decimal(7, 6)
        ) as share_of_claims,
        assigned.qualifying_claims * 2 > assigned.claims_of_all_candidates
            as is_majority,
        assigned.qualifying_claims,
        assigned.last_visit_date
    from assigned
    left join practices
        on
            assigned.as_of_date = practices.as_of_date
            and assigned.practice_id = practices.practice_id
)

select * from final
