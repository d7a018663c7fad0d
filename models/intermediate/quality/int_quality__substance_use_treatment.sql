-- One row per period, measure and person whose first encounter of the period with a
-- diagnosis of alcohol or other drug dependence is a new episode, enrolled around it:
-- whether treatment began in time (Core-5 a), and went on with as many more services as
-- the measure asks for (Core-5 b). Who had such a diagnosis in the days before is
-- excluded. The service that met the measure is the evidence.
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

coverage_spans as (
    select * from {{ ref('int_quality__coverage_spans') }}
),

specifications as (
    select * from {{ ref('measure_specifications') }}
    where design = 'substance_use_treatment'
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
            'admission_days_after_visit',
            'history_days',
            'enrollment_days_before',
            'enrollment_days_after',
            'enrollment_gaps',
            'enrollment_gap_days',
            'initiation_days',
            'engagement_days',
            'engagement_services',
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
        people.person_id
    from people
    inner join specifications
        on
            people.age_years >= specifications.age_from
            and {{ is_in_force('specifications', 'people.period_end') }}
),

{{ evidence_cte('measured', 'diagnoses', 'diagnosis') }},

-- Stays with the diagnosis, in whatever place among theirs. Lists of diagnoses are few.
diagnosis_lists as (
    select distinct
        diagnosis_code_type,
        diagnosis_codes
    from stays
),

diagnosis_words as (
    select
        diagnosis_code_type,
        diagnosis_codes,
        {{ numbered_words('diagnosis_codes') }}
    from diagnosis_lists
),

diagnosed_lists as (
    select
        measure_value_sets.measure_id,
        diagnosis_words.diagnosis_code_type,
        diagnosis_words.diagnosis_codes,
        value_set_codes.effective_from,
        value_set_codes.effective_to,
        min(diagnosis_words.word) as code
    from diagnosis_words
    inner join value_set_codes
        on
            diagnosis_words.diagnosis_code_type = value_set_codes.code_system
            and diagnosis_words.word = value_set_codes.code
    inner join measure_value_sets
        on value_set_codes.value_set = measure_value_sets.value_set
    inner join specifications
        on measure_value_sets.measure_id = specifications.measure_id
    where measure_value_sets.role = 'diagnosis'
    group by
        measure_value_sets.measure_id,
        diagnosis_words.diagnosis_code_type,
        diagnosis_words.diagnosis_codes,
        value_set_codes.effective_from,
        value_set_codes.effective_to
),

diagnosed_stays as (
    select
        measured.period_end,
        measured.measure_id,
        measured.person_id,
        stays.stay_id,
        stays.payer,
        stays.claim_id,
        stays.admission_date,
        stays.discharge_date,
        stays.end_date,
        min(diagnosed_lists.code) as code
    from stays
    inner join measured
        on
            stays.period_end = measured.period_end
            and stays.person_id = measured.person_id
    inner join diagnosed_lists
        on
            measured.measure_id = diagnosed_lists.measure_id
            and stays.diagnosis_code_type = diagnosed_lists.diagnosis_code_type
            and stays.diagnosis_codes = diagnosed_lists.diagnosis_codes
            and stays.end_date >= diagnosed_lists.effective_from
            and stays.end_date <= diagnosed_lists.effective_to
    group by
        measured.period_end,
        measured.measure_id,
        measured.person_id,
        stays.stay_id,
        stays.payer,
        stays.claim_id,
        stays.admission_date,
        stays.discharge_date,
        stays.end_date
),

diagnosed as (
    select
        period_end,
        measure_id,
        person_id
    from diagnoses

    union all

    select
        period_end,
        measure_id,
        person_id
    from diagnosed_stays
),

-- What the measure asks of claims of who has the diagnosis, by the role that it plays.
{{ evidence_cte('diagnosed') }},

detoxifications as (
    select distinct
        period_end,
        measure_id,
        person_id,
        payer,
        record_id
    from evidence
    where role = 'detoxification'
),

