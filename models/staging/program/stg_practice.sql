-- One row per practice and period, with the Health Service Area that it counts for: the
-- one it names, by any of its names, else that of its town (G-01, D28, D54).
with audited as (
    select * from {{ ref('base_practice') }}
),

hsa_aliases as (
    select * from {{ ref('hsa_aliases') }}
),

places as (
    select * from {{ ref('stg_place') }}
),

final as (
    select
        audited.practice_id,
        audited.start_date,
        audited.end_date,
        audited.practice_name,
        coalesce(hsa_aliases.hsa, places.hsa) as hsa,
        places.town,
        audited.hsa as landed_hsa,
        audited.town as landed_town,
        coalesce(audited.parent_organization, audited.practice_name)
            as parent_organization,
        audited.administrative_entity_id,
        lower(audited.practice_type) as practice_type,
        audited.successor_practice_id,
        audited.is_fqhc,
        audited.is_rhc,
        audited.is_340b,
        audited.landed_copies
    from audited
    left join hsa_aliases
        on upper(audited.hsa) = hsa_aliases.alias
    left join places
        on upper(audited.town) = places.place_name
    where audited.fault_rule is null
)

select * from final
