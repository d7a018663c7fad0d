-- One row per period, age group and practice: the variance that what its people used
-- would have about what was expected of them, if they were people of their cells drawn
-- at random. The rates expected of them are of people drawn likewise, so that their own
-- variance is added.
{% set sums = [
    'scored_people', 'scored_member_months', 'scored_months_squared', 'scored_units',
    'scored_units_months', 'scored_units_squared'
] -%}
with practice_months as (
    select * from {{ ref('int_utilization__practice_months') }}
),

stratum_cells as (
    select * from {{ ref('int_utilization__stratum_cells') }}
),

cells as (
    select
        stratum_cells.period_end,
        stratum_cells.age_group,
        stratum_cells.cell_id,
        {% for column in sums -%}
        sum(practice_months.{{ column }}) as {{ column }}
        {%- if not loop.last %},
        {% endif %}
        {%- endfor %}
    from practice_months
    inner join stratum_cells
        on
            practice_months.period_end = stratum_cells.period_end
            and practice_months.stratum_id = stratum_cells.stratum_id
    group by
        stratum_cells.period_end,
        stratum_cells.age_group,
        stratum_cells.cell_id
),

-- People whose own cell it is are not like everybody in it.
chosen_cells as (
    select
        stratum_cells.period_end,
        stratum_cells.age_group,
        stratum_cells.cell_id,
        {% for column in sums -%}
        sum(practice_months.{{ column }}) as chosen_{{ column }}
        {%- if not loop.last %},
        {% endif %}
        {%- endfor %}
    from practice_months
    inner join stratum_cells
        on
            practice_months.period_end = stratum_cells.period_end
            and practice_months.stratum_id = stratum_cells.stratum_id
    where stratum_cells.is_chosen
    group by
        stratum_cells.period_end,
        stratum_cells.age_group,
        stratum_cells.cell_id
),

rated as (
    select
        cells.*,
        {% for column in sums -%}
        coalesce(chosen_cells.chosen_{{ column }}, 0) as chosen_{{ column }},
        {% endfor -%}
        cast(cells.scored_units as double) / nullif(cells.scored_member_months, 0)
            as rate
    from cells
    left join chosen_cells
        on
            cells.period_end = chosen_cells.period_end
            and cells.cell_id = chosen_cells.cell_id
),

-- They have a variance of their own about its rate.
cell_variances as (
    select
        period_end,
        cell_id,
        scored_people as cell_people,
        scored_member_months as cell_months,
        case
            when scored_people > 1
                then
                    (
                        cast(scored_units_squared as double)
                        - 2 * rate * scored_units_months
                        + rate * rate * scored_months_squared
                    ) / (scored_people - 1)
            else 0
        end as variance,
        case
            when chosen_scored_people > 0 and scored_people > 1
                then
                    (
                        cast(chosen_scored_units_squared as double)
                        - 2 * rate * chosen_scored_units_months
                        + rate * rate * chosen_scored_months_squared
                    ) / chosen_scored_people * scored_people / (scored_people - 1)
            else 0
        end as chosen_variance
    from rated
),

-- People of the practice in the cell, and those whose own cell it is.
practice_cells as (
    select
        stratum_cells.period_end,
        stratum_cells.age_group,
        stratum_cells.cell_id,
        practice_months.practice_id,
        sum(practice_months.scored_people) as own_people,
        sum(practice_months.scored_member_months) as own_months,
        coalesce(
            sum(practice_months.scored_people) filter (where stratum_cells.is_chosen),
            0
        ) as chosen_people,
        coalesce(
            sum(practice_months.scored_member_months)
            filter (where stratum_cells.is_chosen),
            0
        ) as chosen_months
    from practice_months
    inner join stratum_cells
        on
            practice_months.period_end = stratum_cells.period_end
            and practice_months.stratum_id = stratum_cells.stratum_id
    group by
        stratum_cells.period_end,
        stratum_cells.age_group,
        stratum_cells.cell_id,
        practice_months.practice_id
),

varied as (
    select
        practice_cells.period_end,
        practice_cells.age_group,
        practice_cells.practice_id,
        cell_variances.chosen_variance * practice_cells.chosen_people as own_variance,
        case
            when cell_variances.cell_months > practice_cells.own_months
                then
                    cell_variances.variance
                    * (cell_variances.cell_people - practice_cells.own_people)
                    * cast(practice_cells.chosen_months as double)
                    * practice_cells.chosen_months
                    / (cell_variances.cell_months - practice_cells.own_months)
                    / (cell_variances.cell_months - practice_cells.own_months)
            else 0
        end as expected_variance
    from practice_cells
    inner join cell_variances
        on
            practice_cells.period_end = cell_variances.period_end
            and practice_cells.cell_id = cell_variances.cell_id
    where practice_cells.chosen_people > 0
),

final as (
    select
        period_end,
        age_group,
        practice_id,
        sum(cast(round(own_variance + expected_variance, 2) as decimal(38, 2)))
            as variance
    from varied
    group by
        period_end,
        age_group,
        practice_id
)

select * from final
