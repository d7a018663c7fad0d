-- One row per payment month, payer and payee of a sum that a payer landed for
-- Community Health Teams or SASH, or for a practice (B-06 to B-09, D17, F-07): the
-- amount, and whether it is of the month or carried forward from the last month that
-- has one. A payee is a practice, an administrative entity or, where the payer knows
-- only what it pays in the whole state, the payer itself.
with landed as (
    select * from {{ ref('stg_payer_fixed_amount') }}
),

payment_months as (
    select * from {{ ref('int_calendar__payment_months') }}
),

payers as (
    select * from {{ ref('int_program__payers_as_of') }}
),

bases as (
    select * from {{ ref('cht_payment_bases') }}
),

practices as (
    select distinct practice_id from {{ ref('stg_practice') }}
),

-- Of rows that overlap the latest start stands.
ranked as (
    select
        payment_months.payment_month,
        payment_months.as_of_date,
        landed.payer,
        landed.payee_id,
        landed.component,
        landed.amount_usd as amount,
        landed.month_from,
        coalesce(landed.month_to < payment_months.payment_month, false) as is_over,
        row_number() over (
            partition by
                payment_months.payment_month,
                landed.payer,
                landed.payee_id,
                landed.component
            order by landed.month_from desc
        ) as row_rank
    from payment_months
    inner join landed
        on payment_months.payment_month >= landed.month_from
),

final as (
    select
        ranked.payment_month,
        ranked.payer,
        ranked.payee_id,
        ranked.component,
        ranked.as_of_date,
        payers.payment_frequency,
        case
            when ranked.payee_id = ranked.payer then 'payer'
            when practices.practice_id is not null then 'practice'
            else 'administrative_entity'
        end as payee_kind,
        case
            when ranked.is_over then 'carried_forward'
            when ranked.payee_id = ranked.payer then 'fallback'
            else 'fixed'
        end as basis,
        ranked.is_over and bases.is_policy_gap as is_policy_gap,
        ranked.month_from,
        ranked.amount
    from ranked
    inner join payers
        on
            ranked.as_of_date = payers.as_of_date
            and ranked.payer = payers.payer
    inner join bases
        on
            payers.payer_type = bases.payer_type
            and {{ is_in_force('bases', 'ranked.payment_month') }}
    left join practices
        on ranked.payee_id = practices.practice_id
    where
        ranked.row_rank = 1
        and (not ranked.is_over or bases.basis = 'carried_forward')
        and (
            (ranked.component = 'pcmh' and payers.is_pcmh_participant)
            or (ranked.component <> 'pcmh' and payers.is_cht_participant)
        )
)

select * from final
