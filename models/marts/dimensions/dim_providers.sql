{{ config(alias='providers') }}
-- One row per provider seen in claims or on a roster, with the specialty that the
-- attribution algorithms read.
with providers as (
    select * from {{ ref('stg_provider') }}
),

run as (
    select * from {{ ref('int_calendar__run') }}
),

rosters as (
    select * from {{ ref('int_program__rosters_as_of') }}
),

on_roster as (
    select
        rosters.npi,
        bool_or(rosters.program = 'pcmh') as is_on_pcmh_roster,
        bool_or(rosters.program = 'whi') as is_on_whi_roster,
        max(rosters.specialty) as specialty,
        max(rosters.credential) as credential
    from rosters
    inner join run
        on rosters.as_of_date = run.as_of_date
    group by rosters.npi
),

npis as (
    select npi from providers
    union
    select npi from on_roster
),

final as (
    select
        npis.npi,
        coalesce(on_roster.specialty, providers.specialty) as specialty,
        providers.taxonomy_code,
        coalesce(on_roster.credential, providers.credential) as credential,
        providers.entity_type,
        coalesce(on_roster.is_on_pcmh_roster, false) as is_on_pcmh_roster,
        coalesce(on_roster.is_on_whi_roster, false) as is_on_whi_roster
    from npis
    left join providers
        on npis.npi = providers.npi
    left join on_roster
        on npis.npi = on_roster.npi
)

select * from final
