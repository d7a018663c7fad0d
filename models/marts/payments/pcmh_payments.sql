-- One row per payment month, payer, practice and adjustment: the PCMH payment (E-01 to
-- E-03, E-07, D69, D72). An amount divided by its rate is a count of people, so that
-- both are suppressed where the count is.
with payments as (
    select * from {{ ref('int_payments__pcmh') }}
),

small_cells as (
    select * from {{ ref('disclosure_rules') }}
    where rule = 'small_cell'
),

marked as (
    select
        payments.*,
        payments.attributed_patients
        between 1 and small_cells.largest_suppressed_count as is_suppressed
    from payments
    cross join small_cells
),

final as (
    select
        payment_month,
        payer,
        practice_id,
        cast(adjustment_no as integer) as adjustment_no,
        hsa,
        as_of_date,
        paid_period,
        basis,
        status,
        is_suppressed,
        case when not is_suppressed then cast(attributed_patients as integer) end
            as attributed_patients,
        base_pppm,
        quality_pppm,
        trui_pppm,
        total_pppm,
        case when not is_suppressed then amount end as amount
    from marked
)

select * from final
