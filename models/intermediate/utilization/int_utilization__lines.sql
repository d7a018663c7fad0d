-- One row per period and final claim line, medical or pharmacy, of a person measured:
-- known at the cutoff of scores, neither denied nor reversed, and no copy of another
-- payer's primary line. Lines of a hospital stay are of the period in which the stay
-- began, all others of the day of service. Says the service category of each, and what
-- its resource units are made of: public weights here, prices in
-- int_utilization__units.
--
-- Claims are named wherever they are read, and not imported once: a table expression
-- that several read would be kept whole.
{% set line_key = [
    'payer', 'claim_id', 'claim_line_number', 'claim_version', 'claim_status_code'
] -%}
{% set kind_key = [
    'revenue_code', 'place_of_service_code', 'hcpcs_code', 'hcpcs_modifier'
] -%}
with people as (
    select
        period_end,
        period_start,
        score_cutoff_date,
        person_id
    from {{ ref('int_quality__people') }}
),

stays as (
    select * from {{ ref('int_utilization__stays') }}
),

stay_claims as (
    select * from {{ ref('int_utilization__stay_claims') }}
),

medical_copies as (
    select * from {{ ref('int_utilization__secondary_copies') }}
    where claim_kind = 'medical'
),

pharmacy_copies as (
    select * from {{ ref('int_utilization__secondary_copies') }}
    where claim_kind = 'pharmacy'
),

line_kinds as (
    select * from {{ ref('int_utilization__line_kinds') }}
),

providers as (
    select * from {{ ref('int_utilization__provider_kinds') }}
),

scales as (
    select units_per_weight from {{ ref('resource_unit_scales') }}
    where unit_method = 'rvu'
),

stay_lines as (
    select
        stays.period_end,
        stays.stay_id,
        stays.category,
        stays.unit_method,
        stays.drg_units,
        stays.days,
        stays.admission_date,
        claim_lines.*,
        row_number() over (
            partition by stays.period_end, stays.person_id, stays.stay_id
            order by
                claim_lines.is_secondary, claim_lines.payer, claim_lines.claim_id,
                claim_lines.claim_line_number, claim_lines.claim_version,
                claim_lines.claim_status_code
        ) as stay_line
    from stay_claims
    inner join stays
        on
            stay_claims.period_end = stays.period_end
            and stay_claims.person_id = stays.person_id
            and stay_claims.stay_id = stays.stay_id
    inner join people
        on
            stay_claims.period_end = people.period_end
            and stay_claims.person_id = people.person_id
    inner join {{ ref('stg_medical_claim') }} as claim_lines
        on
            stay_claims.person_id = claim_lines.person_id
            and stay_claims.claim_id = claim_lines.claim_id
    anti join medical_copies
        on
            {% for column in line_key -%}
            claim_lines.{{ column }} = medical_copies.{{ column }}
            and {% endfor -%}
            {{ was_known('medical_copies', 'people.score_cutoff_date') }}
    where
        claim_lines.claim_type = 'institutional'
        and not claim_lines.is_denied
        and not claim_lines.is_reversal
        and {{ was_known('claim_lines', 'people.score_cutoff_date') }}
),

primary_lines as (
    select
        people.period_end,
        claim_lines.*
    from {{ ref('stg_medical_claim') }} as claim_lines
    inner join people
        on
            claim_lines.person_id = people.person_id
            and claim_lines.service_date >= people.period_start
            and claim_lines.service_date <= people.period_end
            and {{ was_known('claim_lines', 'people.score_cutoff_date') }}
    where
        not claim_lines.is_denied
        and not claim_lines.is_reversal
        and not claim_lines.is_secondary
),

secondary_lines as (
    select
        people.period_end,
        claim_lines.*
    from {{ ref('stg_medical_claim') }} as claim_lines
    inner join people
        on
            claim_lines.person_id = people.person_id
            and claim_lines.service_date >= people.period_start
            and claim_lines.service_date <= people.period_end
            and {{ was_known('claim_lines', 'people.score_cutoff_date') }}
    anti join medical_copies
        on
            {% for column in line_key -%}
            claim_lines.{{ column }} = medical_copies.{{ column }}
            and {% endfor -%}
            {{ was_known('medical_copies', 'people.score_cutoff_date') }}
    where
        not claim_lines.is_denied
        and not claim_lines.is_reversal
        and claim_lines.is_secondary
),

paid_lines as (
    select * from primary_lines

    union all

    select * from secondary_lines
),

-- A hospital's claim for a stay is told by the person and its number.
outside_stays as (
    select paid_lines.*
    from paid_lines
    anti join stay_claims
        on
            paid_lines.period_end = stay_claims.period_end
            and paid_lines.person_id = stay_claims.person_id
            and paid_lines.claim_id = stay_claims.claim_id
            and paid_lines.claim_type = 'institutional'
),

kept as (
    select
        outside_stays.*,
        coalesce(rendering.provider_kind, billing.provider_kind) as provider_kind
    from outside_stays
    left join providers as rendering
        on outside_stays.rendering_npi = rendering.npi
    left join providers as billing
        on outside_stays.billing_npi = billing.npi
),

