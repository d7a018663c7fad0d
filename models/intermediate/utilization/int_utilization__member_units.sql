-- One row per period and person measured: resource units of all categories that are
-- resources (pharmacy's only where the payer sends pharmacy claims), and what is left
-- of them under the cap: the statewide percentile of units per year, among people
-- scored, adults and children apart (rules section 2).
{% set months_of_year = 12 -%}
with members as (
    select * from {{ ref('int_utilization__members') }}
),

services as (
    select * from {{ ref('int_utilization__member_services') }}
),

categories as (
    select * from {{ ref('service_categories') }}
    where category_kind = 'category' and is_resource
),

parameters as (
    select * from {{ ref('int_utilization__parameters') }}
),

totals as (
    select
        services.period_end,
        services.person_id,
        sum(services.units) as units
    from services
    inner join categories
        on services.category = categories.category
    inner join members
        on
            services.period_end = members.period_end
            and services.person_id = members.person_id
    where
        categories.claim_type is distinct from 'pharmacy'
        or members.pharmacy_months > 0
    group by
        services.period_end,
        services.person_id
),

used as (
    select
        members.period_end,
        members.person_id,
        members.age_group,
        members.member_months,
        members.is_scored,
        cast(coalesce(totals.units, 0) as decimal(18, 4)) as units,
        case
            when members.member_months > 0
                then
                    cast(
                        round(
                            coalesce(totals.units, 0) * {{ months_of_year }}
                            / members.member_months,
                            4
                        ) as decimal(18, 4)
                    )
        end as units_per_year
    from members
    left join totals
        on
            members.period_end = totals.period_end
            and members.person_id = totals.person_id
),

ranked as (
    select
        used.period_end,
        used.age_group,
        used.units_per_year,
        row_number() over (
            partition by used.period_end, used.age_group
            order by used.units_per_year, used.person_id
        ) as unit_rank,
        count(*) over (partition by used.period_end, used.age_group) as people
    from used
    where used.is_scored
),

-- The smallest value that the percentile's share of people does not exceed.
caps as (
    select
        ranked.period_end,
        ranked.age_group,
        min(ranked.units_per_year) as units_per_year
    from ranked
    inner join parameters
        on ranked.period_end = parameters.period_end
    where ranked.unit_rank >= ranked.people * parameters.cap_percentile
    group by
        ranked.period_end,
        ranked.age_group
),

final as (
    select
        used.period_end,
        used.person_id,
        used.units,
        caps.units_per_year as cap_units_per_year,
        coalesce(used.units_per_year > caps.units_per_year, false) as is_capped,
        case
            when used.units_per_year > caps.units_per_year
                then
                    cast(
                        round(
                            cast(caps.units_per_year as double) / used.units_per_year,
                            12
                        ) as decimal(18, 12)
                    )
            else 1
        end as cap_factor
    from used
    left join caps
        on
            used.period_end = caps.period_end
            and used.age_group = caps.age_group
)

select * from final
