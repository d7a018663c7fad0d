-- One row per period, person measured and attribute: what a profile says of the people
-- counted, each attribute once with each of its values (rules section 3). Who is in no
-- population of the profiles, an infant, is not in it.
with members as (
    select * from {{ ref('int_utilization__members') }}
),

people as (
    select * from {{ ref('int_quality__people') }}
),

conditions as (
    select distinct
        period_end,
        person_id,
        condition
    from {{ ref('int_quality__conditions') }}
),

populations as (
    select * from {{ ref('profile_populations') }}
),

counted as (
    select
        people.period_end,
        people.person_id,
        people.practice_id,
        people.hsa,
        populations.population,
        people.age_years,
        people.gender,
        people.payer_type
    from people
    inner join populations
        on
            people.age_years >= populations.age_from
            and people.age_years <= coalesce(populations.age_to, people.age_years)
            and {{ is_in_force('populations', 'people.period_end') }}
),

member_attributes as (
    select
        period_end,
        person_id,
        cast(burden_level as varchar) as burden_level,
        case when is_maternity then 'yes' else 'no' end as maternity,
        case when is_disabled then 'yes' else 'no' end as disability
    from members
),

attributes as (
    {% for attribute in ['gender', 'payer_type'] -%}
    select
        period_end,
        person_id,
        '{{ attribute }}' as attribute,
        {{ attribute }} as attribute_value
    from counted

    union all

    {% endfor -%}
    {% for attribute in ['burden_level', 'maternity', 'disability'] -%}
    select
        period_end,
        person_id,
        '{{ attribute }}' as attribute,
        {{ attribute }} as attribute_value
    from member_attributes

    union all

    {% endfor -%}
    select
        period_end,
        person_id,
        'condition' as attribute,
        condition as attribute_value
    from conditions

    union all

    -- Everybody has it, so that nobody is lost who has nothing else.
    select
        period_end,
        person_id,
        'member' as attribute,
        'yes' as attribute_value
    from counted
),

final as (
    select
        counted.period_end,
        counted.person_id,
        attributes.attribute,
        attributes.attribute_value,
        counted.practice_id,
        counted.hsa,
        counted.population,
        counted.age_years
    from counted
    inner join attributes
        on
            counted.period_end = attributes.period_end
            and counted.person_id = attributes.person_id
)

select * from final
