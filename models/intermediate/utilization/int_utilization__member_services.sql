-- One row per period, person measured and service category or indicator with something
-- in it: resource units, allowed and paid amounts, and how many services there were, as
-- the category counts them. Categories have each line once, and the total those that
-- are resources; indicators count services apart and carry no units.
with services as (
    select * from {{ ref('int_utilization__services') }}
),

lines as (
    select * from {{ ref('int_utilization__lines') }}
    where indicator is not null
),

stays as (
    select * from {{ ref('int_utilization__stays') }}
),

line_categories as (
    select
        category,
        counted_as
    from {{ ref('service_categories') }}
    where category_kind = 'category'
),

resource_categories as (
    select * from {{ ref('service_categories') }}
    where category_kind = 'category' and is_resource
),

total_categories as (
    select * from {{ ref('service_categories') }}
    where category_kind = 'total'
),

avoidable_codes as (
    select * from {{ ref('avoidable_ed_codes') }}
),

emergency_rules as (
    select
        indicator,
        avoidable_indicator,
        days_before_stay
    from {{ ref('emergency_visit_rules') }}
),

-- What visits count is one for each day and provider, however its units were found.
counted_services as (
    select
        services.period_end,
        services.person_id,
        services.category,
        line_categories.counted_as,
        services.visit_date,
        services.visit_npi,
        sum(services.units) as units,
        sum(services.allowed_amount_usd) as allowed_amount_usd,
        sum(services.paid_amount_usd) as paid_amount_usd,
        case
            when line_categories.counted_as = 'visits' then 1
            else sum(services.lines)
        end as services
    from services
    inner join line_categories
        on services.category = line_categories.category
    group by
        services.period_end,
        services.person_id,
        services.category,
        line_categories.counted_as,
        services.visit_date,
        services.visit_npi
),

-- An admission is counted in the category of its first stay, days in each one's own.
stay_counts as (
    select
        period_end,
        person_id,
        category,
        sum(case when is_admission then 1 else 0 end) as discharges,
        sum(days) as days
    from stays
    group by
        period_end,
        person_id,
        category
),

category_sums as (
    select
        period_end,
        person_id,
        category,
        counted_as,
        sum(units) as units,
        sum(allowed_amount_usd) as allowed_amount_usd,
        sum(paid_amount_usd) as paid_amount_usd,
        sum(services) as services
    from counted_services
    group by
        period_end,
        person_id,
        category,
        counted_as
),

categories as (
    select
        category_sums.period_end,
        category_sums.person_id,
        category_sums.category,
        category_sums.units,
        category_sums.allowed_amount_usd,
        category_sums.paid_amount_usd,
        case
            when category_sums.counted_as = 'discharges'
                then coalesce(stay_counts.discharges, 0)
            when category_sums.counted_as = 'days' then coalesce(stay_counts.days, 0)
            else category_sums.services
        end as services
    from category_sums
    left join stay_counts
        on
            category_sums.period_end = stay_counts.period_end
            and category_sums.person_id = stay_counts.person_id
            and category_sums.category = stay_counts.category
),

totals as (
    select
        categories.period_end,
        categories.person_id,
        sum(categories.units) as units,
        sum(categories.allowed_amount_usd) as allowed_amount_usd,
        sum(categories.paid_amount_usd) as paid_amount_usd,
        sum(categories.services) as services
    from categories
    semi join resource_categories
        on categories.category = resource_categories.category
    group by
        categories.period_end,
        categories.person_id
),

-- Lines of one service, as facility and professional bill it, are one.
indicated as (
    select
        period_end,
        person_id,
        indicator,
        service_date,
        visit_key,
        min(principal_diagnosis_code) as principal_diagnosis_code,
        min_by(diagnosis_code_type, principal_diagnosis_code) as diagnosis_code_type
    from lines
    group by
        period_end,
        person_id,
        indicator,
        service_date,
        visit_key
),

-- A visit to an emergency department that a stay follows is part of the stay.
admitted as (
    select distinct
        indicated.period_end,
        indicated.person_id,
        indicated.indicator,
        indicated.service_date
    from indicated
    inner join emergency_rules
        on indicated.indicator = emergency_rules.indicator
    inner join stays
        on
            indicated.period_end = stays.period_end
            and indicated.person_id = stays.person_id
    where
        stays.admission_date >= indicated.service_date
        and stays.admission_date
        <= {{ dbt.dateadd(
            'day', 'emergency_rules.days_before_stay', 'indicated.service_date'
        ) }}
),

visits as (
    select
        indicated.*,
        emergency_rules.avoidable_indicator,
        coalesce(avoidable_codes.share, 0) as avoidable_share
    from indicated
    left join emergency_rules
        on indicated.indicator = emergency_rules.indicator
    left join admitted
        on
            indicated.period_end = admitted.period_end
            and indicated.person_id = admitted.person_id
            and indicated.indicator = admitted.indicator
            and indicated.service_date = admitted.service_date
    left join avoidable_codes
        on
            indicated.principal_diagnosis_code = avoidable_codes.code
            and indicated.diagnosis_code_type = avoidable_codes.code_system
    where admitted.person_id is null
),

indicators as (
    select
        period_end,
        person_id,
        indicator as category,
        cast(count(*) as decimal(18, 4)) as services
    from visits
    group by
        period_end,
        person_id,
        indicator

    union all

    select
        period_end,
        person_id,
        avoidable_indicator as category,
        cast(sum(avoidable_share) as decimal(18, 4)) as services
    from visits
    where avoidable_share > 0 and avoidable_indicator is not null
    group by
        period_end,
        person_id,
        avoidable_indicator

    {% for indicator, services in [
        ('admission_indicator', 'case when is_admission then 1 else 0 end'),
        ('day_indicator', 'days'),
    ] -%}
    union all

    select
        period_end,
        person_id,
        {{ indicator }} as category,
        cast(sum({{ services }}) as decimal(18, 4)) as services
    from stays
    where {{ indicator }} is not null
    group by
        period_end,
        person_id,
        {{ indicator }}

    {% endfor -%}
),

final as (
    select
        period_end,
        person_id,
        category,
        units,
        allowed_amount_usd,
        paid_amount_usd,
        cast(services as decimal(18, 4)) as services
    from categories

    union all

    select
        totals.period_end,
        totals.person_id,
        total_categories.category,
        totals.units,
        totals.allowed_amount_usd,
        totals.paid_amount_usd,
        cast(totals.services as decimal(18, 4)) as services
    from totals
    cross join total_categories

    union all

    select
        period_end,
        person_id,
        category,
        cast(0 as decimal(38, 4)) as units,
        cast(0 as decimal(38, 2)) as allowed_amount_usd,
        cast(0 as decimal(38, 2)) as paid_amount_usd,
        services
    from indicators
    where services > 0
)

select * from final
