-- A code that borrows has no weight of its own, and the one that it borrows from has
-- one: a row that misses would send the code to the statewide price in silence.
with crosswalk as (
    select * from {{ ref('weight_crosswalk') }}
),

weights as (
    select
        'ms-drg' as code_system,
        drg_code as code
    from {{ ref('drg_weights') }}

    union all

    select
        'hcpcs' as code_system,
        hcpcs_code as code
    from {{ ref('procedure_weights') }}
    where modifier is null
)

select
    crosswalk.code_system,
    crosswalk.code,
    crosswalk.weight_code
from crosswalk
left join weights as own
    on
        crosswalk.code_system = own.code_system
        and crosswalk.code = own.code
left join weights as borrowed
    on
        crosswalk.code_system = borrowed.code_system
        and crosswalk.weight_code = borrowed.code
where own.code is not null or borrowed.code is null
