-- E-02: 3.00 + quality + utilization, at most 3.50, also in extra time (H-07). The
-- dollars stand here, and not in a model, because they are what the manual promises of
-- any rates that are loaded. What is taken back is its payment's and is tested with it.
select
    payment_month,
    payer,
    practice_id,
    status,
    total_pppm,
    amount
from {{ ref('restricted_pcmh_payments') }}
where
    (
        status in ('paid', 'extended')
        and (total_pppm is null or total_pppm not between 3.00 and 3.50)
    )
    or (
        status not in ('paid', 'extended', 'recouped')
        and (amount <> 0 or total_pppm <> 0)
    )
    or (status = 'recouped') <> (basis = 'adjustment')
