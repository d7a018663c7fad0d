-- Towns, practices, providers, rosters and homes, from the parameters. Made once,
-- before any person. `work` holds what later steps read; `landing` the tables of the
-- contract.
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

-- An invented NPI. Real ones begin with 1; these begin with 2, so that none is
-- anybody's.
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

-- The first day of the months of claims, and how many days they have
set variable first_day = (
    select (
        getvariable('last_day') + interval 1 day
        - to_months(getvariable('months')::integer)
    )::date
);
set variable days = (
    select date_diff('day', getvariable('first_day'), getvariable('last_day')) + 1
);

-- Towns of the reference seeds with their residents of 2010, a village or postal city
-- and a ZIP code; `low` and `high` cut [0, 1) into their shares of the HSA.
create table work.town as
with residents as (
    select * from read_csv(getvariable('town_residents'))
),

towns as (
    select town, hsa
    from read_csv(getvariable('reference') || '/towns.csv', all_varchar = true)
),

zip_codes as (
    select
        town,
        min(zip_code) as zip_code,
        arg_min(postal_place, zip_code)
        filter (where upper(postal_place) <> town) as postal_city,
    from read_csv(getvariable('reference') || '/town_zip_codes.csv', all_varchar = true)
    group by town
)

select
    towns.hsa,
    towns.town,
    zip_codes.zip_code,
    zip_codes.postal_city,
    residents.residents,
    (sum(residents) over by_town - residents)::double
    / sum(residents) over whole_hsa as low,
    sum(residents) over by_town::double / sum(residents) over whole_hsa as high,
from towns
inner join residents on towns.town = residents.town
left join zip_codes on towns.town = zip_codes.town
window
    whole_hsa as (partition by towns.hsa),
    by_town as (partition by towns.hsa order by towns.town);

create table work.hsa as
select
    hsa.*,
    'AE' || hsa.number as administrative_entity_id,
    'HO' || hsa.number as hospital,
    'OF' || hsa.number as off_program,
    town.residents,
    (sum(town.residents) over by_hsa - town.residents)::double
    / sum(town.residents) over () as low,
    sum(town.residents) over by_hsa::double / sum(town.residents) over () as high,
from param.hsa as hsa
inner join (
    select hsa, sum(residents) as residents
    from work.town
    group by hsa
) as town on hsa.hsa = town.hsa
window by_hsa as (order by hsa.number);

-- Further practices, when there are more people than the named ones can see
create table work.further_practice as
with numbers as (
    select range as number, 'pcmh' as practice_type,
    from range(
        least(
            getvariable('practices_at_most'),
            greatest(
                getvariable('practices_at_least'),
                round(
                    getvariable('practices_at_least')
                    * sqrt(getvariable('people') / 3000.0)
                )
            )
        )::bigint - getvariable('practices_at_least')
    )
    union all
    select range as number, 'whi' as practice_type,
    from range(
        least(
            getvariable('womens_practices_at_most'),
            greatest(
                getvariable('womens_practices_at_least'),
                round(
                    getvariable('womens_practices_at_least')
                    * sqrt(getvariable('people') / 3000.0)
                )
            )
        )::bigint - getvariable('womens_practices_at_least')
    )
)

select
    if(practice_type = 'pcmh', 'PR', 'PW') || 101 + numbers.number as practice_id,
    first.first_word || ' ' || second.second_word
    || if(
        practice_type = 'pcmh', ' Sample Family Practice', ' Sample Women''s Health'
    ) as practice_name,
    town.town,
    null as parent_organization,
    hsa.hsa,
    practice_type,
    0 as is_fqhc,
    0 as is_rhc,
    0 as is_340b,
    date '2012-01-01' as start_date,
    null::date as end_date,
    null as successor_practice_id,
from numbers
inner join work.hsa as hsa
    on spread(0.6180339887498949, numbers.number + 1) >= hsa.low
    and spread(0.6180339887498949, numbers.number + 1) < hsa.high
inner join work.town as town
    on hsa.hsa = town.hsa
    and draw('further practice' || practice_type, numbers.number) >= town.low
    and draw('further practice' || practice_type, numbers.number) < town.high
