-- One row per period, age group (and all), type of payer (and all), level, entity and
-- service category, indicator or total: what people used in the year (rules section 3). Cells
-- of few people are suppressed, and what would give them back.
with rates as (
    select * from {{ ref('int_utilization__disclosed_rates') }}
),

marked as (
    select
        *,
        not is_told as is_suppressed
    from rates
),

states as (
    select
        period_end,
        age_group,
        payer_type,
        category,
        is_told as is_state_told
    from rates
    where level = 'state'
),

final as (
    select
        marked.period_end,
        marked.age_group,
        marked.payer_type,
        marked.level,
        marked.entity_id,
        marked.category,
        marked.is_suppressed,
        case when not marked.is_suppressed then cast(marked.people as integer) end
            as people,
        case when not marked.is_suppressed then cast(marked.users as integer) end
            as users,
        case when not marked.is_suppressed then cast(marked.member_months as integer) end
            as member_months,
        case when not marked.is_suppressed then cast(marked.services as decimal(18, 4)) end
            as services,
        case when not marked.is_suppressed then cast(marked.services_per_1000 as decimal(18, 4)) end
            as services_per_1000,
        case when not marked.is_suppressed then cast(marked.services_per_1000_low as decimal(18, 4)) end
            as services_per_1000_low,
        case when not marked.is_suppressed then cast(marked.services_per_1000_high as decimal(18, 4)) end
            as services_per_1000_high,
        case when not marked.is_suppressed then cast(marked.adjusted_services_per_1000 as decimal(18, 4)) end
            as adjusted_services_per_1000,
        case when states.is_state_told then cast(marked.state_services_per_1000 as decimal(18, 4)) end
            as state_services_per_1000,
        case when not marked.is_suppressed then cast(marked.allowed_amount_usd as decimal(18, 2)) end
            as allowed_amount_usd,
        case when not marked.is_suppressed then cast(marked.paid_amount_usd as decimal(18, 2)) end
            as paid_amount_usd,
        case when not marked.is_suppressed then cast(marked.allowed_pmpm as decimal(18, 4)) end
            as allowed_pmpm,
        case when not marked.is_suppressed then cast(marked.allowed_pmpm_low as decimal(18, 4)) end
            as allowed_pmpm_low,
        case when not marked.is_suppressed then cast(marked.allowed_pmpm_high as decimal(18, 4)) end
            as allowed_pmpm_high,
        case when not marked.is_suppressed then cast(marked.adjusted_allowed_pmpm as decimal(18, 4)) end
            as adjusted_allowed_pmpm,
        case when states.is_state_told then cast(marked.state_allowed_pmpm as decimal(18, 4)) end
            as state_allowed_pmpm,
        case when not marked.is_suppressed then cast(marked.resource_units as decimal(18, 4)) end
            as resource_units,
        case when not marked.is_suppressed then cast(marked.resource_units_pmpm as decimal(18, 4)) end
            as resource_units_pmpm,
        case when states.is_state_told then cast(marked.state_resource_units_pmpm as decimal(18, 4)) end
            as state_resource_units_pmpm,
        case when not marked.is_suppressed then cast(marked.resource_index as decimal(18, 6)) end
            as resource_index
    from marked
    inner join states
        on
            marked.period_end = states.period_end
            and marked.age_group = states.age_group
            and marked.payer_type = states.payer_type
            and marked.category = states.category
)

select * from final
