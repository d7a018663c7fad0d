-- One row per period, practice, type of payer and stratum: people and months with
-- coverage, of everybody measured and of those whom the resource index scores, and the
-- sums of squared months from which intervals are taken.
with members as (
    select * from {{ ref('int_utilization__members') }}
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
            as scored_member_months_squared,
        coalesce(sum(pharmacy_months * pharmacy_months) filter (where is_scored), 0)
            as scored_pharmacy_months_squared
    from members
    group by
        period_end,
        practice_id,
        payer_type,
        age_group,
        stratum_id
)

select * from final
