-- One row per period, practice, cell of the case mix in which it has people, and
-- service category: what people alike use per month in all other practices, so that a
-- practice is not compared with itself; made to sum to what the state used, category by
-- category (rules section 2). Where no other practice has people alike, its own. What
-- is to be expected of nobody by these rates, and was used, is to be expected of all
-- alike.
{% set amounts = [
    ('capped_units', 'scored_'), ('allowed_amount_usd', ''), ('services', '')
] -%}
{% set months = [
    'member_months', 'pharmacy_months', 'scored_member_months', 'scored_pharmacy_months'
] -%}
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
    where category_kind <> 'total'
),

-- Of everybody alike by the cell's terms, and of those whose own cell it is.
practice_cell_months as (
    select
        period_end,
        age_group,
        cell_id,
        practice_id,
        sum(chosen_people) as chosen_people,
        {% for column in months -%}
        sum({{ column }}) as {{ column }},
        sum(chosen_{{ column }}) as chosen_{{ column }}
        {%- if not loop.last %},
        {% endif %}
        {%- endfor %}
    from practice_cells
    group by
        period_end,
        age_group,
        cell_id,
        practice_id
),

practice_cell_services as (
    select
        practice_services.period_end,
        stratum_cells.cell_id,
        practice_services.practice_id,
        practice_services.category,
        {% for amount, _ in amounts -%}
        sum(practice_services.{{ amount }}) as {{ amount }}
        {%- if not loop.last %},
        {% endif %}
        {%- endfor %}
    from practice_services
    inner join stratum_cells
        on
            practice_services.period_end = stratum_cells.period_end
            and practice_services.stratum_id = stratum_cells.stratum_id
    semi join practice_cells
        on
            stratum_cells.period_end = practice_cells.period_end
            and stratum_cells.cell_id = practice_cells.cell_id
    group by
        practice_services.period_end,
        stratum_cells.cell_id,
        practice_services.practice_id,
        practice_services.category
),

cell_months as (
    select
        period_end,
        cell_id,
        {% for column in months -%}
        sum({{ column }}) as {{ column }}
        {%- if not loop.last %},
        {% endif %}
        {%- endfor %}
    from practice_cell_months
    group by
        period_end,
        cell_id
),

cell_services as (
    select
        period_end,
        cell_id,
        category,
        {% for amount, _ in amounts -%}
        sum({{ amount }}) as {{ amount }}
        {%- if not loop.last %},
        {% endif %}
        {%- endfor %}
    from practice_cell_services
    group by
        period_end,
        cell_id,
        category
),

-- What the practice and all have of the cell, months of the kind that the category
-- asks.
compared as (
    select
        own.period_end,
        own.age_group,
        own.cell_id,
        own.practice_id,
        cell_services.category,
        {% for prefix in ['', 'scored_'] -%}
        {{ months_of_category('own', prefix) }} as own_{{ prefix }}months,
        {{ months_of_category('cell_months', prefix) }}
        - {{ months_of_category('own', prefix) }}
            as other_{{ prefix }}months,
        {% endfor -%}
        {% for amount, _ in amounts -%}
        coalesce(own_services.{{ amount }}, 0) as own_{{ amount }},
        cell_services.{{ amount }} as all_{{ amount }}
        {%- if not loop.last %},
        {% endif %}
        {%- endfor %}
    from practice_cell_months as own
    inner join cell_months
        on
            own.period_end = cell_months.period_end
            and own.cell_id = cell_months.cell_id
    inner join cell_services
        on
            own.period_end = cell_services.period_end
            and own.cell_id = cell_services.cell_id
    inner join categories
        on cell_services.category = categories.category
    left join practice_cell_services as own_services
        on
            own.period_end = own_services.period_end
            and own.cell_id = own_services.cell_id
            and own.practice_id = own_services.practice_id
            and cell_services.category = own_services.category
),

rated as (
    select
        period_end,
        age_group,
        cell_id,
        practice_id,
        {% for amount, prefix in amounts -%}
        cast(
            round(
                case
                    when other_{{ prefix }}months > 0
                        then
                            cast(all_{{ amount }} - own_{{ amount }} as double)
                            / other_{{ prefix }}months
                    when own_{{ prefix }}months > 0
                        then
                            cast(own_{{ amount }} as double)
                            / own_{{ prefix }}months
                    else 0
                end,
                9
            ) as decimal(18, 9)
        ) as {{ amount }},
        {% endfor -%}
        category
    from compared
),

-- What is expected of people whose own cell it is.
chosen_months as (
    select * from practice_cell_months
    where chosen_people > 0
),

raw_sums as (
    select
        rated.period_end,
        rated.age_group,
        {% for amount, prefix in amounts -%}
        sum({{ months_of_category('chosen_months', 'chosen_' ~ prefix) }})
            as {{ amount }}_months,
        sum(
            rated.{{ amount }}
            * {{ months_of_category('chosen_months', 'chosen_' ~ prefix) }}
        ) as {{ amount }},
        {% endfor -%}
        rated.category
    from rated
    inner join chosen_months
        on
            rated.period_end = chosen_months.period_end
            and rated.cell_id = chosen_months.cell_id
            and rated.practice_id = chosen_months.practice_id
    inner join categories
        on rated.category = categories.category
    group by
        rated.period_end,
        rated.age_group,
        rated.category
),

state_sums as (
    select
        period_end,
        age_group,
        category,
        {% for amount, _ in amounts -%}
        sum({{ amount }}) as {{ amount }}
        {%- if not loop.last %},
        {% endif %}
        {%- endfor %}
    from practice_services
    group by
        period_end,
        age_group,
        category
),

final as (
    select
        rated.period_end,
        rated.age_group,
        rated.practice_id,
        rated.cell_id,
        {% for amount, _ in amounts -%}
        cast(
            round(
                coalesce(
                    cast(rated.{{ amount }} as double)
                    * state_sums.{{ amount }} / nullif(raw_sums.{{ amount }}, 0),
                    cast(state_sums.{{ amount }} as double)
                    / nullif(raw_sums.{{ amount }}_months, 0),
                    0
                ),
                9
            ) as decimal(18, 9)
        ) as {{ amount }}_per_month,
        {% endfor -%}
        rated.category
    from rated
    inner join chosen_months
        on
            rated.period_end = chosen_months.period_end
            and rated.cell_id = chosen_months.cell_id
            and rated.practice_id = chosen_months.practice_id
    inner join raw_sums
        on
            rated.period_end = raw_sums.period_end
            and rated.age_group = raw_sums.age_group
            and rated.category = raw_sums.category
    inner join state_sums
        on
            rated.period_end = state_sums.period_end
            and rated.age_group = state_sums.age_group
            and rated.category = state_sums.category
)

select * from final
