-- One row per period and person measured: the resource units of the person under the
-- cap and those to be expected of people alike in other practices, in the cell that the
-- person is in. Practices' sums of these are what the resource index compares.
with members as (
    select * from {{ ref('int_utilization__members') }}
),

member_units as (
    select * from {{ ref('int_utilization__member_units') }}
),

stratum_cells as (
    select * from {{ ref('int_utilization__stratum_cells') }}
    where is_chosen
),

expected_rates as (
    select * from {{ ref('int_utilization__expected_rates') }}
),

categories as (
    select * from {{ ref('service_categories') }}
    where category_kind = 'category' and is_resource
),

cell_rates as (
    select
        expected_rates.period_end,
        expected_rates.practice_id,
        expected_rates.cell_id,
        coalesce(
            sum(expected_rates.capped_units_per_month)
            filter (where categories.claim_type is distinct from 'pharmacy'),
            0
        ) as units_per_month,
        coalesce(
            sum(expected_rates.capped_units_per_month)
            filter (where categories.claim_type = 'pharmacy'),
            0
        ) as pharmacy_units_per_month
    from expected_rates
    inner join categories
        on expected_rates.category = categories.category
    group by
        expected_rates.period_end,
        expected_rates.practice_id,
        expected_rates.cell_id
),

final as (
    select
        members.period_end,
        members.person_id,
        members.payer,
        members.payer_type,
        members.practice_id,
        members.hsa,
        members.age_group,
        members.age_band,
        members.broad_band,
        members.sex,
        members.payer_group,
        members.is_maternity,
        members.is_disabled,
        members.burden_level,
        members.burden_score,
        members.member_months,
        members.pharmacy_months,
        members.is_scored,
        members.stratum_id,
        stratum_cells.cell_id,
        stratum_cells.step as cell_step,
        member_units.units,
        member_units.is_capped,
        cast(
            round(member_units.units * member_units.cap_factor, 4) as decimal(18, 4)
        ) as capped_units,
        cast(
            round(
                members.member_months * coalesce(cell_rates.units_per_month, 0)
                + members.pharmacy_months
                * coalesce(cell_rates.pharmacy_units_per_month, 0),
                6
            ) as decimal(18, 6)
        ) as expected_units
    from members
    inner join member_units
        on
            members.period_end = member_units.period_end
            and members.person_id = member_units.person_id
    inner join stratum_cells
        on
            members.period_end = stratum_cells.period_end
            and members.stratum_id = stratum_cells.stratum_id
    left join cell_rates
        on
            members.period_end = cell_rates.period_end
            and members.practice_id = cell_rates.practice_id
            and stratum_cells.cell_id = cell_rates.cell_id
)

select * from final
