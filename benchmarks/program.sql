-- Practices, providers and rosters, from the parameters. `work` holds what later steps
-- read; `landing` holds the tables of the landing contract.
create schema work;
create schema landing;

-- A pseudo-random number in [0, 1) that depends on the seed number, a purpose and up
-- to two keys, and on nothing else: neither on the order of rows nor on threads.
-- DuckDB's own hash is many times faster than md5; a version of DuckDB that changed it
-- would change the sample, and comparing the committed seeds would show it.
create macro draw(purpose, key, part := 0) as
(
    hash(getvariable('seed')::varchar, purpose, key::varchar, part::bigint)
    % 1000000007
)::double / 1000000007;

-- The nth member of a low-discrepancy sequence: shares hold nearly exactly at any size,
-- which independent draws would not do for a few hundred people. With two steps the
-- pairs are even too (the R2 sequence).
create macro spread(step, number) as
(step * number + getvariable('seed') % 9973 / 9973.0::double) % 1.0::double;

-- An invented NPI. Real ones begin with 1; these begin with 2, so that none is anybody's.
-- Nine digits that differ for every number, then the Luhn digit over
-- the prefix 80840, whose own digits add 24.
create macro npi_stem(number) as
(200000000 + (number * 61803397 + getvariable('seed')) % 100000000)::varchar;
create macro with_check_digit(stem) as
stem || (
    (
        10 - (
            24 + list_sum(
                list_transform(
                    range(1, 10),
                    lambda i: case
                        when i % 2 = 0 then stem[i]::integer
                        else stem[i]::integer * 2 // 10 + stem[i]::integer * 2 % 10
                    end
                )
            )
        ) % 10
    ) % 10
)::varchar;

-- Who sits in which chair when. The usual provider, unless a change says otherwise.
create table work.seat as
with chairs as (
    select site.site, site.kind, chair_kind.chair, site.primary_chairs
    from param.site as site
    inner join param.chair_kind as chair_kind
        on site.kind = chair_kind.kind
        and chair_kind.chair <= site.chairs
),

usual_seats as (
    select
        site,
        chair,
        site || '.' || chair as provider,
        null::date as works_from,
        null::date as works_to,
        'yes' as on_roster,
        1 as is_primary_practice,
        case when chair = 4 then 0.6 else 1.0 end as fte,
    from chairs
    where not exists (
        from param.staff_change as staff_change
        where staff_change.site = chairs.site
            and staff_change.chair = chairs.chair
    )
),

seats as (
    select * from usual_seats
    union all by name
    select * from param.staff_change
)

select
    seats.*,
    coalesce(works_from, date '2000-01-01') as seated_from,
    coalesce(works_to, date '2100-01-01') as seated_to,
    case
        when seats.site not like 'PR%' or on_roster = 'no' then null
        when chairs.kind in ('women', 'mixed') and seats.chair > primary_chairs
            then 'whi'
        when chairs.kind in ('primary', 'mixed') then 'pcmh'
    end as program,
from seats
inner join chairs on seats.site = chairs.site and seats.chair = chairs.chair;

-- Everyone with an NPI: clinicians, and one organization per site
create table work.provider as
with clinicians as (
    select
        site.site || '.' || chair_kind.chair as provider,
        chair_kind.specialty,
        chair_kind.credential,
        chair_kind.taxonomy_code,
        chair_kind.board_certified_obgyn,
        1 as entity_type,
    from param.site as site
    inner join param.chair_kind as chair_kind
        on site.kind = chair_kind.kind
        and chair_kind.chair <= site.chairs
    union all
    select *, 1 as entity_type
    from param.extra_provider
),

organizations as (
    select
        site || '.org' as provider,
        organization_specialty as specialty,
        null as credential,
        case organization_specialty
            when 'federally qualified health center' then '261QF0400X'
            when 'clinical laboratory' then '291U00000X'
            when 'hospital' then '282N00000X'
            when 'pharmacy' then '3336C0003X'
        end as taxonomy_code,
        0 as board_certified_obgyn,
        2 as entity_type,
    from param.site
),

everyone as (
    from clinicians
    union all by name
    from organizations
),

numbered as (
    select *, row_number() over (order by provider) as number
    from everyone
),

stems as (
    select *, npi_stem(number) as stem
    from numbered
)

-- PR08.4 keeps a wrong check digit, a warning that the sample must show
select
    * exclude (number, stem),
    case
        when provider = 'PR08.4'
            then stem || ((with_check_digit(stem)[10]::integer + 1) % 10)::varchar
        else with_check_digit(stem)
    end as npi,
from stems;

