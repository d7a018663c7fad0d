-- One row per as-of date, payer and practice with people whom the Women's Health
-- Initiative may pay for: how many women each side has and how many both have (C-03,
-- K-10, K-12, D37). It knows no month and no policy of payments, so that what is paid
-- for them can be made again without people.
with people as (
    select * from {{ ref('int_payments__whi_women') }}
),

final as (
    select
        as_of_date,
        payer,
        practice_id,
        count(*) filter (where is_whi_attributed) as whi_women,
        count(*) filter (where is_pcmh_attributed and is_of_whi_age_and_sex)
            as pcmh_women,
        count(*) filter (
            where is_whi_attributed and is_pcmh_attributed and is_of_whi_age_and_sex
        ) as women_of_both,
        count(*) filter (where is_pcmh_attributed) as pcmh_people,
        count(*) filter (where is_whi_attributed and is_pcmh_attributed)
            as people_of_both
    from people
    group by
        as_of_date,
        payer,
        practice_id
)

select * from final
