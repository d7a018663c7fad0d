-- One row per period and hospital stay of a person measured in it, admitted by its last
-- day, as known at the cutoff of scores: all claims for one stay in one hospital, a
-- bill of part of it or another payer's copy included. Acute stays that follow each
-- other within the days of a transfer are one episode. Other inpatient stays (skilled
-- nursing, rehabilitation) are here too, each an episode of its own; observation is no
-- stay.
{% set stay_columns = [
    'admit_source_code',
    'admit_type_code',
    'discharge_disposition_code',
    'drg_code',
    'diagnosis_code_type',
    'diagnosis_codes',
    'procedure_codes',
] -%}
with periods as (
    select * from {{ ref('int_quality__periods') }}
),

people as (
    select * from {{ ref('int_quality__people') }}
),

measure_parameters as (
    select * from {{ ref('measure_parameters') }}
    where measure_id = 'stays'
),

measure_value_sets as (
    select * from {{ ref('measure_value_sets') }}
    where measure_id = 'stays'
),

codes as (
    select * from {{ ref('int_quality__value_set_codes') }}
),

roles as (
    select
        measure_value_sets.role,
        measure_value_sets.part,
        codes.code_system,
        codes.code,
        codes.effective_from,
        codes.effective_to
    from measure_value_sets
    inner join codes
        on measure_value_sets.value_set = codes.value_set
),

parameters as (
    select
        periods.period_end,
        {{ parameter_columns(['transfer_days', 'interim_bill_days']) }}
    from periods
    inner join measure_parameters
        on {{ is_in_force('measure_parameters', 'periods.period_end') }}
    group by periods.period_end
),

dispositions as (
    select
        code,
        bool_or(role = 'death') as has_died,
        bool_or(role = 'still there') as is_open,
        bool_or(role = 'transfer') as is_sent_on
    from roles
    where code_system = 'discharge_disposition'
    group by code
),

-- What a claim's type of bill and its room-and-board revenue say of it. Claims are
-- named wherever they are read: a table expression that several read would be kept
-- whole.
inpatient_lines as (
    {% for system, code_column in [
        ('bill_type', first_digits('claim_lines.bill_type_code', 2)),
        ('revenue', 'claim_lines.revenue_code'),
    ] -%}
    select
        claim_lines.*,
        roles.code_system,
        roles.role,
        roles.part
    from {{ ref('stg_medical_claim') }} as claim_lines
    inner join roles
        on
            {{ code_column }} = roles.code
            and claim_lines.service_date >= roles.effective_from
            and claim_lines.service_date <= roles.effective_to
    where
        roles.code_system = '{{ system }}'
        and claim_lines.claim_type = 'institutional'
        and not claim_lines.is_denied
        and not claim_lines.is_reversal
    {%- if not loop.last %}

    union all

    {% endif %}
    {%- endfor %}
),

-- A claim has many lines and few versions of them.
claim_versions as (
    select
        person_id,
        payer,
        claim_id,
        known_from,
        known_to,
        min(part) as part,
        min_by(role, part) as role,
        bool_or(role = 'psychiatric') as is_psychiatric,
        bool_or(code_system = 'bill_type') as has_inpatient_bill,
        bool_and(is_secondary) as is_secondary,
        min(coalesce(admission_date, claim_start_date)) as stay_start_date,
        max(coalesce(discharge_date, claim_end_date, service_date)) as end_date,
        max(coalesce(facility_npi, billing_npi)) as facility_npi,
        {% for column in stay_columns -%}
        max({{ column }}) as {{ column }},
        {% endfor -%}
        max(bill_type_code) as bill_type_code
    from inpatient_lines
    group by
        person_id,
        payer,
        claim_id,
        known_from,
        known_to
),

-- Where a claim has a type of bill, that decides whether it is inpatient. Of the kinds
-- that its codes say, the first by part is its kind.
claims as (
    select
        people.period_end,
        people.period_start,
        people.person_id,
        people.birth_date,
        claim_versions.payer,
        claim_versions.claim_id,
        min_by(claim_versions.role, claim_versions.part) as stay_kind,
        bool_or(claim_versions.is_psychiatric) as is_psychiatric,
        bool_and(claim_versions.is_secondary) as is_secondary,
        min(claim_versions.stay_start_date) as admission_date,
        max(claim_versions.end_date) as end_date,
        max(claim_versions.facility_npi) as facility_npi,
        {% for column in stay_columns -%}
        max(claim_versions.{{ column }}) as {{ column }}
        {%- if not loop.last %},
        {% endif %}
        {%- endfor %}
    from claim_versions
    inner join people
        on
            claim_versions.person_id = people.person_id
            and claim_versions.stay_start_date <= people.period_end
            and {{ was_known('claim_versions', 'people.score_cutoff_date') }}
    group by
        people.period_end,
        people.period_start,
        people.person_id,
        people.birth_date,
        claim_versions.payer,
        claim_versions.claim_id
    having
        bool_or(claim_versions.has_inpatient_bill)
        or max(claim_versions.bill_type_code) is null
),

