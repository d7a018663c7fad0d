-- One row per as-of date, algorithm, combination of NPIs on qualifying lines and day of
-- the roster: the practice or group that such a line belongs to, and whether its
-- provider counts (A-04, A-06, B-02, C-05, D68). Claims share few combinations, so what
-- is true of the NPIs is worked out here, once. The roster is that of the as-of date;
-- for the reading by service dates also that of each date on which it said otherwise.
with lines as (
    select * from {{ ref('int_attribution__qualifying_lines') }}
),

algorithms as (
    select * from {{ ref('attribution_algorithms') }}
),

as_of_dates as (
    select * from {{ ref('int_calendar__as_of_dates') }}
),

rosters as (
    select * from {{ ref('int_program__rosters') }}
),

practices as (
    select * from {{ ref('int_program__practices_as_of') }}
),

providers as (
    select * from {{ ref('stg_provider') }}
),

specialties as (
    select * from {{ ref('attribution_specialties') }}
),

credentials as (
    select * from {{ ref('attribution_credentials') }}
),

combinations as (
    select distinct
        rendering_npi,
        billing_npi,
        facility_npi
    from lines
),

-- Providers who joined or left a practice within a look-back, for the dates that a
-- reading by service dates is asked for.
roster_changes as (
    select
        as_of_dates.as_of_date,
        as_of_dates.look_back_start_date,
        rosters.program,
        rosters.npi,
        rosters.billing_npi
    from rosters
    inner join as_of_dates
        on
            (
                rosters.start_date > as_of_dates.look_back_start_date
                and rosters.start_date <= as_of_dates.as_of_date
            )
            or (
                rosters.end_date >= as_of_dates.look_back_start_date
                and rosters.end_date < as_of_dates.as_of_date
            )
    where as_of_dates.is_run_as_of or '{{ var("roster_date") }}' = 'service_date'
),

changing_npis as (
    select
        as_of_date,
        look_back_start_date,
        program,
        npi
    from roster_changes

    union

    select
        as_of_date,
        look_back_start_date,
        program,
        billing_npi as npi
    from roster_changes
    where billing_npi is not null
),

changing_combinations as (
    select distinct
        changing_npis.as_of_date,
        changing_npis.look_back_start_date,
        changing_npis.program,
        combinations.rendering_npi,
        combinations.billing_npi,
        combinations.facility_npi
    from combinations
    inner join changing_npis
        on
            changing_npis.npi in (
                combinations.rendering_npi,
                combinations.billing_npi,
                combinations.facility_npi
            )
),

changing_lines as (
    select distinct
        changing_combinations.as_of_date,
        changing_combinations.program,
        lines.rendering_npi,
        lines.billing_npi,
        lines.facility_npi,
        lines.service_date
    from lines
    inner join changing_combinations
        on
            lines.rendering_npi
            is not distinct from changing_combinations.rendering_npi
            and lines.billing_npi
            is not distinct from changing_combinations.billing_npi
            and lines.facility_npi
            is not distinct from changing_combinations.facility_npi
            and lines.service_date >= changing_combinations.look_back_start_date
            and lines.service_date < changing_combinations.as_of_date
),

asked as (
    select
        as_of_dates.as_of_date,
        algorithms.algorithm_id,
        algorithms.program,
        combinations.rendering_npi,
        combinations.billing_npi,
        combinations.facility_npi,
        as_of_dates.as_of_date as roster_date
    from combinations
    cross join algorithms
    cross join as_of_dates

    union all

    select
        changing_lines.as_of_date,
        algorithms.algorithm_id,
        algorithms.program,
        changing_lines.rendering_npi,
        changing_lines.billing_npi,
        changing_lines.facility_npi,
        changing_lines.service_date as roster_date
    from changing_lines
    inner join algorithms
        on changing_lines.program = algorithms.program
    where algorithms.is_attribution
),

-- The NPIs of a line in the order in which the roster is asked for them.
npis as (
    select
        *,
        1 as npi_rank,
        rendering_npi as npi
    from asked

    union all

    select
        *,
        2 as npi_rank,
        billing_npi as npi
    from asked

    union all

    select
        *,
        3 as npi_rank,
        facility_npi as npi
    from asked
),

-- A provider in several practices: the one whose billing NPI the line carries, then the
-- provider's main practice, then the one joined first.
ranked as (
    select
        npis.*,
        rosters.practice_id,
        rosters.specialty,
        rosters.credential,
        rosters.is_board_certified_obgyn,
        row_number() over (
            partition by
                npis.as_of_date, npis.algorithm_id, npis.rendering_npi,
                npis.billing_npi, npis.facility_npi, npis.roster_date
            order by
                npis.npi_rank asc,
                case when rosters.billing_npi = npis.billing_npi then 1 else 2 end asc,
                rosters.is_primary_practice desc,
                rosters.start_date asc,
                rosters.practice_id asc
        ) as match_rank
    from npis
    inner join rosters
        on
            npis.program = rosters.program
            and npis.npi = rosters.npi
            and npis.roster_date >= rosters.start_date
            and npis.roster_date <= coalesce(rosters.end_date, npis.roster_date)
),

