-- One row per claim line row that could ever count: neither denied nor a reversal, with
-- a procedure code of any algorithm, or a revenue code of any on an institutional claim
-- (A-05). Which algorithms it counts for, and on which as-of dates, is decided later,
-- so that a line is carried once for all of them.
with lines as (
    select * from {{ ref('stg_medical_claim') }}
    where not is_denied and not is_reversal
),

codes as (
    select * from {{ ref('int_attribution__code_spans') }}
),

procedure_codes as (
    select distinct code from codes
    where code_system = 'hcpcs'
),

revenue_codes as (
    select distinct code from codes
    where code_system = 'revenue'
),

final as (
    select
        lines.payer,
        lines.person_id,
        lines.claim_id,
        lines.claim_line_number,
        lines.claim_version,
        lines.claim_status_code,
        lines.service_date,
        lines.known_from,
        lines.known_to,
        lines.rendering_npi,
        lines.billing_npi,
        lines.facility_npi,
        procedure_codes.code as procedure_code,
        revenue_codes.code as revenue_code
    from lines
    left join procedure_codes
        on lines.hcpcs_code = procedure_codes.code
    left join revenue_codes
        on
            lines.revenue_code = revenue_codes.code
            and lines.claim_type = 'institutional'
    where procedure_codes.code is not null or revenue_codes.code is not null
)

select * from final
