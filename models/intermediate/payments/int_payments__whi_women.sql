-- One row per as-of date, payer, practice and woman whom a practice in the Women's
-- Health Initiative may be paid for: whether she is attributed to its women's health
-- providers and whether to its medical home (C-03, K-10, K-12, D37). The medical home's
-- women are those of Appendix 3 who have the sex and age that the Initiative asks for.
with sides as (
    select distinct practice_id from {{ ref('int_payments__whi_sides') }}
),

attribution as (
    select * from {{ ref('int_attribution__attribution') }}
    where practice_id is not null
),

scopes as (
    select * from {{ ref('attribution_algorithm_scopes') }}
    where program = 'whi'
),

algorithms as (
    select * from {{ ref('attribution_algorithms') }}
    where program = 'whi' and is_attribution
),

eligibility as (
    select * from {{ ref('stg_eligibility') }}
),

attributed as (
    select
        attribution.as_of_date,
        attribution.payer,
        attribution.practice_id,
        attribution.person_id,
        attribution.plan,
        attribution.program,
        algorithms.gender,
        algorithms.age_from,
        algorithms.age_to
    from attribution
    inner join sides
        on attribution.practice_id = sides.practice_id
    inner join scopes
        on
            attribution.payer_type = scopes.payer_type
            and {{ is_in_force('scopes', 'attribution.as_of_date') }}
    inner join algorithms
        on scopes.algorithm_id = algorithms.algorithm_id
),

-- A payer's person is attributed once per program and as-of date, by the coverage that
-- began last.
ranked as (
    select
        attributed.*,
        eligibility.gender as recorded_gender,
        {{ full_years('eligibility.birth_date', 'attributed.as_of_date') }}
            as age_years,
        row_number() over (
            partition by
                attributed.as_of_date,
                attributed.program,
                attributed.payer,
                attributed.person_id
            order by
                eligibility.enrollment_start_date desc,
                eligibility.plan asc nulls last
        ) as coverage_rank
    from attributed
    inner join eligibility
        on
            attributed.payer = eligibility.payer
            and attributed.person_id = eligibility.person_id
            and attributed.as_of_date >= eligibility.enrollment_start_date
            and attributed.as_of_date
            <= coalesce(eligibility.enrollment_end_date, attributed.as_of_date)
),

final as (
    select
        as_of_date,
        payer,
        practice_id,
        person_id,
        max(case when program = 'whi' then 1 else 0 end) = 1 as is_whi_attributed,
        max(case when program = 'pcmh' then 1 else 0 end) = 1 as is_pcmh_attributed,
        max(
            case
                when
                    recorded_gender = gender
                    and age_years between age_from and age_to
                    then 1
                else 0
            end
        ) = 1 as is_of_whi_age_and_sex
    from ranked
    where coverage_rank = 1
    group by
        as_of_date,
        payer,
        practice_id,
        person_id
)

select * from final
