-- One row per algorithm and code that counts under any reading of the run: from when to
-- when it counts under the run's own, and under each that differs from it in the codes
-- alone. A code that does not count under a reading has no span there.
with codes as (
    select * from {{ ref('int_attribution__qualifying_codes') }}
),

scenarios as (
    select * from {{ ref('int_attribution__scenarios') }}
),

-- Dates at both ends of time, so that a span without one is told from no span.
spans as (
    select
        scenarios.scenario,
        codes.algorithm_id,
        codes.code_system,
        codes.code,
        coalesce(codes.valid_from, cast('0001-01-01' as date)) as valid_from,
        coalesce(codes.valid_to, cast('9999-12-31' as date)) as valid_to
    from codes
    inner join scenarios
        on
            codes.code_policy = scenarios.code_policy
            and (
                codes.parameter is null
                or (
                    codes.parameter = 'medicare_0525'
                    and scenarios.medicare_0525 = 'counted'
                )
            )
),

final as (
    select
        algorithm_id,
        code_system,
        code,
        min(case when scenario = 'default' then valid_from end)
            as default_from,
        max(case when scenario = 'default' then valid_to end)
            as default_to,
        min(case when scenario = 'code_policy' then valid_from end)
            as code_policy_from,
        max(case when scenario = 'code_policy' then valid_to end)
            as code_policy_to,
        min(case when scenario = 'medicare_0525' then valid_from end)
            as medicare_0525_from,
        max(case when scenario = 'medicare_0525' then valid_to end)
            as medicare_0525_to
    from spans
    where scenario in ('default', 'code_policy', 'medicare_0525')
    group by
        algorithm_id,
        code_system,
        code
)

select * from final
