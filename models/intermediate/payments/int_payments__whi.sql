-- One row per payment month, payer, practice, component (pmpm, cht, capacity) and
-- adjustment: what is paid in the Women's Health Initiative (K-01 to K-12).
with pmpm as (
    select * from {{ ref('int_payments__whi_pmpm') }}
),

cht as (
    select * from {{ ref('int_payments__whi_cht') }}
),

capacity as (
    select * from {{ ref('int_payments__whi_capacity') }}
),

practices as (
    select * from {{ ref('int_program__practices_as_of') }}
),

payments as (
    select
        payment_month,
        payer,
        practice_id,
        'pmpm' as component,
        0 as adjustment_no,
        as_of_date,
        paid_period,
        payment_due_date,
        cast(null as varchar) as administrative_entity_id,
        'linear' as basis,
        status,
        attributed_patients,
        rate,
        quality_rate,
        factor,
        cast(null as decimal(18, 2)) as shared_amount,
        cast(round(attributed_patients * rate * factor, 2) as decimal(18, 2)) as amount,
        is_small
    from pmpm

    union all

    select
        payment_month,
        payer,
        practice_id,
        'cht' as component,
        0 as adjustment_no,
        as_of_date,
        paid_period,
        payment_due_date,
        administrative_entity_id,
        basis,
        status,
        attributed_patients,
        rate,
        cast(0 as decimal(10, 4)) as quality_rate,
        factor,
        cast(shared_amount as decimal(18, 2)) as shared_amount,
        amount,
        is_small
    from cht

    union all

    select
        payment_month,
        payer,
        practice_id,
        'capacity' as component,
        adjustment_no,
        as_of_date,
        paid_period,
        payment_due_date,
        cast(null as varchar) as administrative_entity_id,
        basis,
        status,
        attributed_patients,
        rate,
        cast(0 as decimal(10, 4)) as quality_rate,
        factor,
        cast(shared_amount as decimal(18, 2)) as shared_amount,
        amount,
        is_small
    from capacity
),

final as (
    select
        payments.payment_month,
        payments.payer,
        payments.practice_id,
        payments.component,
        payments.adjustment_no,
        practices.hsa,
        payments.administrative_entity_id,
        payments.as_of_date,
        payments.paid_period,
        payments.payment_due_date,
        payments.basis,
        payments.status,
        payments.attributed_patients,
        payments.rate,
        payments.quality_rate,
        payments.factor,
        payments.shared_amount,
        payments.amount,
        payments.is_small
    from payments
    inner join practices
        on
            payments.as_of_date = practices.as_of_date
            and payments.practice_id = practices.practice_id
)

select * from final
