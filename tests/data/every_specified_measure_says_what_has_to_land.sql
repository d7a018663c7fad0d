-- A measure without needs would be ready for nobody, and have no rates.
with specifications as (
    select * from {{ ref('measure_specifications') }}
),

needs as (
    select * from {{ ref('measure_data_needs') }}
)

select specifications.measure_id
from specifications
anti join needs
    on specifications.measure_id = needs.measure_id
