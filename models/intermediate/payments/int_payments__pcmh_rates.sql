-- One row per payment month, practice and type of payer that pays: the parts of the
-- PCMH payment per patient, zero where the practice is not paid (E-01 to E-03, E-07).
-- Medicare pays none. The quality and utilization parts are zero until their indices
-- are computed.
with practice_months as (
    select * from {{ ref('int_payments__practice_months') }}
),

rates as (
    select * from {{ ref('payment_rates') }}
    where program = 'pcmh' and component = 'base'
),

final as (
    select
        practice_months.payment_month,
        practice_months.practice_id,
        rates.payer_type,
        practice_months.status,
        cast(
            case when practice_months.status = 'paid' then rates.amount else 0 end
            as decimal(10, 2)
        ) as base_pppm,
        cast(0 as decimal(10, 2)) as quality_pppm,
        cast(0 as decimal(10, 2)) as trui_pppm
    from practice_months
    inner join rates
        on {{ is_in_force('rates', 'practice_months.payment_month') }}
)

select
    *,
    cast(base_pppm + quality_pppm + trui_pppm as decimal(10, 2)) as total_pppm
from final
