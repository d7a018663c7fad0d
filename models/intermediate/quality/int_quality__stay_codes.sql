-- One row per period, stay, value set and code of the stay: its diagnoses and
-- procedures, its DRG, where the patient came from and went. Only sets that a measure
-- names.
with stays as (
    select * from {{ ref('int_quality__stays') }}
),

measure_value_sets as (
    select * from {{ ref('measure_value_sets') }}
),

value_set_codes as (
    select * from {{ ref('int_quality__value_set_codes') }}
),

codes as (
    select value_set_codes.*
    from value_set_codes
    semi join measure_value_sets
        on value_set_codes.value_set = measure_value_sets.value_set
),

-- Stays share few lists of codes, so that the lists are taken apart once each.
{% for list_name, systems in [
    ('diagnosis', ['icd-10-cm', 'icd-9-cm']),
    ('procedure', ['icd-10-pcs', 'icd-9-pcs']),
] -%}
{{ list_name }}_lists as (
    select distinct {{ list_name }}_codes as code_list from stays
    where {{ list_name }}_codes is not null
),

{{ list_name }}_words as (
    select
        code_list,
        {{ numbered_words('code_list') }}
    from {{ list_name }}_lists
),

{{ list_name }}_matches as (
    select distinct
        words.code_list,
        codes.value_set,
        codes.code_system,
        codes.code,
        codes.effective_from,
        codes.effective_to
    from {{ list_name }}_words as words
    inner join codes
        on words.word = codes.code
    where
        codes.code_system in (
            {%- for system in systems %}
            '{{ system }}'
            {%- if not loop.last %},{% endif %}
            {%- endfor %}
        )
),

{% endfor -%}
coded as (
    {% for list_name in ['diagnosis', 'procedure'] -%}
    select
        stays.period_end,
        stays.person_id,
        stays.stay_id,
        matches.value_set,
        matches.code_system,
        matches.code,
        {% if list_name == 'diagnosis' -%}
        matches.code = stays.principal_diagnosis_code
        {%- else -%}
        false
        {%- endif %} as is_principal
    from stays
    inner join {{ list_name }}_matches as matches
        on
            stays.{{ list_name }}_codes = matches.code_list
            and stays.end_date >= matches.effective_from
            and stays.end_date <= matches.effective_to
            {%- if list_name == 'diagnosis' %}
            and stays.diagnosis_code_type = matches.code_system
            {%- endif %}

    union all

    {% endfor -%}
    {% for system, code_column in [
        ('ms-drg', 'drg_code'),
        ('admit_source', 'admit_source_code'),
        ('discharge_disposition', 'discharge_disposition_code'),
    ] -%}
    select
        stays.period_end,
        stays.person_id,
        stays.stay_id,
        codes.value_set,
        codes.code_system,
        codes.code,
        false as is_principal
    from stays
    inner join codes
        on
            stays.{{ code_column }} = codes.code
            and stays.end_date >= codes.effective_from
            and stays.end_date <= codes.effective_to
    where codes.code_system = '{{ system }}'
    {%- if not loop.last %}

    union all

    {% endif %}
    {%- endfor %}
),

final as (
    select * from coded
)

select * from final
