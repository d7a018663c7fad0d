-- One row per provider seen in claims, with the specialty in the manual's words: the
-- one that landed, as a word or a taxonomy code, else that of the taxonomy code (A-04).
with audited as (
    select * from {{ ref('base_provider') }}
),

specialty_taxonomies as (
    select * from {{ ref('specialty_taxonomies') }}
),

final as (
    select
        audited.npi,
        coalesce(
            taxonomy_of_word.specialty,
            lower(audited.specialty),
            taxonomy_of_code.specialty
        ) as specialty,
        upper(audited.taxonomy_code) as taxonomy_code,
        upper(audited.credential) as credential,
        audited.entity_type,
        audited.landed_copies
    from audited
    left join specialty_taxonomies as taxonomy_of_word
        on upper(audited.specialty) = taxonomy_of_word.taxonomy_code
    left join specialty_taxonomies as taxonomy_of_code
        on upper(audited.taxonomy_code) = taxonomy_of_code.taxonomy_code
    where audited.fault_rule is null
)

select * from final
