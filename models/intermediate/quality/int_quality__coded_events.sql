{{ config(materialized='view') }}
-- One row per code and claim and day, or clinical record, of a person measured in some
-- period: claims and records narrowed once to the codes that measures ask for, with the
-- time in which the claim was in force. Lines of a claim that say the same are one
-- event; denied and reversed ones are none (design, "Final claims"), nor is a code
-- whose modifier or a record whose status says that it was not done. Every visit has a
-- place: one that is asked of some services alone is an event where these are. A view,
-- because int_quality__events alone reads it, and keeps what it found.
--
-- Claims are named wherever they are read, and not imported once: a table expression
-- that several read would be kept whole.
with people as (
    select distinct person_id from {{ ref('int_quality__measured_people') }}
),

codes as (
    select
        code_system,
        code,
        bool_and(is_place_of_services) as is_place_of_services,
        bool_or(is_asked_for_place) as is_asked_for_place
    from {{ ref('int_quality__value_set_codes') }}
    where is_of_events
    group by
        code_system,
        code
),

services_at_places as (
    select code from codes
    where
        code_system = 'hcpcs'
        and is_asked_for_place
),

fills as (
    select * from {{ ref('stg_pharmacy_claim') }}
    where not is_denied and not is_reversal
),

lab_results as (
    select * from {{ ref('stg_lab_result') }}
),

observations as (
    select * from {{ ref('stg_observation') }}
),

immunizations as (
    select * from {{ ref('stg_immunization') }}
),

clinical_statuses as (
    select * from {{ ref('clinical_statuses') }}
),

not_performed_modifiers as (
    select * from {{ ref('not_performed_modifiers') }}
),

-- Lines of a claim share its diagnoses and, most of them, its place; they are looked at
-- once.
claims as (
    select
        claim_lines.payer,
        claim_lines.person_id,
        claim_lines.claim_id,
        claim_lines.claim_type,
        claim_lines.service_date,
        claim_lines.known_from,
        claim_lines.known_to,
        claim_lines.place_of_service_code,
        claim_lines.bill_type_code,
        claim_lines.drg_code,
        claim_lines.diagnosis_code_type,
        claim_lines.diagnosis_codes,
        claim_lines.procedure_codes,
        max(claim_lines.claim_end_date) as claim_end_date,
        min(coalesce(claim_lines.rendering_npi, claim_lines.billing_npi))
            as provider_npi,
        bool_or(services_at_places.code is not null) as has_service_at_a_place
    from {{ ref('stg_medical_claim') }} as claim_lines
    semi join people
        on claim_lines.person_id = people.person_id
    left join services_at_places
        on claim_lines.hcpcs_code = services_at_places.code
    where
        not claim_lines.is_denied
        and not claim_lines.is_reversal
    group by
        claim_lines.payer,
        claim_lines.person_id,
        claim_lines.claim_id,
        claim_lines.claim_type,
        claim_lines.service_date,
        claim_lines.known_from,
        claim_lines.known_to,
        claim_lines.place_of_service_code,
        claim_lines.bill_type_code,
        claim_lines.drg_code,
        claim_lines.diagnosis_code_type,
        claim_lines.diagnosis_codes,
        claim_lines.procedure_codes
),

-- Claims share few lists of codes, so that the lists are taken apart once each.
{% for list_name, code_column in [
    ('diagnosis', 'diagnosis_codes'), ('procedure', 'procedure_codes')
] -%}
{{ list_name }}_lists as (
    select distinct {{ code_column }} from claims
    where {{ code_column }} is not null
),

{{ list_name }}_positions as (
    select
        {{ code_column }},
        {{ numbered_words(code_column) }}
    from {{ list_name }}_lists
),

{{ list_name }}_codes as (
    select
        positions.{{ code_column }},
        codes.code_system,
        codes.code,
        min(positions.word_number) as position
    from {{ list_name }}_positions as positions
    inner join codes
        on positions.word = codes.code
    where
        codes.code_system in (
            {%- if list_name == 'diagnosis' %}
            'icd-10-cm', 'icd-9-cm'
            {%- else %}
            'icd-10-pcs', 'icd-9-pcs'
            {%- endif %}
        )
    group by
        positions.{{ code_column }},
        codes.code_system,
        codes.code
),

{% endfor -%}
{% set institutional = "claims.claim_type = 'institutional'" -%}
-- Procedures and revenue are each line's own.
line_events as (
    {% for system, line_code, condition in [
        ('hcpcs', 'claims.hcpcs_code', 'not_performed_modifiers.modifier is null'),
        ('revenue', 'claims.revenue_code', institutional),
    ] -%}
    select
        claims.payer,
        claims.person_id,
        claims.claim_id,
        claims.claim_type,
        claims.service_date,
        max(claims.claim_end_date) as claim_end_date,
        min(coalesce(claims.rendering_npi, claims.billing_npi)) as provider_npi,
        claims.known_from,
        claims.known_to,
        codes.code_system,
        codes.code,
        false as is_principal
    from {{ ref('stg_medical_claim') }} as claims
    semi join people
        on claims.person_id = people.person_id
    inner join codes
        on
            {{ line_code }} = codes.code
            and codes.code_system = '{{ system }}'
    {%- if system == 'hcpcs' %}
    left join not_performed_modifiers
        on
            claims.hcpcs_modifier = not_performed_modifiers.modifier
            and {{ is_in_force('not_performed_modifiers', 'claims.service_date') }}
    {%- endif %}
    where
        not claims.is_denied
        and not claims.is_reversal
        and {{ condition }}
    group by
        claims.payer,
        claims.person_id,
        claims.claim_id,
        claims.claim_type,
        claims.service_date,
        claims.known_from,
        claims.known_to,
        codes.code_system,
        codes.code
    {%- if not loop.last %}

    union all

    {% endif %}
    {%- endfor %}
),

