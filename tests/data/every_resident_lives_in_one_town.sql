-- Everyone who lives in Vermont and is covered on the day is counted in one town, and
-- is attributed there when the attribution says so.
with counted as (
    select
        as_of_date,
        sum(residents) as residents,
        sum(attributed_here + attributed_elsewhere) as attributed_patients
    from {{ ref('int_attribution__residence') }}
    group by as_of_date
),

residents as (
    select
        residents.as_of_date,
        count(distinct residents.person_id) as residents,
        count(distinct attribution.person_id) as attributed_patients
    from {{ ref('int_attribution__residents') }} as residents
    left join {{ ref('int_attribution__attribution') }} as attribution
        on
            residents.as_of_date = attribution.as_of_date
            and residents.person_id = attribution.person_id
            and attribution.program = 'pcmh'
            and attribution.practice_id is not null
    group by residents.as_of_date
)

select residents.as_of_date
from residents
left join counted
    on residents.as_of_date = counted.as_of_date
where
    counted.residents is distinct from residents.residents
    or counted.attributed_patients is distinct from residents.attributed_patients
