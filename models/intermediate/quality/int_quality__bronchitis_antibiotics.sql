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

{{ infection_episode_ctes() }},

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
