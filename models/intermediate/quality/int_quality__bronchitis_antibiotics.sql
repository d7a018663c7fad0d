-- One row per period, measure and adult with a visit for acute bronchitis, enrolled
-- around it: the first whose year before has no comorbid condition, and that has no
-- antibiotic before and no diagnosis around it that asks for one; else the first,
-- excluded. In the numerator is who was dispensed no antibiotic in the days that follow
-- (Core-6): of the others, the antibiotic is the evidence.
with periods as (
    select * from {{ ref('int_quality__periods') }}
),

people as (
    select * from {{ ref('int_quality__people') }}
),

events as (
    select * from {{ ref('int_quality__events_as_of') }}
),

stays as (
    select * from {{ ref('int_quality__stays') }}
),

coverage_spans as (
    select * from {{ ref('int_quality__coverage_spans') }}
),

specifications as (
    select * from {{ ref('measure_specifications') }}
    where design = 'bronchitis_antibiotics'
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
            'age_from_months_before',
            'last_days_left_out',
            'admission_days_after_visit',
            'enrollment_days_before',
            'enrollment_days_after',
            'enrollment_gaps',
            'enrollment_gap_days',
            'comorbidity_months_before',
            'dispensing_days_before',
            'dispensing_days_after',
            'competing_days_before',
            'competing_days_after',
        ]) }}
    from periods
    inner join measure_parameters
        on {{ is_in_force('measure_parameters', 'periods.period_end') }}
    group by
        periods.period_end,
        measure_parameters.measure_id
),

age_days as (
    select
        people.*,
        specifications.measure_id,
        specifications.age_from,
        specifications.age_to,
        cast(
            {{ dbt.dateadd(
                'month', '-parameters.age_from_months_before', 'people.period_start'
            ) }} as date
        ) as age_from_day
    from people
    inner join specifications
        on {{ is_in_force('specifications', 'people.period_end') }}
    inner join parameters
        on
            people.period_end = parameters.period_end
            and specifications.measure_id = parameters.measure_id
),

measured as (
    select
        period_end,
        period_start,
        measure_id,
        person_id
    from age_days
    where
        age_years <= age_to
        and {{ full_years('birth_date', 'age_from_day') }} >= age_from
),

-- What the measure asks of claims and records, by the role that it plays there.
evidence as (
    select
        measured.period_end,
        measured.measure_id,
        measured.person_id,
        measure_value_sets.role,
        events.source_table,
        events.payer,
        events.record_id,
        events.event_date,
        events.code,
        events.provider_npi,
        events.days_supply
    from events
    inner join measured
        on
            events.period_end = measured.period_end
            and events.person_id = measured.person_id
    inner join measure_value_sets
        on
            measured.measure_id = measure_value_sets.measure_id
            and events.value_set = measure_value_sets.value_set
            and {{ is_in_force('measure_value_sets', 'events.period_end') }}
),

-- Claims of a visit with the diagnosis.
visits as (
    select
        diagnoses.period_end,
        diagnoses.measure_id,
        diagnoses.person_id,
        diagnoses.event_date,
        diagnoses.record_id,
        diagnoses.code,
        encounters.role
    from evidence as diagnoses
    inner join evidence as encounters
        on
            diagnoses.period_end = encounters.period_end
            and diagnoses.measure_id = encounters.measure_id
            and diagnoses.person_id = encounters.person_id
            and diagnoses.payer = encounters.payer
            and diagnoses.record_id = encounters.record_id
            and diagnoses.event_date = encounters.event_date
    where
        diagnoses.role = 'diagnosis'
        and encounters.role in ('visit', 'visit unless admitted')
),

