-- One row per payment month, payer and practice that pays something for capacity in the
-- Women's Health Initiative: the one-time payment, clamped between floor and ceiling
-- and shared by the women of the first month (K-06, K-08, K-11, D44, D45); what a new
-- payer adds (K-07, D46); what is shared when the other side of a mixed practice joins
-- (K-12, D47). A practice that has nobody in its first month is paid in the first month
-- that it has somebody. A payment that falls before the months of the run is not made
-- again: what it was is worked out from the first month that the run computes, and
-- later ones come on top.
with counts as (
    select * from {{ ref('int_payments__whi_counts') }}
    where women > 0 and is_whole
),

payment_months as (
    select * from {{ ref('int_calendar__payment_months') }}
),

sides as (
    select * from {{ ref('int_payments__whi_sides') }}
),

practices as (
    select * from {{ ref('int_program__practices_as_of') }}
),

practice_periods as (
    select * from {{ ref('stg_practice') }}
),

rates as (
    select * from {{ ref('payment_rates') }}
    where program = 'whi'
),

starts as (
    select
        practice_id,
        min(start_month) as start_month
    from sides
    group by practice_id
),

runs as (
    select min(payment_month) as first_month from payment_months
),

first_months as (
    select
        counts.practice_id,
        starts.start_month >= runs.first_month as is_due,
        min(counts.payment_month) as payment_month
    from counts
    inner join starts
        on counts.practice_id = starts.practice_id
    cross join runs
    group by
        counts.practice_id,
        starts.start_month,
        runs.first_month
),

side_joins as (
    select distinct
        sides.practice_id,
        sides.start_month as payment_month
    from sides
    inner join first_months
        on
            sides.practice_id = first_months.practice_id
            and sides.start_month > first_months.payment_month
),

payer_joins as (
    select distinct
        counts.practice_id,
        counts.payment_month
    from counts
    inner join first_months
        on
            counts.practice_id = first_months.practice_id
            and counts.joined_month > first_months.payment_month
            and counts.payment_month = counts.joined_month
),

-- The months at which a payment for capacity is worked out, one kind each: where a side
-- and a payer join together, all share the difference.
occasions as (
    select
        practice_id,
        payment_month,
        is_due,
        'first' as occasion
    from first_months

    union all

    select
        practice_id,
        payment_month,
        true as is_due,
        'side' as occasion
    from side_joins

    union all

    select
        payer_joins.practice_id,
        payer_joins.payment_month,
        true as is_due,
        'payer' as occasion
    from payer_joins
    anti join side_joins
        on
            payer_joins.practice_id = side_joins.practice_id
            and payer_joins.payment_month = side_joins.payment_month
),

cells as (
    select
        occasions.practice_id,
        occasions.payment_month,
        occasions.is_due,
        occasions.occasion,
        counts.payer,
        counts.as_of_date,
        counts.paid_period,
        counts.payment_due_date,
        counts.women,
        counts.is_small,
        occasions.occasion <> 'payer'
        or coalesce(counts.joined_month = counts.payment_month, false) as is_sharing
    from occasions
    inner join counts
        on
            occasions.practice_id = counts.practice_id
            and occasions.payment_month = counts.payment_month
),

totals as (
    select
        practice_id,
        payment_month,
        is_due,
        occasion,
        min(as_of_date) as as_of_date,
        sum(women) as women,
        sum(case when is_sharing then women else 0 end) as sharing_women,
        max(case when is_small then 1 else 0 end) as any_small
    from cells
    group by
        practice_id,
        payment_month,
        is_due,
        occasion
),

-- Whether it buys at 340B prices on the first of the month (D45).
ranked_periods as (
    select
        totals.practice_id,
        totals.payment_month,
        practice_periods.is_340b,
        row_number() over (
            partition by totals.practice_id, totals.payment_month
            order by practice_periods.start_date desc nulls last
        ) as period_rank
    from totals
    inner join practice_periods
        on
            totals.practice_id = practice_periods.practice_id
            and totals.payment_month
            >= coalesce(practice_periods.start_date, totals.payment_month)
            and totals.payment_month
            <= coalesce(practice_periods.end_date, totals.payment_month)
),

