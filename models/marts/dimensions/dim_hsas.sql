{{ config(alias='hsas') }}
-- One row per Health Service Area (G-01, G-02).
with hsas as (
    select * from {{ ref('hsas') }}
),

towns as (
    select
        hsa,
        count(*) as towns
    from {{ ref('towns') }}
    group by hsa
),

final as (
    select
        hsas.hsa,
        hsas.qi_region,
        cast(towns.towns as integer) as towns,
        hsas.provenance,
        hsas.source
    from hsas
    left join towns
        on hsas.hsa = towns.hsa
)

select * from final
