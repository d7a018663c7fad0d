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
        stays.*
    from stays
    inner join measured
        on
            stays.period_end = measured.period_end
            and stays.person_id = measured.person_id
),

-- A stay that began within the days after the end of one before goes on with the same
-- chain; of a chain the last discharge counts.
linked as (
    select
        stays_of_measured.*,
        parameters.readmission_days,
        max(stays_of_measured.end_date) over (
            partition by
                stays_of_measured.period_end,
                stays_of_measured.measure_id,
                stays_of_measured.person_id
            order by
                stays_of_measured.admission_date,
                stays_of_measured.end_date,
                stays_of_measured.stay_id
            rows between unbounded preceding and 1 preceding
        ) as earlier_end_date
    from stays_of_measured
    inner join parameters
        on
            stays_of_measured.period_end = parameters.period_end
            and stays_of_measured.measure_id = parameters.measure_id
),

chained as (
    select
        *,
        sum(
            case
                when admission_date <= {{ dbt.dateadd(
                    'day', 'readmission_days', 'earlier_end_date'
                ) }} then 0
                else 1
            end
        ) over (
            partition by period_end, measure_id, person_id
            order by admission_date, end_date, stay_id
            rows between unbounded preceding and current row
        ) as chain_number
    from linked
),

chain_ends as (
    select
        *,
        row_number() over (
            partition by period_end, measure_id, person_id, chain_number
            order by end_date desc, admission_date desc, stay_id desc
        ) as chain_rank
    from chained
),

discharges as (
    select
        chain_ends.*,
        cast(
            {{ dbt.dateadd(
                'day', 'parameters.enrollment_days_after', 'chain_ends.discharge_date'
            ) }} as date
        ) as window_end,
        chain_ends.discharge_date as window_start,
        parameters.enrollment_gaps as gaps,
        parameters.enrollment_gap_days as gap_days
    from chain_ends
    inner join measured
        on
            chain_ends.period_end = measured.period_end
            and chain_ends.measure_id = measured.measure_id
            and chain_ends.person_id = measured.person_id
            and chain_ends.discharge_date >= measured.period_start
            and {{ full_years('measured.birth_date', 'chain_ends.discharge_date') }}
            >= measured.age_from
    inner join parameters
        on
            chain_ends.period_end = parameters.period_end
            and chain_ends.measure_id = parameters.measure_id
            and chain_ends.discharge_date <= {{ dbt.dateadd(
                'day', '-parameters.last_days_left_out', 'chain_ends.period_end'
            ) }}
    where
        chain_ends.chain_rank = 1
        and not chain_ends.has_died
),

{{ enrolled_windows_ctes('discharges') }},

enrolled_discharges as (
    select discharges.*
    from discharges
    inner join enrolled_windows
        on
            discharges.person_id = enrolled_windows.person_id
            and discharges.window_start = enrolled_windows.window_start
            and discharges.window_end = enrolled_windows.window_end
),

-- What the measure asks of claims and records, by the role that it plays there.
{{ evidence_cte('enrolled_discharges') }},

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
