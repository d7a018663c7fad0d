{{ config(alias='measures') }}
-- One row per row of the manual's table of measures, keyed on both of its ids, and per
-- measure that the program takes beside it (D59).
select
    measure_id,
    core_id,
    mssp_id,
    measure_name,
    description,
    nqf_number,
    population,
    is_in_hsa_profile,
    direction,
    data_needed,
    lacks,
    effective_from,
    effective_to,
    provenance,
    source
from {{ ref('measures') }}