-- Of emergency and observation care that ends in a stay, the stay is the encounter: one
-- that began by the next day or was going on.
admitted_visits as (
    select distinct
        visits.period_end,
        visits.measure_id,
        visits.person_id,
        visits.record_id,
        visits.event_date,
        visits.role
    from visits
    inner join parameters
        on
            visits.period_end = parameters.period_end
            and visits.measure_id = parameters.measure_id
    inner join stays
        on
            visits.period_end = stays.period_end
            and visits.person_id = stays.person_id
            and visits.event_date <= stays.discharge_date
            and stays.admission_date <= {{ dbt.dateadd(
                'day', 'parameters.admission_days_after_visit', 'visits.event_date'
            ) }}
    where visits.role = 'visit unless admitted'
),

-- Days in the part of the period after which enough of it is left to see what follows.
episodes as (
    select
        visits.period_end,
        visits.measure_id,
        visits.person_id,
        visits.event_date as episode_date,
        min(visits.record_id) as record_id,
        min_by(visits.code, visits.record_id || ' ' || visits.code) as code
    from visits
    inner join measured
        on
            visits.period_end = measured.period_end
            and visits.measure_id = measured.measure_id
            and visits.person_id = measured.person_id
            and visits.event_date >= measured.period_start
    inner join parameters
        on
            visits.period_end = parameters.period_end
            and visits.measure_id = parameters.measure_id
            and visits.event_date <= {{ dbt.dateadd(
                'day', '-parameters.last_days_left_out', 'visits.period_end'
            ) }}
    left join admitted_visits
        on
            visits.period_end = admitted_visits.period_end
            and visits.measure_id = admitted_visits.measure_id
            and visits.person_id = admitted_visits.person_id
            and visits.record_id = admitted_visits.record_id
            and visits.event_date = admitted_visits.event_date
            and visits.role = admitted_visits.role
    where admitted_visits.record_id is null
    group by
        visits.period_end,
        visits.measure_id,
        visits.person_id,
        visits.event_date
),

windows as (
    select
        episodes.*,
        cast(
            {{ dbt.dateadd(
                'day', '-parameters.enrollment_days_before', 'episodes.episode_date'
            ) }} as date
        ) as window_start,
        cast(
            {{ dbt.dateadd(
                'day', 'parameters.enrollment_days_after', 'episodes.episode_date'
            ) }} as date
        ) as window_end,
        parameters.enrollment_gaps as gaps,
        parameters.enrollment_gap_days as gap_days
    from episodes
    inner join parameters
        on
            episodes.period_end = parameters.period_end
            and episodes.measure_id = parameters.measure_id
),

{{ enrolled_windows_ctes('windows') }},

enrolled_episodes as (
    select windows.*
    from windows
    inner join enrolled_windows
        on
            windows.person_id = enrolled_windows.person_id
            and windows.window_start = enrolled_windows.window_start
            and windows.window_end = enrolled_windows.window_end
),

dispensed as (
    select
        enrolled_episodes.period_end,
        enrolled_episodes.measure_id,
        enrolled_episodes.person_id,
        enrolled_episodes.episode_date,
        evidence.record_id,
        evidence.event_date,
        evidence.code,
        row_number() over (
            partition by
                enrolled_episodes.period_end,
                enrolled_episodes.measure_id,
                enrolled_episodes.person_id,
                enrolled_episodes.episode_date
            order by evidence.event_date, evidence.record_id, evidence.code
        ) as fill_rank
    from enrolled_episodes
    inner join parameters
        on
            enrolled_episodes.period_end = parameters.period_end
            and enrolled_episodes.measure_id = parameters.measure_id
    inner join evidence
        on
            enrolled_episodes.period_end = evidence.period_end
            and enrolled_episodes.measure_id = evidence.measure_id
            and enrolled_episodes.person_id = evidence.person_id
            and enrolled_episodes.episode_date <= evidence.event_date
            and evidence.event_date <= {{ dbt.dateadd(
                'day',
                'parameters.dispensing_days_after',
                'enrolled_episodes.episode_date'
            ) }}
    where evidence.role = 'antibiotic'
),

