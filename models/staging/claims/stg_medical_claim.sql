-- One row per payer, claim, line, version and status: every version of every line, with
-- the time during which it was the one that counted (design, "Claims are replayed as
-- known then"). `known_to` ends a row at the first of a higher version of the line, a
-- reversal of it, or any row that names its claim as replaced; rows are never dropped,
-- so that an as-of date of last year still finds what was known then.
with audited as (
    select * from {{ ref('base_medical_claim') }}
),

claim_statuses as (
    select * from {{ ref('claim_statuses') }}
),

code_calendar as (
    select * from {{ ref('diagnosis_code_calendar') }}
),

lines as (
    select
        audited.payer,
        audited.claim_id,
        audited.claim_line_number,
        audited.x_claim_version as claim_version,
        audited.x_claim_status_code as claim_status_code,
        audited.person_id,
        audited.plan,
        lower(audited.claim_type) as claim_type,
        coalesce(audited.claim_line_start_date, audited.claim_start_date)
            as service_date,
        audited.claim_start_date,
        audited.claim_end_date,
        audited.claim_line_start_date,
        audited.claim_line_end_date,
        audited.admission_date,
        audited.discharge_date,
        upper(audited.admit_source_code) as admit_source_code,
        audited.admit_type_code,
        {{ zero_padded('audited.discharge_disposition_code', 2) }}
            as discharge_disposition_code,
        audited.place_of_service_code,
        case
            when audited.bill_type_code like '0___'
                then substring(audited.bill_type_code, 2)
            else audited.bill_type_code
        end as bill_type_code,
        {{ zero_padded('audited.drg_code', 3) }} as drg_code,
        {{ zero_padded('audited.revenue_center_code', 4) }} as revenue_code,
        upper(audited.hcpcs_code) as hcpcs_code,
        upper(audited.hcpcs_modifier_1) as hcpcs_modifier,
        audited.rendering_npi,
        audited.billing_npi,
        audited.facility_npi,
        audited.service_unit_quantity,
        audited.paid_amount as paid_amount_usd,
        audited.allowed_amount as allowed_amount_usd,
        audited.paid_date as known_from,
        audited.x_replaces_claim_id as replaces_claim_id,
        coalesce(
            lower(audited.diagnosis_code_type), code_calendar.diagnosis_code_type
        ) as diagnosis_code_type,
        upper(replace(audited.diagnosis_codes, '.', '')) as diagnosis_codes,
        upper(replace(audited.procedure_codes, '.', '')) as procedure_codes,
        coalesce(claim_statuses.is_denied, false) as is_denied,
        coalesce(claim_statuses.is_reversal, false) as is_reversal,
        coalesce(claim_statuses.is_secondary, false) as is_secondary,
        audited.landed_copies
    from audited
    left join claim_statuses
        on
            {{ zero_padded('audited.x_claim_status_code', 2) }}
            = claim_statuses.claim_status_code
    left join code_calendar
        on
            audited.claim_start_date >= code_calendar.effective_from
            and audited.claim_start_date
            <= coalesce(code_calendar.effective_to, audited.claim_start_date)
    where audited.fault_rule is null
),

{{ ended_rows_ctes(ref('base_medical_claim')) }},

final as (
    select
        lines.payer,
        lines.claim_id,
        lines.claim_line_number,
        lines.claim_version,
        lines.claim_status_code,
        lines.person_id,
        lines.plan,
        lines.claim_type,
        lines.service_date,
        lines.claim_start_date,
        lines.claim_end_date,
        lines.claim_line_start_date,
        lines.claim_line_end_date,
        lines.admission_date,
        lines.discharge_date,
        lines.known_from,
        {{ earliest('ended_by_line.known_to', 'ended_by_claim.known_to') }} as known_to,
        lines.admit_source_code,
        lines.admit_type_code,
        lines.discharge_disposition_code,
        lines.place_of_service_code,
        lines.bill_type_code,
        lines.drg_code,
        lines.revenue_code,
        lines.hcpcs_code,
        lines.hcpcs_modifier,
        lines.rendering_npi,
        lines.billing_npi,
        lines.facility_npi,
        lines.replaces_claim_id,
        lines.diagnosis_code_type,
        lines.diagnosis_codes,
        lines.procedure_codes,
        lines.is_denied,
        lines.is_reversal,
        lines.is_secondary,
        lines.service_unit_quantity,
        lines.paid_amount_usd,
        lines.allowed_amount_usd,
        lines.landed_copies
    from lines
    left join ended_by_line
        on
            lines.payer = ended_by_line.payer
            and lines.claim_id = ended_by_line.claim_id
            and lines.claim_line_number = ended_by_line.claim_line_number
            and lines.claim_version = ended_by_line.claim_version
            and lines.claim_status_code = ended_by_line.claim_status_code
    left join ended_by_claim
        on
            lines.payer = ended_by_claim.payer
            and lines.claim_id = ended_by_claim.claim_id
)

select * from final
