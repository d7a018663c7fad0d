-- One row per period, measure and person of its population, and one per hospital stay
-- that one of its indicators asks about: AHRQ's Prevention Quality Indicators, one by
-- one and together (Core-12, Core-10, MSSP-10; D57, D58, D70). A person weighs the
-- share of the period's days that are covered, or 1; a stay weighs nothing and counts
-- in the numerator once per measure, by the age at admission.
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

population as (
    select * from {{ ref('int_quality__eligible_people') }}
    where design in ('admissions per member-year', 'admissions per member')
),

conditions as (
    select * from {{ ref('int_quality__conditions') }}
),

coverage_spans as (
    select * from {{ ref('int_quality__coverage_spans') }}
),

specifications as (
    select * from {{ ref('measure_specifications') }}
),

indicators as (
    select * from {{ ref('measure_indicators') }}
),

measure_value_sets as (
    select * from {{ ref('measure_value_sets') }}
),

measures as (
    select * from specifications
    where design in ('admissions per member-year', 'admissions per member')
),

-- What an indicator asks for has parts, all of which are to be met, each by any of its
-- value sets. A part of an exclusion excludes alone, if all of its value sets are met.
rules as (
    select
        periods.period_end,
        measure_value_sets.measure_id as indicator_id,
        measure_value_sets.role like 'excluded%' as is_exclusion,
        measure_value_sets.role like '%principal%' as is_principal_only,
        measure_value_sets.part,
        measure_value_sets.value_set
    from periods
    inner join measure_value_sets
        on {{ is_in_force('measure_value_sets', 'periods.period_end') }}
    semi join indicators
        on measure_value_sets.measure_id = indicators.indicator_id
),

rule_parts as (
    select
        period_end,
        indicator_id,
        part,
        count(distinct value_set) as value_sets
    from rules
    where is_exclusion
    group by
        period_end,
        indicator_id,
        part
),

rule_counts as (
    select
        period_end,
        indicator_id,
        count(distinct part) as parts
    from rules
    where not is_exclusion
    group by
        period_end,
        indicator_id
),

discharges as (
    select
        *,
        {{ full_years('birth_date', 'admission_date') }} as age_years
    from stays
    where discharge_date between period_start and period_end
),

matched as (
    select
        discharges.period_end,
        discharges.person_id,
        discharges.stay_id,
        rules.indicator_id,
        rules.is_exclusion,
        rules.part,
        rules.value_set
    from discharges
    inner join stay_codes
        on
            discharges.period_end = stay_codes.period_end
            and discharges.person_id = stay_codes.person_id
            and discharges.stay_id = stay_codes.stay_id
    inner join rules
        on
            stay_codes.period_end = rules.period_end
            and stay_codes.value_set = rules.value_set
            and (stay_codes.is_principal or not rules.is_principal_only)
),

asked_for as (
    select
        matched.period_end,
        matched.person_id,
        matched.stay_id,
        matched.indicator_id
    from matched
    inner join rule_counts
        on
            matched.period_end = rule_counts.period_end
            and matched.indicator_id = rule_counts.indicator_id
    where not matched.is_exclusion
    group by
        matched.period_end,
        matched.person_id,
        matched.stay_id,
        matched.indicator_id
    having count(distinct matched.part) = max(rule_counts.parts)
),

excluded_parts as (
    select
        matched.period_end,
        matched.person_id,
        matched.stay_id,
        matched.indicator_id,
        matched.part,
        min(matched.value_set) as value_set
    from matched
    inner join rule_parts
        on
            matched.period_end = rule_parts.period_end
            and matched.indicator_id = rule_parts.indicator_id
            and matched.part = rule_parts.part
    where matched.is_exclusion
    group by
        matched.period_end,
        matched.person_id,
        matched.stay_id,
        matched.indicator_id,
        matched.part
    having count(distinct matched.value_set) = max(rule_parts.value_sets)
),

excluded as (
    select
        period_end,
        person_id,
        stay_id,
        indicator_id,
        replace(min_by(value_set, part), '_', ' ') as exclusion_reason
    from excluded_parts
    group by
        period_end,
        person_id,
        stay_id,
        indicator_id
),

