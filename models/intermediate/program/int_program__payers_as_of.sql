-- One row per as-of date and payer: what the payer's policy is on that day. Of rows
-- that overlap the latest start stands.
with policies as (
    select * from {{ ref('stg_payer_policy') }}
),

as_of_dates as (
    select * from {{ ref('int_calendar__as_of_dates') }}
),

ranked as (
    select
        as_of_dates.as_of_date,
        policies.*,
        row_number() over (
            partition by as_of_dates.as_of_date, policies.payer
            order by policies.effective_from desc nulls last
        ) as policy_rank
    from policies
    inner join as_of_dates
        on
            coalesce(policies.effective_from, as_of_dates.as_of_date)
            <= as_of_dates.as_of_date
            and coalesce(policies.effective_to, as_of_dates.as_of_date)
            >= as_of_dates.as_of_date
),

final as (
    select
        as_of_date,
        payer,
        payer_type,
        residence_rule,
        payment_frequency,
        is_pcmh_participant,
        is_cht_participant,
        is_whi_participant
    from ranked
    where policy_rank = 1
)

select * from final
