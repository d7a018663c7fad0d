-- One row per payment month and practice: what part of the Community Health Team's
-- payment for its patients stands. The practice is recognised, engaged or in decline,
-- and takes part in a Community Collaborative (F-00, H-04 to H-06, D69, D73).
with practice_months as (
    select * from {{ ref('int_payments__practice_months') }}
),

final as (
    select
        payment_month,
        practice_id,
        status,
        cast(
            case when is_participating then cht_factor else 0 end as decimal(5, 4)
        ) as factor,
        case when is_participating then cht_reason else 'no_initiative' end as reason
    from practice_months
)

select * from final