-- Where claims do not say whence a patient came, the stay before does.
indicated as (
    select
        discharges.period_end,
        discharges.person_id,
        discharges.stay_id,
        asked_for.indicator_id,
        discharges.claim_id,
        discharges.discharge_date,
        discharges.principal_diagnosis_code,
        case
            when excluded.exclusion_reason is not null then excluded.exclusion_reason
            when discharges.is_transferred_in then 'transfer from another hospital'
        end as exclusion_reason
    from discharges
    inner join asked_for
        on
            discharges.period_end = asked_for.period_end
            and discharges.person_id = asked_for.person_id
            and discharges.stay_id = asked_for.stay_id
    inner join specifications
        on
            asked_for.indicator_id = specifications.measure_id
            and {{ is_in_force('specifications', 'discharges.period_end') }}
            and discharges.age_years
            >= coalesce(specifications.age_from, discharges.age_years)
            and discharges.age_years
            <= coalesce(specifications.age_to, discharges.age_years)
    left join excluded
        on
            asked_for.period_end = excluded.period_end
            and asked_for.person_id = excluded.person_id
            and asked_for.stay_id = excluded.stay_id
            and asked_for.indicator_id = excluded.indicator_id
),

-- A stay that one of the indicators counts, counts once, whatever excludes it from the
-- others. A measure about a condition counts the stays of those who have it.
admissions as (
    select
        indicated.period_end,
        measures.measure_id,
        indicated.person_id,
        indicated.stay_id,
        indicated.claim_id,
        indicated.discharge_date,
        indicated.principal_diagnosis_code,
        bool_or(indicated.exclusion_reason is null) as is_counted,
        min(indicated.exclusion_reason) as exclusion_reason
    from indicated
    inner join indicators
        on
            indicated.indicator_id = indicators.indicator_id
            and {{ is_in_force('indicators', 'indicated.period_end') }}
    inner join measures
        on
            indicators.measure_id = measures.measure_id
            and {{ is_in_force('measures', 'indicated.period_end') }}
    left join conditions
        on
            indicated.period_end = conditions.period_end
            and indicated.person_id = conditions.person_id
            and measures.condition = conditions.condition
    where measures.condition is null or conditions.condition is not null
    group by
        indicated.period_end,
        measures.measure_id,
        indicated.person_id,
        indicated.stay_id,
        indicated.claim_id,
        indicated.discharge_date,
        indicated.principal_diagnosis_code
),

covered as (
    select
        periods.period_end,
        coverage_spans.person_id,
        periods.period_start,
        case
            when coverage_spans.span_start_date > periods.period_start
                then coverage_spans.span_start_date
            else periods.period_start
        end as covered_from,
        case
            when coverage_spans.span_end_date < periods.period_end
                then coverage_spans.span_end_date
            else periods.period_end
        end as covered_to
    from periods
    inner join coverage_spans
        on
            periods.period_end >= coverage_spans.span_start_date
            and periods.period_start <= coverage_spans.span_end_date
),

-- Both days of a span are covered.
counted as (
    select
        period_end,
        person_id,
        {{ dbt.datediff('covered_from', 'covered_to', 'day') }}
        + 1 as covered_days,
        {{ dbt.datediff('period_start', 'period_end', 'day') }}
        + 1 as period_days
    from covered
),

member_years as (
    select
        period_end,
        person_id,
        cast(
            sum(covered_days) / cast(max(period_days) as double) as decimal(9, 6)
        ) as member_years
    from counted
    group by
        period_end,
        person_id
),

final as (
    select
        population.period_end,
        population.measure_id,
        population.person_id,
        'person' as event_id,
        case
            when population.design = 'admissions per member-year'
                then member_years.member_years
            else cast(1 as decimal(9, 6))
        end as weight,
        cast(null as varchar) as exclusion_reason,
        false as in_numerator,
        population.denominator_record_id,
        population.denominator_date,
        population.denominator_code,
        cast(null as varchar) as numerator_record_id,
        cast(null as date) as numerator_date,
        cast(null as varchar) as numerator_code,
        cast(null as decimal(18, 4)) as numerator_value
    from population
    inner join member_years
        on
            population.period_end = member_years.period_end
            and population.person_id = member_years.person_id

    union all

    select
        period_end,
        measure_id,
        person_id,
        stay_id as event_id,
        cast(0 as decimal(9, 6)) as weight,
        case when not is_counted then exclusion_reason end as exclusion_reason,
        is_counted as in_numerator,
        cast(null as varchar) as denominator_record_id,
        cast(null as date) as denominator_date,
        cast(null as varchar) as denominator_code,
        claim_id as numerator_record_id,
        discharge_date as numerator_date,
        principal_diagnosis_code as numerator_code,
        cast(null as decimal(18, 4)) as numerator_value
    from admissions
)

select * from final
