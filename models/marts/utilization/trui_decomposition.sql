-- One row per period, practice scored and service category that is a resource: why the
-- practice's resource units per member and month differ from the state's (E-06).
-- Categories that few people used are told together as few_users, with as many others
-- as it takes for these to be two or more, used by more than a few; the parts add up to
-- the total all the same. A practice where few used anything at all is not told.
with parts as (
    select * from {{ ref('int_utilization__decomposition') }}
),

scores as (
    select * from {{ ref('int_utilization__trui') }}
    where age_group = 'all' and score_status = 'scored'
),

small_cells as (
    select * from {{ ref('disclosure_rules') }}
    where rule = 'small_cell'
),

used as (
    select
        parts.*,
        small_cells.largest_suppressed_count as largest,
        parts.category_kind = 'category' and parts.users > 0 as is_used
    from parts
    semi join scores
        on
            parts.period_end = scores.period_end
            and parts.practice_id = scores.practice_id
    cross join small_cells
),

-- From the least used on; what nobody used may be told.
ranked as (
    select
        *,
        sum(users) over (
            partition by period_end, practice_id, is_used
            order by users, category
            rows between unbounded preceding and 1 preceding
        ) as earlier_users,
        min(case when is_used then users end) over (
            partition by period_end, practice_id
        ) as least_users,
        max(case when category_kind = 'total' then users end) over (
            partition by period_end, practice_id
        ) as total_users
    from used
),

told as (
    select
        *,
        case
            when
                is_used
                and least_users <= largest
                and coalesce(earlier_users, 0) <= largest
                then 'few_users'
            else category
        end as told_category
    from ranked
),

final as (
    select
        period_end,
        practice_id,
        told_category as category,
        {% for column in [
            'observed_pmpm', 'expected_pmpm', 'state_pmpm', 'difference_pmpm',
            'use_pmpm', 'case_mix_pmpm'
        ] -%}
        cast(sum({{ column }}) as decimal(18, 6)) as {{ column }}
        {%- if not loop.last %},
        {% endif %}
        {%- endfor %}
    from told
    where total_users > largest
    group by
        period_end,
        practice_id,
        told_category
)

select * from final