inner join param.practice_word as first on numbers.number % 12 = first.number
inner join param.practice_word as second
    on (numbers.number // 12 + numbers.number + if(practice_type = 'whi', 6, 0)) % 12
    = second.number;

create table work.practice as
from param.practice
union all by name
from work.further_practice;

create table work.site as
with sites as (
    select *, site as practice_id,
    from param.site
    where site not in ('other', 'other women', 'off', 'hospital')
    union all
    select template.* replace (further.practice_id as site), further.practice_id,
    from work.further_practice as further
    inner join param.site as template
        on template.site = if(practice_type = 'pcmh', 'other', 'other women')
    union all
    select template.* replace (hsa.off_program as site), hsa.off_program,
    from work.hsa as hsa
    inner join param.site as template on template.site = 'off'
    union all
    select template.* replace (hsa.hospital as site), hsa.hospital,
    from work.hsa as hsa
    inner join param.site as template on template.site = 'hospital'
)

select
    * exclude (practice_id),
    exists (
        from work.practice as practice where practice.practice_id = sites.site
    ) as is_practice,
    -- health centers and rural clinics bill on institutional claims
    case organization_specialty
        when 'federally qualified health center' then '0771'
        when 'rural health clinic' then '0711'
    end as clinic_bill_type,
from sites;

-- The women's practice of each HSA, and the further one that takes half of its women
create table work.womens_site as
select
    womens_site.hsa,
    womens_site.site,
    coalesce(min(further.practice_id), womens_site.site) as further_site,
from param.womens_site as womens_site
left join work.further_practice as further
    on womens_site.hsa = further.hsa
    and further.practice_type = 'whi'
group by womens_site.hsa, womens_site.site;

-- Homes: where people mostly go, of which payers. `low` and `high` cut [0, 1) into the
-- cells of HSA, home and payer.
create table work.home as
with homes as (
    select
        practice.practice_id as home,
        practice.hsa,
        coalesce(
            named.weight,
            other.weight * (0.25 + 1.5 * draw('weight', practice.practice_id))
        ) as weight,
        coalesce(named.medicaid, other.medicaid) as medicaid,
        coalesce(named.bcbsvt, other.bcbsvt) as bcbsvt,
        coalesce(named.mvp, other.mvp) as mvp,
        coalesce(named.cigna, other.cigna) as cigna,
        coalesce(named.medicare, other.medicare) as medicare,
    from (
        select distinct practice_id, hsa, practice_type
        from work.practice
        where end_date is null
    ) as practice
    left join param.home as named on practice.practice_id = named.home
    inner join param.home as other on other.home = 'other'
    where practice.practice_type = 'pcmh'
        or named.home is not null
),

shares as (
    select
        homes.*,
        hsa.residents * (1 - getvariable('share_off_program'))
        * homes.weight / sum(homes.weight) over (partition by homes.hsa) as people,
    from homes
    inner join work.hsa as hsa on homes.hsa = hsa.hsa
    union all by name
    select
        hsa.off_program as home,
        hsa.hsa,
        off.* exclude (home),
        hsa.residents * getvariable('share_off_program') as people,
    from work.hsa as hsa
    inner join param.home as off on off.home = 'off'
),

cells as (
    unpivot shares
    on medicaid, bcbsvt, mvp, cigna, medicare
    into name payer value cell_weight
),

weighed as (
    select
        home,
        hsa,
        payer,
        people * cell_weight / sum(cell_weight) over (partition by home) as people,
    from cells
    where cell_weight > 0
)

select
    *,
    (sum(people) over by_home - people) / sum(people) over () as low,
    sum(people) over by_home / sum(people) over () as high,
from weighed
window by_home as (order by home, payer);

-- The other practice that a person may visit: the next one in the HSA that has people
-- of the same payer, else the nearest HSA's
create table work.rival as
with pairs as (
    select
        home.home,
        home.payer,
        rival.home as rival,
        rival.hsa as rival_hsa,
        row_number() over (
            partition by home.home, home.payer
            order by
                (rival_hsa.number::integer - hsa.number::integer + 13) % 13,
                rival.home <= home.home,
                rival.home
        ) as nearness,
    from work.home as home
    inner join work.home as rival
        on home.payer = rival.payer
        and home.home <> rival.home
    inner join work.site as site on rival.home = site.site
    inner join work.hsa as hsa on home.hsa = hsa.hsa
    inner join work.hsa as rival_hsa on rival.hsa = rival_hsa.hsa
    where site.is_practice
)

select * exclude (nearness)
from pairs
where nearness = 1;

-- Who sits in which chair when. The usual provider, unless a change says otherwise.
create table work.seat as
with chairs as (
    select
        site.site,
        site.kind,
        site.is_practice,
        chair_kind.chair,
        site.primary_chairs,
    from work.site as site
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
        when not chairs.is_practice or on_roster = 'no' then null
        when chairs.kind in ('women', 'mixed') and seats.chair > primary_chairs
            then 'whi'
        when chairs.kind in ('primary', 'natural', 'mixed') then 'pcmh'
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
    from work.site as site
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
        site.organization_specialty as specialty,
        null as credential,
        organization.taxonomy_code,
        0 as board_certified_obgyn,
        2 as entity_type,
    from work.site as site
    left join param.organization_kind as organization
        on site.organization_specialty = organization.organization_specialty
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
    from work.site as site
    inner join work.provider as provider on site.site || '.org' = provider.provider
    where site.clinic_bill_type is not null
),

-- each practice that closed had one clinician, who went to its successor
closed as (
    select
        practice.practice_id,
        npi,
        'pcmh' as program,
        specialty,
        credential,
        0 as board_certified_obgyn,
        1.0 as fte,
        1 as is_primary_practice,
        null as billing_npi,
        date '2014-01-01' as start_date,
        practice.end_date,
    from work.practice as practice
    inner join work.provider as provider
        on practice.successor_practice_id || '.1' = provider.provider
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
    case when practice.practice_id not in ('PR05', 'PR08') then practice.hsa end
        as hsa,
    practice.town,
    practice.parent_organization,
    coalesce(
        further_entity.administrative_entity_id, hsa.administrative_entity_id
    ) as administrative_entity_id,
    practice.practice_type,
    practice.is_fqhc,
    practice.is_rhc,
    practice.is_340b,
    practice.start_date,
    practice.end_date,
    practice.successor_practice_id,
from work.practice as practice
inner join work.hsa as hsa on practice.hsa = hsa.hsa
left join param.further_entity as further_entity
    on list_contains(further_entity.practices, practice.practice_id);

create table landing.administrative_entity as
select administrative_entity_id, hospital_name as name, hsa, 1 as cms_eligible,
from work.hsa
union all by name
select administrative_entity_id, name, hsa, 1 as cms_eligible,
from param.further_entity;

create table landing.cht as
select administrative_entity_id, hsa, operations_start_date, fte_filled,
from work.hsa
union all by name
select administrative_entity_id, hsa, operations_start_date, fte_filled,
from param.further_entity;

create table landing.payer_policy as from param.payer_policy;
create table landing.larc_stock as from param.larc_stock;
create table landing.payment_override as from param.payment_override;

-- Further practices were recognized within the three years before the months of claims,
-- and further women's practices attested in the WHI's first spring.
create table landing.practice_recognition as
with recognized as (
    select
        practice_id,
        getvariable('first_day') - 1000
        + floor(900 * draw('recognized', practice_id))::integer as event_date,
    from work.further_practice
    where practice_type = 'pcmh'
)

from param.practice_recognition
union all by name
select
    practice_id,
    event_date + step.days as event_date,
    step.event,
    '2014' as standard,
    '3' as level,
from recognized
cross join (
    values (0, 'recognized'), (7, 'recognition_transmitted'),
) as step (days, event);

create table landing.whi_participation as
from param.whi_participation
union all by name
select
    practice_id,
    date '2017-02-01' + step.days as event_date,
    step.event,
from work.further_practice
cross join (
    values
    (0, 'attestation_confirmed'), (59, 'initiated'), (365, 'attestation_renewed'),
) as step (days, event)
where practice_type = 'whi';

create table landing.collaborative_participation as
with years as (
    select range as calendar_year
    from range(
        year(getvariable('last_day')) - 3,
        year(getvariable('last_day')) + 1
    )
),

-- a practice with two rows takes part once
practices as (
    select
        practice_id,
        any_value(hsa) as hsa,
        min(coalesce(start_date, date '2000-01-01')) as start_date,
        max(coalesce(end_date, date '2100-01-01')) as end_date,
    from work.practice
    where practice_type in ('pcmh', 'mixed')
    group by practice_id
)

select practices.practice_id, years.calendar_year, initiative.initiative,
from practices
inner join work.hsa as hsa on practices.hsa = hsa.hsa
inner join param.initiative as initiative
    on hsa.number::integer % 4 = initiative.number
cross join years
where years.calendar_year between year(practices.start_date)
    and year(practices.end_date)
    and not exists (
        from param.participation_gap as gap
        where gap.practice_id = practices.practice_id
            and gap.calendar_year = years.calendar_year
    );

-- What payers and practices count at quarter-ends, filled batch by batch
create table work.quarter as
select
    (
        getvariable('last_day') + interval 1 day - to_months(3 * range::integer)
    )::date - 1 as as_of_date,
    (
        getvariable('last_day') + interval 1 day - to_months(3 * range::integer)
    )::date as first_month,
from range(5);

create table work.whi_start as
select practice_id, min(event_date) as start_date,
from landing.whi_participation
where event = 'initiated'
group by practice_id;

create table work.known_count (
    as_of_date date,
    first_month date,
    payer varchar,
    program varchar,
    practice_id varchar,
    people bigint,
);

create table work.seen_count (
    practice_id varchar,
    program varchar,
    as_of_date date,
    people bigint,
);
