-- One row: the as-of date of the run and how far its claims reach. The as-of date is
-- the parameter, else the last quarter-end whose three months all have claims (A-01,
-- D6).
{% set parameter = var('as_of_date') %}
{% set chosen = "'" ~ parameter ~ "'" if parameter else 'quarter_end' %}
with claims as (
    select * from {{ ref('stg_medical_claim') }}
),

claim_months as (
    select distinct {{ dbt.date_trunc('month', 'service_date') }} as claim_month
    from claims
),

quarters as (
    select
        {{ dbt.date_trunc('quarter', 'claim_month') }} as quarter_start,
        count(*) as months_with_claims
    from claim_months
    group by {{ dbt.date_trunc('quarter', 'claim_month') }}
),

last_full_quarter as (
    select
        cast({{ dbt.last_day('max(quarter_start)', 'quarter') }} as date)
            as quarter_end
    from quarters
    where months_with_claims = 3
),

-- Claims without a paid date were always known; then the last service says how far the
-- drop reaches.
reach as (
    select coalesce(max(known_from), max(service_date)) as paid_through_date
    from claims
),

as_of as (
    select cast({{ chosen }} as date) as as_of_date
    from last_full_quarter
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
