-- One row per eligible person who recorded a required PCP selection and practice of
-- that PCP on the roster in force, in the Women's Health Initiative with its
-- attestation confirmed (A-03, C-04, D5). `is_default` marks the practice that counts
-- where the claims do not choose among several.
with coverage as (
    select * from {{ ref('int_attribution__coverage') }}
    where is_eligible and selected_pcp_npi is not null
),

algorithms as (
    select * from {{ ref('attribution_algorithms') }}
),

rosters as (
    select * from {{ ref('int_program__rosters_as_of') }}
),

practices_as_of as (
    select * from {{ ref('int_program__practices_as_of') }}
),

roster_rows as (
    select
        coverage.as_of_date,
        coverage.program,
        coverage.payer,
        coverage.person_id,
        rosters.practice_id,
        row_number() over (
            partition by
                coverage.as_of_date, coverage.program, coverage.payer,
                coverage.person_id
            order by
                rosters.is_primary_practice desc,
                rosters.start_date asc,
                rosters.practice_id asc
        ) as default_rank
    from coverage
    inner join rosters
        on
            coverage.as_of_date = rosters.as_of_date
            and coverage.program = rosters.program
            and coverage.selected_pcp_npi = rosters.npi
    inner join algorithms
        on coverage.algorithm_id = algorithms.algorithm_id
    inner join practices_as_of
        on
            rosters.as_of_date = practices_as_of.as_of_date
            and rosters.practice_id = practices_as_of.practice_id
    where not algorithms.is_attestation_required or practices_as_of.is_whi_attested
),

practices as (
    select
        as_of_date,
        program,
        payer,
        person_id,
        practice_id,
        min(default_rank) = 1 as is_default
    from roster_rows
    group by
        as_of_date,
        program,
        payer,
        person_id,
        practice_id
),

final as (
    select
        *,
        count(*) over (
            partition by as_of_date, program, payer, person_id
        ) as selected_practices
    from practices
)

select * from final
