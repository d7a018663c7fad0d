-- One row per person and unbroken time of coverage, whoever pays: rows of eligibility
-- that overlap or follow each other without a day between them are one span. Continuous
-- enrolment is asked of these.
with eligibility as (
    select
        person_id,
        payer,
        plan,
        enrollment_start_date,
        coalesce(enrollment_end_date, cast('9999-12-30' as date)) as enrollment_end_date
    from {{ ref('stg_eligibility') }}
    where coalesce(enrollment_end_date, enrollment_start_date) >= enrollment_start_date
),

-- The latest day that any earlier row of the person reaches.
reached as (
    select
        *,
        max(enrollment_end_date) over (
            partition by person_id
            order by enrollment_start_date, payer, plan nulls first
            rows between unbounded preceding and 1 preceding
        ) as covered_until
    from eligibility
),

numbered as (
    select
        *,
        sum(
            case
                when
                    enrollment_start_date
                    <= {{ dbt.dateadd('day', 1, 'covered_until') }}
                    then 0
                else 1
            end
        ) over (
            partition by person_id
            order by enrollment_start_date, payer, plan nulls first
            rows between unbounded preceding and current row
        ) as span_number
    from reached
),

final as (
    select
        person_id,
        min(enrollment_start_date) as span_start_date,
        max(enrollment_end_date) as span_end_date
    from numbered
    group by
        person_id,
        span_number
)

select * from final