claim_code_events as (
    {% for system, claim_code, condition in [
        (
            'pos', zero_padded('claims.place_of_service_code', 2),
            '(claims.has_service_at_a_place or not codes.is_place_of_services)'
        ),
        ('bill_type', first_digits('claims.bill_type_code', 2), institutional),
        ('ms-drg', zero_padded('claims.drg_code', 3), institutional),
    ] -%}
    select
        claims.payer,
        claims.person_id,
        claims.claim_id,
        claims.claim_type,
        claims.service_date,
        max(claims.claim_end_date) as claim_end_date,
        min(claims.provider_npi) as provider_npi,
        claims.known_from,
        claims.known_to,
        codes.code_system,
        codes.code,
        false as is_principal
    from claims
    inner join codes
        on
            {{ claim_code }} = codes.code
            and codes.code_system = '{{ system }}'
    where {{ condition }}
    group by
        claims.payer,
        claims.person_id,
        claims.claim_id,
        claims.claim_type,
        claims.service_date,
        claims.known_from,
        claims.known_to,
        codes.code_system,
        codes.code
    {%- if not loop.last %}

    union all

    {% endif %}
    {%- endfor %}
),

listed_code_events as (
    {% for list_name, code_column in [
        ('diagnosis', 'diagnosis_codes'), ('procedure', 'procedure_codes')
    ] -%}
    select
        claims.payer,
        claims.person_id,
        claims.claim_id,
        claims.claim_type,
        claims.service_date,
        max(claims.claim_end_date) as claim_end_date,
        min(claims.provider_npi) as provider_npi,
        claims.known_from,
        claims.known_to,
        codes.code_system,
        codes.code,
        min(codes.position) = 1 as is_principal
    from claims
    inner join {{ list_name }}_codes as codes
        on
            claims.{{ code_column }} = codes.{{ code_column }}
            {%- if list_name == 'diagnosis' %}
            and claims.diagnosis_code_type = codes.code_system
            {%- endif %}
    group by
        claims.payer,
        claims.person_id,
        claims.claim_id,
        claims.claim_type,
        claims.service_date,
        claims.known_from,
        claims.known_to,
        codes.code_system,
        codes.code
    {%- if not loop.last %}

    union all

    {% endif %}
    {%- endfor %}
),

claim_events as (
    select * from line_events
    union all
    select * from claim_code_events
    union all
    select * from listed_code_events
),

fill_events as (
    select
        'pharmacy_claim' as source_table,
        fills.payer,
        fills.person_id,
        fills.claim_id as record_id,
        fills.dispensing_date as event_date,
        fills.known_from,
        fills.known_to,
        codes.code_system,
        codes.code,
        max(fills.days_supply) as days_supply
    from fills
    inner join codes
        on fills.ndc_code = codes.code
    where codes.code_system = 'ndc'
    group by
        fills.payer,
        fills.person_id,
        fills.claim_id,
        fills.dispensing_date,
        fills.known_from,
        fills.known_to,
        codes.code_system,
        codes.code
),

final as (
    select
        'medical_claim' as source_table,
        payer,
        person_id,
        claim_id as record_id,
        claim_type,
        service_date as event_date,
        coalesce(claim_end_date, service_date) as end_date,
        provider_npi,
        known_from,
        known_to,
        code_system,
        code,
        is_principal,
        cast(null as integer) as days_supply,
        cast(null as decimal(18, 4)) as result
    from claim_events

    union all

    select
        source_table,
        payer,
        person_id,
        record_id,
        cast(null as varchar) as claim_type,
        event_date,
        event_date as end_date,
        cast(null as varchar) as provider_npi,
        known_from,
        known_to,
        code_system,
        code,
        false as is_principal,
        cast(days_supply as integer) as days_supply,
        cast(null as decimal(18, 4)) as result
    from fill_events

    {% for table, id, day, system, has_status, result in [
        ('lab_results', 'lab_result_id', 'coalesce(collection_date, result_date)',
         'loinc', true, 'result'),
        ('observations', 'observation_id', 'observation_date',
         'loinc', false, 'result'),
        ('immunizations', 'immunization_id', 'occurrence_date', 'cvx', true, none),
    ] -%}
    {%- set record_code
        = 'coalesce(' ~ table ~ '.normalized_code, ' ~ table ~ '.source_code)' %}
    union all

    select
        '{{ table[:-1] }}' as source_table,
        cast(null as varchar) as payer,
        {{ table }}.person_id,
        {{ table }}.{{ id }} as record_id,
        cast(null as varchar) as claim_type,
        {{ day }} as event_date,
        {{ day }} as end_date,
        cast(null as varchar) as provider_npi,
        cast(null as date) as known_from,
        cast(null as date) as known_to,
        codes.code_system,
        codes.code,
        false as is_principal,
        cast(null as integer) as days_supply,
        {% if result -%}
        try_cast({{ table }}.{{ result }} as decimal(18, 4))
        {%- else -%}
        cast(null as decimal(18, 4))
        {%- endif %} as result
    from {{ table }}
    inner join codes
        on
            {% if system == 'cvx' -%}
            {{ zero_padded(record_code, 2) }}
            {%- else -%}
            {{ record_code }}
            {%- endif %} = codes.code
    {%- if has_status %}
    left join clinical_statuses
        on
            clinical_statuses.source_table = '{{ table[:-1] }}'
            and lower({{ table }}.status) = clinical_statuses.status
            and {{ is_in_force('clinical_statuses', day) }}
    {%- endif %}
    where
        codes.code_system = '{{ system }}'
        and {{ day }} is not null
        {%- if has_status %}
        and clinical_statuses.status is null
        {%- endif %}

    {% endfor -%}
)

select * from final
