-- Design, section 2: with its adjustments every payment comes to what the run computes
-- of it, payee by payee, and nothing that an earlier release published of a month that
-- has fallen due is edited or left out.
with ledger as (
    select * from {{ ref('int_payments__ledger') }}
),

computed as (
    select * from {{ ref('int_payments__computed') }}
),

published as (
    select * from {{ ref('int_payments__published') }}
),

-- What stands less what is computed, payment by payment.
figures as (
    select
        program,
        payment_month,
        payer,
        practice_id,
        component,
        administrative_entity_id,
        attributed_patients,
        amount
    from ledger

    union all

    select
        program,
        payment_month,
        payer,
        practice_id,
        component,
        administrative_entity_id,
        -attributed_patients as attributed_patients,
        -amount as amount
    from computed
),

faults as (
    select
        'does not come to what is computed' as fault,
        program,
        payment_month,
        payer,
        practice_id,
        component,
        administrative_entity_id
    from figures
    group by
        program,
        payment_month,
        payer,
        practice_id,
        component,
        administrative_entity_id
    having sum(attributed_patients) <> 0 or sum(amount) <> 0

    union all

    select
        'is not as it was published' as fault,
        published.program,
        published.payment_month,
        published.payer,
        published.practice_id,
        published.component,
        published.administrative_entity_id
    from published
    left join ledger
        on
            published.program = ledger.program
            and published.payment_month = ledger.payment_month
            and published.payer = ledger.payer
            and published.practice_id = ledger.practice_id
            and published.component = ledger.component
            and published.adjustment_no = ledger.adjustment_no
    where
        published.amount is distinct from ledger.amount
        or published.attributed_patients is distinct from ledger.attributed_patients
        or published.status is distinct from ledger.status
        or published.paid_period is distinct from ledger.paid_period
        or published.administrative_entity_id
        is distinct from ledger.administrative_entity_id
)

select * from faults
