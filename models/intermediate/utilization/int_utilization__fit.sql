-- One row per period, age group and group of people scored (all, tenths by expected
-- units, types of payers, Health Service Areas): observed to expected resource units,
-- and how much of the spread between people the case mix explains (R squared, of
-- everybody).
with scores as (
    select * from {{ ref('int_utilization__member_scores') }}
    where is_scored
),

ranked as (
    select
        *,
        ntile(10) over (
            partition by period_end, age_group
            order by expected_units / member_months, person_id
        ) as tenth
    from scores
),

means as (
    select
        period_end,
        age_group,
        cast(sum(capped_units) as double) / nullif(sum(member_months), 0)
            as units_per_month
    from scores
    group by
        period_end,
        age_group
),

residuals as (
    select
        ranked.*,
        cast(
            round(
                (cast(ranked.capped_units as double) - ranked.expected_units)
                * (cast(ranked.capped_units as double) - ranked.expected_units),
                2
            ) as decimal(38, 2)
        ) as unexplained,
        cast(
            round(
                (ranked.capped_units - means.units_per_month * ranked.member_months)
                * (ranked.capped_units - means.units_per_month * ranked.member_months),
                2
            ) as decimal(38, 2)
        ) as spread
    from ranked
    inner join means
        on
            ranked.period_end = means.period_end
            and ranked.age_group = means.age_group
),

final as (
    {% for group_kind, group_value in [
        ('all', "'all'"),
        ('tenth', 'cast(tenth as varchar)'),
        ('payer_type', 'payer_type'),
        ('hsa', 'hsa'),
    ] -%}
    select
        period_end,
        age_group,
        '{{ group_kind }}' as group_kind,
        {{ group_value }} as group_value,
        count(*) as people,
        sum(member_months) as member_months,
        sum(capped_units) as observed,
        sum(expected_units) as expected,
        cast(
            round(
                cast(sum(capped_units) as double) / nullif(sum(expected_units), 0), 6
            ) as decimal(18, 6)
        ) as observed_to_expected,
        {% if group_kind == 'all' -%}
        cast(
            round(1 - cast(sum(unexplained) as double) / nullif(sum(spread), 0), 6)
            as decimal(18, 6)
        )
        {%- else -%}
        cast(null as decimal(18, 6))
        {%- endif %} as r_squared
    from residuals
    where {{ group_value }} is not null
    group by
        period_end,
        age_group,
        {{ group_value }}
    {%- if not loop.last %}

    union all

    {% endif %}
    {%- endfor %}
)

select * from final
