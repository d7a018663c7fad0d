-- One row per period, measure and person whom the measure does not count, with the
-- first reason by its rank: a condition, or two together, at an age and beyond. The
-- event of the (first) condition is the evidence.
with people as (
    select * from {{ ref('int_quality__measured_people') }}
),

conditions as (
    select * from {{ ref('int_quality__conditions') }}
),

rules as (
    select * from {{ ref('measure_exclusions') }}
),

met as (
    select
        people.period_end,
        rules.measure_id,
        people.person_id,
        rules.exclusion_reason,
        conditions.record_id,
        conditions.event_date,
        conditions.code,
        row_number() over (
            partition by people.period_end, rules.measure_id, people.person_id
            order by rules.exclusion_rank
        ) as reason_rank
    from people
    inner join conditions
        on
            people.period_end = conditions.period_end
            and people.person_id = conditions.person_id
    inner join rules
        on
            conditions.condition = rules.condition
            and people.age_years >= coalesce(rules.age_from, people.age_years)
            and people.age_years <= coalesce(rules.age_to, people.age_years)
            and {{ is_in_force('rules', 'people.period_end') }}
    left join conditions as others
        on
            people.period_end = others.period_end
            and people.person_id = others.person_id
            and rules.other_condition = others.condition
    where rules.other_condition is null or others.condition is not null
),

final as (
    select
        period_end,
        measure_id,
        person_id,
        exclusion_reason,
        record_id,
        event_date,
        code
    from met
    where reason_rank = 1
)

select * from final
