{{ config(alias='towns') }}
-- One row per Vermont town with its Health Service Area (G-01, D55).
select
    town,
    hsa,
    county,
    town_geoid,
    cast(latitude as double) as latitude,
    cast(longitude as double) as longitude,
    provenance,
    source
from {{ ref('towns') }}
