-- One row per period and hospital stay that began in it, of a person measured: its
-- service category, days, and what its resource units are made of. Stays that a
-- transfer joins are one admission, which earns the weight of its heaviest stay. A stay
-- counts whole in the period in which it began (rules section 2). An admission without
-- any weight is priced by its days.
with stays as (
    select * from {{ ref('int_quality__stays') }}
),

categories as (
    select * from {{ ref('stay_categories') }}
),

weights as (
    select * from {{ ref('drg_weights') }}
),

crosswalk as (
    select * from {{ ref('weight_crosswalk') }}
    where code_system = 'ms-drg'
),

scales as (
    select * from {{ ref('resource_unit_scales') }}
    where unit_method = 'ms_drg'
),

weighed as (
    select
        stays.period_end,
        stays.period_start,
        stays.person_id,
        stays.stay_id,
        stays.claim_ids,
        stays.episode_id,
        stays.episode_position,
        stays.admission_date,
        stays.end_date,
        stays.drg_code,
        categories.category,
        categories.admission_indicator,
        categories.day_indicator,
        cast(round(weights.weight * scales.units_per_weight, 4) as decimal(18, 4))
            as drg_units
    from stays
    left join categories
        on
            stays.stay_kind = categories.stay_kind
            and stays.is_psychiatric = categories.is_psychiatric
            and {{ is_in_force('categories', 'stays.period_end') }}
    left join crosswalk
        on
            stays.drg_code = crosswalk.code
            and {{ is_in_force('crosswalk', 'stays.period_end') }}
    left join weights
        on
            coalesce(crosswalk.weight_code, stays.drg_code) = weights.drg_code
            and {{ is_in_force('weights', 'stays.period_end') }}
    cross join scales
),

ranked as (
    select
        *,
        row_number() over (
            partition by period_end, person_id, episode_id
            order by drg_units desc nulls last, episode_position
        ) as weight_rank,
        max(drg_units) over (
            partition by period_end, person_id, episode_id
        ) as heaviest_units,
        case
            when admission_date < end_date
                then {{ dbt.datediff('admission_date', 'end_date', 'day') }}
            else 1
        end as days
    from weighed
),

final as (
    select
        period_end,
        person_id,
        stay_id,
        claim_ids,
        episode_id,
        admission_date,
        end_date,
        drg_code,
        category,
        admission_indicator,
        day_indicator,
        episode_position = 1 as is_admission,
        days,
        case when heaviest_units is null then 'price' else 'ms_drg' end
            as unit_method,
        case
            when weight_rank = 1 then drg_units
            else 0
        end as drg_units
    from ranked
    where admission_date >= period_start
)

select * from final
