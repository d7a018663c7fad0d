-- One row per period, practice, type of payer and cell of the case mix in which it has
-- people and that somebody is compared in: people and months, of everybody alike by the
-- cell's terms, and of those whose own cell it is (chosen_). What is expected, the sums
-- that it is compared with and the spread are all taken from these rows.
{% set sums = [
    'people', 'member_months', 'pharmacy_months', 'member_months_squared',
    'pharmacy_months_squared', 'scored_people', 'scored_member_months',
    'scored_pharmacy_months', 'scored_member_months_squared',
    'scored_pharmacy_months_squared'
] -%}
with practice_months as (
    select * from {{ ref('int_utilization__practice_months') }}
),

stratum_cells as (
    select * from {{ ref('int_utilization__stratum_cells') }}
),

cells as (
    select distinct
        period_end,
        cell_id
    from stratum_cells
    where is_chosen
),

-- A cell is of everybody in its strata, those included that have a finer cell.
cell_strata as (
    select
        stratum_cells.period_end,
        stratum_cells.stratum_id,
        stratum_cells.cell_id,
        stratum_cells.is_chosen
    from stratum_cells
    semi join cells
        on
            stratum_cells.period_end = cells.period_end
            and stratum_cells.cell_id = cells.cell_id
),

joined as (
    select
        practice_months.*,
        cell_strata.cell_id,
        cell_strata.is_chosen
    from practice_months
    inner join cell_strata
        on
            practice_months.period_end = cell_strata.period_end
            and practice_months.stratum_id = cell_strata.stratum_id
),

final as (
    select
        period_end,
        practice_id,
        payer_type,
        age_group,
        {% for column in sums -%}
        sum({{ column }}) as {{ column }},
        sum(case when is_chosen then {{ column }} else 0 end)
            as chosen_{{ column }},
        {% endfor -%}
        cell_id
    from joined
    group by
        period_end,
        practice_id,
        payer_type,
        age_group,
        cell_id
)

select * from final
