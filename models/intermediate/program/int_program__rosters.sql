-- One row per program, practice, provider and start: the payment roster. What a roster
-- row leaves blank about the provider, the provider table says (A-04).
with rosters as (
    select * from {{ ref('stg_practice_provider') }}
),

providers as (
    select * from {{ ref('stg_provider') }}
),

final as (
    select
        rosters.program,
        rosters.practice_id,
        rosters.npi,
        rosters.start_date,
        rosters.end_date,
        rosters.billing_npi,
        rosters.is_primary_practice,
        coalesce(rosters.is_board_certified_obgyn, false)
            as is_board_certified_obgyn,
        coalesce(rosters.specialty, providers.specialty) as specialty,
        coalesce(rosters.credential, providers.credential) as credential
    from rosters
    left join providers
        on rosters.npi = providers.npi
)

select * from final
