-- One row per as-of date, program, level and entity: the residents that practices saw,
-- counted and reported, beside the attributed (D-01, D-02). Counts of 1 to 10 people
-- are suppressed, and a sum that would give away a suppressed cell of
-- attribution_counts.
with patients as (
    select * from {{ ref('restricted_total_unique_patients') }}
),

totals as (
    select * from {{ ref('int_attribution__totals') }}
),

small_cells as (
    select * from {{ ref('disclosure_rules') }}
    where rule = 'small_cell'
),

marked as (
    select
        patients.*,
        patients.counted
        between 1 and small_cells.largest_suppressed_count as is_counted_withheld,
        coalesce(
            patients.reported
            between 1 and small_cells.largest_suppressed_count,
            false
        ) as is_reported_withheld,
        not coalesce(totals.is_told, patients.attributed = 0) as is_attributed_withheld
    from patients
    cross join small_cells
    left join totals
        on
            patients.as_of_date = totals.as_of_date
            and patients.program = totals.program
            and patients.level = totals.level
            and patients.entity_id = totals.entity_id
),

final as (
    select
        as_of_date,
        program,
        level,
        entity_id,
        is_counted_withheld or is_reported_withheld or is_attributed_withheld
            as is_suppressed,
        case
            when not (is_reported_withheld or is_attributed_withheld)
                then is_ratio_in_band
        end as is_ratio_in_band,
        case when not is_counted_withheld then counted end as counted,
        case when not is_reported_withheld then reported end as reported,
        reporting_practices,
        case when not is_attributed_withheld then attributed end as attributed,
        case
            when not (is_reported_withheld or is_attributed_withheld)
                then ratio_to_attributed
        end as ratio_to_attributed,
        expected_ratio
    from marked
)

select * from final
