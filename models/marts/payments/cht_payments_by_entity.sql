-- One row per payment month, administrative entity, Health Service Area and payer, or
-- all payers: the Community Health Team's payment, who shares it, and the staff that
-- it supports (F-02, F-03, F-09, G-05). What would give back a suppressed cell of
-- cht_payments is withheld.
with payments as (
    select * from {{ ref('int_payments__cht_entities') }}
),

marked as (
    select
        *,
        not is_told as is_suppressed
    from payments
),

final as (
    select
        payment_month,
        administrative_entity_id,
        hsa,
        payer,
        as_of_date,
        paid_period,
        has_policy_gap,
        is_suppressed,
        not is_share_told as is_share_suppressed,
        cast(practices as integer) as practices,
        case when not is_suppressed then cast(attributed_patients as integer) end
            as attributed_patients,
        case when is_share_told then payer_share end as payer_share,
        case when not is_suppressed then amount end as amount,
        case when not is_suppressed then fte_supported end as fte_supported,
        cast(fte_filled as decimal(12, 4)) as fte_filled,
        cast(
            case
                when not is_suppressed and fte_filled is not null
                    then greatest(fte_supported - fte_filled, 0)
            end as decimal(12, 4)
        ) as fte_vacant,
        case when not is_suppressed then fill_due_date end as fill_due_date
    from marked
)

select * from final
