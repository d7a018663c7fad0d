{{ config(alias='cht_payments_by_entity') }}
-- One row per payment month, administrative entity, Health Service Area and payer, or
-- all payers: the Community Health Team's payment, who shares it, and the staff that
-- it supports (F-02, F-03, F-09, G-05), unsuppressed.
select
    payment_month,
    administrative_entity_id,
    hsa,
    payer,
    as_of_date,
    paid_period,
    has_policy_gap,
    false as is_suppressed,
    false as is_share_suppressed,
    cast(practices as integer) as practices,
    cast(attributed_patients as integer) as attributed_patients,
    payer_share,
    amount,
    fte_supported,
    cast(fte_filled as decimal(12, 4)) as fte_filled,
    cast(
        case
            when fte_filled is not null
                then greatest(fte_supported - fte_filled, 0)
        end as decimal(12, 4)
    ) as fte_vacant,
    fill_due_date
from {{ ref('int_payments__cht_entities') }}
