-- One row per period, practice, type of payer and stratum: people and months with
-- coverage, of everybody measured and of those whom the resource index scores, and of
-- these the sums of squares from which the spread of people alike is taken.
with members as (
    select
        members.*,
        cast(
            round(member_units.units * member_units.cap_factor, 4) as decimal(18, 4)
        ) as capped_units
    from {{ ref('int_utilization__members') }} as members
    inner join {{ ref('int_utilization__member_units') }} as member_units
        on
            members.period_end = member_units.period_end
            and members.person_id = member_units.person_id
),

-- Whole units are exact enough for the squares.
measured as (
    select
        *,
        cast(round(capped_units) as bigint) as whole_units
    from members
),

final as (
    select
        period_end,
        practice_id,
        payer_type,
        age_group,
        stratum_id,
        count(*) as people,
        sum(member_months) as member_months,
        sum(pharmacy_months) as pharmacy_months,
        count(*) filter (where is_scored) as scored_people,
        coalesce(sum(member_months) filter (where is_scored), 0)
            as scored_member_months,
        coalesce(sum(pharmacy_months) filter (where is_scored), 0)
            as scored_pharmacy_months,
        sum(member_months * member_months) as member_months_squared,
        sum(pharmacy_months * pharmacy_months) as pharmacy_months_squared,
        coalesce(sum(member_months * member_months) filter (where is_scored), 0)
            as scored_months_squared,
        coalesce(sum(whole_units) filter (where is_scored), 0) as scored_units,
        coalesce(sum(whole_units * member_months) filter (where is_scored), 0)
            as scored_units_months,
        coalesce(
            sum(cast(whole_units as decimal(38, 0)) * whole_units)
            filter (where is_scored),
            0
        ) as scored_units_squared
    from measured
    group by
        period_end,
        practice_id,
        payer_type,
        age_group,
        stratum_id
)

select * from final