priced as (
    select
        totals.practice_id,
        totals.payment_month,
        totals.occasion,
        case
            when coalesce(ranked_periods.is_340b, practices.is_340b, false)
                then 'capacity_340b'
            else 'capacity_other'
        end as price
    from totals
    left join ranked_periods
        on
            totals.practice_id = ranked_periods.practice_id
            and totals.payment_month = ranked_periods.payment_month
            and ranked_periods.period_rank = 1
    left join practices
        on
            totals.practice_id = practices.practice_id
            and totals.as_of_date = practices.as_of_date
),

limits as (
    select
        priced.practice_id,
        priced.payment_month,
        max(rates.amount) filter (where rates.component = priced.price) as rate,
        max(rates.amount) filter (
            where rates.component = priced.price || '_floor'
        ) as floor_amount,
        max(rates.amount) filter (
            where rates.component = priced.price || '_ceiling'
        ) as ceiling_amount
    from priced
    inner join rates
        on {{ is_in_force('rates', 'priced.payment_month') }}
    group by
        priced.practice_id,
        priced.payment_month
),

clamped as (
    select
        totals.*,
        limits.rate,
        limits.floor_amount,
        limits.ceiling_amount,
        least(
            greatest(limits.rate * totals.women, limits.floor_amount),
            limits.ceiling_amount
        ) as whole_payment
    from totals
    inner join limits
        on
            totals.practice_id = limits.practice_id
            and totals.payment_month = limits.payment_month
),

-- What has been worked out so far is never taken back.
sequence as (
    select
        *,
        max(whole_payment) over (
            partition by practice_id
            order by payment_month
            rows between unbounded preceding and 1 preceding
        ) as earlier_payment,
        max(any_small) over (
            partition by practice_id
            order by payment_month
            rows between unbounded preceding and current row
        ) = 1 as is_any_small
    from clamped
),

due as (
    select
        *,
        case
            when occasion = 'first' and rate * women < floor_amount then 'floor'
            when occasion = 'first' and rate * women > ceiling_amount then 'ceiling'
            when occasion = 'first' then 'linear'
            when occasion = 'side' then 'adjustment'
            else 'new_payer'
        end as basis,
        round(
            case occasion
                when 'first' then whole_payment
                when 'side' then greatest(whole_payment - earlier_payment, 0)
                else
                    greatest(
                        least(whole_payment - earlier_payment, rate * sharing_women),
                        0
                    )
            end, 2
        ) as total_amount
    from sequence
    where is_due
),

shared as (
    select
        cells.payment_month,
        cells.payer,
        cells.practice_id,
        cells.as_of_date,
        cells.paid_period,
        cells.payment_due_date,
        cells.women as attributed_patients,
        due.rate,
        due.basis,
        due.total_amount,
        case when due.basis = 'linear' then cells.is_small else due.is_any_small end
            as is_small,
        {{ part_of_amount('due.total_amount', 'cells.women', 'due.sharing_women') }}
            as rounded_amount,
        row_number() over (
            partition by cells.payment_month, cells.practice_id
            order by cells.women desc, cells.payer asc
        ) as share_rank
    from cells
    inner join due
        on
            cells.practice_id = due.practice_id
            and cells.payment_month = due.payment_month
    where cells.is_sharing
),

final as (
    select
        payment_month,
        payer,
        practice_id,
        as_of_date,
        paid_period,
        payment_due_date,
        'paid' as status,
        attributed_patients,
        rate,
        cast(1 as decimal(5, 4)) as factor,
        basis,
        case when basis <> 'linear' then total_amount end as shared_amount,
        cast(
            case
                when basis = 'linear' then round(attributed_patients * rate, 2)
                when share_rank = 1
                    then
                        rounded_amount + total_amount - sum(rounded_amount) over (
                            partition by payment_month, practice_id
                        )
                else rounded_amount
            end as decimal(18, 2)
        ) as amount,
        is_small,
        row_number() over (
            partition by practice_id, payer
            order by payment_month
        ) - 1 as adjustment_no
    from shared
)

select * from final
