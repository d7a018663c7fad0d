-- One row per as-of date, program, payer and practice: attributed patients and their
-- movement since the as-of date before. Counts of 1 to 10 people are suppressed;
-- because this count = the one before + newly attributed + moved - left, the movement
-- of a practice is suppressed whole when any number of that sum is small.
with counts as (
    select * from {{ ref('int_attribution__counts') }}
),

small_cells as (
    select * from {{ ref('disclosure_rules') }}
    where rule = 'small_cell'
),

marked as (
    select
        counts.*,
        counts.attributed_patients
        between 1 and small_cells.largest_suppressed_count as is_count_small,
        counts.attributed_before
        between 1 and small_cells.largest_suppressed_count as is_before_small,
        counts.newly_attributed
        between 1 and small_cells.largest_suppressed_count as is_newly_small,
        counts.left_practice
        between 1 and small_cells.largest_suppressed_count as is_left_small,
        counts.moved
        between 1 and small_cells.largest_suppressed_count as is_moved_small
    from counts
    cross join small_cells
),

decided as (
    select
        *,
        is_count_small
        or coalesce(
            is_before_small or is_newly_small or is_left_small or is_moved_small,
            false
        ) as is_movement_suppressed
    from marked
),

final as (
    select
        as_of_date,
        program,
        payer,
        practice_id,
        hsa,
        is_count_small as is_suppressed,
        is_movement_suppressed,
        case when not is_count_small then cast(attributed_patients as integer) end
            as attributed_patients,
        case
            when not is_movement_suppressed then cast(newly_attributed as integer)
        end as newly_attributed,
        case
            when not is_movement_suppressed then cast(left_practice as integer)
        end as "left",
        case when not is_movement_suppressed then cast(moved as integer) end as moved
    from decided
)

select * from final