-- A provider no longer needed by any seat is still known: people leave.
create table landing.provider as
select
    npi,
    -- some senders fill only the taxonomy code
    case when provider not like '%.3' or entity_type = 2 then specialty end
        as specialty,
    taxonomy_code,
    credential,
    entity_type,
from work.provider;

-- Rosters. A practice without billing NPIs (PR08) and rows without specialty or
-- credential (filled by the provider table) occur as they do in life.
create table landing.practice_provider as
with clinicians as (
    select
        seat.site as practice_id,
        provider.npi,
        seat.program,
        case when seat.chair <> 2 then provider.specialty end as specialty,
        case when seat.chair <> 3 then provider.credential end as credential,
        provider.board_certified_obgyn,
        seat.fte::decimal(18, 2) as fte,
        seat.is_primary_practice,
        case when seat.site <> 'PR08' then organization.npi end as billing_npi,
        coalesce(seat.works_from, date '2014-01-01') as start_date,
        seat.works_to as end_date,
    from work.seat as seat
    inner join work.provider as provider on seat.provider = provider.provider
    inner join work.provider as organization
        on seat.site || '.org' = organization.provider
    where seat.program is not null
),

-- claims of a health center often name the center alone
health_centers as (
    select
        site.site as practice_id,
        provider.npi,
        'pcmh' as program,
        provider.specialty,
        null as credential,
        0 as board_certified_obgyn,
        null as fte,
        1 as is_primary_practice,
        provider.npi as billing_npi,
        date '2014-01-01' as start_date,
        null as end_date,
    from param.site as site
    inner join work.provider as provider on site.site || '.org' = provider.provider
    where site.organization_specialty = 'federally qualified health center'
),

-- the practice that closed had one clinician, who went to PR02
closed as (
    select
        'PR12' as practice_id,
        npi,
        'pcmh' as program,
        specialty,
        credential,
        0 as board_certified_obgyn,
        1.0 as fte,
        1 as is_primary_practice,
        null as billing_npi,
        date '2014-01-01' as start_date,
        date '2016-12-31' as end_date,
    from work.provider
    where provider = 'PR02.1'
),

-- a warning: a row that ends before it starts
backwards as (
    select
        'PR03' as practice_id,
        npi,
        'pcmh' as program,
        specialty,
        credential,
        0 as board_certified_obgyn,
        0.5 as fte,
        0 as is_primary_practice,
        null as billing_npi,
        date '2017-03-01' as start_date,
        date '2017-02-15' as end_date,
    from work.provider
    where provider = 'PR01.1'
)

from clinicians
union all by name
from health_centers
union all by name
from closed
union all by name
from backwards;

create table landing.practice as
select
    practice.practice_id,
    practice.practice_name,
    -- a practice is placed by its HSA or by its town: both ways occur
    case when practice.practice_id not in ('PR05', 'PR08') then entity.hsa end as hsa,
    practice.town,
    practice.* exclude (practice_id, practice_name, town),
from param.practice as practice
inner join param.administrative_entity as entity
    on practice.administrative_entity_id = entity.administrative_entity_id;

create table landing.administrative_entity as
select administrative_entity_id, name, hsa, cms_eligible
from param.administrative_entity;

create table landing.cht as
select administrative_entity_id, hsa, operations_start_date, fte_filled
from param.administrative_entity;

create table landing.payer_policy as from param.payer_policy;
create table landing.practice_recognition as from param.practice_recognition;
create table landing.whi_participation as from param.whi_participation;
create table landing.larc_stock as from param.larc_stock;
create table landing.payment_override as from param.payment_override;

create table landing.collaborative_participation as
with years as (
    select range as calendar_year
    from range(
        year(getvariable('last_day')) - 3,
        year(getvariable('last_day')) + 1
    )
)

select practice.practice_id, years.calendar_year, initiative.initiative,
from param.practice as practice
inner join param.administrative_entity as entity
    on practice.administrative_entity_id = entity.administrative_entity_id
inner join param.initiative as initiative on entity.hsa = initiative.hsa
cross join years
where practice.practice_type in ('pcmh', 'mixed')
    -- each practice once, and only while it was there
    and years.calendar_year <= year(coalesce(practice.end_date, date '2100-01-01'))
    and years.calendar_year >= year(coalesce(practice.start_date, date '2000-01-01'))
    and not exists (
        from param.participation_gap as gap
        where gap.practice_id = practice.practice_id
            and gap.calendar_year = years.calendar_year
    );

create table landing.payer_fixed_amount as
select
    'medicare' as payer,
    payee_id,
    component,
    date '2017-01-01' as month_from,
    date '2017-12-01' as month_to,
    amount::decimal(18, 2) as amount,
from param.payer_fixed_amount;
