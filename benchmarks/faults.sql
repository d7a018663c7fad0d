-- Rows that are broken on purpose, as text, since that is how they come. They stay
-- below the limit of max(1 %, 5 rows) per table, and touch no other row.
create schema fault;

create table fault.eligibility as
with anyone as (
    select columns(*)::varchar
    from landing.eligibility
    where person_id = 'P000001'
    order by enrollment_start_date
    limit 1
)

-- a person of whom nothing else is known, with words for a date
select * replace ('P900001' as person_id, 'not recorded' as birth_date)
from anyone
union all
-- a day that does not exist
select * replace ('2017-02-30' as enrollment_start_date, null as enrollment_end_date)
from anyone
union all
-- no payer
select * replace (null as payer, '2016-01-01' as enrollment_start_date)
from anyone;

create table fault.medical_claim as
with anyone as (
    select columns(*)::varchar
    from landing.medical_claim
    where person_id = 'P000002'
        and claim_line_number = 1
        and x_replaces_claim_id is null
    order by claim_id
    limit 1
)

select * replace ('FAULT00000001' as claim_id, 'see note' as claim_start_date)
from anyone
union all
select * replace ('FAULT00000002' as claim_id, 'P999999' as person_id)
from anyone
union all
select * replace (null as claim_id)
from anyone
union all
select * replace ('FAULT00000004' as claim_id, 'n/a' as paid_amount)
from anyone;

create table fault.practice_provider as
with anyone as (
    select columns(*)::varchar
    from landing.practice_provider
    where practice_id = 'PR01'
    order by npi
    limit 1
)

-- a practice that nobody knows
select * replace ('PR99' as practice_id)
from anyone
union all
select * replace ('soon' as start_date, '2018-12-31' as end_date)
from anyone;
