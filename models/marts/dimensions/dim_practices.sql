{{ config(alias='practices') }}
-- One row per practice: what it is on the as-of date of the run.
with practices as (
    select * from {{ ref('int_program__practices_as_of') }}
),

run as (
    select * from {{ ref('int_calendar__run') }}
),

rosters as (
    select * from {{ ref('int_program__rosters_as_of') }}
),

providers as (
    select
        as_of_date,
        practice_id,
        count(distinct npi) filter (where program = 'pcmh') as pcmh_providers,
        count(distinct npi) filter (where program = 'whi') as whi_providers
    from rosters
    group by
        as_of_date,
        practice_id
),

final as (
    select
        practices.practice_id,
        practices.practice_name,
        practices.hsa,
        practices.town,
        practices.parent_organization,
        practices.administrative_entity_id,
        practices.practice_type,
        practices.is_fqhc,
        practices.is_rhc,
        practices.is_340b,
        cast(coalesce(providers.pcmh_providers, 0) as integer) as pcmh_providers,
        cast(coalesce(providers.whi_providers, 0) as integer) as whi_providers
    from practices
    inner join run
        on practices.as_of_date = run.as_of_date
    left join providers
        on
            practices.as_of_date = providers.as_of_date
            and practices.practice_id = providers.practice_id
)

select * from final
