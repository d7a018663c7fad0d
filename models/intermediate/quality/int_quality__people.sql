-- One row per period and person attributed to a practice of the medical home program on
-- its last day: whom measures are taken of, and under which payer, practice and Health
-- Service Area they count (rules section 3; D58). Of several payers' attributions the
-- one that began last counts, then the first by name, so that nobody counts twice.
with periods as (
    select * from {{ ref('int_quality__periods') }}
),

attribution as (
    select * from {{ ref('int_attribution__attribution') }}
    where practice_id is not null and program = 'pcmh'
),

eligibility as (
    select * from {{ ref('stg_eligibility') }}
),

ranked as (
    select
        periods.period_end,
        periods.period_start,
        periods.score_cutoff_date,
        attribution.person_id,
        attribution.payer,
        attribution.payer_type,
        attribution.practice_id,
        attribution.hsa,
        eligibility.gender,
        eligibility.birth_date,
        row_number() over (
            partition by periods.period_end, attribution.person_id
            order by
                eligibility.enrollment_start_date desc,
                attribution.payer asc,
                eligibility.plan asc nulls last
        ) as payer_rank
    from periods
    inner join attribution
        on periods.period_end = attribution.as_of_date
    inner join eligibility
        on
            attribution.payer = eligibility.payer
            and attribution.person_id = eligibility.person_id
            and periods.period_end >= eligibility.enrollment_start_date
            and periods.period_end
            <= coalesce(eligibility.enrollment_end_date, periods.period_end)
),

final as (
    select
        period_end,
        period_start,
        score_cutoff_date,
        person_id,
        payer,
        payer_type,
        practice_id,
        hsa,
        gender,
        birth_date,
        {{ full_years('birth_date', 'period_end') }} as age_years
    from ranked
    where payer_rank = 1
)

select * from final
