-- One row per payer, claim, line, version and status, with the time during which it was
-- the one that counted, as for medical claims.
with audited as (
    select * from {{ ref('base_pharmacy_claim') }}
),

claim_statuses as (
    select * from {{ ref('claim_statuses') }}
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
        audited.dispensing_date,
        audited.paid_date as known_from,
        {{ zero_padded("replace(audited.ndc_code, '-', '')", 11) }} as ndc_code,
        audited.prescribing_provider_npi,
        audited.dispensing_provider_npi,
        audited.x_replaces_claim_id as replaces_claim_id,
        coalesce(claim_statuses.is_denied, false) as is_denied,
        coalesce(claim_statuses.is_reversal, false) as is_reversal,
        coalesce(claim_statuses.is_secondary, false) as is_secondary,
        audited.quantity,
        audited.days_supply,
        audited.paid_amount as paid_amount_usd,
        audited.allowed_amount as allowed_amount_usd,
        audited.landed_copies
    from audited
    left join claim_statuses
        on
            {{ zero_padded('audited.x_claim_status_code', 2) }}
            = claim_statuses.claim_status_code
    where audited.fault_rule is null
),

{{ ended_rows_ctes(ref('base_pharmacy_claim')) }},

final as (
    select
        lines.payer,
        lines.claim_id,
        lines.claim_line_number,
        lines.claim_version,
        lines.claim_status_code,
        lines.person_id,
        lines.plan,
        lines.dispensing_date,
        lines.known_from,
        {{ earliest('ended_by_line.known_to', 'ended_by_claim.known_to') }} as known_to,
        lines.ndc_code,
        lines.prescribing_provider_npi,
        lines.dispensing_provider_npi,
        lines.replaces_claim_id,
        lines.is_denied,
        lines.is_reversal,
        lines.is_secondary,
        lines.quantity,
        lines.days_supply,
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
