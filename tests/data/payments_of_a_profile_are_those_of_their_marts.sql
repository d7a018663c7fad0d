-- What a profile says that teams and practices in the Women's Health Initiative were
-- paid is what their marts say for the attribution of the period's four quarters.
with profiles as (
    select
        period_end,
        hsa as entity_id,
        'hsa' as level,
        measure_id,
        value
    from {{ ref('restricted_hsa_profiles') }}

    union all

    select
        period_end,
        practice_id as entity_id,
        'practice' as level,
        measure_id,
        value
    from {{ ref('restricted_practice_profiles') }}
),

payments as (
    select
        'cht_payments' as measure_id,
        as_of_date,
        practice_id,
        hsa,
        amount
    from {{ ref('restricted_cht_payments') }}

    union all

    select
        'whi_payments' as measure_id,
        as_of_date,
        practice_id,
        hsa,
        amount
    from {{ ref('restricted_whi_payments') }}
),

practices as (
    select * from {{ ref('dim_practices') }}
),

periods as (
    select distinct
        period_end,
        measure_id
    from profiles
    where measure_id in ('cht_payments', 'whi_payments')
),

entities as (
    select
        payments.measure_id,
        payments.as_of_date,
        'practice' as level,
        payments.practice_id as entity_id,
        payments.amount
    from payments
    inner join practices
        on payments.practice_id = practices.practice_id

    union all

    select
        measure_id,
        as_of_date,
        'hsa' as level,
        hsa as entity_id,
        amount
    from payments
),

sums as (
    select
        periods.period_end,
        entities.measure_id,
        entities.level,
        entities.entity_id,
        sum(entities.amount) as amount
    from periods
    inner join entities
        on
            periods.measure_id = entities.measure_id
            and periods.period_end > entities.as_of_date
            and periods.period_end - interval 1 year - interval 1 day
            <= entities.as_of_date
    group by
        periods.period_end,
        entities.measure_id,
        entities.level,
        entities.entity_id
)

select
    sums.period_end,
    sums.level,
    sums.entity_id,
    sums.measure_id,
    sums.amount,
    profiles.value
from sums
left join profiles
    on
        sums.period_end = profiles.period_end
        and sums.level = profiles.level
        and sums.entity_id = profiles.entity_id
        and sums.measure_id = profiles.measure_id
where profiles.value is distinct from sums.amount
