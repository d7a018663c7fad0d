-- One row per as-of date and town: who lives there and is covered on the day, and how
-- many of them are attributed to practices of the town's own Health Service Area and
-- of others. The other tables sort people by their practice's area (D28); this one by
-- where they live. Those without a known town are of the town `unknown`.
with residents as (
    select * from {{ ref('int_attribution__residents') }}
),

eligibility as (
    select * from {{ ref('stg_eligibility') }}
),

attribution as (
    select * from {{ ref('int_attribution__attribution') }}
    where
        program = 'pcmh'
        and practice_id is not null
),

-- Of several homes on the day: the payer's that pays first, then the latest.
homes as (
    select
        residents.as_of_date,
        residents.person_id,
        coalesce(eligibility.residence_town, 'unknown') as town,
        coalesce(eligibility.residence_hsa, 'unknown') as hsa,
        row_number() over (
            partition by residents.as_of_date, residents.person_id
            order by
                eligibility.residence_town is null asc,
                eligibility.is_primary_payer desc,
                eligibility.enrollment_start_date desc,
                eligibility.payer asc,
                eligibility.plan asc nulls last
        ) as home_rank
    from residents
    inner join eligibility
        on
            residents.person_id = eligibility.person_id
            and residents.as_of_date >= eligibility.enrollment_start_date
            and (
                residents.as_of_date <= eligibility.enrollment_end_date
                or eligibility.enrollment_end_date is null
            )
),

-- Two payers may attribute a person to two practices.
attributed as (
    select
        homes.as_of_date,
        homes.person_id,
        bool_or(coalesce(attribution.hsa = homes.hsa, false)) as is_here
    from homes
    inner join attribution
        on
            homes.as_of_date = attribution.as_of_date
            and homes.person_id = attribution.person_id
    where homes.home_rank = 1
    group by
        homes.as_of_date,
        homes.person_id
),

final as (
    select
        homes.as_of_date,
        homes.town,
        homes.hsa,
        count(*) as residents,
        count(*) filter (where attributed.is_here) as attributed_here,
        count(*) filter (where not attributed.is_here) as attributed_elsewhere,
        count(*) filter (where attributed.is_here is null) as not_attributed
    from homes
    left join attributed
        on
            homes.as_of_date = attributed.as_of_date
            and homes.person_id = attributed.person_id
    where homes.home_rank = 1
    group by
        homes.as_of_date,
        homes.town,
        homes.hsa
)

select * from final
