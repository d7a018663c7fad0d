-- One row per period and person measured in it: how much illness the diagnoses of the
-- year before the period speak of, as a score, a level and the categories it is made of
-- (rules section 2; the grouper is in docs/methods/case-mix.md). Who has no diagnosis
-- that counts, or no claim in that year, has a score of 0 and is not missing; infants,
-- who are of no age band, are.
--
-- Claims share few lists of diagnoses, most of which lead to no category: lists are
-- taken apart once each, and only lines with one that leads somewhere are looked at.
-- Claims are named wherever they are read, and not imported once: a table expression
-- that several read would be kept whole.
with people as (
    select * from {{ ref('int_quality__people') }}
),

parameters as (
    select * from {{ ref('utilization_parameters') }}
),

burden_codes as (
    select * from {{ ref('burden_codes') }}
),

hierarchies as (
    select * from {{ ref('burden_hierarchies') }}
),

weights as (
    select * from {{ ref('burden_weights') }}
),

age_bands as (
    select * from {{ ref('case_mix_age_bands') }}
),

levels as (
    select * from {{ ref('case_mix_burden_levels') }}
),

excluded_lines as (
    select * from {{ ref('burden_excluded_lines') }}
),

periods as (
    select distinct
        people.period_end,
        people.period_start,
        cast(
            {{ dbt.dateadd('month', '-cast(parameters.value as integer)',
                'people.period_start') }} as date
        ) as look_back_start
    from people
    inner join parameters
        on
            parameters.parameter = 'burden_months'
            and {{ is_in_force('parameters', 'people.period_end') }}
),

ages as (
    select distinct
        period_end,
        age_years
    from people
),

age_models as (
    select
        ages.period_end,
        ages.age_years,
        age_bands.model
    from ages
    inner join age_bands
        on
            ages.age_years >= age_bands.age_from
            and (ages.age_years <= age_bands.age_to or age_bands.age_to is null)
            and {{ is_in_force('age_bands', 'ages.period_end') }}
),

scored_people as (
    select
        people.*,
        periods.look_back_start,
        age_models.model
    from people
    inner join periods
        on people.period_end = periods.period_end
    inner join age_models
        on
            people.period_end = age_models.period_end
            and people.age_years = age_models.age_years
),

diagnosis_lists as (
    select distinct
        diagnosis_code_type,
        diagnosis_codes
    from {{ ref('stg_medical_claim') }}
    where diagnosis_codes is not null
),

list_words as (
    select
        diagnosis_code_type,
        diagnosis_codes,
        {{ numbered_words('diagnosis_codes') }}
    from diagnosis_lists
),

list_categories as (
    select distinct
        list_words.diagnosis_code_type,
        list_words.diagnosis_codes,
        burden_codes.category,
        burden_codes.age_from,
        burden_codes.age_to,
        burden_codes.sex,
        burden_codes.effective_from,
        burden_codes.effective_to
    from list_words
    inner join burden_codes
        on
            list_words.diagnosis_code_type = burden_codes.code_system
            and list_words.word = burden_codes.code
),

burden_lists as (
    select distinct
        diagnosis_code_type,
        diagnosis_codes
    from list_categories
),

