-- One row per period and person whom any program is scored on: everyone of the medical
-- homes, and the women of the Women's Health Initiative who have none. Measures look at
-- a person's events once, whichever programs she counts for; rates of medical homes are
-- of int_quality__people, those of the Initiative of int_quality__whi_women.
with people as (
    select * from {{ ref('int_quality__people') }}
),

whi_women as (
    select * from {{ ref('int_quality__whi_women') }}
),

-- Of two practices' rows of one woman the first practice's stands for her.
women_without_a_home as (
    select
        whi_women.*,
        row_number() over (
            partition by whi_women.period_end, whi_women.person_id
            order by whi_women.practice_id
        ) as practice_rank
    from whi_women
    anti join people
        on
            whi_women.period_end = people.period_end
            and whi_women.person_id = people.person_id
),

final as (
    select
        period_end,
        period_start,
        score_cutoff_date,
        person_id,
        gender,
        birth_date,
        age_years,
        true as is_of_pcmh
    from people

    union all

    select
        period_end,
        period_start,
        score_cutoff_date,
        person_id,
        gender,
        birth_date,
        age_years,
        false as is_of_pcmh
    from women_without_a_home
    where practice_rank = 1
)

select * from final
