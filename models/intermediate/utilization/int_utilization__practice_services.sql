-- One row per period, practice, type of payer, stratum and service category or
-- indicator: what people used, of everybody measured and, under the cap, of those whom
-- the resource index scores; and the sums of squares from which intervals are taken.
with members as (
    select * from {{ ref('int_utilization__members') }}
),

services as (
    select * from {{ ref('int_utilization__member_categories') }}
),

categories as (
    select * from {{ ref('service_categories') }}
),

-- Whole units are exact enough for the squares.
joined as (
    select
        members.period_end,
        members.practice_id,
        members.payer_type,
        members.age_group,
        members.stratum_id,
        members.is_scored,
        case
            when categories.claim_type = 'pharmacy' then members.pharmacy_months
            else members.member_months
        end as months,
        services.category,
        services.capped_units,
        cast(round(services.capped_units) as bigint) as whole_units,
        services.allowed_amount_usd,
        services.paid_amount_usd,
        services.services
    from services
    inner join members
        on
            services.period_end = members.period_end
            and services.person_id = members.person_id
    inner join categories
        on services.category = categories.category
),

final as (
    select
        period_end,
        practice_id,
        payer_type,
        age_group,
        stratum_id,
        category,
        count(*) as users,
        count(*) filter (where is_scored) as scored_users,
        coalesce(sum(capped_units) filter (where is_scored), 0) as capped_units,
        coalesce(sum(whole_units) filter (where is_scored), 0) as scored_units,
        coalesce(sum(whole_units * months) filter (where is_scored), 0)
            as scored_units_months,
        coalesce(
            sum(cast(whole_units as decimal(38, 0)) * whole_units)
            filter (where is_scored),
            0
        ) as scored_units_squared,
        {% for amount in ['allowed_amount_usd', 'services'] -%}
        sum({{ amount }}) as {{ amount }},
        sum(cast({{ amount }} as decimal(38, 4)) * cast({{ amount }} as decimal(38, 4)))
            as {{ amount }}_squared,
        sum({{ amount }} * months) as {{ amount }}_months,
        {% endfor -%}
        sum(paid_amount_usd) as paid_amount_usd
    from joined
    group by
        period_end,
        practice_id,
        payer_type,
        age_group,
        stratum_id,
        category
)

select * from final
