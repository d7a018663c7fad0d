-- One row per as-of date, program, payer and person covered on the day: the practice
-- the person is attributed to, by which step, or why to none (design, "Which claims
-- count for whom, exactly").
with coverage as (
    select * from {{ ref('int_attribution__coverage') }}
),

assignments as (
    select * from {{ ref('int_attribution__assignments') }}
    where scenario = 'default'
),

claims_without_practice as (
    select * from {{ ref('int_attribution__claims_without_practice') }}
),

practices as (
    select * from {{ ref('int_program__practices_as_of') }}
),

final as (
    select
        coverage.as_of_date,
        coverage.program,
        coverage.payer,
        coverage.person_id,
        coverage.payer_type,
        coverage.plan,
        assignments.practice_id,
        practices.hsa,
        case
            when assignments.practice_id is null then 'none'
            when coverage.selected_pcp_npi is not null then 'pcp_selection'
            else 'claims'
        end as method,
        case
            when not coverage.is_eligible then coverage.ineligible_because
            when assignments.practice_id is not null then 'attributed'
            when coverage.selected_pcp_npi is not null then 'selected_pcp_off_roster'
            when assignments.lost_because is not null then assignments.lost_because
            when claims_without_practice.has_practice is null
                then 'no_qualifying_claim'
            when not claims_without_practice.has_practice
                then 'only_providers_off_roster'
            else 'no_qualifying_provider'
        end as reason,
        case
            when assignments.practice_id is not null then assignments.decided_by
        end as decided_by,
        coverage.is_eligible,
        assignments.share_of_claims,
        assignments.is_majority,
        assignments.qualifying_claims,
        assignments.last_visit_date
    from coverage
    inner join assignments
        on
            coverage.as_of_date = assignments.as_of_date
            and coverage.program = assignments.program
            and coverage.payer = assignments.payer
            and coverage.person_id = assignments.person_id
    left join claims_without_practice
        on
            coverage.as_of_date = claims_without_practice.as_of_date
            and coverage.program = claims_without_practice.program
            and coverage.payer = claims_without_practice.payer
            and coverage.person_id = claims_without_practice.person_id
    left join practices
        on
            assignments.as_of_date = practices.as_of_date
            and assignments.practice_id = practices.practice_id
)

select * from final
