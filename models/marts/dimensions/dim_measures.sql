{{ config(alias='measures') }}
-- One row per measure that a rate may stand under: every row of the manual's table,
-- keyed on both of its ids, what the program takes beside it (D59), and the parts and
-- variants of them, each with the specification that it follows.
with measures as (
    select * from {{ ref('measures') }}
),

specifications as (
    select * from {{ ref('measure_specifications') }}
),

ids as (
    select
        measure_id,
        measure_id as catalogue_id
    from measures
    union
    select
        measure_id,
        catalogue_id
    from specifications
),

final as (
    select
        ids.measure_id,
        ids.catalogue_id,
        measures.core_id,
        measures.mssp_id,
        case
            when ids.measure_id = ids.catalogue_id then measures.measure_name
            else specifications.specification
        end as measure_name,
        measures.description,
        measures.nqf_number,
        measures.population,
        measures.is_in_hsa_profile
        and coalesce(specifications.is_default, true) as is_in_hsa_profile,
        measures.direction,
        measures.data_needed,
        measures.lacks,
        specifications.specification,
        specifications.version,
        specifications.period_rule,
        measures.effective_from,
        measures.effective_to,
        coalesce(specifications.provenance, measures.provenance) as provenance,
        coalesce(specifications.source, measures.source) as source
    from ids
    inner join measures
        on ids.catalogue_id = measures.measure_id
    left join specifications
        on ids.measure_id = specifications.measure_id
)

select * from final