matched as (
    select * from ranked
    where match_rank = 1
),

billers as (
    select distinct
        program,
        billing_npi,
        roster_date
    from asked
),

billing_practices as (
    select
        billers.program,
        billers.billing_npi,
        billers.roster_date,
        min(rosters.practice_id) as practice_id
    from billers
    inner join rosters
        on
            billers.program = rosters.program
            and billers.billing_npi = rosters.billing_npi
            and billers.roster_date >= rosters.start_date
            and billers.roster_date <= coalesce(rosters.end_date, billers.roster_date)
    group by
        billers.program,
        billers.billing_npi,
        billers.roster_date
),

-- Off the roster a line belongs to the practice that billed it, else to a group of its
-- own; what is known of the provider is what the provider table says (D68). A line that
-- names neither belongs nowhere.
unmatched as (
    select
        asked.*,
        billing_practices.practice_id is null as is_group,
        coalesce(
            billing_practices.practice_id,
            'billing:' || asked.billing_npi,
            'rendering:' || asked.rendering_npi
        ) as practice_id,
        rendering.specialty,
        rendering.credential,
        billing.specialty as billing_specialty,
        facility.specialty as facility_specialty
    from asked
    anti join matched
        on
            asked.as_of_date = matched.as_of_date
            and asked.algorithm_id = matched.algorithm_id
            and asked.rendering_npi is not distinct from matched.rendering_npi
            and asked.billing_npi is not distinct from matched.billing_npi
            and asked.facility_npi is not distinct from matched.facility_npi
            and asked.roster_date = matched.roster_date
    left join billing_practices
        on
            asked.program = billing_practices.program
            and asked.billing_npi = billing_practices.billing_npi
            and asked.roster_date = billing_practices.roster_date
    left join providers as rendering
        on asked.rendering_npi = rendering.npi
    left join providers as billing
        on asked.billing_npi = billing.npi
    left join providers as facility
        on asked.facility_npi = facility.npi
),

placed as (
    select
        as_of_date,
        algorithm_id,
        rendering_npi,
        billing_npi,
        facility_npi,
        roster_date,
        npi as matched_npi,
        practice_id,
        false as is_group,
        specialty,
        credential,
        is_board_certified_obgyn,
        cast(null as varchar) as billing_specialty,
        cast(null as varchar) as facility_specialty
    from matched

    union all

    select
        as_of_date,
        algorithm_id,
        rendering_npi,
        billing_npi,
        facility_npi,
        roster_date,
        cast(null as varchar) as matched_npi,
        practice_id,
        is_group,
        specialty,
        credential,
        false as is_board_certified_obgyn,
        billing_specialty,
        facility_specialty
    from unmatched
),

organizations as (
    select * from specialties
    where is_organization
),

final as (
    select
        placed.as_of_date,
        placed.algorithm_id,
        placed.rendering_npi,
        placed.billing_npi,
        placed.facility_npi,
        placed.roster_date,
        placed.matched_npi,
        placed.practice_id,
        placed.is_group,
        placed.matched_npi is not null or not algorithms.is_roster_required
            as is_competing_by_roster,
        case
            when placed.practice_id is null then false
            when algorithms.provider_filter = 'credential'
                then
                    credentials.credential is not null
                    and (
                        placed.is_group
                        or not algorithms.is_attestation_required
                        or practices.is_whi_attested
                    )
                    and (
                        coalesce(practices.practice_type, '') <> 'mixed'
                        or placed.is_board_certified_obgyn
                    )
            else
                specialties.specialty is not null
                or billing_organizations.specialty is not null
                or facility_organizations.specialty is not null
                or coalesce(practices.is_fqhc and algorithms.is_fqhc_counted, false)
                or coalesce(practices.is_rhc and algorithms.is_rhc_counted, false)
        end as is_provider_counted
    from placed
    inner join algorithms
        on placed.algorithm_id = algorithms.algorithm_id
    left join practices
        on
            placed.as_of_date = practices.as_of_date
            and placed.practice_id = practices.practice_id
    left join specialties
        on
            placed.algorithm_id = specialties.algorithm_id
            and placed.specialty = specialties.specialty
            and {{ is_in_force('specialties', 'placed.as_of_date') }}
    left join organizations as billing_organizations
        on
            placed.algorithm_id = billing_organizations.algorithm_id
            and placed.billing_specialty = billing_organizations.specialty
            and {{ is_in_force('billing_organizations', 'placed.as_of_date') }}
    left join organizations as facility_organizations
        on
            placed.algorithm_id = facility_organizations.algorithm_id
            and placed.facility_specialty = facility_organizations.specialty
            and {{ is_in_force('facility_organizations', 'placed.as_of_date') }}
    left join credentials
        on
            placed.algorithm_id = credentials.algorithm_id
            and placed.credential = credentials.credential
            and {{ is_in_force('credentials', 'placed.as_of_date') }}
)

select * from final
