-- One row: the as-of date of the run and how far its claims reach. The as-of date is
-- the parameter, else the last quarter-end whose three months all have claims, or where
-- months are asked for the end of the last month that has some (A-01, A-09, D6).
{% set parameter = var('as_of_date') %}
{% set period = var('as_of_period') %}
{% set chosen = "'" ~ parameter ~ "'" if parameter else 'period_end' %}
with claims as (
    select * from {{ ref('stg_medical_claim') }}
),

volumes as (
    select * from {{ ref('int_landing__volumes') }}
),

claim_months as (
    select
        {{ dbt.date_trunc('month', 'service_date') }} as claim_month,
        true as is_staged
    from claims
    group by {{ dbt.date_trunc('month', 'service_date') }}

    union all

    select
        volume_month as claim_month,
        false as is_staged
    from volumes
    where landed_table = 'medical_claim' and volume_month is not null
    group by volume_month
),

full_periods as (
    select
        {{ dbt.date_trunc(period, 'claim_month') }} as period_start,
        is_staged
    from claim_months
    group by
        {{ dbt.date_trunc(period, 'claim_month') }},
        is_staged
    having count(*) = {{ {'quarter': 3, 'month': 1}[period] }}
),

-- Landed months stand in where quarantine took the claims of all of them: the run then
-- goes on as far as the gate that says which rows were kept out, and why.
last_full_period as (
    select
        cast(
            {{ dbt.last_day(
                'coalesce('
                ~ 'max(case when is_staged then period_start end), max(period_start))',
                period
            ) }} as date
        ) as period_end
    from full_periods
),

-- Claims without a paid date were always known; then the last service says how far the
-- drop reaches.
reach as (
    select coalesce(max(known_from), max(service_date)) as paid_through_date
    from claims
),

as_of as (
    select cast({{ chosen }} as date) as as_of_date
    from last_full_period
),

final as (
    select
        as_of.as_of_date,
        reach.paid_through_date,
        cast(
            {{ dbt.dateadd('day', var('attribution_cutoff_days'), 'as_of.as_of_date') }}
            as date
        ) as attribution_cutoff_date,
        reach.paid_through_date < cast(
            {{ dbt.dateadd('day', var('attribution_cutoff_days'), 'as_of.as_of_date') }}
            as date
        ) as is_provisional
    from as_of
    cross join reach
)

select * from final
