-- C-09, K-10, K-12, D36: on a day that ends a period, the women on whom a practice is
-- scored and those by whom its payers count what they pay it are the same.
with women as (
    select distinct
        period_end as as_of_date,
        practice_id,
        person_id
    from {{ ref('int_quality__whi_women') }}
),

days as (
    select distinct period_end as as_of_date from {{ ref('int_quality__periods') }}
),

payers as (
    select * from {{ ref('int_program__payers_as_of') }}
    where is_whi_participant
),

sides as (
    select * from {{ ref('int_payments__whi_sides') }}
),

paid_for as (
    select * from {{ ref('int_payments__whi_women') }}
),

counted as (
    select distinct
        paid_for.as_of_date,
        paid_for.practice_id,
        paid_for.person_id
    from paid_for
    inner join days
        on paid_for.as_of_date = days.as_of_date
    inner join payers
        on
            paid_for.as_of_date = payers.as_of_date
            and paid_for.payer = payers.payer
    inner join sides
        on
            paid_for.practice_id = sides.practice_id
            and paid_for.as_of_date >= sides.attested_date
    where
        (sides.program = 'whi' and paid_for.is_whi_attributed)
        or (
            sides.program = 'pcmh'
            and paid_for.is_pcmh_attributed
            and paid_for.is_of_whi_age_and_sex
        )
)

select
    coalesce(women.as_of_date, counted.as_of_date) as as_of_date,
    coalesce(women.practice_id, counted.practice_id) as practice_id,
    coalesce(women.person_id, counted.person_id) as person_id
from women
full outer join counted
    on
        women.as_of_date = counted.as_of_date
        and women.practice_id = counted.practice_id
        and women.person_id = counted.person_id
where women.person_id is null or counted.person_id is null
