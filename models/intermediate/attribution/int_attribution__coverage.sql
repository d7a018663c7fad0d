-- One row per as-of date, program, payer and person covered on that day: whether the
-- person is eligible for attribution, and if not which test failed first (A-02, B-01,
-- C-03, D6 to D9, D37, D75). A person with two primary coverages has a row for each
-- payer.
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

algorithms as (
    select * from {{ ref('attribution_algorithms') }}
),

coverage_kinds as (
    select * from {{ ref('coverage_kinds') }}
),

programs as (
    select distinct program from scopes
),

-- Several coverages of one payer on the day: the latest start, then the first plan.
ranked as (
    select
        as_of_dates.as_of_date,
        as_of_dates.is_run_as_of,
        as_of_dates.look_back_start_date,
        as_of_dates.attribution_cutoff_date,
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

-- Whether the person is covered by Medicare too, and by a primary commercial coverage.
-- Few kinds of coverage matter, so that the others need not be grouped.
other_coverages as (
    select
        ranked.as_of_date,
        ranked.person_id,
        bool_or(coverage_kinds.is_medicare) as has_medicare,
        bool_or(coverage_kinds.is_commercial and ranked.is_primary_payer)
            as has_primary_commercial
    from ranked
    inner join coverage_kinds
        on ranked.payer_type = coverage_kinds.payer_type
    where ranked.coverage_rank = 1
    group by
        ranked.as_of_date,
        ranked.person_id
),

in_force as (
    select
        ranked.*,
        programs.program,
        scopes.algorithm_id,
        scopes.residence_rule as scope_residence_rule,
        payers.residence_rule as payer_residence_rule,
        ranked.is_primary_payer
        or (
            coalesce(scopes.is_dual_counted, false)
            and coalesce(other_coverages.has_medicare, false)
            and not coalesce(other_coverages.has_primary_commercial, false)
        ) as is_payer_counted,
        coalesce(
            case
                when programs.program = 'whi' then payers.is_whi_participant
                else payers.is_pcmh_participant
            end,
            false
        ) as is_payer_participating
    from ranked
    cross join programs
    left join scopes
        on
            ranked.payer_type = scopes.payer_type
            and programs.program = scopes.program
            and {{ is_in_force('scopes', 'ranked.as_of_date') }}
    left join payers
        on
            ranked.as_of_date = payers.as_of_date
            and ranked.payer = payers.payer
    left join other_coverages
        on
            ranked.as_of_date = other_coverages.as_of_date
            and ranked.person_id = other_coverages.person_id
    where
        ranked.coverage_rank = 1
        and {{ is_attributed_type('ranked.payer_type') }}
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
        coalesce(algorithms.is_selection_read, false) as is_selection_read,
        case
            when ruled.algorithm_id is null then 'no_algorithm_for_payer_type'
            when not ruled.is_payer_counted then 'not_primary_payer'
            when
                ruled.residence_rule = 'situs' and workplace.state is null
                then 'employer_outside_vermont'
            when
                coalesce(ruled.residence_rule, 'residence') <> 'situs'
                and home.state is null
                then 'not_vermont_resident'
            when not ruled.is_payer_participating then 'payer_not_participating'
            when not ruled.is_plan_participating then 'plan_not_participating'
            when
                algorithms.is_part_a_and_b_required
                and not (ruled.has_part_a and ruled.has_part_b)
                then 'lacks_part_a_or_b'
            when
                algorithms.is_medicare_advantage_excluded
                and ruled.is_medicare_advantage
                then 'in_medicare_advantage'
            when
                algorithms.gender is not null
                and coalesce(ruled.gender, '') <> algorithms.gender
                then 'not_female'
            when
                algorithms.age_from is not null
                and not coalesce(
                    {{ full_years('ruled.birth_date', 'ruled.as_of_date') }}
                    between algorithms.age_from and algorithms.age_to,
                    false
                )
                then 'outside_age_range'
        end as ineligible_because
    from ruled
    left join algorithms
        on ruled.algorithm_id = algorithms.algorithm_id
    left join home_states as home
        on ruled.residence_state = home.state
    left join home_states as workplace
        on ruled.employer_situs_state = workplace.state
),

final as (
    select
        as_of_date,
        is_run_as_of,
        look_back_start_date,
        attribution_cutoff_date,
        program,
        payer,
        person_id,
        payer_type,
        plan,
        algorithm_id,
        ineligible_because is null as is_eligible,
        ineligible_because,
        case
            when is_selection_read and is_pcp_selection_required then selected_pcp_npi
        end as selected_pcp_npi
    from tested
)

select * from final
