-- One row per landed table and plausibility rule that some rows break. Such rows count:
-- a warning never keeps a row out and never stops a run. Claims are not imported once
-- but named wherever they are read: a table expression that is read more than once is
-- kept whole, and a state's claims do not fit.
with eligibility as (
    select * from {{ ref('stg_eligibility') }}
),

practices as (
    select * from {{ ref('stg_practice') }}
),

rosters as (
    select * from {{ ref('stg_practice_provider') }}
),

providers as (
    select * from {{ ref('stg_provider') }}
),

claim_statuses as (
    select * from {{ ref('claim_statuses') }}
),

policies as (
    select distinct payer from {{ ref('stg_payer_policy') }}
),

coverage as (
    select * from {{ ref('int_attribution__coverage') }}
),

run as (
    select * from {{ ref('int_calendar__run') }}
),

home_states as (
    select distinct state from {{ ref('states') }}
),

spans as (
    select
        payer,
        person_id,
        enrollment_start_date,
        coalesce(enrollment_end_date, cast('9999-12-31' as date)) as enrollment_end_date
    from eligibility
),

uncovered_claims as (
    select count(*) as lines
    from {{ ref('stg_medical_claim') }} as claims
    anti join spans
        on
            claims.payer = spans.payer
            and claims.person_id = spans.person_id
            and claims.service_date
            between spans.enrollment_start_date and spans.enrollment_end_date
),

claim_npis as (
    select rendering_npi as npi from {{ ref('stg_medical_claim') }}
    union
    select billing_npi as npi from {{ ref('stg_medical_claim') }}
    union
    select facility_npi as npi from {{ ref('stg_medical_claim') }}
),

doubly_covered as (
    select coverage.person_id
    from coverage
    inner join run
        on coverage.as_of_date = run.as_of_date
    where coverage.is_eligible and coverage.program = 'pcmh'
    group by coverage.person_id
    having count(*) > 1
),

warnings as (
    select
        'medical_claim' as landed_table,
        'service_outside_coverage' as rule,
        lines as warnings,
        false as is_count_of_people
    from uncovered_claims

    union all

    select
        'medical_claim' as landed_table,
        'line_dates_outside_claim' as rule,
        count(*) as warnings,
        false as is_count_of_people
    from {{ ref('stg_medical_claim') }}
    where
        claim_line_start_date < claim_start_date
        or claim_line_end_date > claim_end_date

    union all

    select
        'medical_claim' as landed_table,
        'unknown_claim_status' as rule,
        count(*) as warnings,
        false as is_count_of_people
    from {{ ref('stg_medical_claim') }} as claims
    left join claim_statuses
        on
            {{ zero_padded('claims.claim_status_code', 2) }}
            = claim_statuses.claim_status_code
    where claim_statuses.claim_status_code is null

    union all

    select
        'medical_claim' as landed_table,
        'npi_check_digit' as rule,
        count(*) as warnings,
        false as is_count_of_people
    from claim_npis
    where not {{ is_valid_npi('npi') }}

    union all

    select
        'practice_provider' as landed_table,
        'npi_check_digit' as rule,
        count(distinct npi) as warnings,
        false as is_count_of_people
    from rosters
    where not {{ is_valid_npi('npi') }}

    union all

    select
        'practice_provider' as landed_table,
        'ends_before_start' as rule,
        count(*) as warnings,
        false as is_count_of_people
    from rosters
    where end_date < start_date

    union all

    select
        'provider' as landed_table,
        'npi_check_digit' as rule,
        count(*) as warnings,
        false as is_count_of_people
    from providers
    where not {{ is_valid_npi('npi') }}

    union all

    select
        'practice' as landed_table,
        'unmapped_hsa' as rule,
        count(*) as warnings,
        false as is_count_of_people
    from practices
    where hsa is null

    union all

    select
        'eligibility' as landed_table,
        'unmapped_town' as rule,
        count(*) as warnings,
        false as is_count_of_people
    from eligibility
    inner join home_states
        on eligibility.residence_state = home_states.state
    where eligibility.residence_town is null

    union all

    select
        'eligibility' as landed_table,
        'unknown_payer_type' as rule,
        count(*) as warnings,
        false as is_count_of_people
    from eligibility
    where payer_type = 'other'

    union all

    select
        'eligibility' as landed_table,
        'payer_without_policy' as rule,
        count(*) as warnings,
        false as is_count_of_people
    from eligibility
    anti join policies
        on eligibility.payer = policies.payer

    union all

    select
        'eligibility' as landed_table,
        'two_primary_coverages' as rule,
        count(*) as warnings,
        true as is_count_of_people
    from doubly_covered
)

select * from warnings
where warnings > 0
