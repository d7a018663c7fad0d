-- One row per period, practice scored and service category that is a resource: why the
-- practice's resource units per member and month differ from the state's (E-06).
-- Categories that the table utilization withholds of the practice are told together as
-- few_users, so that the parts add up to the total all the same and neither table gives
-- back what the other does not tell. Where the total is withheld, nothing is told.
with parts as (
    select * from {{ ref('int_utilization__decomposition') }}
),

scores as (
    select * from {{ ref('int_utilization__trui') }}
    where age_group = 'all' and score_status = 'scored'
),

disclosed as (
    select * from {{ ref('int_utilization__disclosed_rates') }}
    where
        level = 'practice'
        and age_group = 'all'
        and payer_type = 'all'
),

totals as (
    select * from disclosed
    where category = 'total' and is_told
),

told as (
    select
        parts.*,
        case when disclosed.is_told then parts.category else 'few_users' end
            as told_category
    from parts
    inner join disclosed
        on
            parts.period_end = disclosed.period_end
            and parts.practice_id = disclosed.entity_id
            and parts.category = disclosed.category
    inner join totals
        on
            parts.period_end = totals.period_end
            and parts.practice_id = totals.entity_id
    semi join scores
        on
            parts.period_end = scores.period_end
            and parts.practice_id = scores.practice_id
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
    group by
        period_end,
        practice_id,
        told_category
)

select * from final
