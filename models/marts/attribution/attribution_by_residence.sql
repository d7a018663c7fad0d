-- One row per as-of date and town, and per Health Service Area that towns belong to:
-- who lives there, and where they are attributed. Residents are attributed or not, and
-- the attributed here or elsewhere: where a part of the first is 1 to 10 people the row
-- is suppressed, and where one of the second is, these two. An area is told where its
-- withheld towns leave each other open.
with residence as (
    select * from {{ ref('restricted_attribution_by_residence') }}
),

small_cells as (
    select * from {{ ref('disclosure_rules') }}
    where rule = 'small_cell'
),

marked as (
    select
        residence.*,
        small_cells.largest_suppressed_count as largest,
        residence.attributed_patients
        between 1 and small_cells.largest_suppressed_count
        or residence.not_attributed
        between 1 and small_cells.largest_suppressed_count as is_small,
        residence.attributed_here
        between 1 and small_cells.largest_suppressed_count
        or residence.attributed_elsewhere
        between 1 and small_cells.largest_suppressed_count as is_split_small
    from residence
    cross join small_cells
),

hidden as (
    select
        as_of_date,
        hsa,
        count(*) filter (where is_small) as cells,
        sum(attributed_patients) filter (where is_small) as attributed_patients,
        sum(not_attributed) filter (where is_small) as not_attributed,
        count(*) as split_cells,
        sum(attributed_here) as attributed_here,
        sum(attributed_elsewhere) as attributed_elsewhere
    from marked
    where
        level = 'town'
        and (is_small or is_split_small)
    group by
        as_of_date,
        hsa
),

decided as (
    select
        marked.*,
        marked.is_small
        or coalesce(
            marked.level = 'hsa'
            and (
                hidden.cells = 1
                or hidden.attributed_patients between 1 and marked.largest
                or hidden.not_attributed between 1 and marked.largest
            ),
            false
        ) as is_withheld,
        marked.is_split_small
        or coalesce(
            marked.level = 'hsa'
            and (
                hidden.split_cells = 1
                or hidden.attributed_here between 1 and marked.largest
                or hidden.attributed_elsewhere between 1 and marked.largest
            ),
            false
        ) as is_part_withheld
    from marked
    left join hidden
        on
            marked.as_of_date = hidden.as_of_date
            and marked.hsa = hidden.hsa
),

final as (
    select
        as_of_date,
        level,
        entity_id,
        hsa,
        is_withheld as is_suppressed,
        is_withheld or is_part_withheld as is_split_suppressed,
        case when not is_withheld then residents end as residents,
        case when not is_withheld then attributed_patients end as attributed_patients,
        case
            when not (is_withheld or is_part_withheld) then attributed_here
        end as attributed_here,
        case
            when not (is_withheld or is_part_withheld) then attributed_elsewhere
        end as attributed_elsewhere,
        case when not is_withheld then not_attributed end as not_attributed,
        case when not is_withheld then attributed_share end as attributed_share,
        case
            when not (is_withheld or is_part_withheld) then here_share
        end as here_share
    from decided
)

select * from final
