-- One row per period, measure and discharge from a hospital or another inpatient
-- facility of a person old enough that day, enrolled in the days after it, with an
-- outpatient visit in them: whether medications were reconciled in those days
-- (MSSP-12). A further stay within the days after moves the event to its own discharge.
-- The first reconciliation is the evidence.
with periods as (
    select * from {{ ref('int_quality__periods') }}
),

people as (
    select * from {{ ref('int_quality__people') }}
),

stays as (
    select * from {{ ref('int_quality__stays') }}
),

coverage_spans as (
    select * from {{ ref('int_quality__coverage_spans') }}
),

specifications as (
    select * from {{ ref('measure_specifications') }}
    where design = 'medication_reconciliation'
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
            'visit_days_after',
            'reconciliation_days_after',
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

stays_of_measured as (
    select
        measured.measure_id,
        stays.*,
        true as is_asked_for
    from stays
    inner join measured
        on
            stays.period_end = measured.period_end
            and stays.person_id = measured.person_id
),

{{ discharge_ctes('stays_of_measured') }},

-- What the measure asks of claims and records, by the role that it plays there.
{{ evidence_cte('enrolled_discharges', are_few=true) }},

visits as (
    select
        enrolled_discharges.period_end,
        enrolled_discharges.measure_id,
        enrolled_discharges.person_id,
        enrolled_discharges.stay_id,
        evidence.record_id,
        evidence.event_date,
        evidence.code,
        row_number() over (
            partition by
                enrolled_discharges.period_end,
                enrolled_discharges.measure_id,
                enrolled_discharges.person_id,
                enrolled_discharges.stay_id
            order by
                evidence.event_date,
                evidence.record_id,
                evidence.code,
                evidence.payer
        ) as event_rank
    from enrolled_discharges
    inner join parameters
        on
            enrolled_discharges.period_end = parameters.period_end
            and enrolled_discharges.measure_id = parameters.measure_id
    inner join evidence
        on
            enrolled_discharges.period_end = evidence.period_end
            and enrolled_discharges.measure_id = evidence.measure_id
            and enrolled_discharges.person_id = evidence.person_id
            and enrolled_discharges.discharge_date <= evidence.event_date
            and evidence.event_date <= {{ dbt.dateadd(
                'day',
                'parameters.visit_days_after',
                'enrolled_discharges.discharge_date'
            ) }}
    where evidence.role = 'visit'
),

reconciliations as (
    select
        enrolled_discharges.period_end,
        enrolled_discharges.measure_id,
        enrolled_discharges.person_id,
        enrolled_discharges.stay_id,
        evidence.record_id,
        evidence.event_date,
        evidence.code,
        row_number() over (
            partition by
                enrolled_discharges.period_end,
                enrolled_discharges.measure_id,
                enrolled_discharges.person_id,
                enrolled_discharges.stay_id
            order by
                evidence.event_date,
                evidence.record_id,
                evidence.code,
                evidence.payer
        ) as event_rank
    from enrolled_discharges
    inner join parameters
        on
            enrolled_discharges.period_end = parameters.period_end
            and enrolled_discharges.measure_id = parameters.measure_id
    inner join evidence
        on
            enrolled_discharges.period_end = evidence.period_end
            and enrolled_discharges.measure_id = evidence.measure_id
            and enrolled_discharges.person_id = evidence.person_id
            and enrolled_discharges.discharge_date <= evidence.event_date
            and evidence.event_date <= {{ dbt.dateadd(
                'day',
                'parameters.reconciliation_days_after',
                'enrolled_discharges.discharge_date'
            ) }}
    where evidence.role = 'numerator'
),

final as (
    select
        enrolled_discharges.period_end,
        enrolled_discharges.measure_id,
        enrolled_discharges.person_id,
        enrolled_discharges.stay_id as event_id,
        cast(1 as decimal(9, 6)) as weight,
        cast(null as varchar) as exclusion_reason,
        reconciliations.event_date is not null as in_numerator,
        enrolled_discharges.claim_id as denominator_record_id,
        enrolled_discharges.discharge_date as denominator_date,
        visits.code as denominator_code,
        reconciliations.record_id as numerator_record_id,
        reconciliations.event_date as numerator_date,
        reconciliations.code as numerator_code,
        cast(null as decimal(18, 4)) as numerator_value
    from enrolled_discharges
    inner join visits
        on
            enrolled_discharges.period_end = visits.period_end
            and enrolled_discharges.measure_id = visits.measure_id
            and enrolled_discharges.person_id = visits.person_id
            and enrolled_discharges.stay_id = visits.stay_id
            and visits.event_rank = 1
    left join reconciliations
        on
            enrolled_discharges.period_end = reconciliations.period_end
            and enrolled_discharges.measure_id = reconciliations.measure_id
            and enrolled_discharges.person_id = reconciliations.person_id
            and enrolled_discharges.stay_id = reconciliations.stay_id
            and reconciliations.event_rank = 1
)

select * from final
