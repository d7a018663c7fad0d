-- One row per algorithm and claim line row that could ever count: neither denied nor a
-- reversal, with a qualifying procedure code, or a qualifying revenue code on an
-- institutional claim (A-05). Whether it counts on an as-of date is decided later.
with lines as (
    select * from {{ ref('stg_medical_claim') }}
    where not is_denied and not is_reversal
),

codes as (
    select * from {{ ref('int_attribution__qualifying_codes') }}
),

procedure_codes as (
    select * from codes
    where code_system = 'hcpcs'
),

revenue_codes as (
    select * from codes
    where code_system = 'revenue'
),

matched as (
    select
        procedure_codes.algorithm_id,
        lines.*,
        procedure_codes.code as qualifying_code
    from lines
    inner join procedure_codes
        on
            lines.hcpcs_code = procedure_codes.code
            and (
                lines.service_date >= procedure_codes.valid_from
                or procedure_codes.valid_from is null
            )
            and (
                lines.service_date <= procedure_codes.valid_to
                or procedure_codes.valid_to is null
            )

    union all

    select
        revenue_codes.algorithm_id,
        lines.*,
        revenue_codes.code as qualifying_code
    from lines
    inner join revenue_codes
        on
            lines.revenue_code = revenue_codes.code
            and (
                lines.service_date >= revenue_codes.valid_from
                or revenue_codes.valid_from is null
            )
            and (
                lines.service_date <= revenue_codes.valid_to
                or revenue_codes.valid_to is null
            )
    where lines.claim_type = 'institutional'
),

-- A line with both a procedure and a revenue code that qualify is one line.
final as (
    select
        algorithm_id,
        payer,
        person_id,
        claim_id,
        claim_line_number,
        claim_version,
        claim_status_code,
        service_date,
        known_from,
        known_to,
        rendering_npi,
        billing_npi,
        facility_npi,
        {{ distinct_list('qualifying_code') }} as qualifying_codes
    from matched
    group by
        algorithm_id,
        payer,
        person_id,
        claim_id,
        claim_line_number,
        claim_version,
        claim_status_code,
        service_date,
        known_from,
        known_to,
        rendering_npi,
        billing_npi,
        facility_npi
)

select * from final
