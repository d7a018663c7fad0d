-- One row per period, measure, person and acute hospital episode that the measure
-- follows up (`design` = readmissions, Core-1): whether another one began soon after.
-- An episode is excluded that ended in death, was for pregnancy or a newborn, or was
-- followed first by a planned one (NQF 1768). The episode's end is the denominator's
-- evidence, the readmission's beginning the numerator's.
with periods as (
    select * from {{ ref('int_quality__periods') }}
),

stays as (
    select * from {{ ref('int_quality__stays') }}
    where stay_kind = 'acute'
),

stay_codes as (
    select * from {{ ref('int_quality__stay_codes') }}
),

coverage_spans as (
    select * from {{ ref('int_quality__coverage_spans') }}
),

specifications as (
    select * from {{ ref('measure_specifications') }}
    where design = 'readmissions'
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
            'readmission_days',
            'least_nights',
            'enrollment_days_before',
            'enrollment_days_after',
            'enrollment_gaps',
            'enrollment_gap_days',
        ]) }}
    from periods
    inner join measure_parameters
        on {{ is_in_force('measure_parameters', 'periods.period_end') }}
    group by
        periods.period_end,
        measure_parameters.measure_id
),

-- Of a transfer, the first hospital's beginning and the last one's end.
episodes as (
    select
        period_end,
        period_start,
        person_id,
        birth_date,
        episode_id,
        min(admission_date) as admission_date,
        case when count(discharge_date) = count(*) then max(discharge_date) end
            as discharge_date,
        bool_or(has_died) as has_died,
        max(claim_id) filter (where episode_position = 1) as first_claim_id,
        max(principal_diagnosis_code) filter (where episode_position = 1)
            as first_diagnosis_code,
        max(claim_id) filter (where is_last_of_episode) as last_claim_id,
        max(principal_diagnosis_code) filter (where is_last_of_episode)
            as last_diagnosis_code
    from stays
    group by
        period_end,
        period_start,
        person_id,
        birth_date,
        episode_id
),

coded as (
    select
        stays.period_end,
        stays.person_id,
        stays.episode_id,
        stays.episode_position,
        specifications.measure_id,
        measure_value_sets.role,
        measure_value_sets.part,
        measure_value_sets.value_set
    from stays
    inner join stay_codes
        on
            stays.period_end = stay_codes.period_end
            and stays.person_id = stay_codes.person_id
            and stays.stay_id = stay_codes.stay_id
    inner join measure_value_sets
        on
            stay_codes.value_set = measure_value_sets.value_set
            and {{ is_in_force('measure_value_sets', 'stays.period_end') }}
            and (
                stay_codes.is_principal
                or measure_value_sets.role not like '%principal%'
            )
    inner join specifications
        on measure_value_sets.measure_id = specifications.measure_id
),

-- Whether a stay was planned is asked of the hospital that admitted.
flags as (
    select
        period_end,
        person_id,
        episode_id,
        measure_id,
        min_by(value_set, part) filter (where role = 'excluded principal diagnosis')
            as excluded_value_set,
        bool_or(
            role in ('planned principal diagnosis', 'planned procedure')
            and episode_position = 1
        ) as is_always_planned,
        bool_or(role = 'potentially planned procedure' and episode_position = 1)
            as is_potentially_planned,
        bool_or(role = 'acute principal diagnosis' and episode_position = 1)
            as is_acute
    from coded
    group by
        period_end,
        person_id,
        episode_id,
        measure_id
),

described as (
    select
        episodes.*,
        specifications.measure_id,
        specifications.age_from,
        specifications.age_to,
        flags.excluded_value_set,
        coalesce(
            flags.is_always_planned
            or (flags.is_potentially_planned and not flags.is_acute),
            false
        ) as is_planned
    from episodes
    inner join specifications
        on {{ is_in_force('specifications', 'episodes.period_end') }}
    left join flags
        on
            episodes.period_end = flags.period_end
            and episodes.person_id = flags.person_id
            and episodes.episode_id = flags.episode_id
            and specifications.measure_id = flags.measure_id
),

