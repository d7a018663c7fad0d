-- One row per program, payment month, payer and practice: the payment as the warehouse
-- computes it and as the payer reports it, with the difference by cause (A-14). Counts
-- of 1 to 10 people are suppressed, and the amounts that they give back with them; so
-- is what is computed of a payment of which its own table withholds a row.
with reconciliation as (
    select * from {{ ref('int_payments__reconciliation') }}
),

small_cells as (
    select * from {{ ref('disclosure_rules') }}
    where rule = 'small_cell'
),

counted as (
    select
        reconciliation.*,
        coalesce(
            reconciliation.reported_patients
            between 1 and small_cells.largest_suppressed_count,
            false
        ) as is_reported_small
    from reconciliation
    cross join small_cells
),

marked as (
    select
        *,
        is_computed_small or is_reported_small as is_suppressed
    from counted
),

final as (
    select
        program,
        payment_month,
        payer,
        practice_id,
        hsa,
        status,
        payment_status,
        is_suppressed,
        case when not is_computed_small then computed_patients end as computed_patients,
        case when not is_reported_small then reported_patients end as reported_patients,
        computed_rate,
        reported_rate,
        case when not is_computed_small then computed end as computed,
        case when not is_reported_small then reported end as reported,
        case when not is_suppressed then difference end as difference,
        case when not is_suppressed then difference_by_count end
            as difference_by_count,
        case when not is_suppressed then difference_by_rate end
            as difference_by_rate,
        case when not is_suppressed then difference_by_timing end
            as difference_by_timing,
        case when not is_suppressed then difference_by_status end
            as difference_by_status
    from marked
)

select * from final
