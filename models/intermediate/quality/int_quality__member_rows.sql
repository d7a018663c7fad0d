{{ config(materialized='view') }}
-- One row per measure's period, person and event, for whichever program the person
-- counts: whether it counts in the denominator, is excluded and why, counts in the
-- numerator, and the records that say so. A measure is one of the models named below,
-- with the same columns; what excludes a person from it by rule is added here. A view:
-- each program's members read their own.
{% set measures = [
    'int_quality__services',
    'int_quality__influenza',
    'int_quality__chlamydia',
    'int_quality__all_results',
    'int_quality__eye_exams',
    'int_quality__results',
    'int_quality__admissions',
    'int_quality__readmissions',
    'int_quality__mental_health_follow_up',
    'int_quality__substance_use_treatment',
    'int_quality__bronchitis_antibiotics',
    'int_quality__pharyngitis_testing',
    'int_quality__medication_reconciliation',
    'int_quality__developmental_screening',
    'int_quality__childhood_immunizations',
] -%}
with rows_of_measures as (
    {% for measure in measures -%}
    select
        period_end,
        measure_id,
        person_id,
        event_id,
        weight,
        exclusion_reason,
        in_numerator,
        denominator_record_id,
        denominator_date,
        denominator_code,
        numerator_record_id,
        numerator_date,
        numerator_code,
        numerator_value
    from {{ ref(measure) }}
    {%- if not loop.last %}

    union all

    {% endif %}
    {%- endfor %}
),

exclusions as (
    select * from {{ ref('int_quality__exclusions') }}
),

joined as (
    select
        rows_of_measures.*,
        coalesce(rows_of_measures.exclusion_reason, exclusions.exclusion_reason)
            as excluded_because,
        exclusions.record_id as exclusion_record_id,
        exclusions.event_date as exclusion_date,
        exclusions.code as exclusion_code
    from rows_of_measures
    left join exclusions
        on
            rows_of_measures.period_end = exclusions.period_end
            and rows_of_measures.measure_id = exclusions.measure_id
            and rows_of_measures.person_id = exclusions.person_id
),

final as (
    select
        period_end,
        measure_id,
        person_id,
        event_id,
        excluded_because is null and weight > 0 as in_denominator,
        excluded_because is not null as is_excluded,
        excluded_because as exclusion_reason,
        excluded_because is null and in_numerator as in_numerator,
        weight,
        denominator_record_id,
        denominator_date,
        denominator_code,
        numerator_record_id,
        numerator_date,
        numerator_code,
        numerator_value,
        exclusion_record_id,
        exclusion_date,
        exclusion_code
    from joined
)

select * from final
