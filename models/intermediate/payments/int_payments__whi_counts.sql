-- One row per payment month, payer and practice in the Women's Health Initiative: women
-- attributed to its sides that take part, each once (K-10, K-12), of those to sides
-- that are paid, and to its women's health providers alone, on the as-of date on which
-- the payer pays the month and on the one before (A-12, D40, D72); and whether any of
-- them, or of the people that are left when they are taken from a count told
-- elsewhere, is a small cell. A payer that waits for an attribution after the run's has
-- no row, and what all payers share of such a month is not whole.
with months as (
    select * from {{ ref('int_payments__whi_months') }}
),

as_of_dates as (
    select * from {{ ref('int_calendar__as_of_dates') }}
),

runs as (
    select * from {{ ref('int_calendar__run') }}
),

payer_months as (
    select * from {{ ref('int_payments__payer_months') }}
),

payers as (
    select * from {{ ref('int_payments__whi_payers') }}
),

sums as (
    select * from {{ ref('int_payments__whi_sums') }}
),

small_cells as (
    select * from {{ ref('disclosure_rules') }}
    where rule = 'small_cell'
),

practice_months as (
    select
        months.payment_month,
        months.practice_id,
        months.payment_month = min(months.start_month) as is_first_month,
        max(case when months.program = 'whi' then 1 else 0 end) = 1 as has_whi_side,
        max(case when months.program = 'pcmh' then 1 else 0 end) = 1 as has_pcmh_side,
        max(case when months.program = 'whi' and months.is_paid then 1 else 0 end) = 1
            as is_whi_side_paid,
        max(case when months.program = 'pcmh' and months.is_paid then 1 else 0 end) = 1
            as is_pcmh_side_paid
    from months
    group by
        months.payment_month,
        months.practice_id
),

payer_cells as (
    select
        practice_months.*,
        payers.payer,
        payers.joined_month,
        payer_months.as_of_date,
        payer_months.paid_period,
        payer_months.payment_due_date,
        max(payer_months.as_of_date) over (
            partition by practice_months.payment_month, practice_months.practice_id
        ) <= runs.as_of_date as is_whole
    from practice_months
    cross join runs
    inner join payers
        on practice_months.payment_month = payers.payment_month
    inner join payer_months
        on
            practice_months.payment_month = payer_months.payment_month
            and payers.payer = payer_months.payer
            and practice_months.is_first_month = payer_months.is_first_month
),

cells as (
    select
        payer_cells.*,
        as_of_dates.prior_as_of_date
    from payer_cells
    inner join as_of_dates
        on payer_cells.as_of_date = as_of_dates.as_of_date
),

sides_of_the_month as (
    select
        cells.payment_month,
        cells.payer,
        cells.practice_id,
        cells.as_of_date,
        cells.paid_period,
        cells.payment_due_date,
        cells.is_whole,
        cells.joined_month,
        cells.is_whi_side_paid,
        cells.is_pcmh_side_paid,
        case when cells.has_whi_side then coalesce(sums.whi_women, 0) else 0 end
            as whi_women,
        case when cells.has_pcmh_side then coalesce(sums.pcmh_women, 0) else 0 end
            as pcmh_women,
        case when cells.has_pcmh_side then coalesce(sums.pcmh_people, 0) else 0 end
            as pcmh_people,
        case
            when cells.has_whi_side and cells.has_pcmh_side
                then coalesce(sums.women_of_both, 0)
            else 0
        end as women_of_both,
        case
            when cells.has_whi_side and cells.has_pcmh_side
                then coalesce(sums.people_of_both, 0)
            else 0
        end as people_of_both,
        case
            when cells.has_whi_side then coalesce(prior_sums.whi_women, 0) else 0
        end as prior_whi_women
    from cells
    left join sums
        on
            cells.as_of_date = sums.as_of_date
            and cells.payer = sums.payer
            and cells.practice_id = sums.practice_id
    left join sums as prior_sums
        on
            cells.prior_as_of_date = prior_sums.as_of_date
            and cells.payer = prior_sums.payer
            and cells.practice_id = prior_sums.practice_id
),

-- A side that is paid takes part.
of_the_month as (
    select
        *,
        whi_women + pcmh_women - women_of_both as women,
        case
            when is_whi_side_paid and is_pcmh_side_paid
                then whi_women + pcmh_women - women_of_both
            when is_whi_side_paid then whi_women
            when is_pcmh_side_paid then pcmh_women
            else 0
        end as paid_women
    from sides_of_the_month
),

final as (
    select
        of_the_month.payment_month,
        of_the_month.payer,
        of_the_month.practice_id,
        of_the_month.as_of_date,
        of_the_month.paid_period,
        of_the_month.payment_due_date,
        of_the_month.is_whole,
        of_the_month.joined_month,
        of_the_month.women,
        of_the_month.paid_women,
        of_the_month.whi_women,
        of_the_month.prior_whi_women,
        of_the_month.women
        between 1 and small_cells.largest_suppressed_count
        or of_the_month.paid_women
        between 1 and small_cells.largest_suppressed_count
        or of_the_month.whi_women
        between 1 and small_cells.largest_suppressed_count
        or of_the_month.pcmh_women
        between 1 and small_cells.largest_suppressed_count
        or of_the_month.people_of_both
        between 1 and small_cells.largest_suppressed_count
        or of_the_month.women - of_the_month.whi_women
        between 1 and small_cells.largest_suppressed_count
        or of_the_month.pcmh_people - of_the_month.pcmh_women
        between 1 and small_cells.largest_suppressed_count as is_small,
        of_the_month.prior_whi_women
        between 1 and small_cells.largest_suppressed_count as is_prior_small
    from of_the_month
    cross join small_cells
)

select * from final
