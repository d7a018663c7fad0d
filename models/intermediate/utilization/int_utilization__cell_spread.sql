-- One row per period, cell of the case mix, and service category or total that anybody
-- of it used: how much the resource units under the cap of one person differ from those
-- of the cell's people per month, as a variance; of everybody alike by the cell's
-- terms, and of those whose own cell it is, who are not like everybody in it.
{% set units = ['scored_units', 'scored_units_months', 'scored_units_squared'] -%}
{% set sums = [
    'scored_people', 'scored_member_months', 'scored_pharmacy_months',
    'scored_member_months_squared', 'scored_pharmacy_months_squared'
] -%}
{% set whose = ['', 'chosen_'] -%}
with practice_cells as (
    select * from {{ ref('int_utilization__practice_cells') }}
),

practice_services as (
    select * from {{ ref('int_utilization__practice_services') }}
),

stratum_cells as (
    select * from {{ ref('int_utilization__stratum_cells') }}
),

categories as (
    select * from {{ ref('service_categories') }}
    where category_kind <> 'indicator'
),

cell_months as (
    select
        period_end,
        age_group,
        cell_id,
        {% for column in sums -%}
        sum({{ column }}) as {{ column }},
        sum(chosen_{{ column }}) as chosen_{{ column }}
        {%- if not loop.last %},
        {% endif %}
        {%- endfor %}
    from practice_cells
    group by
        period_end,
        age_group,
        cell_id
),

strata as (
    select
        practice_services.period_end,
        practice_services.stratum_id,
        practice_services.category,
        {% for column in units -%}
        sum(practice_services.{{ column }}) as {{ column }}
        {%- if not loop.last %},
        {% endif %}
        {%- endfor %}
    from practice_services
    semi join categories
        on practice_services.category = categories.category
    group by
        practice_services.period_end,
        practice_services.stratum_id,
        practice_services.category
),

cell_services as (
    select
        strata.period_end,
        stratum_cells.cell_id,
        strata.category,
        {% for column in units -%}
        sum(strata.{{ column }}) as {{ column }},
        coalesce(sum(strata.{{ column }}) filter (where stratum_cells.is_chosen), 0)
            as chosen_{{ column }}
        {%- if not loop.last %},
        {% endif %}
        {%- endfor %}
    from strata
    inner join stratum_cells
        on
            strata.period_end = stratum_cells.period_end
            and strata.stratum_id = stratum_cells.stratum_id
    group by
        strata.period_end,
        stratum_cells.cell_id,
        strata.category
),

summed as (
    select
        cell_months.period_end,
        cell_months.age_group,
        cell_months.cell_id,
        cell_months.scored_people,
        cell_months.chosen_scored_people,
        {% for column in units -%}
        cell_services.{{ column }},
        cell_services.chosen_{{ column }},
        {% endfor -%}
        case
            when categories.claim_type = 'pharmacy'
                then cell_months.scored_pharmacy_months_squared
            else cell_months.scored_member_months_squared
        end as months_squared,
        case
            when categories.claim_type = 'pharmacy'
                then cell_months.chosen_scored_pharmacy_months_squared
            else cell_months.chosen_scored_member_months_squared
        end as chosen_months_squared,
        {{ months_of_category('cell_months', 'scored_') }} as scored_months,
        cell_services.category
    from cell_months
    inner join cell_services
        on
            cell_months.period_end = cell_services.period_end
            and cell_months.cell_id = cell_services.cell_id
    inner join categories
        on cell_services.category = categories.category
),

rated as (
    select
        *,
        cast(scored_units as double) / nullif(scored_months, 0) as rate
    from summed
),

final as (
    select
        period_end,
        age_group,
        cell_id,
        {% for part in whose -%}
        case
            when {{ part }}scored_people > 0 and scored_people > 1 and scored_months > 0
                then
                    (
                        cast({{ part }}scored_units_squared as double)
                        - 2 * rate * {{ part }}scored_units_months
                        + rate * rate * {{ part }}months_squared
                    )
                    / {{ part }}scored_people
                    * scored_people / (scored_people - 1)
            else 0
        end as {{ part }}variance,
        {% endfor -%}
        category
    from rated
)

select * from final
