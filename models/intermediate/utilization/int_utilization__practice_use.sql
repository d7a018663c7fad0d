-- One row per period, practice, type of payer, age group and service category or
-- indicator that anybody in the state used: what was used and what was to be expected
-- of the practice's people, with the sums of squares from which intervals are taken.
-- Everything that is rolled up is a sum of these rows.
{% set amounts = [
    ('capped_units', 'scored_'), ('allowed_amount_usd', ''), ('services', '')
] -%}
{% set sums = [
    'users', 'scored_users', 'capped_units', 'allowed_amount_usd',
    'paid_amount_usd', 'services', 'allowed_amount_usd_squared',
    'allowed_amount_usd_months', 'services_squared', 'services_months'
] -%}
{% set months = [
    'people', 'scored_people', 'member_months', 'pharmacy_months',
    'scored_member_months', 'scored_pharmacy_months', 'member_months_squared',
    'pharmacy_months_squared'
] -%}
with practice_months as (
    select * from {{ ref('int_utilization__practice_months') }}
),

practice_services as (
    select * from {{ ref('int_utilization__practice_services') }}
),

practice_cells as (
    select * from {{ ref('int_utilization__practice_cells') }}
    where chosen_people > 0
),

expected_rates as (
    select * from {{ ref('int_utilization__expected_rates') }}
),

categories as (
    select * from {{ ref('service_categories') }}
),

used as (
    select
        period_end,
        practice_id,
        payer_type,
        age_group,
        category,
        {% for column in sums -%}
        sum({{ column }}) as {{ column }}
        {%- if not loop.last %},
        {% endif %}
        {%- endfor %}
    from practice_services
    group by
        period_end,
        practice_id,
        payer_type,
        age_group,
        category
),

totals as (
    select
        period_end,
        practice_id,
        payer_type,
        age_group,
        {% for column in months -%}
        sum({{ column }}) as {{ column }}
        {%- if not loop.last %},
        {% endif %}
        {%- endfor %}
    from practice_months
    group by
        period_end,
        practice_id,
        payer_type,
        age_group
),

expected as (
    select
        practice_cells.period_end,
        practice_cells.practice_id,
        practice_cells.payer_type,
        practice_cells.age_group,
        {% for amount, prefix in amounts -%}
        sum(
            expected_rates.{{ amount }}_per_month
            * {{ months_of_category('practice_cells', 'chosen_' ~ prefix) }}
        ) as expected_{{ amount }},
        {% endfor -%}
        expected_rates.category
    from practice_cells
    inner join expected_rates
        on
            practice_cells.period_end = expected_rates.period_end
            and practice_cells.practice_id = expected_rates.practice_id
            and practice_cells.cell_id = expected_rates.cell_id
    inner join categories
        on expected_rates.category = categories.category
    group by
        practice_cells.period_end,
        practice_cells.practice_id,
        practice_cells.payer_type,
        practice_cells.age_group,
        expected_rates.category
),

-- What was to be expected in total is the sum of the categories, so that the parts of a
-- difference add up to it.
expected_totals as (
    select
        expected.period_end,
        expected.practice_id,
        expected.payer_type,
        expected.age_group,
        {% for amount, _ in amounts -%}
        sum(expected.expected_{{ amount }}) as expected_{{ amount }}
        {%- if not loop.last %},
        {% endif %}
        {%- endfor %}
    from expected
    inner join categories
        on expected.category = categories.category
    where categories.category_kind = 'category' and categories.is_resource
    group by
        expected.period_end,
        expected.practice_id,
        expected.payer_type,
        expected.age_group
),

all_expected as (
    select * from expected

    union all

    select
        expected_totals.period_end,
        expected_totals.practice_id,
        expected_totals.payer_type,
        expected_totals.age_group,
        {% for amount, _ in amounts -%}
        expected_totals.expected_{{ amount }},
        {% endfor -%}
        categories.category
    from expected_totals
    inner join categories
        on categories.category_kind = 'total'
),

-- What nobody of an age group used has no rates, and is not to be expected.
state_categories as (
    select distinct
        period_end,
        category
    from used
),

final as (
    select
        totals.period_end,
        totals.practice_id,
        totals.payer_type,
        totals.age_group,
        state_categories.category,
        totals.people,
        totals.scored_people,
        {{ months_of_category('totals') }} as months,
        {{ months_of_category('totals', 'scored_') }} as scored_months,
        case
            when categories.claim_type = 'pharmacy' then totals.pharmacy_months_squared
            else totals.member_months_squared
        end as months_squared,
        {% for column in sums -%}
        coalesce(used.{{ column }}, 0) as {{ column }},
        {% endfor -%}
        {% for amount, _ in amounts -%}
        cast(round(coalesce(expected.expected_{{ amount }}, 0), 6) as decimal(28, 6))
            as expected_{{ amount }}
        {%- if not loop.last %},
        {% endif %}
        {%- endfor %}
    from totals
    inner join state_categories
        on totals.period_end = state_categories.period_end
    inner join categories
        on state_categories.category = categories.category
    left join used
        on
            totals.period_end = used.period_end
            and totals.practice_id = used.practice_id
            and totals.payer_type = used.payer_type
            and totals.age_group = used.age_group
            and state_categories.category = used.category
    left join all_expected as expected
        on
            totals.period_end = expected.period_end
            and totals.practice_id = expected.practice_id
            and totals.payer_type = expected.payer_type
            and totals.age_group = expected.age_group
            and state_categories.category = expected.category
)

select * from final
