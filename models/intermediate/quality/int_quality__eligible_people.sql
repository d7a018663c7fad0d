{{ config(materialized='view') }}
-- One row per period, measure and person of its age and sex, enrolled as it asks, who
-- has the condition that it is about: whom a measure of people starts from. A view,
-- because each measure reads its own rows. Women of the Women's Health Initiative who
-- have no medical home start those measures alone that score it.
with people as (
    select * from {{ ref('int_quality__measured_people') }}
),

measure_specifications as (
    select * from {{ ref('measure_specifications') }}
),

policies as (
    select * from {{ ref('quality_policies') }}
),

whi_measures as (
    select distinct measure_id from policies
    where program = 'whi'
),

specifications as (
    select
        measure_specifications.*,
        whi_measures.measure_id is not null as is_of_whi
    from measure_specifications
    left join whi_measures
        on measure_specifications.measure_id = whi_measures.measure_id
),

enrollment as (
    select * from {{ ref('int_quality__enrollment') }}
    where is_enrolled
),

conditions as (
    select * from {{ ref('int_quality__conditions') }}
),

final as (
    select
        people.period_end,
        people.period_start,
        specifications.design,
        specifications.measure_id,
        people.person_id,
        people.gender,
        people.birth_date,
        people.age_years,
        conditions.record_id as denominator_record_id,
        conditions.event_date as denominator_date,
        conditions.code as denominator_code
    from people
    inner join specifications
        on
            people.age_years >= coalesce(specifications.age_from, people.age_years)
            and people.age_years <= coalesce(specifications.age_to, people.age_years)
            and people.gender = coalesce(specifications.gender, people.gender)
            and (people.is_of_pcmh or specifications.is_of_whi)
            and {{ is_in_force('specifications', 'people.period_end') }}
    inner join enrollment
        on
            people.period_end = enrollment.period_end
            and people.person_id = enrollment.person_id
            and specifications.enrollment_rule = enrollment.enrollment_rule
    left join conditions
        on
            people.period_end = conditions.period_end
            and people.person_id = conditions.person_id
            and specifications.condition = conditions.condition
    where specifications.condition is null or conditions.condition is not null
)

select * from final
