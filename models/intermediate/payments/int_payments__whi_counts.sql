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

people as (
    select * from {{ ref('int_payments__whi_women') }}
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

of_the_month as (
    select
        cells.payment_month,
        cells.payer,
        cells.practice_id,
        cells.as_of_date,
        cells.paid_period,
        cells.payment_due_date,
        cells.is_whole,
        cells.joined_month,
        count(*) filter (
            where (people.is_whi_attributed and cells.has_whi_side)
            or (
                people.is_of_whi_age_and_sex
                and people.is_pcmh_attributed
                and cells.has_pcmh_side
            )
        ) as women,
        count(*) filter (
            where (people.is_whi_attributed and cells.is_whi_side_paid)
            or (
                people.is_of_whi_age_and_sex
                and people.is_pcmh_attributed
                and cells.is_pcmh_side_paid
            )
        ) as paid_women,
        count(*) filter (
            where people.is_whi_attributed and cells.has_whi_side
        ) as whi_women,
        count(*) filter (
            where people.is_of_whi_age_and_sex
            and people.is_pcmh_attributed
            and cells.has_pcmh_side
        ) as pcmh_women,
        count(*) filter (
            where people.is_pcmh_attributed and cells.has_pcmh_side
        ) as pcmh_people,
        count(*) filter (
            where people.is_whi_attributed
            and people.is_pcmh_attributed
            and cells.has_pcmh_side
            and cells.has_whi_side
        ) as women_of_both
    from cells
    left join people
        on
            cells.as_of_date = people.as_of_date
            and cells.payer = people.payer
            and cells.practice_id = people.practice_id
    group by
        cells.payment_month,
        cells.payer,
        cells.practice_id,
        cells.as_of_date,
        cells.paid_period,
        cells.payment_due_date,
        cells.is_whole,
        cells.joined_month
),

of_the_quarter_before as (
    select
        cells.payment_month,
        cells.payer,
        cells.practice_id,
        count(*) filter (
            where people.is_whi_attributed and cells.has_whi_side
        ) as whi_women
    from cells
    inner join people
        on
            cells.prior_as_of_date = people.as_of_date
            and cells.payer = people.payer
            and cells.practice_id = people.practice_id
    group by
        cells.payment_month,
        cells.payer,
        cells.practice_id
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
        coalesce(of_the_quarter_before.whi_women, 0) as prior_whi_women,
        of_the_month.women
        between 1 and small_cells.largest_suppressed_count
        or of_the_month.paid_women
        between 1 and small_cells.largest_suppressed_count
        or of_the_month.whi_women
        between 1 and small_cells.largest_suppressed_count
        or of_the_month.pcmh_women
        between 1 and small_cells.largest_suppressed_count
        or of_the_month.women_of_both
        between 1 and small_cells.largest_suppressed_count
        or of_the_month.women - of_the_month.whi_women
        between 1 and small_cells.largest_suppressed_count
        or of_the_month.pcmh_people - of_the_month.pcmh_women
        between 1 and small_cells.largest_suppressed_count as is_small,
        coalesce(of_the_quarter_before.whi_women, 0)
        between 1 and small_cells.largest_suppressed_count as is_prior_small
    from of_the_month
    cross join small_cells
    left join of_the_quarter_before
        on
            of_the_month.payment_month = of_the_quarter_before.payment_month
            and of_the_month.payer = of_the_quarter_before.payer
            and of_the_month.practice_id = of_the_quarter_before.practice_id
)

select * from final