-- Withdrawal managed in a hospital is an episode, and no treatment by itself.
episode_stays as (
    select
        diagnosed_stays.*,
        detoxifications.record_id is not null as is_detoxification
    from diagnosed_stays
    left join detoxifications
        on
            diagnosed_stays.period_end = detoxifications.period_end
            and diagnosed_stays.measure_id = detoxifications.measure_id
            and diagnosed_stays.person_id = detoxifications.person_id
            and diagnosed_stays.payer = detoxifications.payer
            and diagnosed_stays.claim_id = detoxifications.record_id
),

-- Claims with the diagnosis, and what was done there.
encounters as (
    select
        diagnoses.period_end,
        diagnoses.measure_id,
        diagnoses.person_id,
        diagnoses.payer,
        diagnoses.record_id,
        diagnoses.event_date,
        diagnoses.code,
        diagnoses.provider_npi,
        bool_or(services.role = 'service') as has_service,
        bool_or(services.role = 'service at a place')
        and bool_or(services.role = 'place') as has_service_at_a_place,
        bool_or(services.role = 'detoxification') as is_detoxification,
        bool_or(services.role = 'emergency visit') as is_emergency
    from diagnoses
    inner join evidence as services
        on
            diagnoses.period_end = services.period_end
            and diagnoses.measure_id = services.measure_id
            and diagnoses.person_id = services.person_id
            and diagnoses.payer = services.payer
            and diagnoses.record_id = services.record_id
            and diagnoses.event_date = services.event_date
    group by
        diagnoses.period_end,
        diagnoses.measure_id,
        diagnoses.person_id,
        diagnoses.payer,
        diagnoses.record_id,
        diagnoses.event_date,
        diagnoses.code,
        diagnoses.provider_npi
),

-- What happens in a stay is part of it, and so is an emergency that it began with.
stay_days as (
    select
        encounters.period_end,
        encounters.measure_id,
        encounters.person_id,
        encounters.payer,
        encounters.record_id,
        encounters.event_date
    from encounters
    inner join parameters
        on
            encounters.period_end = parameters.period_end
            and encounters.measure_id = parameters.measure_id
    inner join stays
        on
            encounters.period_end = stays.period_end
            and encounters.person_id = stays.person_id
            and (
                (
                    encounters.payer = stays.payer
                    and encounters.record_id = stays.claim_id
                )
                or (
                    encounters.event_date >= stays.admission_date
                    and encounters.event_date < stays.end_date
                )
                or (
                    encounters.is_emergency
                    and encounters.event_date <= stays.end_date
                    and stays.admission_date <= {{ dbt.dateadd(
                        'day',
                        'parameters.admission_days_after_visit',
                        'encounters.event_date'
                    ) }}
                )
            )
    group by
        encounters.period_end,
        encounters.measure_id,
        encounters.person_id,
        encounters.payer,
        encounters.record_id,
        encounters.event_date
),

outside_stays as (
    select
        encounters.*,
        (encounters.has_service or encounters.has_service_at_a_place)
        and not encounters.is_detoxification
        and not encounters.is_emergency as is_treatment
    from encounters
    left join stay_days
        on
            encounters.period_end = stay_days.period_end
            and encounters.measure_id = stay_days.measure_id
            and encounters.person_id = stay_days.person_id
            and encounters.payer = stay_days.payer
            and encounters.record_id = stay_days.record_id
            and encounters.event_date = stay_days.event_date
    where
        stay_days.record_id is null
        and (
            encounters.has_service
            or encounters.has_service_at_a_place
            or encounters.is_detoxification
            or encounters.is_emergency
        )
),

