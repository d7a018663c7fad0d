-- One row per period, measure and discharge from an acute stay for a mental illness of
-- a person old enough that day, enrolled in the days after it: whether a visit with a
-- mental health practitioner followed within a week, the day itself not counted
-- (Core-4). A further stay for mental health within the days after moves the event to
-- its own discharge; any other further stay excludes it. The first visit is the
-- evidence.
with periods as (
    select * from {{ ref('int_quality__periods') }}
),

people as (
    select * from {{ ref('int_quality__people') }}
),

stays as (
    select * from {{ ref('int_quality__stays') }}
),

value_set_codes as (
    select * from {{ ref('int_quality__value_set_codes') }}
),

providers as (
    select * from {{ ref('stg_provider') }}
),

coverage_spans as (
    select * from {{ ref('int_quality__coverage_spans') }}
),

specifications as (
    select * from {{ ref('measure_specifications') }}
    where design = 'mental_health_follow_up'
),

measure_value_sets as (
    select * from {{ ref('measure_value_sets') }}
),

measure_parameters as (
    select * from {{ ref('measure_parameters') }}
),

parameters as (
    select
        periods.period_end,
        measure_parameters.measure_id,
        {{ parameter_columns([
            'last_days_left_out',
            'readmission_days',
            'enrollment_days_after',
            'enrollment_gaps',
            'enrollment_gap_days',
            'follow_up_from_days',
            'follow_up_to_days',
        ]) }}
    from periods
    inner join measure_parameters
        on {{ is_in_force('measure_parameters', 'periods.period_end') }}
    group by
        periods.period_end,
        measure_parameters.measure_id
),

measured as (
    select
        people.period_end,
        people.period_start,
        specifications.measure_id,
        people.person_id,
        people.birth_date,
        specifications.age_from
    from people
    inner join specifications
        on {{ is_in_force('specifications', 'people.period_end') }}
),

-- Stays of the measured, and which diagnoses of the measure they were mainly for.
stays_of_measured as (
    select
        measured.measure_id,
        stays.*
    from stays
    inner join measured
        on
            stays.period_end = measured.period_end
            and stays.person_id = measured.person_id
),

stay_diagnoses as (
    select
        stays_of_measured.period_end,
        stays_of_measured.measure_id,
        stays_of_measured.person_id,
        stays_of_measured.stay_id,
        bool_or(measure_value_sets.role = 'diagnosis') as is_of_diagnosis,
        bool_or(measure_value_sets.role = 'readmission diagnosis')
            as is_of_readmission_diagnosis
    from stays_of_measured
    inner join value_set_codes
        on
            stays_of_measured.diagnosis_code_type = value_set_codes.code_system
            and stays_of_measured.principal_diagnosis_code = value_set_codes.code
            and stays_of_measured.end_date >= value_set_codes.effective_from
            and stays_of_measured.end_date <= value_set_codes.effective_to
    inner join measure_value_sets
        on
            stays_of_measured.measure_id = measure_value_sets.measure_id
            and value_set_codes.value_set = measure_value_sets.value_set
            and {{ is_in_force('measure_value_sets', 'stays_of_measured.period_end') }}
    group by
        stays_of_measured.period_end,
        stays_of_measured.measure_id,
        stays_of_measured.person_id,
        stays_of_measured.stay_id
),

mental_health_stays as (
    select
        stays_of_measured.*,
        coalesce(stay_diagnoses.is_of_diagnosis, false) as is_asked_for
    from stays_of_measured
    inner join stay_diagnoses
        on
            stays_of_measured.period_end = stay_diagnoses.period_end
            and stays_of_measured.measure_id = stay_diagnoses.measure_id
            and stays_of_measured.person_id = stay_diagnoses.person_id
            and stays_of_measured.stay_id = stay_diagnoses.stay_id
            and (
                stay_diagnoses.is_of_diagnosis
                or stay_diagnoses.is_of_readmission_diagnosis
            )
    where stays_of_measured.stay_kind = 'acute'
),

{{ discharge_ctes('mental_health_stays') }},

-- What the measure asks of claims and records, by the role that it plays there.
{{ evidence_cte('enrolled_discharges', are_few=true) }},

