-- One row per algorithm and claim line row that could ever count: neither denied nor a
-- reversal, with a qualifying procedure code, or a qualifying revenue code on an
-- institutional claim (A-05). Whether it counts on an as-of date is decided later.
-- A code is listed once per algorithm, so a line meets at most one of each kind and
-- nothing has to be grouped, which at the size of a state would be most of the cost.
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

by_procedure_code as (
    select
        procedure_codes.algorithm_id,
        lines.*,
        procedure_codes.code as qualifying_procedure_code,
        revenue_codes.code as qualifying_revenue_code
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
    left join revenue_codes
        on
            procedure_codes.algorithm_id = revenue_codes.algorithm_id
            and lines.revenue_code = revenue_codes.code
            and lines.claim_type = 'institutional'
            and (
                lines.service_date >= revenue_codes.valid_from
                or revenue_codes.valid_from is null
            )
            and (
                lines.service_date <= revenue_codes.valid_to
                or revenue_codes.valid_to is null
            )
),

-- Those that the procedure code alone would not have found
by_revenue_code as (
    select
        revenue_codes.algorithm_id,
        lines.*,
        cast(null as varchar) as qualifying_procedure_code,
        revenue_codes.code as qualifying_revenue_code
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
    anti join procedure_codes
        on
            revenue_codes.algorithm_id = procedure_codes.algorithm_id
            and lines.hcpcs_code = procedure_codes.code
            and (
                lines.service_date >= procedure_codes.valid_from
                or procedure_codes.valid_from is null
            )
            and (
                lines.service_date <= procedure_codes.valid_to
                or procedure_codes.valid_to is null
            )
    where lines.claim_type = 'institutional'
),

matched as (
    select * from by_procedure_code
    union all
    select * from by_revenue_code
),

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
        concat_ws(', ', qualifying_revenue_code, qualifying_procedure_code)
            as qualifying_codes
    from matched
)

select * from final
