-- One row per as-of date, program, payer, practice and reason: people who are no longer
-- attributed to the practice, and why (A-10). A practice's reasons add up to its
-- `left`, so that all of them are suppressed where that is, or where the small ones
-- could be had from it.
with departures as (
    select * from {{ ref('int_attribution__departures') }}
),

counts as (
    select * from {{ ref('attribution_counts') }}
),

small_cells as (
    select * from {{ ref('disclosure_rules') }}
    where rule = 'small_cell'
),

marked as (
    select
        departures.*,
        counts.is_suppressed or counts.is_movement_suppressed as is_sum_suppressed,
        small_cells.largest_suppressed_count as largest,
        departures.people <= small_cells.largest_suppressed_count as is_small
    from departures
    cross join small_cells
    inner join counts
        on
            departures.as_of_date = counts.as_of_date
            and departures.program = counts.program
            and departures.payer = counts.payer
            and departures.practice_id = counts.practice_id
),

practices as (
    select
        as_of_date,
        program,
        payer,
        practice_id,
        max(largest) as largest,
        count(*) filter (where is_small) as cells,
        coalesce(sum(people) filter (where is_small), 0) as small_people
    from marked
    group by
        as_of_date,
        program,
        payer,
        practice_id
),

decided as (
    select
        marked.*,
        marked.is_sum_suppressed
        or marked.is_small
        or not {{ is_total_open(
            'practices.cells', 'practices.small_people', 'practices.largest'
        ) }} as is_withheld
    from marked
    inner join practices
        on
            marked.as_of_date = practices.as_of_date
            and marked.program = practices.program
            and marked.payer = practices.payer
            and marked.practice_id = practices.practice_id
),

final as (
    select
        as_of_date,
        program,
        payer,
        practice_id,
        reason,
        hsa,
        is_withheld as is_suppressed,
        case when not is_withheld then cast(people as integer) end as people
    from decided
)

select * from final