-- What is no stay for mental health and begins before the days after have passed.
further_stays as (
    select
        enrolled_discharges.period_end,
        enrolled_discharges.measure_id,
        enrolled_discharges.person_id,
        enrolled_discharges.stay_id,
        bool_or(further.stay_kind = 'acute') as is_acute
    from enrolled_discharges
    inner join stays_of_measured as further
        on
            enrolled_discharges.period_end = further.period_end
            and enrolled_discharges.measure_id = further.measure_id
            and enrolled_discharges.person_id = further.person_id
            and enrolled_discharges.stay_id <> further.stay_id
            and enrolled_discharges.discharge_date <= further.admission_date
            and further.admission_date <= {{ dbt.dateadd(
                'day',
                'enrolled_discharges.readmission_days',
                'enrolled_discharges.discharge_date'
            ) }}
    group by
        enrolled_discharges.period_end,
        enrolled_discharges.measure_id,
        enrolled_discharges.person_id,
        enrolled_discharges.stay_id
),

practitioners as (
    select distinct providers.npi
    from providers
    inner join value_set_codes
        on
            (
                value_set_codes.code_system = 'specialty'
                and providers.specialty = lower(value_set_codes.code)
            )
            or (
                value_set_codes.code_system = 'taxonomy'
                and providers.taxonomy_code = value_set_codes.code
            )
    inner join measure_value_sets
        on value_set_codes.value_set = measure_value_sets.value_set
    inner join specifications
        on measure_value_sets.measure_id = specifications.measure_id
    where measure_value_sets.role = 'practitioner'
),

-- Some services are visits wherever they are, others in some places alone.
visits as (
    select evidence.*
    from evidence
    inner join practitioners
        on evidence.provider_npi = practitioners.npi
    left join evidence as places
        on
            evidence.period_end = places.period_end
            and evidence.measure_id = places.measure_id
            and evidence.person_id = places.person_id
            and evidence.payer = places.payer
            and evidence.record_id = places.record_id
            and evidence.event_date = places.event_date
            and places.role = 'place'
    where
        evidence.role = 'visit'
        or (evidence.role = 'visit at a place' and places.role is not null)
),

follow_ups as (
    select
        enrolled_discharges.period_end,
        enrolled_discharges.measure_id,
        enrolled_discharges.person_id,
        enrolled_discharges.stay_id,
        visits.record_id,
        visits.event_date,
        visits.code,
        row_number() over (
            partition by
                enrolled_discharges.period_end,
                enrolled_discharges.measure_id,
                enrolled_discharges.person_id,
                enrolled_discharges.stay_id
            order by
                visits.event_date,
                visits.record_id,
                visits.code,
                visits.payer,
                visits.role
        ) as visit_rank
    from enrolled_discharges
    inner join parameters
        on
            enrolled_discharges.period_end = parameters.period_end
            and enrolled_discharges.measure_id = parameters.measure_id
    inner join visits
        on
            enrolled_discharges.period_end = visits.period_end
            and enrolled_discharges.measure_id = visits.measure_id
            and enrolled_discharges.person_id = visits.person_id
            and visits.event_date >= {{ dbt.dateadd(
                'day',
                'parameters.follow_up_from_days',
                'enrolled_discharges.discharge_date'
            ) }}
            and visits.event_date <= {{ dbt.dateadd(
                'day',
                'parameters.follow_up_to_days',
                'enrolled_discharges.discharge_date'
            ) }}
),

final as (
    select
        enrolled_discharges.period_end,
        enrolled_discharges.measure_id,
        enrolled_discharges.person_id,
        enrolled_discharges.stay_id as event_id,
        cast(1 as decimal(9, 6)) as weight,
        case
            when further_stays.is_acute then 'acute readmission'
            when not further_stays.is_acute then 'nonacute readmission'
        end as exclusion_reason,
        follow_ups.event_date is not null as in_numerator,
        enrolled_discharges.claim_id as denominator_record_id,
        enrolled_discharges.discharge_date as denominator_date,
        enrolled_discharges.principal_diagnosis_code as denominator_code,
        follow_ups.record_id as numerator_record_id,
        follow_ups.event_date as numerator_date,
        follow_ups.code as numerator_code,
        cast(null as decimal(18, 4)) as numerator_value
    from enrolled_discharges
    left join further_stays
        on
            enrolled_discharges.period_end = further_stays.period_end
            and enrolled_discharges.measure_id = further_stays.measure_id
            and enrolled_discharges.person_id = further_stays.person_id
            and enrolled_discharges.stay_id = further_stays.stay_id
    left join follow_ups
        on
            enrolled_discharges.period_end = follow_ups.period_end
            and enrolled_discharges.measure_id = follow_ups.measure_id
            and enrolled_discharges.person_id = follow_ups.person_id
            and enrolled_discharges.stay_id = follow_ups.stay_id
            and follow_ups.visit_rank = 1
)

select * from final
