-- One row per provider of a kind that service categories tell apart, such as primary
-- care: the first of its kinds by name.
with providers as (
    select * from {{ ref('stg_provider') }}
),

provider_groups as (
    select * from {{ ref('provider_groups') }}
),

provider_kinds as (
    select distinct provider_kind from {{ ref('service_category_rules') }}
    where provider_kind is not null
),

final as (
    select
        providers.npi,
        min(provider_kinds.provider_kind) as provider_kind
    from providers
    inner join provider_groups
        on providers.specialty = provider_groups.specialty
    inner join provider_kinds
        on provider_groups.provider_group = provider_kinds.provider_kind
    group by providers.npi
)

select * from final
