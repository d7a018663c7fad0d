-- One row per administrative entity, with the HSA by its own name.
with audited as (
    select * from {{ ref('base_administrative_entity') }}
),

hsa_aliases as (
    select * from {{ ref('hsa_aliases') }}
),

final as (
    select
        audited.administrative_entity_id,
        audited.name as administrative_entity_name,
        hsa_aliases.hsa,
        audited.hsa as landed_hsa,
        audited.cms_eligible as is_cms_eligible,
        audited.landed_copies
    from audited
    left join hsa_aliases
        on upper(audited.hsa) = hsa_aliases.alias
    where audited.fault_rule is null
)

select * from final
