-- K-10, K-12 (design, section 1): of a month that is told with its adjustments, a
-- practice's women less those of its women's health
-- providers are women of its medical home alone, and a medical home's people less its
-- women are the others. Where both are told, what is left must not be 1 to 10 people.
with payments as (
    select * from {{ ref('whi_payments') }}
),

counts as (
    select * from {{ ref('attribution_counts') }}
),

with_womens_providers as (
    select
        payment_month,
        payer,
        practice_id
    from payments
    where component = 'cht'
),

months as (
    select
        payment_month,
        payer,
        practice_id,
        component,
        max(as_of_date) as as_of_date,
        sum(attributed_patients) as attributed_patients
    from payments
    where component <> 'cht'
    group by
        payment_month,
        payer,
        practice_id,
        component
    having count(*) filter (where is_suppressed) = 0
),

compared as (
    select
        months.*,
        case when with_womens_providers.practice_id is null then 'pcmh' else 'whi' end
            as program
    from months
    left join with_womens_providers
        on
            months.payment_month = with_womens_providers.payment_month
            and months.payer = with_womens_providers.payer
            and months.practice_id = with_womens_providers.practice_id
)

select
    compared.payment_month,
    compared.payer,
    compared.practice_id,
    compared.attributed_patients,
    counts.attributed_patients as counted
from compared
inner join counts
    on
        compared.as_of_date = counts.as_of_date
        and compared.payer = counts.payer
        and compared.practice_id = counts.practice_id
        and compared.program = counts.program
where
    abs(counts.attributed_patients - compared.attributed_patients) between 1 and 10