candidates as (
    select
        described.*,
        parameters.readmission_days,
        parameters.enrollment_gaps,
        parameters.enrollment_gap_days,
        cast(
            {{ dbt.dateadd(
                'day', '-parameters.enrollment_days_before', 'described.discharge_date'
            ) }} as date
        ) as enrolled_from,
        cast(
            {{ dbt.dateadd(
                'day', 'parameters.enrollment_days_after', 'described.discharge_date'
            ) }} as date
        ) as enrolled_to
    from described
    inner join parameters
        on
            described.period_end = parameters.period_end
            and described.measure_id = parameters.measure_id
    where
        described.discharge_date >= described.period_start
        and described.discharge_date <= {{ dbt.dateadd(
            'day', '-parameters.readmission_days', 'described.period_end'
        ) }}
        and {{ dbt.datediff(
            'described.admission_date', 'described.discharge_date', 'day'
        ) }} >= parameters.least_nights
        and {{ full_years('described.birth_date', 'described.discharge_date') }}
        between coalesce(described.age_from, 0) and coalesce(described.age_to, 999)
),

-- A gap is allowed in the days before the discharge, and none after it.
windows as (
    select
        person_id,
        enrolled_from as window_start,
        discharge_date as window_end,
        enrollment_gaps as gaps,
        enrollment_gap_days as gap_days
    from candidates

    union all

    select
        person_id,
        discharge_date as window_start,
        enrolled_to as window_end,
        0 as gaps,
        0 as gap_days
    from candidates
),

{{ enrolled_windows_ctes('windows') }},

index_episodes as (
    select candidates.*
    from candidates
    inner join enrolled_windows as before
        on
            candidates.person_id = before.person_id
            and candidates.enrolled_from = before.window_start
            and candidates.discharge_date = before.window_end
    inner join enrolled_windows as after
        on
            candidates.person_id = after.person_id
            and candidates.discharge_date = after.window_start
            and candidates.enrolled_to = after.window_end
),

followed as (
    select
        index_episodes.period_end,
        index_episodes.measure_id,
        index_episodes.person_id,
        index_episodes.episode_id,
        described.admission_date,
        described.is_planned,
        described.first_claim_id,
        described.first_diagnosis_code,
        row_number() over (
            partition by
                index_episodes.period_end,
                index_episodes.measure_id,
                index_episodes.person_id,
                index_episodes.episode_id
            order by described.admission_date, described.episode_id
        ) as readmission_rank
    from index_episodes
    inner join described
        on
            index_episodes.period_end = described.period_end
            and index_episodes.measure_id = described.measure_id
            and index_episodes.person_id = described.person_id
            and index_episodes.discharge_date < described.admission_date
            and described.admission_date <= {{ dbt.dateadd(
                'day',
                'index_episodes.readmission_days',
                'index_episodes.discharge_date'
            ) }}
    where described.excluded_value_set is null
),

final as (
    select
        index_episodes.period_end,
        index_episodes.measure_id,
        index_episodes.person_id,
        index_episodes.episode_id as event_id,
        cast(1 as decimal(9, 6)) as weight,
        case
            when index_episodes.has_died then 'death in hospital'
            when index_episodes.excluded_value_set is not null
                then replace(index_episodes.excluded_value_set, '_', ' ')
            when followed.is_planned then 'planned readmission'
        end as exclusion_reason,
        coalesce(not followed.is_planned, false) as in_numerator,
        index_episodes.last_claim_id as denominator_record_id,
        index_episodes.discharge_date as denominator_date,
        index_episodes.last_diagnosis_code as denominator_code,
        followed.first_claim_id as numerator_record_id,
        followed.admission_date as numerator_date,
        followed.first_diagnosis_code as numerator_code,
        cast(null as decimal(18, 4)) as numerator_value
    from index_episodes
    left join followed
        on
            index_episodes.period_end = followed.period_end
            and index_episodes.measure_id = followed.measure_id
            and index_episodes.person_id = followed.person_id
            and index_episodes.episode_id = followed.episode_id
            and followed.readmission_rank = 1
)

select * from final
