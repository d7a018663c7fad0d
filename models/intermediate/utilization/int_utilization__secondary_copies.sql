-- One row per claim line or prescription fill of a secondary payer that repeats a
-- primary one of another payer (same person, day and code, and one of two NPIs), and
-- time in which that primary one was the one that counted. It does not count again
-- (design, "Final claims"). The code of a line is that of its procedure, else its
-- revenue code, and its NPIs are the rendering and the billing one; those of a fill are
-- its drug, its prescriber and its pharmacy.
--
-- Claims are named wherever they are read, and not imported once: a table expression
-- that several read would be kept whole.
{% set line_key = [
    'payer', 'claim_id', 'claim_line_number', 'claim_version', 'claim_status_code'
] -%}
{% set sources = [
    {
        'kind': 'medical',
        'claims': ref('stg_medical_claim'),
        'day': 'service_date',
        'code': 'coalesce(hcpcs_code, revenue_code)',
        'npis': ['rendering_npi', 'billing_npi'],
    },
    {
        'kind': 'pharmacy',
        'claims': ref('stg_pharmacy_claim'),
        'day': 'dispensing_date',
        'code': 'ndc_code',
        'npis': ['prescribing_provider_npi', 'dispensing_provider_npi'],
    },
] -%}
with
{% for source in sources -%}
secondary_{{ source.kind }} as (
    select
        {% for column in line_key -%}
        {{ column }},
        {% endfor -%}
        person_id,
        {{ source.day }} as line_date,
        {{ source.code }} as line_code,
        {{ source.npis[0] }},
        {{ source.npis[1] }}
    from {{ source.claims }}
    where is_secondary and not is_denied and not is_reversal
),

primary_{{ source.kind }} as (
    select
        claims.payer,
        claims.person_id,
        claims.{{ source.day }} as line_date,
        {{ source.code }} as line_code,
        claims.{{ source.npis[0] }},
        claims.{{ source.npis[1] }},
        claims.known_from,
        claims.known_to
    from {{ source.claims }} as claims
    semi join secondary_{{ source.kind }} as secondary_lines
        on
            claims.person_id = secondary_lines.person_id
            and claims.{{ source.day }} = secondary_lines.line_date
    where
        not claims.is_secondary
        and not claims.is_denied
        and not claims.is_reversal
),

{% endfor -%}
final as (
    {% for source in sources -%}
    {% set is_last_source = loop.last -%}
    {% for npi in source.npis -%}
    select
        '{{ source.kind }}' as claim_kind,
        {% for column in line_key -%}
        secondary_lines.{{ column }},
        {% endfor -%}
        primary_lines.known_from,
        primary_lines.known_to
    from secondary_{{ source.kind }} as secondary_lines
    inner join primary_{{ source.kind }} as primary_lines
        on
            secondary_lines.person_id = primary_lines.person_id
            and secondary_lines.line_date = primary_lines.line_date
            and secondary_lines.line_code = primary_lines.line_code
            and secondary_lines.{{ npi }} = primary_lines.{{ npi }}
            and secondary_lines.payer <> primary_lines.payer
    {%- if not (loop.last and is_last_source) %}

    union

    {% endif %}
    {%- endfor %}
    {%- endfor %}
)

select * from final
