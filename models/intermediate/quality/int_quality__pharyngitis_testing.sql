-- One row per period, measure and child with a visit for pharyngitis and an antibiotic
-- in the days that follow, enrolled around it: the first that has no antibiotic before
-- and no other diagnosis that asks for one; else the first, excluded. In the numerator
-- is who had a group A strep test around it (Core-13); the first test is the evidence.
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
    where design = 'pharyngitis_testing'
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
            'dispensing_days_before',
            'dispensing_days_after',
            'competing_days_before',
            'competing_days_after',
            'test_days_before',
            'test_days_after',
        ]) }}
    from periods
    inner join measure_parameters
        on {{ is_in_force('measure_parameters', 'periods.period_end') }}
    group by
        periods.period_end,
        measure_parameters.measure_id
),

{{ infection_episode_ctes() }},

treated_episodes as (
    select enrolled_episodes.*
    from enrolled_episodes
    inner join dispensed
        on
            enrolled_episodes.period_end = dispensed.period_end
            and enrolled_episodes.measure_id = dispensed.measure_id
            and enrolled_episodes.person_id = dispensed.person_id
            and enrolled_episodes.episode_date = dispensed.episode_date
            and dispensed.fill_rank = 1
),

-- A fill is of the past if it was made in the days before, or lasts into the day.
histories as (
    select
        treated_episodes.period_end,
        treated_episodes.measure_id,
        treated_episodes.person_id,
        treated_episodes.episode_date,
        count(*) filter (
            where
            evidence.role = 'antibiotic'
            and evidence.event_date < treated_episodes.episode_date
            and (
                evidence.event_date >= {{ dbt.dateadd(
                        'day',
                        '-parameters.dispensing_days_before',
                        'treated_episodes.episode_date'
                    ) }}
                or {{ dbt.dateadd(
                        'day', 'evidence.days_supply', 'evidence.event_date'
                    ) }} > treated_episodes.episode_date
            )
        ) as earlier_fills,
        count(*) filter (
            where
            evidence.role = 'competing diagnosis'
            and evidence.event_date >= {{ dbt.dateadd(
                    'day',
                    '-parameters.competing_days_before',
                    'treated_episodes.episode_date'
                ) }}
            and evidence.event_date <= {{ dbt.dateadd(
                    'day',
                    'parameters.competing_days_after',
                    'treated_episodes.episode_date'
                ) }}
        ) as competing_diagnoses
    from treated_episodes
    inner join parameters
        on
            treated_episodes.period_end = parameters.period_end
            and treated_episodes.measure_id = parameters.measure_id
    inner join evidence
        on
            treated_episodes.period_end = evidence.period_end
            and treated_episodes.measure_id = evidence.measure_id
            and treated_episodes.person_id = evidence.person_id
    group by
        treated_episodes.period_end,
        treated_episodes.measure_id,
        treated_episodes.person_id,
        treated_episodes.episode_date
),

judged as (
    select
        treated_episodes.*,
        case
            when histories.earlier_fills > 0 then 'earlier antibiotic'
            when histories.competing_diagnoses > 0 then 'competing diagnosis'
        end as exclusion_reason
    from treated_episodes
    inner join histories
        on
            treated_episodes.period_end = histories.period_end
            and treated_episodes.measure_id = histories.measure_id
            and treated_episodes.person_id = histories.person_id
            and treated_episodes.episode_date = histories.episode_date
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

tests as (
    select
        ranked.period_end,
        ranked.measure_id,
        ranked.person_id,
        evidence.record_id,
        evidence.event_date,
        evidence.code,
        row_number() over (
            partition by ranked.period_end, ranked.measure_id, ranked.person_id
            order by
                evidence.event_date,
                evidence.record_id,
                evidence.code,
                evidence.source_table,
                evidence.payer
        ) as test_rank
    from ranked
    inner join parameters
        on
            ranked.period_end = parameters.period_end
            and ranked.measure_id = parameters.measure_id
    inner join evidence
        on
            ranked.period_end = evidence.period_end
            and ranked.measure_id = evidence.measure_id
            and ranked.person_id = evidence.person_id
            and evidence.event_date >= {{ dbt.dateadd(
                'day', '-parameters.test_days_before', 'ranked.episode_date'
            ) }}
            and evidence.event_date <= {{ dbt.dateadd(
                'day', 'parameters.test_days_after', 'ranked.episode_date'
            ) }}
    where ranked.episode_rank = 1 and evidence.role = 'numerator'
),

final as (
    select
        ranked.period_end,
        ranked.measure_id,
        ranked.person_id,
        cast(ranked.episode_date as varchar) as event_id,
        cast(1 as decimal(9, 6)) as weight,
        ranked.exclusion_reason,
        tests.event_date is not null as in_numerator,
        ranked.record_id as denominator_record_id,
        ranked.episode_date as denominator_date,
        ranked.code as denominator_code,
        tests.record_id as numerator_record_id,
        tests.event_date as numerator_date,
        tests.code as numerator_code,
        cast(null as decimal(18, 4)) as numerator_value
    from ranked
    left join tests
        on
            ranked.period_end = tests.period_end
            and ranked.measure_id = tests.measure_id
            and ranked.person_id = tests.person_id
            and tests.test_rank = 1
    where ranked.episode_rank = 1
)

select * from final
