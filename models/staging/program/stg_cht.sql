-- One row per administrative entity and HSA: the Community Health Team there (G-04,
-- G-05).
with audited as (
    select * from {{ ref('base_cht') }}
),

hsa_aliases as (
    select * from {{ ref('hsa_aliases') }}
),

final as (
    select
        audited.administrative_entity_id,
        hsa_aliases.hsa,
        audited.hsa as landed_hsa,
        audited.operations_start_date,
        audited.fte_filled,
        audited.landed_copies
    from audited
    left join hsa_aliases
        on upper(audited.hsa) = hsa_aliases.alias
    where audited.fault_rule is null
)

select * from final