-- A stay is an episode on the day of discharge; what came before it is asked of the
-- days before the emergency that may have led to it.
index_events as (
    select
        period_end,
        measure_id,
        person_id,
        event_date as index_date,
        event_date as began_on,
        cast(null as varchar) as stay_id,
        record_id,
        code,
        provider_npi,
        false as is_treated_stay,
        1 as kind_rank
    from outside_stays

    union all

    select
        episode_stays.period_end,
        episode_stays.measure_id,
        episode_stays.person_id,
        episode_stays.discharge_date as index_date,
        cast(
            {{ dbt.dateadd(
                'day',
                '-parameters.admission_days_after_visit',
                'episode_stays.admission_date'
            ) }} as date
        ) as began_on,
        episode_stays.stay_id,
        episode_stays.claim_id as record_id,
        episode_stays.code,
        episode_stays.stay_id as provider_npi,
        not episode_stays.is_detoxification as is_treated_stay,
        0 as kind_rank
    from episode_stays
    inner join parameters
        on
            episode_stays.period_end = parameters.period_end
            and episode_stays.measure_id = parameters.measure_id
    where episode_stays.discharge_date is not null
),

-- The first encounter alone is looked at: a stay before anything else of its day.
ranked as (
    select
        index_events.*,
        row_number() over (
            partition by
                index_events.period_end,
                index_events.measure_id,
                index_events.person_id
            order by
                index_events.index_date,
                index_events.kind_rank,
                index_events.record_id,
                index_events.code,
                index_events.provider_npi
        ) as index_rank
    from index_events
    inner join measured
        on
            index_events.period_end = measured.period_end
            and index_events.measure_id = measured.measure_id
            and index_events.person_id = measured.person_id
            and index_events.index_date >= measured.period_start
    inner join parameters
        on
            index_events.period_end = parameters.period_end
            and index_events.measure_id = parameters.measure_id
            and index_events.index_date <= {{ dbt.dateadd(
                'day', '-parameters.last_days_left_out', 'index_events.period_end'
            ) }}
),

windows as (
    select
        ranked.*,
        parameters.initiation_days,
        parameters.engagement_days,
        parameters.engagement_services,
        cast(
            {{ dbt.dateadd('day', '-parameters.history_days', 'ranked.began_on') }}
            as date
        ) as history_from,
        cast(
            {{ dbt.dateadd(
                'day', '-parameters.enrollment_days_before', 'ranked.index_date'
            ) }} as date
        ) as window_start,
        cast(
            {{ dbt.dateadd(
                'day', 'parameters.enrollment_days_after', 'ranked.index_date'
            ) }} as date
        ) as window_end,
        parameters.enrollment_gaps as gaps,
        parameters.enrollment_gap_days as gap_days
    from ranked
    inner join parameters
        on
            ranked.period_end = parameters.period_end
            and ranked.measure_id = parameters.measure_id
    where ranked.index_rank = 1
),

{{ enrolled_windows_ctes('windows') }},

episodes as (
    select windows.*
    from windows
    inner join enrolled_windows
        on
            windows.person_id = enrolled_windows.person_id
            and windows.window_start = enrolled_windows.window_start
            and windows.window_end = enrolled_windows.window_end
),

earlier_diagnoses as (
    select distinct
        episodes.period_end,
        episodes.measure_id,
        episodes.person_id
    from episodes
    inner join diagnoses
        on
            episodes.period_end = diagnoses.period_end
            and episodes.measure_id = diagnoses.measure_id
            and episodes.person_id = diagnoses.person_id
            and episodes.history_from <= diagnoses.event_date
            and episodes.began_on > diagnoses.event_date
),

-- Treatments by day and provider, and stays by the day they began. Nothing but a
-- treatment counts: no emergency, no management of withdrawal.
treatments as (
    select
        period_end,
        measure_id,
        person_id,
        event_date as treatment_date,
        event_date as ended_on,
        cast(null as varchar) as stay_id,
        provider_npi,
        min(record_id) as record_id,
        min_by(code, record_id || ' ' || code)
            as code
    from outside_stays
    where is_treatment
    group by
        period_end,
        measure_id,
        person_id,
        event_date,
        provider_npi

    union all

    select
        period_end,
        measure_id,
        person_id,
        admission_date as treatment_date,
        end_date as ended_on,
        stay_id,
        stay_id as provider_npi,
        claim_id as record_id,
        code
    from episode_stays
    where not is_detoxification
),

