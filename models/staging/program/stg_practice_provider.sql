-- One row per practice, provider, program and start: the payment roster. A specialty
-- that landed as a taxonomy code becomes the manual's word for it (A-04).
with audited as (
    select * from {{ ref('base_practice_provider') }}
),

specialty_taxonomies as (
    select * from {{ ref('specialty_taxonomies') }}
),

final as (
    select
        audited.practice_id,
        audited.npi,
        lower(audited.program) as program,
        audited.start_date,
        audited.end_date,
        coalesce(specialty_taxonomies.specialty, lower(audited.specialty))
            as specialty,
        upper(audited.credential) as credential,
        audited.billing_npi,
        audited.board_certified_obgyn as is_board_certified_obgyn,
        audited.is_primary_practice,
        audited.fte,
        audited.landed_copies
    from audited
    left join specialty_taxonomies
        on upper(audited.specialty) = specialty_taxonomies.taxonomy_code
    where audited.fault_rule is null
)

select * from final
