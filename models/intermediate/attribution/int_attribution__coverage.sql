-- One row per as-of date, program, payer and person covered on that day: whether the
-- person is eligible for attribution, and if not which test failed first (A-02, D6 to
-- D9, D75). A person with two primary coverages has a row for each payer.
with eligibility as (
    select * from {{ ref('stg_eligibility') }}
),

as_of_dates as (
    select * from {{ ref('int_calendar__as_of_dates') }}
),

payers as (
    select * from {{ ref('int_program__payers_as_of') }}
),

scopes as (
    select * from {{ ref('attribution_algorithm_scopes') }}
),

programs as (
    select distinct program from scopes
),

-- Several coverages of one payer on the day: the latest start, then the first plan.
ranked as (
    select
        as_of_dates.as_of_date,
        eligibility.*,
        row_number() over (
            partition by
                as_of_dates.as_of_date, eligibility.payer, eligibility.person_id
            order by
                eligibility.enrollment_start_date desc,
                eligibility.plan asc nulls last
        ) as coverage_rank
    from eligibility
    inner join as_of_dates
        on
            eligibility.enrollment_start_date <= as_of_dates.as_of_date
            and (
                eligibility.enrollment_end_date >= as_of_dates.as_of_date
                or eligibility.enrollment_end_date is null
            )
            and (
                eligibility.death_date > as_of_dates.as_of_date
                or eligibility.death_date is null
            )
),

in_force as (
    select
        ranked.*,
        programs.program,
        scopes.algorithm_id,
        scopes.residence_rule as scope_residence_rule,
        payers.residence_rule as payer_residence_rule,
        coalesce(payers.is_pcmh_participant, false) as is_payer_participating
    from ranked
    cross join programs
    left join scopes
        on
            ranked.payer_type = scopes.payer_type
            and programs.program = scopes.program
    left join payers
        on
            ranked.as_of_date = payers.as_of_date
            and ranked.payer = payers.payer
    where ranked.coverage_rank = 1
),

-- Medicaid tests residence; the others what the payer picked (D7).
ruled as (
    select
        *,
        case
            when scope_residence_rule = 'payer_choice' then payer_residence_rule
            else scope_residence_rule
        end as residence_rule
    from in_force
),

home_states as (
    select distinct state from {{ ref('states') }}
),

tested as (
    select
        ruled.*,
        case
            when ruled.algorithm_id is null then 'no_algorithm_for_payer_type'
            when not ruled.is_primary_payer then 'not_primary_payer'
            when
                ruled.residence_rule = 'situs' and workplace.state is null
                then 'employer_outside_vermont'
            when
                coalesce(ruled.residence_rule, 'residence') <> 'situs'
                and home.state is null
                then 'not_vermont_resident'
            when not ruled.is_payer_participating then 'payer_not_participating'
            when not ruled.is_plan_participating then 'plan_not_participating'
        end as ineligible_because
    from ruled
    left join home_states as home
        on ruled.residence_state = home.state
    left join home_states as workplace
        on ruled.employer_situs_state = workplace.state
),

final as (
    select
        as_of_date,
        program,
        payer,
        person_id,
        payer_type,
        plan,
        algorithm_id,
        ineligible_because is null as is_eligible,
        ineligible_because,
        case
            when is_pcp_selection_required then selected_pcp_npi
        end as selected_pcp_npi
    from tested
)

select * from final
