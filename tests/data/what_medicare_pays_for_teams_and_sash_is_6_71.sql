-- B-10: 6.71 per patient and month is 2.47 for Community Health Teams and 4.24 for
-- SASH.
with rates as (
    select * from {{ ref('payment_rates') }}
    where payer_type = 'medicare'
),

parts as (
    select
        max(amount) filter (where component = 'cht_and_sash') as both_parts,
        max(amount) filter (where program = 'cht') as cht_part,
        max(amount) filter (where component = 'sash') as sash_part
    from rates
)

select * from parts
where
    both_parts is distinct from 6.71
    or cht_part is distinct from 2.47
    or both_parts is distinct from cht_part + sash_part
