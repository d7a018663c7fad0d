-- E-05: percentiles rise toward the better end, whichever that is, and a measure has
-- all of them or none.
with policies as (
    select * from {{ ref('quality_policies') }}
),

turned as (
    select
        program,
        version,
        measure_id,
        attainment_mode,
        case when direction = 'lower' then -p50 else p50 end as from_p50,
        case when direction = 'lower' then -p75 else p75 end as from_p75,
        case when direction = 'lower' then -p90 else p90 end as from_p90
    from policies
)

select * from turned
where
    (
        attainment_mode = 'percentiles'
        and not coalesce(from_p50 < from_p75 and from_p75 < from_p90, false)
    )
    or (
        attainment_mode <> 'percentiles'
        and coalesce(from_p50, from_p75, from_p90) is not null
    )
