-- Payments for medical homes by HSA, payer and month. A sum that lacks a withheld
-- payment would be too small without saying so: it is withheld too.
select
    payment_month,
    strftime(payment_month, '%Y-%m') as month,
    payer,
    hsa,
    case
        when bool_or(is_suppressed) then 'withheld'
        else cast(sum(amount) as varchar)
    end as shown_amount,
    case when not bool_or(is_suppressed) then sum(amount) end as amount
from marts.pcmh_payments
group by payment_month, payer, hsa
