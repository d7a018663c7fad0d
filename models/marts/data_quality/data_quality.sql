-- One row per as-of date of the run, landed table and rule. The rule `row_accounts`
-- says where every landed row went; the others count faults or warnings. A warning that
-- counts people is suppressed where they are few.
with quality as (
    select * from {{ ref('restricted_data_quality') }}
),

small_cells as (
    select * from {{ ref('disclosure_rules') }}
    where rule = 'small_cell'
),

marked as (
    select
        quality.*,
        quality.is_count_of_people
        and quality.warnings
        between 1 and small_cells.largest_suppressed_count as is_small
    from quality
    cross join small_cells
),

final as (
    select
        as_of_date,
        "table",
        rule,
        gate_result,
        is_count_of_people,
        is_small as is_suppressed,
        landed,
        staged,
        superseded,
        quarantined,
        case when not is_small then warnings end as warnings
    from marked
)

select * from final
