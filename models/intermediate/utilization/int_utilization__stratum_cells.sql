-- One row per period, stratum (people alike in all that the case mix knows) and step of
-- case_mix_steps: the cell of that step, its size, and whether it is the stratum's: the
-- finest that has people enough, whichever practice is left out. The last step, the
-- whole age group, is taken whatever its size.
with members as (
    select * from {{ ref('int_utilization__members') }}
),

steps as (
    select * from {{ ref('case_mix_steps') }}
),

parameters as (
    select * from {{ ref('int_utilization__parameters') }}
),

strata as (
    select
        period_end,
        age_group,
        age_band,
        broad_band,
        sex,
        payer_group,
        is_maternity,
        is_disabled,
        burden_level,
        stratum_id,
        practice_id,
        count(*) filter (where is_scored) as people
    from members
    group by
        period_end,
        age_group,
        age_band,
        broad_band,
        sex,
        payer_group,
        is_maternity,
        is_disabled,
        burden_level,
        stratum_id,
        practice_id
),

stepped as (
    select
        strata.period_end,
        strata.age_group,
        strata.stratum_id,
        strata.practice_id,
        strata.people,
        steps.step,
        max(steps.step) over (partition by strata.period_end) as last_step,
        {{ case_mix_cell('steps') }} as cell_id
    from strata
    inner join steps
        on {{ is_in_force('steps', 'strata.period_end') }}
),

practices as (
    select
        period_end,
        step,
        cell_id,
        practice_id,
        sum(people) as people
    from stepped
    group by
        period_end,
        step,
        cell_id,
        practice_id
),

sizes as (
    select
        period_end,
        step,
        cell_id,
        sum(people) as people,
        sum(people) - max(people) as people_elsewhere
    from practices
    group by
        period_end,
        step,
        cell_id
),

stratum_steps as (
    select distinct
        period_end,
        age_group,
        stratum_id,
        step,
        last_step,
        cell_id
    from stepped
),

sized as (
    select
        stratum_steps.*,
        sizes.people,
        sizes.people_elsewhere,
        sizes.people_elsewhere >= parameters.cell_people_least
        or stratum_steps.step = stratum_steps.last_step as is_large_enough
    from stratum_steps
    inner join sizes
        on
            stratum_steps.period_end = sizes.period_end
            and stratum_steps.step = sizes.step
            and stratum_steps.cell_id = sizes.cell_id
    inner join parameters
        on stratum_steps.period_end = parameters.period_end
),

final as (
    select
        period_end,
        age_group,
        stratum_id,
        step,
        cell_id,
        people,
        people_elsewhere,
        row_number() over (
            partition by period_end, stratum_id
            order by is_large_enough desc, step asc
        ) = 1 as is_chosen
    from sized
)

select * from final
