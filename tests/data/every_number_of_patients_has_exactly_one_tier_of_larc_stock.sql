-- L-01, D41: the tiers begin with no patient, follow each other, and the last is open.
with tiers as (
    select * from {{ ref('larc_stock_tiers') }}
),

ordered as (
    select
        patients_from,
        patients_to,
        lag(patients_to) over (
            partition by effective_from
            order by patients_from
        ) as earlier_patients_to,
        lead(patients_from) over (
            partition by effective_from
            order by patients_from
        ) as later_patients_from
    from tiers
)

select
    patients_from,
    patients_to,
    earlier_patients_to
from ordered
where
    patients_from <> coalesce(earlier_patients_to, -1) + 1
    or (patients_to is null) <> (later_patients_from is null)
