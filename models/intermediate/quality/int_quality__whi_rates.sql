-- One row per period, measure that scores the Women's Health Initiative and practice in
-- it: how many of its women are in the denominator and the numerator and excluded, and
-- the rate (K-01, D36). Women whose payer has not sent what a measure needs are not in
-- it.
with members as (
    select * from {{ ref('int_quality__whi_members') }}
),

specifications as (
    select * from {{ ref('measure_specifications') }}
),

readiness as (
    select * from {{ ref('int_quality__readiness') }}
    where is_ready
),

counted as (
    select
        members.period_end,
        members.measure_id,
        members.practice_id,
        count(
            distinct case when members.in_denominator then members.person_id end
        ) as people,
        count(*) filter (where members.in_numerator) as numerator,
        coalesce(sum(members.weight) filter (where members.in_denominator), 0)
            as denominator,
        count(*) filter (where members.is_excluded) as exclusions
    from members
    inner join readiness
        on
            members.period_end = readiness.period_end
            and members.measure_id = readiness.measure_id
            and members.payer = readiness.payer
    group by
        members.period_end,
        members.measure_id,
        members.practice_id
),

final as (
    select
        counted.period_end,
        counted.measure_id,
        counted.practice_id,
        counted.people,
        counted.numerator,
        counted.denominator,
        counted.exclusions,
        cast(
            round(
                cast(counted.numerator as double) / nullif(counted.denominator, 0)
                * specifications.rate_per,
                6
            ) as decimal(18, 6)
        ) as rate
    from counted
    inner join specifications
        on
            counted.measure_id = specifications.measure_id
            and {{ is_in_force('specifications', 'counted.period_end') }}
)

select * from final
