-- One row per as-of date, algorithm and combination of NPIs on qualifying lines: the
-- practice that such a line belongs to, and whether its provider counts (A-04, A-06).
-- Claims share few combinations, so what is true of the NPIs is worked out here, once.
with lines as (
    select * from {{ ref('int_attribution__qualifying_lines') }}
),

algorithms as (
    select * from {{ ref('attribution_algorithms') }}
),

rosters as (
    select * from {{ ref('int_program__rosters_as_of') }}
),

practices as (
    select * from {{ ref('int_program__practices_as_of') }}
),

specialties as (
    select * from {{ ref('attribution_specialties') }}
),

combinations as (
    select distinct
        algorithm_id,
        rendering_npi,
        billing_npi,
        facility_npi
    from lines
),

-- The NPIs of a line in the order in which the roster is asked for them.
npis as (
    select
        *,
        1 as npi_rank,
        rendering_npi as npi
    from combinations

    union all

    select
        *,
        2 as npi_rank,
        billing_npi as npi
    from combinations

    union all

    select
        *,
        3 as npi_rank,
        facility_npi as npi
    from combinations
),

-- A provider in several practices: the one whose billing NPI the line carries, then the
-- provider's main practice, then the one joined first.
ranked as (
    select
        npis.algorithm_id,
        npis.rendering_npi,
        npis.billing_npi,
        npis.facility_npi,
        npis.npi as matched_npi,
        rosters.as_of_date,
        rosters.practice_id,
        rosters.specialty,
        row_number() over (
            partition by
                rosters.as_of_date, npis.algorithm_id, npis.rendering_npi,
                npis.billing_npi, npis.facility_npi
            order by
                npis.npi_rank asc,
                case when rosters.billing_npi = npis.billing_npi then 1 else 2 end asc,
                rosters.is_primary_practice desc,
                rosters.start_date asc,
                rosters.practice_id asc
        ) as match_rank
    from npis
    inner join algorithms
        on npis.algorithm_id = algorithms.algorithm_id
    inner join rosters
        on
            npis.npi = rosters.npi
            and algorithms.program = rosters.program
),

final as (
    select
        ranked.as_of_date,
        ranked.algorithm_id,
        ranked.rendering_npi,
        ranked.billing_npi,
        ranked.facility_npi,
        ranked.matched_npi,
        ranked.practice_id,
        ranked.specialty,
        specialties.specialty is not null
        or (practices.is_fqhc and algorithms.is_fqhc_counted)
        or (practices.is_rhc and algorithms.is_rhc_counted) as is_counted
    from ranked
    inner join algorithms
        on ranked.algorithm_id = algorithms.algorithm_id
    inner join practices
        on
            ranked.as_of_date = practices.as_of_date
            and ranked.practice_id = practices.practice_id
    left join specialties
        on
            ranked.algorithm_id = specialties.algorithm_id
            and ranked.specialty = specialties.specialty
    where ranked.match_rank = 1
)

select * from final
