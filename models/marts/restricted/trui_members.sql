-- One row per period and person measured: what the resource index takes of the person
-- and what the case mix knows of it, so that a practice's score can be followed person
-- by person (E-06).
select
    period_end,
    person_id,
    payer,
    payer_type,
    practice_id,
    hsa,
    age_group,
    age_band,
    sex,
    payer_group,
    is_maternity,
    is_disabled,
    cast(burden_level as integer) as burden_level,
    cast(burden_score as decimal(9, 3)) as burden_score,
    stratum_id,
    cell_id,
    cast(cell_step as integer) as cell_step,
    cast(member_months as integer) as member_months,
    cast(pharmacy_months as integer) as pharmacy_months,
    is_scored,
    is_capped,
    units,
    capped_units,
    expected_units
from {{ ref('int_utilization__member_scores') }}