-- A bill that says that the patient is still there reaches on to the next one.
described as (
    select
        claims.*,
        coalesce(dispositions.has_died, false) as has_died,
        coalesce(dispositions.is_open, false) as is_open,
        coalesce(dispositions.is_sent_on, false) as is_sent_on,
        case
            when dispositions.is_open
                then parameters.interim_bill_days
            else 0
        end as open_days,
        parameters.transfer_days
    from claims
    inner join parameters
        on claims.period_end = parameters.period_end
    left join dispositions
        on claims.discharge_disposition_code = dispositions.code
),

reached as (
    select
        *,
        max({{ dbt.dateadd('day', 'open_days', 'end_date') }}) over (
            partition by period_end, person_id, stay_kind, facility_npi
            order by admission_date, end_date, payer, claim_id
            rows between unbounded preceding and 1 preceding
        ) as reached_date
    from described
),

numbered as (
    select
        *,
        sum(case when admission_date <= reached_date then 0 else 1 end) over (
            partition by period_end, person_id, stay_kind, facility_npi
            order by admission_date, end_date, payer, claim_id
            rows between unbounded preceding and current row
        ) as stay_number
    from reached
),

-- The primary payer's last bill says how the stay ended and what it was for.
ranked as (
    select
        *,
        row_number() over (
            partition by period_end, person_id, stay_kind, facility_npi, stay_number
            order by is_secondary, end_date desc, is_open, payer, claim_id
        ) as claim_rank
    from numbered
),

stays as (
    select
        period_end,
        period_start,
        person_id,
        birth_date,
        stay_kind,
        facility_npi,
        transfer_days,
        max(payer) filter (where claim_rank = 1) as payer,
        max(claim_id) filter (where claim_rank = 1) as claim_id,
        {{ distinct_list('claim_id') }} as claim_ids,
        min(admission_date) as admission_date,
        max(end_date) as end_date,
        min(admit_source_code) as admit_source_code,
        min(admit_type_code) as admit_type_code,
        {% for column in [
            'discharge_disposition_code',
            'drg_code',
            'diagnosis_code_type',
        ] -%}
        max({{ column }}) filter (where claim_rank = 1) as {{ column }},
        {% endfor -%}
        max(diagnosis_codes) filter (where claim_rank = 1) as last_diagnosis_codes,
        replace({{ distinct_list('diagnosis_codes') }}, ',', '') as diagnosis_codes,
        replace({{ distinct_list('procedure_codes') }}, ',', '') as procedure_codes,
        bool_or(is_psychiatric) as is_psychiatric,
        bool_or(has_died) as has_died,
        bool_or(is_open and claim_rank = 1) as is_open,
        bool_or(is_sent_on and claim_rank = 1) as is_sent_on
    from ranked
    group by
        period_end,
        period_start,
        person_id,
        birth_date,
        stay_kind,
        facility_npi,
        transfer_days,
        stay_number
),

-- A claim is of one stay, so that payer and claim are a unique key.
preceded as (
    select
        *,
        payer || ':' || claim_id as stay_id,
        max(end_date) over (
            partition by period_end, person_id, stay_kind
            order by admission_date, end_date, payer, claim_id
            rows between unbounded preceding and 1 preceding
        ) as earlier_end_date,
        lag(facility_npi) over (
            partition by period_end, person_id, stay_kind
            order by admission_date, end_date, payer, claim_id
        ) as earlier_facility_npi,
        lag(is_sent_on) over (
            partition by period_end, person_id, stay_kind
            order by admission_date, end_date, payer, claim_id
        ) as was_sent_on
    from stays
),

-- An acute stay that begins within the days of a transfer goes on with the last one; it
-- is a transfer if another hospital gave it, or the last one sent the patient on.
joined as (
    select
        *,
        coalesce(
            stay_kind = 'acute'
            and admission_date
            <= {{ dbt.dateadd('day', 'transfer_days', 'earlier_end_date') }},
            false
        ) as is_continued,
        coalesce(was_sent_on or facility_npi <> earlier_facility_npi, false)
            as is_elsewhere
    from preceded
),

episodes as (
    select
        *,
        is_continued and is_elsewhere as is_transferred_in,
        sum(case when is_continued then 0 else 1 end) over (
            partition by period_end, person_id, stay_kind
            order by admission_date, end_date, payer, claim_id
            rows between unbounded preceding and current row
        ) as episode_number
    from joined
),

placed as (
    select
        *,
        row_number() over (
            partition by period_end, person_id, stay_kind, episode_number
            order by admission_date, end_date, payer, claim_id
        ) as episode_position,
        count(*) over (
            partition by period_end, person_id, stay_kind, episode_number
        ) as episode_stays,
        first_value(stay_id) over (
            partition by period_end, person_id, stay_kind, episode_number
            order by admission_date, end_date, payer, claim_id
        ) as episode_id
    from episodes
),

final as (
    select
        period_end,
        person_id,
        stay_id,
        period_start,
        birth_date,
        stay_kind,
        payer,
        claim_id,
        claim_ids,
        facility_npi,
        admission_date,
        end_date,
        case when not is_open then end_date end as discharge_date,
        admit_source_code,
        admit_type_code,
        discharge_disposition_code,
        drg_code,
        diagnosis_code_type,
        split_part(last_diagnosis_codes, ' ', 1) as principal_diagnosis_code,
        diagnosis_codes,
        procedure_codes,
        episode_id,
        episode_position,
        episode_position = episode_stays as is_last_of_episode,
        is_transferred_in,
        is_psychiatric,
        has_died
    from placed
)

select * from final