-- A fill is of the past if it was made in the days before, or lasts into the day.
histories as (
    select
        enrolled_episodes.period_end,
        enrolled_episodes.measure_id,
        enrolled_episodes.person_id,
        enrolled_episodes.episode_date,
        count(*) filter (
            where
            evidence.role = 'comorbidity'
            and evidence.event_date <= enrolled_episodes.episode_date
            and evidence.event_date >= {{ dbt.dateadd(
                    'month',
                    '-parameters.comorbidity_months_before',
                    'enrolled_episodes.episode_date'
                ) }}
        ) as comorbidities,
        count(*) filter (
            where
            evidence.role = 'antibiotic'
            and evidence.event_date < enrolled_episodes.episode_date
            and (
                evidence.event_date >= {{ dbt.dateadd(
                        'day',
                        '-parameters.dispensing_days_before',
                        'enrolled_episodes.episode_date'
                    ) }}
                or {{ dbt.dateadd(
                        'day', 'evidence.days_supply', 'evidence.event_date'
                    ) }} > enrolled_episodes.episode_date
            )
        ) as earlier_fills,
        count(*) filter (
            where
            evidence.role = 'competing diagnosis'
            and evidence.event_date >= {{ dbt.dateadd(
                    'day',
                    '-parameters.competing_days_before',
                    'enrolled_episodes.episode_date'
                ) }}
            and evidence.event_date <= {{ dbt.dateadd(
                    'day',
                    'parameters.competing_days_after',
                    'enrolled_episodes.episode_date'
                ) }}
        ) as competing_diagnoses
    from enrolled_episodes
    inner join parameters
        on
            enrolled_episodes.period_end = parameters.period_end
            and enrolled_episodes.measure_id = parameters.measure_id
    inner join evidence
        on
            enrolled_episodes.period_end = evidence.period_end
            and enrolled_episodes.measure_id = evidence.measure_id
            and enrolled_episodes.person_id = evidence.person_id
    group by
        enrolled_episodes.period_end,
        enrolled_episodes.measure_id,
        enrolled_episodes.person_id,
        enrolled_episodes.episode_date
),

judged as (
    select
        enrolled_episodes.*,
        case
            when histories.comorbidities > 0 then 'comorbid condition'
            when histories.earlier_fills > 0 then 'earlier antibiotic'
            when histories.competing_diagnoses > 0 then 'competing diagnosis'
        end as exclusion_reason
    from enrolled_episodes
    inner join histories
        on
            enrolled_episodes.period_end = histories.period_end
            and enrolled_episodes.measure_id = histories.measure_id
            and enrolled_episodes.person_id = histories.person_id
            and enrolled_episodes.episode_date = histories.episode_date
),

-- The first episode that counts, else the first that does not.
ranked as (
    select
        *,
        row_number() over (
            partition by period_end, measure_id, person_id
            order by
                case when exclusion_reason is null then 0 else 1 end, episode_date
        ) as episode_rank
    from judged
),

final as (
    select
        ranked.period_end,
        ranked.measure_id,
        ranked.person_id,
        cast(ranked.episode_date as varchar) as event_id,
        cast(1 as decimal(9, 6)) as weight,
        ranked.exclusion_reason,
        dispensed.event_date is null as in_numerator,
        ranked.record_id as denominator_record_id,
        ranked.episode_date as denominator_date,
        ranked.code as denominator_code,
        dispensed.record_id as numerator_record_id,
        dispensed.event_date as numerator_date,
        dispensed.code as numerator_code,
        cast(null as decimal(18, 4)) as numerator_value
    from ranked
    left join dispensed
        on
            ranked.period_end = dispensed.period_end
            and ranked.measure_id = dispensed.measure_id
            and ranked.person_id = dispensed.person_id
            and ranked.episode_date = dispensed.episode_date
            and dispensed.fill_rank = 1
    where ranked.episode_rank = 1
)

select * from final