medical_lines as (
    select
        kept.*,
        line_kinds.category,
        line_kinds.indicator,
        case line_kinds.counted_by
            when 'day' then 'day'
            when 'provider' then coalesce(kept.rendering_npi, kept.billing_npi, '')
            when 'code' then coalesce(line_kinds.line_code, '')
        end as visit_key,
        line_kinds.unit_method,
        line_kinds.line_code,
        case
            when kept.service_unit_quantity > 0 then kept.service_unit_quantity
            else 1
        end as quantity,
        line_kinds.rvu
    from kept
    left join line_kinds
        on
            kept.payer = line_kinds.payer
            and kept.claim_type is not distinct from line_kinds.claim_type
            and {{ first_digits('kept.bill_type_code', 2) }}
            is not distinct from line_kinds.bill_type
            {%- for column in kind_key %}
            and kept.{{ column }} is not distinct from line_kinds.{{ column }}
            {%- endfor %}
            and kept.provider_kind is not distinct from line_kinds.provider_kind
),

fills as (
    select
        people.period_end,
        fills.*
    from {{ ref('stg_pharmacy_claim') }} as fills
    inner join people
        on
            fills.person_id = people.person_id
            and fills.dispensing_date >= people.period_start
            and fills.dispensing_date <= people.period_end
            and {{ was_known('fills', 'people.score_cutoff_date') }}
    anti join pharmacy_copies
        on
            {% for column in line_key -%}
            fills.{{ column }} = pharmacy_copies.{{ column }}
            and {% endfor -%}
            {{ was_known('pharmacy_copies', 'people.score_cutoff_date') }}
    where
        not fills.is_denied
        and not fills.is_reversal
),

pharmacy_categories as (
    select * from {{ ref('service_categories') }}
    where claim_type = 'pharmacy'
),

final as (
    select
        medical_lines.period_end,
        medical_lines.person_id,
        medical_lines.payer,
        medical_lines.claim_id,
        medical_lines.claim_line_number,
        medical_lines.claim_version,
        medical_lines.claim_status_code,
        medical_lines.claim_type,
        medical_lines.service_date,
        coalesce(medical_lines.rendering_npi, medical_lines.billing_npi)
            as provider_npi,
        cast(null as varchar) as stay_id,
        medical_lines.category,
        medical_lines.indicator,
        medical_lines.visit_key,
        case
            when
                medical_lines.indicator is not null
                and medical_lines.claim_type = 'institutional'
                then split_part(medical_lines.diagnosis_codes, ' ', 1)
        end as principal_diagnosis_code,
        case
            when
                medical_lines.indicator is not null
                and medical_lines.claim_type = 'institutional'
                then medical_lines.diagnosis_code_type
        end as diagnosis_code_type,
        medical_lines.unit_method,
        medical_lines.line_code,
        medical_lines.quantity,
        case
            when medical_lines.unit_method = 'rvu'
                then
                    cast(
                        round(
                            medical_lines.rvu
                            * scales.units_per_weight
                            * medical_lines.quantity,
                            4
                        )
                        as decimal(18, 4)
                    )
            when medical_lines.unit_method = 'none' then 0
        end as public_units,
        coalesce(medical_lines.allowed_amount_usd, 0) as allowed_amount_usd,
        coalesce(medical_lines.paid_amount_usd, 0) as paid_amount_usd
    from medical_lines
    cross join scales

    union all

    select
        period_end,
        person_id,
        payer,
        claim_id,
        claim_line_number,
        claim_version,
        claim_status_code,
        claim_type,
        admission_date as service_date,
        cast(null as varchar) as provider_npi,
        stay_id,
        category,
        cast(null as varchar) as indicator,
        cast(null as varchar) as visit_key,
        cast(null as varchar) as principal_diagnosis_code,
        cast(null as varchar) as diagnosis_code_type,
        unit_method,
        category as line_code,
        case when stay_line = 1 then days else 0 end as quantity,
        case
            when unit_method = 'ms_drg'
                then case when stay_line = 1 then drg_units else 0 end
        end as public_units,
        coalesce(allowed_amount_usd, 0) as allowed_amount_usd,
        coalesce(paid_amount_usd, 0) as paid_amount_usd
    from stay_lines

    union all

    select
        fills.period_end,
        fills.person_id,
        fills.payer,
        fills.claim_id,
        fills.claim_line_number,
        fills.claim_version,
        fills.claim_status_code,
        pharmacy_categories.claim_type,
        fills.dispensing_date as service_date,
        fills.dispensing_provider_npi as provider_npi,
        cast(null as varchar) as stay_id,
        pharmacy_categories.category,
        cast(null as varchar) as indicator,
        cast(null as varchar) as visit_key,
        cast(null as varchar) as principal_diagnosis_code,
        cast(null as varchar) as diagnosis_code_type,
        'price' as unit_method,
        fills.ndc_code as line_code,
        case when fills.quantity > 0 then fills.quantity else 1 end as quantity,
        cast(null as decimal(18, 4)) as public_units,
        coalesce(fills.allowed_amount_usd, 0) as allowed_amount_usd,
        coalesce(fills.paid_amount_usd, 0) as paid_amount_usd
    from fills
    cross join pharmacy_categories
)

select * from final
