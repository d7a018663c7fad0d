-- One row per program, payment month, payer, practice, component and adjustment: a
-- payment as the last release published it. Empty as it is made: the run fills it from
-- the last release, if there is one of the same people. A month that has fallen due
-- stays as it was published, and what changes becomes an adjustment.
select
    cast(null as varchar) as program,
    cast(null as date) as payment_month,
    cast(null as varchar) as payer,
    cast(null as varchar) as practice_id,
    cast(null as varchar) as component,
    cast(null as integer) as adjustment_no,
    cast(null as varchar) as administrative_entity_id,
    cast(null as varchar) as hsa,
    cast(null as date) as as_of_date,
    cast(null as varchar) as paid_period,
    cast(null as date) as payment_due_date,
    cast(null as varchar) as basis,
    cast(null as varchar) as status,
    cast(null as boolean) as is_policy_gap,
    cast(null as boolean) as is_withheld,
    cast(null as integer) as attributed_patients,
    cast(null as decimal(10, 2)) as base_pppm,
    cast(null as decimal(10, 2)) as quality_pppm,
    cast(null as decimal(10, 2)) as trui_pppm,
    cast(null as decimal(18, 4)) as rate,
    cast(null as decimal(18, 4)) as quality_rate,
    cast(null as decimal(18, 4)) as factor,
    cast(null as decimal(18, 2)) as shared_amount,
    cast(null as decimal(18, 2)) as amount
where false
