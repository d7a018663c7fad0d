-- E-02: 3.00 + quality + utilization, at most 3.50, also in extra time (H-07). The
-- dollars stand here, and not in a model, because they are what the manual promises of
-- any rates that are loaded. An adjustment may take back what was paid.
select
    payment_month,
    payer,
    practice_id,
    status,
    total_pppm,
    amount
from {{ ref('restricted_pcmh_payments') }}
where
    basis <> 'adjustment'
    and (
        (
            status in ('paid', 'extended')
            and coalesce(total_pppm, 0) not between 3.00 and 3.50
        )
        or (
            status not in ('paid', 'extended')
            and (amount <> 0 or total_pppm <> 0)
        )
    )
