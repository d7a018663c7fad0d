{{ config(alias='rates') }}
-- One row per rate and period in which it is in force, with where it comes from (E-02).
select
    rate_id,
    effective_from,
    effective_to,
    program,
    component,
    payer_type,
    unit,
    provenance,
    source,
    cast(amount as decimal(10, 4)) as amount
from {{ ref('payment_rates') }}
