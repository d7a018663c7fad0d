-- A variant whose catalogue row is misspelled would have rates and no name.
with specifications as (
    select * from {{ ref('measure_specifications') }}
),

measures as (
    select * from {{ ref('measures') }}
)

select
    specifications.measure_id,
    specifications.catalogue_id
from specifications
anti join measures
    on specifications.catalogue_id = measures.measure_id
