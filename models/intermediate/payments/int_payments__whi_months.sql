-- One row per payment month, practice and side in the Women's Health Initiative from
-- its first month on: whether the PMPM payment is paid, and what part of the
-- supplemental Community Health Team payment stands (K-02, K-09, D21, D48). The month
-- after a lapse is not paid, the month after compliance is. The team's part falls by
-- quarters after the date that was missed, and is whole again with the month after
-- compliance.
with payment_months as (
    select * from {{ ref('int_calendar__payment_months') }}
),

sides as (
    select * from {{ ref('int_payments__whi_sides') }}
),

lapses as (
    select * from {{ ref('int_payments__whi_lapses') }}
),

steps as (
    select * from {{ ref('whi_cht_steps') }}
),

months as (
    select
        payment_months.payment_month,
        payment_months.as_of_date,
        sides.practice_id,
        sides.program,
        sides.initiation_date,
        sides.start_month
    from payment_months
    inner join sides
        on payment_months.payment_month >= sides.start_month
),

-- One lapse at most stands in a month, since the next begins after compliance.
in_lapse as (
    select
        months.payment_month,
        months.practice_id,
        months.program,
        max(lapses.lapse_date) as lapse_date
    from months
    inner join lapses
        on
            months.practice_id = lapses.practice_id
            and months.program = lapses.program
            and months.payment_month > lapses.lapse_date
            and (
                months.payment_month < lapses.resumption_month
                or lapses.resumption_month is null
            )
    group by
        months.payment_month,
        months.practice_id,
        months.program
),

lapsed_months as (
    select
        in_lapse.payment_month,
        in_lapse.practice_id,
        in_lapse.program,
        lapses.lapse_date,
        lapses.is_planned,
        {{ dbt.datediff(
            'lapses.missed_date', 'in_lapse.payment_month', 'quarter'
        ) }} as quarters_after
    from in_lapse
    inner join lapses
        on
            in_lapse.practice_id = lapses.practice_id
            and in_lapse.program = lapses.program
            and in_lapse.lapse_date = lapses.lapse_date
),

ranked_steps as (
    select
        lapsed_months.payment_month,
        lapsed_months.practice_id,
        lapsed_months.program,
        steps.factor,
        row_number() over (
            partition by
                lapsed_months.payment_month,
                lapsed_months.practice_id,
                lapsed_months.program
            order by steps.quarters_after desc
        ) as step_rank
    from lapsed_months
    inner join steps
        on
            lapsed_months.is_planned = steps.has_plan
            and lapsed_months.quarters_after >= steps.quarters_after
            and {{ is_in_force('steps', 'lapsed_months.payment_month') }}
),

final as (
    select
        months.payment_month,
        months.practice_id,
        months.program,
        months.as_of_date,
        months.initiation_date,
        months.start_month,
        in_lapse.lapse_date,
        case when in_lapse.lapse_date is null then 'paid' else 'lapsed' end as status,
        in_lapse.lapse_date is null as is_paid,
        cast(coalesce(ranked_steps.factor, 1) as decimal(5, 4)) as cht_factor
    from months
    left join in_lapse
        on
            months.payment_month = in_lapse.payment_month
            and months.practice_id = in_lapse.practice_id
            and months.program = in_lapse.program
    left join ranked_steps
        on
            months.payment_month = ranked_steps.payment_month
            and months.practice_id = ranked_steps.practice_id
            and months.program = ranked_steps.program
            and ranked_steps.step_rank = 1
)

select * from final
