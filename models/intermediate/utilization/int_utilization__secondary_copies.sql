-- One row per claim line of a secondary payer that repeats a primary line of another
-- payer (same person, day, procedure or revenue code, and rendering or billing NPI),
-- and time in which that primary line was the one that counted. Such a line does not
-- count again (design, "Final claims").
{% set line_key = [
    'payer', 'claim_id', 'claim_line_number', 'claim_version', 'claim_status_code'
] -%}
with claim_lines as (
    select
        *,
        coalesce(hcpcs_code, revenue_code) as line_code
    from {{ ref('stg_medical_claim') }}
    where not is_denied and not is_reversal
),

secondary_lines as (
    select * from claim_lines
    where is_secondary
),

primary_lines as (
    select claim_lines.*
    from claim_lines
    semi join secondary_lines
        on
            claim_lines.person_id = secondary_lines.person_id
            and claim_lines.service_date = secondary_lines.service_date
    where not claim_lines.is_secondary
),

final as (
    {% for npi in ['rendering_npi', 'billing_npi'] -%}
    select
        {% for column in line_key -%}
        secondary_lines.{{ column }},
        {% endfor -%}
        primary_lines.known_from,
        primary_lines.known_to
    from secondary_lines
    inner join primary_lines
        on
            secondary_lines.person_id = primary_lines.person_id
            and secondary_lines.service_date = primary_lines.service_date
            and secondary_lines.line_code = primary_lines.line_code
            and secondary_lines.{{ npi }} = primary_lines.{{ npi }}
            and secondary_lines.payer <> primary_lines.payer
    {%- if not loop.last %}

    union

    {% endif %}
    {%- endfor %}
)

select * from final
