-- The floor: Appendix 3 attribution of one as-of date, written by hand for nothing else
-- but to be fast. bench.py runs it beside a refresh and compares times and answers.
--
-- It follows the same rules as the models (A-01 to A-07; design, "Which claims count
-- for whom, exactly") from the same landed files and the same rows of seeds/reference,
-- and keeps nothing but the answer: no versions of claims, no quarantine, no reasons.
--
-- Belongs here: attribution by one algorithm, as the models do it. Does not belong
-- here: codes, limits or other policy (seeds/reference), or how files are read
-- (bench.py).
--
-- Reads views landed_eligibility, landed_medical_claim, landed_practice,
-- landed_practice_provider, landed_provider and landed_payer_policy: the contract's
-- columns in its order, typed, blanks null, defaults filled in, and `is_sound` last,
-- which says that no required value is missing and that every value could be typed.
--
-- Variables, set by the caller:
--   reference    folder of the reference seeds
--   algorithm    the algorithm, as in attribution_algorithms
--   as_of        the as-of date, a date
--   cutoff_days  days after it until which claims are read as known
--
-- Leaves attribution (one row per payer and person in force whose type of payer the
-- algorithm attributes) and candidates (one row per payer, person and practice that
-- competed), with columns and words of restricted.attribution and
-- restricted.attribution_candidates.

set preserve_insertion_order = false;

create or replace temp macro reference(seed) as table
select *
from read_csv(
    getvariable('reference') || '/' || seed || '.csv', header = true, all_varchar = true
);

-- Policy ------------------------------------------------------------------------------

create or replace temp table algorithm as
select
    program,
    is_fqhc_counted::boolean as is_fqhc_counted,
    is_rhc_counted::boolean as is_rhc_counted,
    date_trunc('month', getvariable('as_of'))
    - to_months(look_back_months::integer - 1) as look_back_start_date,
from reference('attribution_algorithms')
where algorithm_id = getvariable('algorithm');

set variable program = (select program from algorithm);
set variable look_back_start = (select look_back_start_date::date from algorithm);
set variable cutoff = getvariable('as_of') + getvariable('cutoff_days')::integer;

set variable reversals = (
    select list(claim_status_code)
    from reference('claim_statuses')
    where is_reversal::boolean
);

set variable uncounted_statuses = (
    select list(claim_status_code)
    from reference('claim_statuses')
    where is_reversal::boolean or is_denied::boolean
);

-- A range is an optional letter and digits that count up: 99201 to 99205.
create or replace temp table codes as
with ranges as (
    select
        code_system,
        regexp_extract(code_from, '^[^0-9]?') as letter,
        regexp_extract(code_from, '[0-9]+$') as first_digits,
        regexp_extract(code_to, '[0-9]+$') as last_digits,
    from reference('attribution_code_ranges')
    where algorithm_id = getvariable('algorithm')
),

numbers as (
    select
        code_system,
        letter,
        length(first_digits)::integer as digits,
        unnest(generate_series(first_digits::integer, last_digits::integer)) as number,
    from ranges
)

select distinct
    code_system,
    letter || lpad(number::varchar, digits, '0') as code,
from numbers;

-- Practices and their rosters ---------------------------------------------------------
-- All of it is small, so that whole tables are windowed. Of rows with one key the first
-- by contents stands: to order by the row is to order by its columns, left to right.

create or replace temp table practices as
with sound as (
    select *
    from landed_practice
    where is_sound
),

periods as (
    select *
    from sound
    qualify row_number() over (partition by practice_id, start_date order by sound) = 1
),

-- The period in force, else the nearest one: the latest that is over, then the first to
-- come. A period without dates is in force.
as_of_day as (
    select *
    from periods
    qualify row_number() over (
        partition by practice_id
        order by
            case
                when start_date > getvariable('as_of') then 3
                when end_date < getvariable('as_of') then 2
                else 1
            end,
            case when start_date > getvariable('as_of') then start_date end nulls first,
            start_date desc nulls last
    ) = 1
)

-- Numbered in the order of their ids, so that the lowest number is the lowest id.
select
    practice_id,
    row_number() over (order by practice_id)::integer as practice_no,
    is_fqhc,
    is_rhc,
from as_of_day;

create or replace temp table roster as
with sound as (
    select *
    from landed_practice_provider
    where is_sound and practice_id in (select practice_id from practices)
),

rows_of_roster as (
    select *
    from sound
    qualify row_number() over (
        partition by practice_id, npi, program, start_date
        order by sound
    ) = 1
),

taxonomies as (
    select
        taxonomy_code,
        specialty,
    from reference('specialty_taxonomies')
),

sound_providers as (
    select *
    from landed_provider
    where is_sound
),

providers as (
    select *
    from sound_providers
    qualify row_number() over (partition by npi order by sound_providers) = 1
),

-- What the roster leaves blank about a provider, the provider table says.
in_force as (
    select
        rows_of_roster.npi,
        rows_of_roster.billing_npi,
        rows_of_roster.is_primary_practice,
        rows_of_roster.start_date,
        practices.practice_no,
        practices.is_fqhc,
        practices.is_rhc,
        coalesce(
            taxonomy_on_roster.specialty,
            lower(rows_of_roster.specialty),
            taxonomy_of_word.specialty,
            lower(providers.specialty),
            taxonomy_of_code.specialty
        ) as specialty,
    from rows_of_roster
    inner join practices on rows_of_roster.practice_id = practices.practice_id
    left join taxonomies as taxonomy_on_roster
        on upper(rows_of_roster.specialty) = taxonomy_on_roster.taxonomy_code
    left join providers on rows_of_roster.npi = providers.npi
    left join taxonomies as taxonomy_of_word
        on upper(providers.specialty) = taxonomy_of_word.taxonomy_code
    left join taxonomies as taxonomy_of_code
        on upper(providers.taxonomy_code) = taxonomy_of_code.taxonomy_code
    where lower(rows_of_roster.program) = getvariable('program')
        and rows_of_roster.start_date <= getvariable('as_of')
        and (
            rows_of_roster.end_date >= getvariable('as_of')
            or rows_of_roster.end_date is null
        )
)

-- roster_no says which row is asked first: the main practice, the earliest start, the
-- lowest practice.
select
    in_force.npi,
    in_force.billing_npi,
    in_force.practice_no,
    specialties.specialty is not null
    or (in_force.is_fqhc and algorithm.is_fqhc_counted)
    or (in_force.is_rhc and algorithm.is_rhc_counted) as is_counted,
    row_number() over (
        order by
            in_force.is_primary_practice desc,
            in_force.start_date,
            in_force.practice_no,
            in_force.npi
    )::integer as roster_no,
from in_force
cross join algorithm
left join (
    select specialty
    from reference('attribution_specialties')
    where algorithm_id = getvariable('algorithm')
) as specialties on in_force.specialty = specialties.specialty;

-- The roster row of an NPI on a line: one with the line's billing NPI, else the first.
create or replace temp table rows_by_npi as
select
    npi,
    min(roster_no) as roster_no,
    count(distinct practice_no) as practices,
from roster
group by npi;

create or replace temp table rows_by_npi_and_billing as
select
    npi,
    billing_npi,
    min(roster_no) as roster_no,
from roster
where billing_npi is not null
group by
    npi,
    billing_npi;

-- People ------------------------------------------------------------------------------

create or replace temp table payers as
with landed as (
    select *
    from landed_payer_policy
    where is_sound
),

landed_policies as (
    select *
    from landed
    qualify row_number() over (partition by payer, effective_from order by landed) = 1
),

-- A payer that landed a row of its own is ruled by those alone.
policies as (
    select
        payer,
        lower(residence_rule) as residence_rule,
        participates_pcmh,
        effective_from,
        effective_to,
    from landed_policies

    union all

    select
        payer,
        residence_rule,
        participates_pcmh::boolean as participates_pcmh,
        effective_from::date as effective_from,
        effective_to::date as effective_to,
    from reference('payer_policy_defaults')
    where payer not in (select payer from landed_policies)
)

select
    payer,
    residence_rule,
    participates_pcmh,
from policies
where coalesce(effective_from, getvariable('as_of')) <= getvariable('as_of')
    and coalesce(effective_to, getvariable('as_of')) >= getvariable('as_of')
qualify row_number() over (
    partition by payer
    order by effective_from desc nulls last
) = 1;

create or replace temp table coverage as
with spans as (
    select *
    from landed_eligibility
    where is_sound and enrollment_start_date <= getvariable('as_of')
),

-- Only keys that occur more than once need a window, which takes every column.
repeated as (
    select
        person_id,
        payer,
        plan,
        enrollment_start_date,
    from spans
    group by
        person_id,
        payer,
        plan,
        enrollment_start_date
    having count(*) > 1
),

first_of_repeated as (
    select spans.*
    from spans
    semi join repeated
        on spans.person_id = repeated.person_id
        and spans.payer = repeated.payer
        and spans.plan is not distinct from repeated.plan
        and spans.enrollment_start_date = repeated.enrollment_start_date
    qualify row_number() over (
        partition by
            spans.person_id, spans.payer, spans.plan, spans.enrollment_start_date
        order by spans
    ) = 1
),

distinct_spans as (
    select spans.*
    from spans
    anti join repeated
        on spans.person_id = repeated.person_id
        and spans.payer = repeated.payer
        and spans.plan is not distinct from repeated.plan
        and spans.enrollment_start_date = repeated.enrollment_start_date

    union all

    select *
    from first_of_repeated
),

in_force as (
    select
        payer,
        person_id,
        plan,
        enrollment_start_date,
        payer_type,
        state,
        x_employer_situs_state,
        x_primary_payer_flag,
        x_program_participation_flag,
        case when x_requires_pcp_selection then x_selected_pcp_npi end
            as selected_pcp_npi,
    from distinct_spans
    where (enrollment_end_date >= getvariable('as_of') or enrollment_end_date is null)
        and (death_date > getvariable('as_of') or death_date is null)
),

-- Several coverages of one payer on the day: the latest start, then the first plan.
several as (
    select
        payer,
        person_id,
    from in_force
    group by
        payer,
        person_id
    having count(*) > 1
),

first_of_several as (
    select in_force.*
    from in_force
    semi join several
        on in_force.payer = several.payer
        and in_force.person_id = several.person_id
    qualify row_number() over (
        partition by in_force.payer, in_force.person_id
        order by in_force.enrollment_start_date desc, in_force.plan nulls last
    ) = 1
),

covered as (
    select in_force.*
    from in_force
    anti join several
        on in_force.payer = several.payer
        and in_force.person_id = several.person_id

    union all

    select *
    from first_of_several
),

payer_types as (
    select
        landed_payer_type,
        payer_type,
    from reference('payer_types')
),

scopes as (
    select
        payer_type,
        residence_rule,
    from reference('attribution_algorithm_scopes')
    where algorithm_id = getvariable('algorithm')
        and program = getvariable('program')
),

states as (
    select
        landed_state,
        state,
    from reference('states')
),

home_states as (
    select state
    from states

    union

    select landed_state as state
    from states
),

-- Where the scope leaves it to the payer, the payer's rule says which state is asked.
tested as (
    select
        covered.payer,
        covered.person_id,
        covered.selected_pcp_npi,
        coalesce(payers.participates_pcmh, false)
        and covered.x_program_participation_flag
        and covered.x_primary_payer_flag
        and home_states.state is not null as is_eligible,
    from covered
    inner join payer_types
        on lower(covered.payer_type) = payer_types.landed_payer_type
    inner join scopes on payer_types.payer_type = scopes.payer_type
    left join payers on covered.payer = payers.payer
    left join home_states
        on case
            when
                case
                    when scopes.residence_rule = 'payer_choice'
                        then payers.residence_rule
                    else scopes.residence_rule
                end = 'situs' then upper(covered.x_employer_situs_state)
            else upper(covered.state)
        end = home_states.state
)

-- A number stands for payer and person from here on: it groups faster than two texts.
select
    row_number() over ()::integer as coverage_no,
    tested.payer,
    tested.person_id,
    tested.is_eligible,
    case
        when tested.is_eligible then tested.selected_pcp_npi
    end as selected_pcp_npi,
    case
        when tested.is_eligible and tested.selected_pcp_npi is not null
            then rows_by_npi.roster_no
    end as selected_roster_no,
    -- Where the selection names one practice or none, no claim is asked.
    tested.is_eligible
    and (tested.selected_pcp_npi is null or rows_by_npi.practices > 1)
        as is_decided_by_claims,
from tested
left join rows_by_npi on tested.selected_pcp_npi = rows_by_npi.npi;

create or replace temp table claimants as
select
    coverage_no,
    payer,
    person_id,
    selected_pcp_npi,
from coverage
where is_decided_by_claims;

-- Claim lines -------------------------------------------------------------------------

-- A code with the leading zeros that a spreadsheet took.
create or replace temp macro zero_padded(code, digits) as
case when length(code) < digits then lpad(code, digits, '0') else code end;

-- The lines of a source that count for a practice, but for what other rows of the claim
-- say. Everything is one pass: codes and dates narrow the lines, coverage narrows them
-- further, and only then is the practice found, by small tables.
create or replace temp macro counted_lines(source) as table
with lines as (
    select
        payer,
        person_id,
        claim_id,
        claim_line_number,
        x_claim_version,
        coalesce(claim_line_start_date, claim_start_date) as service_date,
        upper(hcpcs_code) as procedure_code,
        case
            when lower(claim_type) = 'institutional'
                then zero_padded(revenue_center_code, 4)
        end as revenue_code,
        rendering_npi,
        billing_npi,
        facility_npi,
        is_sound,
    from query_table(source)
    where coalesce(claim_line_start_date, claim_start_date)
        between getvariable('look_back_start') and getvariable('as_of')
        and (paid_date <= getvariable('cutoff') or paid_date is null)
        and not list_contains(
            getvariable('uncounted_statuses'), zero_padded(x_claim_status_code, 2)
        )
),

qualifying as (
    select *
    from lines
    where procedure_code in (select code from codes where code_system = 'hcpcs')
        or revenue_code in (select code from codes where code_system = 'revenue')
),

-- The first of rendering, billing and facility NPI that is on the roster.
matched as (
    select
        claimants.coverage_no,
        claimants.selected_pcp_npi,
        qualifying.*,
        coalesce(
            rendering_and_billing.roster_no,
            rendering.roster_no,
            billing_and_billing.roster_no,
            billing.roster_no,
            facility_and_billing.roster_no,
            facility.roster_no
        ) as roster_no,
    from qualifying
    inner join claimants
        on qualifying.payer = claimants.payer
        and qualifying.person_id = claimants.person_id
    left join rows_by_npi_and_billing as rendering_and_billing
        on qualifying.rendering_npi = rendering_and_billing.npi
        and qualifying.billing_npi = rendering_and_billing.billing_npi
    left join rows_by_npi as rendering on qualifying.rendering_npi = rendering.npi
    left join rows_by_npi_and_billing as billing_and_billing
        on qualifying.billing_npi = billing_and_billing.npi
        and qualifying.billing_npi = billing_and_billing.billing_npi
    left join rows_by_npi as billing on qualifying.billing_npi = billing.npi
    left join rows_by_npi_and_billing as facility_and_billing
        on qualifying.facility_npi = facility_and_billing.npi
        and qualifying.billing_npi = facility_and_billing.billing_npi
    left join rows_by_npi as facility on qualifying.facility_npi = facility.npi
)

-- Of a provider selected in several practices only those compete. Whether a row is
-- sound is dear to ask; as a condition on both sides of a join it is not asked before.
select
    matched.coverage_no,
    roster.practice_no,
    matched.payer,
    matched.claim_id,
    matched.claim_line_number,
    matched.x_claim_version,
    matched.service_date,
from matched
inner join roster on matched.roster_no = roster.roster_no
where case when roster.is_counted then matched.is_sound end
    and (
        matched.selected_pcp_npi is null
        or (matched.selected_pcp_npi, roster.practice_no)
        in (select (npi, practice_no) from roster)
    );

create or replace temp table counted as
select
    coverage_no,
    practice_no,
    payer,
    claim_id,
    claim_line_number,
    service_date,
from counted_lines('landed_medical_claim');

-- Rows known by the cutoff that replace the claim of a counted line under a new number.
create or replace temp table replacing as
select
    landed.payer,
    landed.claim_id,
    landed.claim_line_number,
from landed_medical_claim as landed
semi join counted
    on landed.payer = counted.payer
    and landed.x_replaces_claim_id = counted.claim_id
where landed.x_replaces_claim_id is not null
    and landed.x_replaces_claim_id <> landed.claim_id
    and (landed.paid_date <= getvariable('cutoff') or landed.paid_date is null);

-- Lines with more than one landed row: a version, a reversal, a copy or a conflict. To
-- find them, every landed row is asked for its claim. They are few; the rest is final.
create or replace temp table disputed as
with repeated as (
    select counted.rowid as line_no
    from landed_medical_claim as landed
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

-- What of a claim line attribution asks, and the whole row for what little needs it.
create or replace temp view claim_rows as
select
    claim_id,
    claim_line_number,
    claim_type,
    person_id,
    payer,
    claim_start_date,
    claim_line_start_date,
    revenue_center_code,
    hcpcs_code,
    rendering_npi,
    billing_npi,
    facility_npi,
    paid_date,
    x_claim_status_code,
    x_claim_version,
    x_replaces_claim_id,
    is_sound,
    landed as whole,
from landed_medical_claim as landed;

create or replace temp table people as
select distinct person_id
from landed_eligibility
where is_sound;

-- Every row of those lines that is not at fault, copies once.
create or replace temp table rows_of_disputed_lines as
select distinct landed.* exclude (whole)
from claim_rows as landed
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
    x_claim_version,
    x_claim_status_code,
from rows_of_disputed_lines
group by
    payer,
    claim_id,
    claim_line_number,
    x_claim_version,
    x_claim_status_code
having count(*) > 1;

delete from rows_of_disputed_lines as disputed_rows
using conflicts
where disputed_rows.payer = conflicts.payer
    and disputed_rows.claim_id = conflicts.claim_id
    and disputed_rows.claim_line_number = conflicts.claim_line_number
    and disputed_rows.x_claim_version = conflicts.x_claim_version
    and disputed_rows.x_claim_status_code = conflicts.x_claim_status_code;

insert into rows_of_disputed_lines by name
select landed.* exclude (whole)
from claim_rows as landed
semi join conflicts
    on landed.payer = conflicts.payer
    and landed.claim_id = conflicts.claim_id
    and landed.claim_line_number = conflicts.claim_line_number
    and landed.x_claim_version = conflicts.x_claim_version
    and landed.x_claim_status_code = conflicts.x_claim_status_code
semi join people on landed.person_id = people.person_id
where landed.is_sound
qualify row_number() over (
    partition by
        landed.payer, landed.claim_id, landed.claim_line_number,
        landed.x_claim_version, landed.x_claim_status_code
    order by landed.whole
) = 1;

create or replace temp table final_lines as
with known as (
    select
        *,
        list_contains(
            getvariable('reversals'), zero_padded(x_claim_status_code, 2)
        ) as is_reversal,
    from rows_of_disputed_lines
    where paid_date <= getvariable('cutoff') or paid_date is null
),

last_versions as (
    select
        payer,
        claim_id,
        claim_line_number,
        max(x_claim_version) as last_version,
        max(x_claim_version) filter (where is_reversal) as last_reversed_version,
    from known
    group by
        payer,
        claim_id,
        claim_line_number
),

replaced_claims as (
    select distinct
        payer,
        x_replaces_claim_id as claim_id,
    from known
    where x_replaces_claim_id <> claim_id
),

undisputed as (
    select
        counted.coverage_no,
        counted.practice_no,
        counted.payer,
        counted.claim_id,
        counted.service_date,
    from counted
    anti join disputed
        on counted.payer = disputed.payer
        and counted.claim_id = disputed.claim_id
        and counted.claim_line_number = disputed.claim_line_number
),

-- The highest version stands unless it was reversed.
settled as (
    select
        lines.coverage_no,
        lines.practice_no,
        lines.payer,
        lines.claim_id,
        lines.service_date,
    from counted_lines('rows_of_disputed_lines') as lines
    inner join last_versions
        on lines.payer = last_versions.payer
        and lines.claim_id = last_versions.claim_id
        and lines.claim_line_number = last_versions.claim_line_number
        and lines.x_claim_version = last_versions.last_version
    where lines.x_claim_version > last_versions.last_reversed_version
        or last_versions.last_reversed_version is null
),

lines as (
    from undisputed
    union all
    from settled
)

select
    lines.coverage_no,
    lines.practice_no,
    lines.claim_id,
    lines.service_date,
from lines
anti join replaced_claims
    on lines.payer = replaced_claims.payer
    and lines.claim_id = replaced_claims.claim_id;

-- Winners -----------------------------------------------------------------------------

create or replace temp table competing as
with practices_of_people as (
    select
        coverage_no,
        practice_no,
        count(distinct claim_id) as claims,
        count(distinct service_date) as service_dates,
        count(*) as lines,
        min(service_date) as first_visit_date,
        max(service_date) as last_visit_date,
    from final_lines
    group by
        coverage_no,
        practice_no
),

-- Most people saw one practice; only the others need a window.
contested as (
    select coverage_no
    from practices_of_people
    group by coverage_no
    having count(*) > 1
)

select
    *,
    1 as rank,
from practices_of_people
where coverage_no not in (select coverage_no from contested)

union all

select
    *,
    row_number() over (
        partition by coverage_no
        order by
            claims desc,
            last_visit_date desc,
            service_dates desc,
            lines desc,
            practice_no
    ) as rank,
from practices_of_people
where coverage_no in (select coverage_no from contested);

create or replace table candidates as
with losers as (
    select
        loser.coverage_no,
        loser.practice_no,
        case
            when loser.claims < winner.claims then 'fewer_claims'
            when loser.last_visit_date < winner.last_visit_date
                then 'earlier_last_visit'
            when loser.service_dates < winner.service_dates then 'fewer_service_dates'
            when loser.lines < winner.lines then 'fewer_lines'
            else 'higher_practice_id'
        end as lost_because,
    from competing as loser
    inner join competing as winner
        on loser.coverage_no = winner.coverage_no
        and winner.rank = 1
    where loser.rank > 1
)

select
    coverage.payer,
    coverage.person_id,
    practices.practice_id,
    competing.rank,
    losers.lost_because,
    competing.claims,
    competing.service_dates,
    competing.lines,
    competing.first_visit_date,
    competing.last_visit_date,
from competing
inner join coverage on competing.coverage_no = coverage.coverage_no
inner join practices on competing.practice_no = practices.practice_no
left join losers
    on competing.coverage_no = losers.coverage_no
    and competing.practice_no = losers.practice_no;

create or replace table attribution as
with winners as (
    select *
    from candidates
    where rank = 1
),

runners_up as (
    select *
    from candidates
    where rank = 2
),

decisions (lost_because, decided_by) as (
    values
    ('fewer_claims', 'most_claims'),
    ('earlier_last_visit', 'most_recent'),
    ('fewer_service_dates', 'most_service_dates'),
    ('fewer_lines', 'most_lines'),
    ('higher_practice_id', 'lowest_practice_id')
),

attributed as (
    select
        coverage.payer,
        coverage.person_id,
        coverage.is_eligible,
        coverage.selected_pcp_npi is not null as has_selected_pcp,
        coalesce(winners.practice_id, practices.practice_id) as practice_id,
        winners.claims as qualifying_claims,
        winners.last_visit_date,
        runners_up.lost_because,
    from coverage
    left join winners
        on coverage.payer = winners.payer
        and coverage.person_id = winners.person_id
    left join runners_up
        on coverage.payer = runners_up.payer
        and coverage.person_id = runners_up.person_id
    left join roster on coverage.selected_roster_no = roster.roster_no
    left join practices on roster.practice_no = practices.practice_no
)

select
    attributed.payer,
    attributed.person_id,
    attributed.practice_id,
    case
        when attributed.practice_id is null then 'none'
        when attributed.has_selected_pcp then 'pcp_selection'
        else 'claims'
    end as method,
    case
        when attributed.practice_id is null then null
        when attributed.has_selected_pcp then 'selection'
        else coalesce(decisions.decided_by, 'only_one')
    end as decided_by,
    attributed.is_eligible,
    attributed.qualifying_claims,
    attributed.last_visit_date,
from attributed
left join decisions on attributed.lost_because = decisions.lost_because;
