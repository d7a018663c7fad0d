-- One row per as-of date, program, practice and resident of Vermont with at least one
-- qualifying visit there in the look-back, whoever paid: whom practices report as their
-- total unique patients (D-01, D14, D15, D49). A person counts in every practice that
-- saw the person.
with lines as (
    select * from {{ ref('int_attribution__qualifying_lines') }}
),

residents as (
    select * from {{ ref('int_attribution__residents') }}
),

algorithms as (
    select * from {{ ref('attribution_algorithms') }}
    where not is_attribution
),

codes as (
    select * from {{ ref('int_attribution__code_spans') }}
),

procedure_codes as (
    select * from codes
    where code_system = 'hcpcs'
),

revenue_codes as (
    select * from codes
    where code_system = 'revenue'
),

provider_practices as (
    select * from {{ ref('int_attribution__provider_practices') }}
    where roster_date = as_of_date and is_competing_by_roster and is_provider_counted
),

final as (
    select distinct
        residents.as_of_date,
        algorithms.program,
        provider_practices.practice_id,
        residents.person_id
    from residents
    inner join lines
        on
            residents.person_id = lines.person_id
            and residents.look_back_start_date <= lines.service_date
            and residents.as_of_date >= lines.service_date
            and (
                residents.attribution_cutoff_date >= lines.known_from
                or lines.known_from is null
            )
            and (
                residents.attribution_cutoff_date < lines.known_to
                or lines.known_to is null
            )
    inner join provider_practices
        on
            residents.as_of_date = provider_practices.as_of_date
            and lines.rendering_npi
            is not distinct from provider_practices.rendering_npi
            and lines.billing_npi is not distinct from provider_practices.billing_npi
            and lines.facility_npi is not distinct from provider_practices.facility_npi
    inner join algorithms
        on provider_practices.algorithm_id = algorithms.algorithm_id
    left join procedure_codes
        on
            algorithms.algorithm_id = procedure_codes.algorithm_id
            and lines.procedure_code = procedure_codes.code
            and lines.service_date >= procedure_codes.default_from
            and lines.service_date <= procedure_codes.default_to
    left join revenue_codes
        on
            algorithms.algorithm_id = revenue_codes.algorithm_id
            and lines.revenue_code = revenue_codes.code
            and lines.service_date >= revenue_codes.default_from
            and lines.service_date <= revenue_codes.default_to
    where procedure_codes.code is not null or revenue_codes.code is not null
)

select * from final
