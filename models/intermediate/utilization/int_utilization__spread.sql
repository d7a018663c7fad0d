-- One row per period, age group (and all), type of payer (and all), level below the
-- state, entity and service category or total: the variance that what the entity's
-- people used would have about what was expected of them, if they were people of their
-- cells drawn at random. The rates expected of them are of people drawn likewise, so
-- that their own variance is added. People of an entity of many practices are also
-- those whom its other practices are compared with, and count for less by that: an
-- entity that is nearly the whole state can hardly differ from it.
with practice_cells as (
    select * from {{ ref('int_utilization__practice_cells') }}
),

cell_spread as (
    select * from {{ ref('int_utilization__cell_spread') }}
),

practice_entities as (
    select * from {{ ref('int_utilization__practice_entities') }}
    where level <> 'state'
),

-- All that the practice has in the cell, whatever the type of payer.
owned as (
    select
        period_end,
        practice_id,
        cell_id,
        sum(scored_people) as own_people,
        sum(scored_member_months) as own_months
    from practice_cells
    group by
        period_end,
        practice_id,
        cell_id
),

cells as (
    select
        period_end,
        cell_id,
        sum(own_people) as cell_people,
        sum(own_months) as cell_months
    from owned
    group by
        period_end,
        cell_id
),

chosen as (
    {% for payer_type in ["'all'", 'payer_type'] -%}
    select
        period_end,
        practice_id,
        {{ payer_type }} as counted_payer_type,
        age_group,
        cell_id,
        sum(chosen_scored_people) as chosen_people,
        sum(chosen_scored_member_months) as chosen_months
    from practice_cells
    where chosen_scored_people > 0
    group by
        period_end,
        practice_id,
        {{ payer_type }},
        age_group,
        cell_id
    {%- if not loop.last %}

    union all

    {% endif %}
    {%- endfor %}
),

-- By how much one unit that somebody in another practice uses moves what is expected of
-- the practice's people.
shared as (
    select
        chosen.period_end,
        chosen.practice_id,
        chosen.counted_payer_type,
        chosen.age_group,
        chosen.cell_id,
        chosen.chosen_people,
        owned.own_people - chosen.chosen_people as other_people,
        cells.cell_people,
        cast(
            round(
                case
                    when cells.cell_months > owned.own_months
                        then
                            cast(chosen.chosen_months as double)
                            / (cells.cell_months - owned.own_months)
                    else 0
                end,
                12
            ) as decimal(24, 12)
        ) as share
    from chosen
    inner join owned
        on
            chosen.period_end = owned.period_end
            and chosen.practice_id = owned.practice_id
            and chosen.cell_id = owned.cell_id
    inner join cells
        on
            chosen.period_end = cells.period_end
            and chosen.cell_id = cells.cell_id
),

counted as (
    select
        shared.*,
        practice_entities.level,
        practice_entities.entity_id,
        cast(
            sum(shared.share) over (
                partition by
                    shared.period_end, shared.counted_payer_type, shared.cell_id,
                    practice_entities.level, practice_entities.entity_id
            ) as double
        ) as entity_share
    from shared
    inner join practice_entities
        on
            shared.period_end = practice_entities.period_end
            and shared.practice_id = practice_entities.practice_id
),

-- Squared weights of one unit of each of the people: of the entity's own, who are
-- observed, and of the others in the cell, who are only compared with.
weighed as (
    select
        period_end,
        counted_payer_type,
        age_group,
        cell_id,
        level,
        entity_id,
        cell_people,
        entity_share,
        sum(chosen_people + other_people) as entity_people,
        sum(
            cast(
                round(
                    chosen_people * power(1 - entity_share + share, 2), 9
                ) as decimal(38, 9)
            )
        ) as chosen_weight,
        sum(
            cast(
                round(
                    other_people * power(entity_share - share, 2), 9
                ) as decimal(38, 9)
            )
        ) as other_weight
    from counted
    group by
        period_end,
        counted_payer_type,
        age_group,
        cell_id,
        level,
        entity_id,
        cell_people,
        entity_share
),

varied as (
    select
        weighed.period_end,
        weighed.counted_payer_type,
        weighed.age_group,
        weighed.level,
        weighed.entity_id,
        cell_spread.category,
        cast(
            round(
                cell_spread.chosen_variance * weighed.chosen_weight
                + cell_spread.variance
                * (
                    weighed.other_weight
                    + (weighed.cell_people - weighed.entity_people)
                    * power(weighed.entity_share, 2)
                ),
                2
            ) as decimal(38, 2)
        ) as variance
    from weighed
    inner join cell_spread
        on
            weighed.period_end = cell_spread.period_end
            and weighed.cell_id = cell_spread.cell_id
),

final as (
    {% for age_group in ["'all'", 'age_group'] -%}
    select
        period_end,
        {{ age_group }} as counted_age_group,
        counted_payer_type as payer_type,
        level,
        entity_id,
        category,
        sum(variance) as variance
    from varied
    group by
        period_end,
        {{ age_group }},
        counted_payer_type,
        level,
        entity_id,
        category
    {%- if not loop.last %}

    union all

    {% endif %}
    {%- endfor %}
)

select * rename (counted_age_group as age_group) from final