{% set excluded = {
    'hcpcs': "substring(claim_lines.hcpcs_code, 1, 2)",
    'pos': "substring("
        ~ zero_padded('claim_lines.place_of_service_code', 2) ~ ", 1, 2)",
    'bill_type': first_digits('claim_lines.bill_type_code', 2),
} -%}
person_lists as (
    select
        people.period_end,
        people.person_id,
        people.gender,
        people.age_years,
        people.model,
        claim_lines.diagnosis_code_type,
        claim_lines.diagnosis_codes
    from {{ ref('stg_medical_claim') }} as claim_lines
    semi join burden_lists
        on
            claim_lines.diagnosis_codes = burden_lists.diagnosis_codes
            and claim_lines.diagnosis_code_type = burden_lists.diagnosis_code_type
    inner join scored_people as people
        on
            claim_lines.person_id = people.person_id
            and claim_lines.service_date >= people.look_back_start
            and claim_lines.service_date < people.period_start
            and {{ was_known('claim_lines', 'people.score_cutoff_date') }}
    {%- for code_system, code_start in excluded.items() %}
    left join excluded_lines as excluded_{{ code_system }}
        on
            excluded_{{ code_system }}.code_system = '{{ code_system }}'
            and {{ code_start }} = excluded_{{ code_system }}.code_start
            and {{ is_in_force('excluded_' ~ code_system, 'people.period_end') }}
    {%- endfor %}
    where
        not claim_lines.is_denied
        and not claim_lines.is_reversal
        {%- for code_system in excluded %}
        and excluded_{{ code_system }}.code_start is null
        {%- endfor %}
    group by
        people.period_end,
        people.person_id,
        people.gender,
        people.age_years,
        people.model,
        claim_lines.diagnosis_code_type,
        claim_lines.diagnosis_codes
),

found_categories as (
    select distinct
        person_lists.period_end,
        person_lists.person_id,
        person_lists.model,
        list_categories.category
    from person_lists
    inner join list_categories
        on
            person_lists.diagnosis_codes = list_categories.diagnosis_codes
            and person_lists.diagnosis_code_type = list_categories.diagnosis_code_type
    where
        (
            person_lists.age_years >= list_categories.age_from
            or list_categories.age_from is null
        )
        and (
            person_lists.age_years <= list_categories.age_to
            or list_categories.age_to is null
        )
        and (
            person_lists.gender = list_categories.sex or list_categories.sex is null
        )
        and {{ is_in_force('list_categories', 'person_lists.period_end') }}
),

dropped_categories as (
    select distinct
        found_categories.period_end,
        found_categories.person_id,
        hierarchies.drops_category as category
    from found_categories
    inner join hierarchies
        on
            found_categories.category = hierarchies.category
            and {{ is_in_force('hierarchies', 'found_categories.period_end') }}
),

-- Categories of one group share a factor, which counts once.
group_weights as (
    select
        found_categories.period_end,
        found_categories.person_id,
        weights.weight_group,
        max(weights.weight) as weight,
        {{ distinct_list('found_categories.category') }} as categories
    from found_categories
    inner join weights
        on
            found_categories.model = weights.model
            and found_categories.category = weights.category
            and {{ is_in_force('weights', 'found_categories.period_end') }}
    left join dropped_categories
        on
            found_categories.period_end = dropped_categories.period_end
            and found_categories.person_id = dropped_categories.person_id
            and found_categories.category = dropped_categories.category
    where dropped_categories.category is null
    group by
        found_categories.period_end,
        found_categories.person_id,
        weights.weight_group
),

person_scores as (
    select
        period_end,
        person_id,
        sum(weight) as burden_score,
        {{ distinct_list('categories') }} as categories
    from group_weights
    group by
        period_end,
        person_id
),

scored as (
    select
        scored_people.*,
        cast(coalesce(person_scores.burden_score, 0) as decimal(9, 3)) as burden_score,
        person_scores.categories
    from scored_people
    left join person_scores
        on
            scored_people.period_end = person_scores.period_end
            and scored_people.person_id = person_scores.person_id
),

final as (
    select
        scored.period_end,
        scored.period_start,
        scored.score_cutoff_date,
        scored.person_id,
        scored.payer,
        scored.payer_type,
        scored.practice_id,
        scored.hsa,
        scored.gender,
        scored.birth_date,
        scored.age_years,
        scored.burden_score,
        levels.burden_level,
        scored.categories
    from scored
    left join levels
        on
            scored.model = levels.model
            and scored.burden_score >= levels.score_from
            and (scored.burden_score < levels.score_to or levels.score_to is null)
            and {{ is_in_force('levels', 'scored.period_end') }}
)

select * from final
