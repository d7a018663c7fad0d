-- One row per period, age group (and all) and practice: the Total Resource Utilization
-- Index, its interval, quartile and dollars (E-06). Of the two age groups both are told
-- or none, since the other would give one back.
with scores as (
    select * from {{ ref('int_utilization__trui') }}
),

small_cells as (
    select * from {{ ref('disclosure_rules') }}
    where rule = 'small_cell'
),

judged as (
    select
        scores.*,
        scores.scored_people between 1 and small_cells.largest_suppressed_count
            as is_small
    from scores
    cross join small_cells
),

marked as (
    select
        *,
        bool_or(is_small) over (
            partition by period_end, practice_id, age_group = 'all'
        ) as is_suppressed
    from judged
),

final as (
    select
        period_end,
        age_group,
        practice_id,
        hsa,
        score_status,
        is_suppressed,
        case when not is_suppressed then cast(scored_people as integer) end
            as scored_people,
        case when not is_suppressed then member_years end as member_years,
        case when not is_suppressed then observed end as observed,
        case when not is_suppressed then expected end as expected,
        cast(trui as decimal(9, 6)) as trui,
        cast(ci_low as decimal(9, 6)) as ci_low,
        cast(ci_high as decimal(9, 6)) as ci_high,
        cast(quartile as integer) as quartile,
        cast(amount_usd as decimal(9, 2)) as pppm,
        effective_from_month
    from marked
)

select * from final