-- A stay that is the episode has begun the treatment. On the day of another episode a
-- treatment counts if somebody else gave it.
beginnings as (
    select
        episodes.period_end,
        episodes.measure_id,
        episodes.person_id,
        episodes.engagement_days,
        treatments.treatment_date,
        treatments.ended_on,
        treatments.record_id,
        treatments.code,
        row_number() over (
            partition by episodes.period_end, episodes.measure_id, episodes.person_id
            order by
                case when treatments.stay_id = episodes.stay_id then 0 else 1 end,
                treatments.treatment_date,
                treatments.provider_npi
        ) as beginning_rank
    from episodes
    inner join treatments
        on
            episodes.period_end = treatments.period_end
            and episodes.measure_id = treatments.measure_id
            and episodes.person_id = treatments.person_id
            and (
                (episodes.is_treated_stay and episodes.stay_id = treatments.stay_id)
                or (
                    (
                        episodes.index_date < treatments.treatment_date
                        or (
                            episodes.index_date = treatments.treatment_date
                            and episodes.provider_npi <> treatments.provider_npi
                        )
                    )
                    and treatments.treatment_date <= {{ dbt.dateadd(
                        'day', 'episodes.initiation_days', 'episodes.index_date'
                    ) }}
                )
            )
),

further_treatments as (
    select
        beginnings.period_end,
        beginnings.measure_id,
        beginnings.person_id,
        treatments.treatment_date,
        treatments.record_id,
        treatments.code,
        row_number() over (
            partition by
                beginnings.period_end, beginnings.measure_id, beginnings.person_id
            order by treatments.treatment_date, treatments.provider_npi
        ) as treatment_number
    from beginnings
    inner join treatments
        on
            beginnings.period_end = treatments.period_end
            and beginnings.measure_id = treatments.measure_id
            and beginnings.person_id = treatments.person_id
            and beginnings.ended_on < treatments.treatment_date
            and treatments.treatment_date <= {{ dbt.dateadd(
                'day', 'beginnings.engagement_days', 'beginnings.ended_on'
            ) }}
    where beginnings.beginning_rank = 1
),

final as (
    select
        episodes.period_end,
        episodes.measure_id,
        episodes.person_id,
        cast(episodes.index_date as varchar) as event_id,
        cast(1 as decimal(9, 6)) as weight,
        case
            when earlier_diagnoses.person_id is not null then 'earlier diagnosis'
        end as exclusion_reason,
        beginnings.treatment_date is not null
        and (
            episodes.engagement_services = 0
            or further_treatments.treatment_date is not null
        ) as in_numerator,
        episodes.record_id as denominator_record_id,
        episodes.index_date as denominator_date,
        episodes.code as denominator_code,
        case
            when episodes.engagement_services = 0 then beginnings.record_id
            else further_treatments.record_id
        end as numerator_record_id,
        case
            when episodes.engagement_services = 0 then beginnings.treatment_date
            else further_treatments.treatment_date
        end as numerator_date,
        case
            when episodes.engagement_services = 0 then beginnings.code
            else further_treatments.code
        end as numerator_code,
        cast(null as decimal(18, 4)) as numerator_value
    from episodes
    left join earlier_diagnoses
        on
            episodes.period_end = earlier_diagnoses.period_end
            and episodes.measure_id = earlier_diagnoses.measure_id
            and episodes.person_id = earlier_diagnoses.person_id
    left join beginnings
        on
            episodes.period_end = beginnings.period_end
            and episodes.measure_id = beginnings.measure_id
            and episodes.person_id = beginnings.person_id
            and beginnings.beginning_rank = 1
    left join further_treatments
        on
            episodes.period_end = further_treatments.period_end
            and episodes.measure_id = further_treatments.measure_id
            and episodes.person_id = further_treatments.person_id
            and episodes.engagement_services = further_treatments.treatment_number
)

select * from final
