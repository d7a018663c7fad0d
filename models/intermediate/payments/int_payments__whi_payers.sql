-- One row per payment month and payer that takes part in the Women's Health Initiative
-- in it, with the first month in which it does: that of the day on which it joined,
-- else of its first policy that takes part (C-09, K-07). Of rows that overlap the
-- latest start stands.
with payment_months as (
    select * from {{ ref('int_calendar__payment_months') }}
),

policies as (
    select * from {{ ref('stg_payer_policy') }}
),

first_policies as (
    select
        payer,
        case
            when count(*) = count(effective_from) then min(effective_from)
        end as first_date
    from policies
    where is_whi_participant
    group by payer
),

ranked as (
    select
        payment_months.payment_month,
        policies.payer,
        policies.is_whi_participant,
        coalesce(policies.joined_whi_date, first_policies.first_date) as joined_date,
        row_number() over (
            partition by payment_months.payment_month, policies.payer
            order by policies.effective_from desc nulls last
        ) as policy_rank
    from payment_months
    inner join policies
        on {{ is_in_force('policies', 'payment_months.payment_month') }}
    left join first_policies
        on policies.payer = first_policies.payer
),

dated as (
    select
        *,
        {{ first_month_from('joined_date') }} as joined_month
    from ranked
),

final as (
    select
        payment_month,
        payer,
        joined_month
    from dated
    where
        policy_rank = 1
        and is_whi_participant
        and coalesce(joined_month, payment_month) <= payment_month
)

select * from final
