-- The floor, step 3 of 4: the claim lines that may count for somebody on some as-of
-- date, final and numbered. All claims are scanned once, for all algorithms and dates.
--
-- Belongs here: narrowing lines down, and which of their rows are final (design, "Final
-- claims"), so far as a line that some algorithm counts is concerned. Does not belong
-- here: what counts for whom (floor.sql).
--
-- Reads what step 2 left: spans, roster_rows, practice_periods, claim_rows and
-- unsettled_claim_rows. From staged tables nothing is unsettled.

-- Numbers -----------------------------------------------------------------------------
-- They join and group faster than texts.

create or replace temp table people as
with landed as (
    select distinct person_id
    from spans
)

select
    person_id,
    row_number() over ()::integer as person_no,
from landed;

-- For which algorithms a payer's people are attributed without asking for a roster.
create or replace temp table payers as
with landed as (
    select distinct
        payer,
        payer_type,
    from spans
)

select
    landed.payer,
    row_number() over ()::smallint as payer_no,
    coalesce(
        bit_or(scopes.bit) filter (where not scopes.is_roster_required), 0
    ) as bits_without_roster,
from landed
left join scopes on landed.payer_type = scopes.payer_type
group by landed.payer;

create or replace temp table coverage_spans as
select
    people.person_no,
    payers.payer_no,
    spans.* exclude (person_id),
from spans
inner join people on spans.person_id = people.person_id
inner join payers on spans.payer = payers.payer
where spans.enrollment_start_date <= getvariable('last_service_date');

-- Providers that are on a roster on any day.
create or replace temp table roster_npis as
select
    roster_rows.npi,
    bit_or(programs.bits) as bits,
from roster_rows
inner join programs on roster_rows.program = programs.program
group by roster_rows.npi;

-- The scan ----------------------------------------------------------------------------

-- The rows of a source that may count, but for what other rows of the claim say.
-- Everything is one pass: codes and dates narrow the rows, and only then small tables
-- say whose they are, and whether one of their providers is on a roster or needs to be
-- on none. Whether a row is sound is dear to ask; as a part of a condition on what the
-- joins found it is not asked before.
create or replace temp macro qualifying_rows(source) as table
with listed as (
    select
        claim_rows.*,
        coalesce(procedure_codes.bits, 0) | coalesce(revenue_codes.bits, 0) as bits,
    from query_table(source) as claim_rows
    left join procedure_codes on claim_rows.procedure_code = procedure_codes.code
    left join revenue_codes on claim_rows.revenue_code = revenue_codes.code
    where (procedure_codes.bits is not null or revenue_codes.bits is not null)
        and claim_rows.service_date between getvariable('first_service_date')
        and getvariable('last_service_date')
        and (
            claim_rows.known_from <= getvariable('last_cutoff')
            or claim_rows.known_from is null
        )
        and not list_contains(
            getvariable('uncounted_statuses'),
            zero_padded(claim_rows.claim_status_code, 2)
        )
)

select
    people.person_no,
    payers.payer_no,
    listed.payer,
    listed.claim_id,
    listed.claim_line_number,
    listed.claim_version,
    listed.claim_status_code,
    listed.service_date,
    listed.known_from,
    listed.known_to,
    listed.rendering_npi,
    listed.billing_npi,
    listed.facility_npi,
    listed.bits,
from listed
inner join people on listed.person_id = people.person_id
left join payers on listed.payer = payers.payer
left join roster_npis as rendering on listed.rendering_npi = rendering.npi
left join roster_npis as billing on listed.billing_npi = billing.npi
left join roster_npis as facility on listed.facility_npi = facility.npi
where case
        when
            listed.bits & (
                coalesce(rendering.bits, 0)
                | coalesce(billing.bits, 0)
                | coalesce(facility.bits, 0)
                | coalesce(payers.bits_without_roster, 0)
            ) <> 0
            then listed.is_sound
    end;

create or replace temp table counted as
from qualifying_rows('claim_rows');

-- Final claims ------------------------------------------------------------------------

-- Rows that replace the claim of a counted line under a new number.
create or replace temp table replacing as
select
    landed.payer,
    landed.claim_id,
    landed.claim_line_number,
from unsettled_claim_rows as landed
semi join counted
    on landed.payer = counted.payer
    and landed.replaces_claim_id = counted.claim_id
where landed.replaces_claim_id is not null
    and landed.replaces_claim_id <> landed.claim_id
    and (
        landed.known_from <= getvariable('last_cutoff') or landed.known_from is null
    );

-- Lines with more than one landed row: a version, a reversal, a copy or a conflict. To
-- find them, every landed row is asked for its claim. They are few; the rest is final.
create or replace temp table disputed as
with repeated as (
    select counted.rowid as line_no
    from unsettled_claim_rows as landed
    inner join counted
        on landed.claim_id = counted.claim_id
        and landed.claim_line_number = counted.claim_line_number
        and landed.payer = counted.payer
    group by counted.rowid
    having count(*) > 1
)

select
    payer,
    claim_id,
    claim_line_number,
from counted
semi join repeated on counted.rowid = repeated.line_no

union

select
    payer,
    claim_id,
    claim_line_number,
from replacing;

-- Every row of those lines that is not at fault, copies once.
create or replace temp table rows_of_disputed_lines as
select distinct landed.* exclude (whole)
from unsettled_claim_rows as landed
inner join disputed
    on landed.claim_id = disputed.claim_id
    and landed.claim_line_number = disputed.claim_line_number
    and landed.payer = disputed.payer
semi join people on landed.person_id = people.person_id
where case when disputed.payer is not null then landed.is_sound end;

-- Rows of one key that say different things: the first by contents stands. They are
-- fewer still, and only they are read whole.
create or replace temp table conflicts as
select
    payer,
    claim_id,
    claim_line_number,
    claim_version,
    claim_status_code,
from rows_of_disputed_lines
group by
    payer,
    claim_id,
    claim_line_number,
    claim_version,
    claim_status_code
having count(*) > 1;

delete from rows_of_disputed_lines as disputed_rows
using conflicts
where disputed_rows.payer = conflicts.payer
    and disputed_rows.claim_id = conflicts.claim_id
    and disputed_rows.claim_line_number = conflicts.claim_line_number
    and disputed_rows.claim_version = conflicts.claim_version
    and disputed_rows.claim_status_code = conflicts.claim_status_code;

insert into rows_of_disputed_lines by name
select landed.* exclude (whole)
from unsettled_claim_rows as landed
semi join conflicts
    on landed.payer = conflicts.payer
    and landed.claim_id = conflicts.claim_id
    and landed.claim_line_number = conflicts.claim_line_number
    and landed.claim_version = conflicts.claim_version
    and landed.claim_status_code = conflicts.claim_status_code
semi join people on landed.person_id = people.person_id
where landed.is_sound
qualify row_number() over (
    partition by
        landed.payer, landed.claim_id, landed.claim_line_number,
        landed.claim_version, landed.claim_status_code
    order by landed.whole
) = 1;

-- A row without a paid date was always known, so what it ends was never in force.
create or replace temp table ended_rows as
with disputed_rows as (
    select
        *,
        coalesce(known_from, date '0001-01-01') as ends_from,
        list_contains(
            getvariable('reversals'), zero_padded(claim_status_code, 2)
        ) as is_reversal,
    from rows_of_disputed_lines
)

-- A higher version ends a row, and so does a reversal of the same version.
select
    earlier.payer,
    earlier.claim_id,
    earlier.claim_line_number,
    earlier.claim_version,
    earlier.claim_status_code,
    min(later.ends_from) as known_to,
from disputed_rows as earlier
inner join disputed_rows as later
    on earlier.payer = later.payer
    and earlier.claim_id = later.claim_id
    and earlier.claim_line_number = later.claim_line_number
where later.claim_version > earlier.claim_version
    or (
        later.claim_version = earlier.claim_version
        and later.is_reversal
        and not earlier.is_reversal
    )
group by
    earlier.payer,
    earlier.claim_id,
    earlier.claim_line_number,
    earlier.claim_version,
    earlier.claim_status_code;

create or replace temp table replaced_claims as
select
    payer,
    replaces_claim_id as claim_id,
    min(coalesce(known_from, date '0001-01-01')) as known_to,
from rows_of_disputed_lines
where replaces_claim_id <> claim_id
group by
    payer,
    replaces_claim_id;

-- Lines -------------------------------------------------------------------------------

-- Claims share few combinations of providers.
create or replace temp table combinations as
with landed as (
    select distinct
        rendering_npi,
        billing_npi,
        facility_npi,
    from counted
)

select
    *,
    row_number() over ()::integer as combination_no,
from landed;

-- A row that was ended on two days was ended on the first; `least` skips nulls.
create or replace temp table lines as
with undisputed as (
    select *
    from counted
    anti join disputed
        on counted.payer = disputed.payer
        and counted.claim_id = disputed.claim_id
        and counted.claim_line_number = disputed.claim_line_number
),

settled as (
    select final_rows.* replace (ended_rows.known_to as known_to)
    from qualifying_rows('rows_of_disputed_lines') as final_rows
    left join ended_rows
        on final_rows.payer = ended_rows.payer
        and final_rows.claim_id = ended_rows.claim_id
        and final_rows.claim_line_number = ended_rows.claim_line_number
        and final_rows.claim_version = ended_rows.claim_version
        and final_rows.claim_status_code = ended_rows.claim_status_code
),

final_rows as (
    from undisputed
    union all
    from settled
)

select
    final_rows.person_no,
    final_rows.payer_no,
    combinations.combination_no,
    final_rows.claim_id,
    final_rows.service_date,
    final_rows.known_from,
    least(final_rows.known_to, replaced_claims.known_to) as known_to,
    final_rows.bits,
from final_rows
inner join combinations
    on final_rows.rendering_npi is not distinct from combinations.rendering_npi
    and final_rows.billing_npi is not distinct from combinations.billing_npi
    and final_rows.facility_npi is not distinct from combinations.facility_npi
left join replaced_claims
    on final_rows.payer = replaced_claims.payer
    and final_rows.claim_id = replaced_claims.claim_id;

drop table counted;

-- Who may be attributed to: practices in the order of their ids, so that the lowest
-- number is the lowest id, and after them the groups that bill or render off the
-- roster.
create or replace temp table candidate_ids as
with named as (
    select
        practice_id as candidate_id,
        false as is_group,
    from practice_periods

    union

    select
        case
            when billing_npi is not null then 'billing:' || billing_npi
            else 'rendering:' || rendering_npi
        end as candidate_id,
        true as is_group,
    from combinations
    where billing_npi is not null or rendering_npi is not null
)

select
    candidate_id,
    is_group,
    row_number() over (order by is_group, candidate_id)::integer as candidate_no,
from named;
