-- One row per practice and side of it, whi or pcmh, that takes part in the Women's
-- Health Initiative: the day on which it was initiated and the first month that is
-- paid, which begins after the attestation was confirmed and not before the initiation
-- (K-02, K-08, K-10, K-12). A side is a program on whose roster the practice has
-- providers.
with participation as (
    select * from {{ ref('stg_whi_participation') }}
),

rosters as (
    select * from {{ ref('int_program__rosters') }}
),

sides as (
    select distinct
        practice_id,
        program
    from rosters
),

firsts as (
    select
        sides.practice_id,
        sides.program,
        min(participation.event_date) filter (
            where participation.event = 'attestation_confirmed'
        ) as attested_date,
        min(participation.event_date) filter (
            where participation.event = 'initiated'
        ) as initiation_date
    from sides
    inner join participation
        on
            sides.practice_id = participation.practice_id
            and (
                sides.program = participation.program
                or participation.program is null
            )
    group by
        sides.practice_id,
        sides.program
),

final as (
    select
        practice_id,
        program,
        attested_date,
        initiation_date,
        greatest(
            cast(
                {{ dbt.dateadd(
                    'month', 1, dbt.date_trunc('month', 'attested_date')
                ) }} as date
            ),
            {{ first_month_from('initiation_date') }}
        ) as start_month
    from firsts
    where attested_date is not null and initiation_date is not null
)

select * from final
