-- One row per program, payment month, payer and practice: the payer's count of
-- attributed patients beside the warehouse's, and whether list, agreement and report
-- came in time (A-13, A-14). Counts of 1 to 10 people are suppressed, and the
-- difference with them.
with reconciliation as (
    select * from {{ ref('int_attribution__reconciliation') }}
),

small_cells as (
    select * from {{ ref('disclosure_rules') }}
    where rule = 'small_cell'
),

marked as (
    select
        reconciliation.*,
        reconciliation.warehouse_patients
        between 1 and small_cells.largest_suppressed_count as is_warehouse_small,
        coalesce(
            reconciliation.payer_patients
            between 1 and small_cells.largest_suppressed_count,
            false
        ) as is_payer_small
    from reconciliation
    cross join small_cells
),

final as (
    select
        program,
        payment_month,
        payer,
        practice_id,
        hsa,
        as_of_date,
        status,
        agreement_status,
        list_sent_date,
        agreement_due_date,
        agreed_date,
        report_due_date,
        report_date,
        is_report_late,
        is_warehouse_small or is_payer_small as is_suppressed,
        case
            when not is_warehouse_small then cast(warehouse_patients as integer)
        end as warehouse_patients,
        case when not is_payer_small then cast(payer_patients as integer) end
            as payer_patients,
        case
            when not (is_warehouse_small or is_payer_small)
                then cast(difference as integer)
        end as difference
    from marked
)

select * from final
