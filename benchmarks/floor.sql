-- The floor, step 4 of 4: attribution of one as-of date by every algorithm, written by
-- hand for nothing else but to be fast. bench.py runs it beside a refresh and compares
-- times and answers.
--
-- It follows the text of the design, "Which claims count for whom, exactly", and not
-- the models, and keeps nothing but the answer: no reasons, no evidence. Steps 1 to 3
-- (floor_policy.sql, floor_landed.sql or floor_staged.sql, floor_claims.sql) read
-- everything once for all as-of dates.
--
-- Belongs here: attribution and total unique patients on a day. Does not belong here:
-- codes, limits or other policy (seeds/reference), or which rows and lines are final
-- (steps 2 and 3).
--
-- Variables, set by the caller:
--   as_of        the as-of date, a date, one of as_of_dates
--   cutoff_days  days after it until which claims are read as known
--
-- Leaves attribution (one row per program, payer and person in force), candidates (one
-- row per program, payer, person and practice or group that competed) and
-- total_unique_patients (one row per program, level and entity), with columns and words
-- of the restricted tables of those names, and the algorithm of each person's payer.

set variable cutoff = getvariable('as_of') + getvariable('cutoff_days')::integer;

-- Practices and their rosters ---------------------------------------------------------

-- The period in force, else the nearest one: the latest that is over, then the first to
-- come. A period without dates is in force.
create or replace temp table practices as
with as_of_day as (
    select *
    from practice_periods
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
),

attested as (
    select distinct practice_id
    from whi_events
    where event = 'attestation_confirmed' and event_date <= getvariable('as_of')
)

select
    as_of_day.practice_id,
    candidate_ids.candidate_no,
    as_of_day.hsa,
    as_of_day.is_fqhc,
    as_of_day.is_rhc,
    as_of_day.practice_type = 'mixed' as is_mixed,
    as_of_day.practice_id in (select practice_id from attested) as is_attested,
from as_of_day
inner join candidate_ids
    on as_of_day.practice_id = candidate_ids.candidate_id
    and not candidate_ids.is_group;

-- For which algorithms whoever is seen at a practice counts, and which may count there.
create or replace temp table practice_bits as
select
    practices.candidate_no,
    coalesce(
        bit_or(algorithms.bit) filter (
            where algorithms.provider_filter = 'specialty'
            and (
                (practices.is_fqhc and algorithms.is_fqhc_counted)
                or (practices.is_rhc and algorithms.is_rhc_counted)
            )
        ), 0
    ) as clinic_bits,
    coalesce(
        bit_or(algorithms.bit) filter (
            where practices.is_attested or not algorithms.is_attestation_required
        ), 0
    ) as open_bits,
from practices
cross join algorithms
group by practices.candidate_no;

-- What the roster leaves blank about a provider, the provider table says. In a mixed
-- practice a credential counts only for those board-certified in obstetrics and
-- gynecology. roster_no says which row is asked first: the main practice, the earliest
-- start, the lowest practice.
create or replace temp table roster as
with in_force as (
    select
        roster_rows.program,
        roster_rows.npi,
        roster_rows.billing_npi,
        roster_rows.is_primary_practice,
        roster_rows.start_date,
        roster_rows.is_board_certified_obgyn,
        coalesce(roster_rows.specialty, provider_rows.specialty) as specialty,
        coalesce(roster_rows.credential, provider_rows.credential) as credential,
        practices.candidate_no,
        practices.is_mixed,
    from roster_rows
    inner join practices on roster_rows.practice_id = practices.practice_id
    left join provider_rows on roster_rows.npi = provider_rows.npi
    where roster_rows.start_date <= getvariable('as_of')
        and (
            roster_rows.end_date >= getvariable('as_of')
            or roster_rows.end_date is null
        )
)

select
    in_force.program,
    in_force.npi,
    in_force.billing_npi,
    in_force.candidate_no,
    practice_bits.open_bits & programs.bits as open_bits,
    practice_bits.open_bits
    & programs.bits
    & (
        practice_bits.clinic_bits
        | coalesce(specialties.bits, 0)
        | case
            when in_force.is_mixed and not in_force.is_board_certified_obgyn then 0
            else coalesce(credentials.bits, 0)
        end
    ) as bits,
    row_number() over (
        order by
            in_force.is_primary_practice desc,
            in_force.start_date,
            in_force.candidate_no,
            in_force.npi,
            in_force.program
    )::integer as roster_no,
from in_force
inner join programs on in_force.program = programs.program
inner join practice_bits on in_force.candidate_no = practice_bits.candidate_no
left join specialties on in_force.specialty = specialties.specialty
left join credentials on in_force.credential = credentials.credential;

-- The roster row of an NPI on a line: one with the line's billing NPI, else the first.
create or replace temp table rows_by_npi as
select
    program,
    npi,
    min(roster_no) as roster_no,
from roster
group by
    program,
    npi;

create or replace temp table rows_by_npi_and_billing as
select
    program,
    npi,
    billing_npi,
    min(roster_no) as roster_no,
from roster
where billing_npi is not null
group by
    program,
    npi,
    billing_npi;

-- Where the lines of a combination of providers belong --------------------------------

-- The first of rendering, billing and facility NPI that is on the program's roster.
create or replace temp table matched_combinations as
select
    programs.program,
    combinations.*,
    coalesce(
        rendering_and_billing.roster_no,
        rendering.roster_no,
        billing_and_billing.roster_no,
        billing.roster_no,
        facility_and_billing.roster_no,
        facility.roster_no
    ) as roster_no,
from combinations
cross join programs
left join rows_by_npi_and_billing as rendering_and_billing
    on programs.program = rendering_and_billing.program
    and combinations.rendering_npi = rendering_and_billing.npi
    and combinations.billing_npi = rendering_and_billing.billing_npi
left join rows_by_npi as rendering
    on programs.program = rendering.program
    and combinations.rendering_npi = rendering.npi
left join rows_by_npi_and_billing as billing_and_billing
    on programs.program = billing_and_billing.program
    and combinations.billing_npi = billing_and_billing.npi
    and combinations.billing_npi = billing_and_billing.billing_npi
left join rows_by_npi as billing
    on programs.program = billing.program
    and combinations.billing_npi = billing.npi
left join rows_by_npi_and_billing as facility_and_billing
    on programs.program = facility_and_billing.program
    and combinations.facility_npi = facility_and_billing.npi
    and combinations.billing_npi = facility_and_billing.billing_npi
left join rows_by_npi as facility
    on programs.program = facility.program
    and combinations.facility_npi = facility.npi;

create or replace temp table resolved as
with without_roster as (
    select
        program,
        bit_or(bit) as bits,
    from algorithms
    where not is_roster_required
    group by program
),

billing_practices as (
    select
        program,
        billing_npi,
        min(candidate_no) as candidate_no,
    from roster
    where billing_npi is not null
    group by
        program,
        billing_npi
),

-- Off the roster, a line counts for the practice whose billing NPI it carries, else for
-- who billed or rendered it (D68).
off_roster as (
    select
        matched.combination_no,
        coalesce(billing_practices.candidate_no, candidate_ids.candidate_no)
            as candidate_no,
        without_roster.bits
        & (
            coalesce(specialty_of_rendering.bits, 0)
            | coalesce(practice_bits.clinic_bits, 0)
            | coalesce(specialty_of_billing.organization_bits, 0)
            | coalesce(specialty_of_facility.organization_bits, 0)
        ) as bits,
    from matched_combinations as matched
    inner join without_roster on matched.program = without_roster.program
    left join billing_practices
        on matched.program = billing_practices.program
        and matched.billing_npi = billing_practices.billing_npi
    left join practice_bits
        on billing_practices.candidate_no = practice_bits.candidate_no
    left join candidate_ids
        on case
            when matched.billing_npi is not null then 'billing:' || matched.billing_npi
            else 'rendering:' || matched.rendering_npi
        end = candidate_ids.candidate_id
        and candidate_ids.is_group
    left join provider_rows as rendering on matched.rendering_npi = rendering.npi
    left join provider_rows as billing on matched.billing_npi = billing.npi
    left join provider_rows as facility on matched.facility_npi = facility.npi
    left join specialties as specialty_of_rendering
        on rendering.specialty = specialty_of_rendering.specialty
    left join specialties as specialty_of_billing
        on billing.specialty = specialty_of_billing.specialty
    left join specialties as specialty_of_facility
        on facility.specialty = specialty_of_facility.specialty
    where matched.roster_no is null
),

on_roster as (
    select
        matched.combination_no,
        roster.candidate_no,
        roster.bits,
    from matched_combinations as matched
    inner join roster on matched.roster_no = roster.roster_no
),

found as (
    from on_roster
    union all
    from off_roster
)

select
    combination_no,
    candidate_no,
    bits,
from found
where bits <> 0 and candidate_no is not null;

-- People ------------------------------------------------------------------------------

create or replace temp table in_force as
select * exclude (enrollment_end_date, death_date),
from coverage_spans
where enrollment_start_date <= getvariable('as_of')
    and (enrollment_end_date >= getvariable('as_of') or enrollment_end_date is null)
    and (death_date > getvariable('as_of') or death_date is null);

-- Several coverages of one payer on the day: the latest start, then the first plan.
create or replace temp table covered as
with several as (
    select
        payer_no,
        person_no,
    from in_force
    group by
        payer_no,
        person_no
    having count(*) > 1
),

first_of_several as (
    select in_force.*
    from in_force
    semi join several
        on in_force.payer_no = several.payer_no
        and in_force.person_no = several.person_no
    qualify row_number() over (
        partition by in_force.payer_no, in_force.person_no
        order by in_force.enrollment_start_date desc, in_force.plan nulls last
    ) = 1
)

select in_force.*
from in_force
anti join several
    on in_force.payer_no = several.payer_no
    and in_force.person_no = several.person_no

union all

select *
from first_of_several;

-- A number stands for program, payer and person from here on.
create or replace temp table coverage as
with in_force_policies as (
    select *
    from policies
    where coalesce(effective_from, getvariable('as_of')) <= getvariable('as_of')
        and coalesce(effective_to, getvariable('as_of')) >= getvariable('as_of')
    qualify row_number() over (
        partition by payer
        order by effective_from desc nulls last
    ) = 1
),

participants as (
    select
        payer,
        'pcmh' as program,
        residence_rule,
        participates_pcmh as is_participating,
    from in_force_policies

    union all

    select
        payer,
        'whi' as program,
        residence_rule,
        participates_whi as is_participating,
    from in_force_policies
),

-- Covered by Medicare and not by a commercial insurer first: Medicaid counts, although
-- it is not primary (D9).
duals as (
    select covered.person_no
    from covered
    inner join coverage_kinds on covered.payer_type = coverage_kinds.payer_type
    group by covered.person_no
    having bool_or(coverage_kinds.is_medicare)
        and not bool_or(coverage_kinds.is_commercial and covered.is_primary_payer)
),

-- Full years: a birthday on 29 February is on 1 March where there is none.
tested as (
    select
        programs.program,
        covered.payer_no,
        covered.person_no,
        covered.payer,
        covered.selected_pcp_npi,
        scopes.bit,
        scopes.is_selection_read,
        scopes.look_back_months,
        coalesce(
            scopes.bit is not null
            and (
                covered.is_primary_payer
                or (scopes.is_dual_counted and duals.person_no is not null)
            )
            and case
                when
                    case
                        when scopes.residence_rule = 'payer_choice'
                            then participants.residence_rule
                        else scopes.residence_rule
                    end = 'situs' then covered.is_employed_here
                else covered.is_resident
            end
            and participants.is_participating
            and covered.is_plan_participating
            and (covered.has_parts_a_and_b or not scopes.is_part_a_and_b_required)
            and not (
                covered.is_medicare_advantage and scopes.is_medicare_advantage_excluded
            )
            and (covered.gender = scopes.gender or scopes.gender is null)
            and (
                scopes.age_from is null
                or year(getvariable('as_of')) - year(covered.birth_date)
                - (
                    strftime(getvariable('as_of'), '%m%d')
                    < strftime(covered.birth_date, '%m%d')
                )::integer
                between scopes.age_from and scopes.age_to
            ),
            false
        ) as is_eligible,
    from covered
    cross join programs
    left join scopes
        on programs.program = scopes.program
        and covered.payer_type = scopes.payer_type
    left join participants
        on programs.program = participants.program
        and covered.payer = participants.payer
    left join duals on covered.person_no = duals.person_no
),

-- The practices of a selected provider: those that may be attributed to.
selectable as (
    select
        roster.program,
        roster.npi,
        algorithms.bit,
        min(roster.roster_no) as roster_no,
        count(distinct roster.candidate_no) as practices,
    from roster
    inner join algorithms on (roster.open_bits & algorithms.bit) <> 0
    where algorithms.is_selection_read and algorithms.is_attribution
    group by
        roster.program,
        roster.npi,
        algorithms.bit
),

selecting as (
    select
        * exclude (selected_pcp_npi),
        case
            when is_eligible and is_selection_read then selected_pcp_npi
        end as selected_pcp_npi,
    from tested
)

select
    row_number() over ()::integer as coverage_no,
    selecting.program,
    selecting.payer,
    selecting.payer_no,
    selecting.person_no,
    selecting.bit,
    selecting.is_eligible,
    selecting.selected_pcp_npi,
    roster.candidate_no as selected_candidate_no,
    (
        date_trunc('month', getvariable('as_of'))
        - to_months(selecting.look_back_months - 1)
    )::date as look_back_start_date,
    -- Where the selection names one practice or none, no claim is asked.
    selecting.is_eligible
    and (selecting.selected_pcp_npi is null or selectable.practices > 1)
        as is_decided_by_claims,
from selecting
left join selectable
    on selecting.selected_pcp_npi = selectable.npi
    and selecting.bit = selectable.bit
left join roster on selectable.roster_no = roster.roster_no;

-- Lines that count --------------------------------------------------------------------

create or replace temp table claimants as
select
    coverage_no,
    payer_no,
    person_no,
    bit,
    selected_pcp_npi,
    look_back_start_date,
from coverage
where is_decided_by_claims;

-- Of a provider selected in several practices only those compete.
create or replace temp table counted_lines as
select
    claimants.coverage_no,
    resolved.candidate_no,
    lines.claim_id,
    lines.service_date,
from lines
inner join resolved
    on lines.combination_no = resolved.combination_no
    and (lines.bits & resolved.bits) <> 0
inner join claimants
    on lines.person_no = claimants.person_no
    and lines.payer_no = claimants.payer_no
    and (lines.bits & resolved.bits & claimants.bit) <> 0
    and lines.service_date >= claimants.look_back_start_date
where lines.service_date <= getvariable('as_of')
    and (lines.known_from <= getvariable('cutoff') or lines.known_from is null)
    and (lines.known_to > getvariable('cutoff') or lines.known_to is null)
    and (
        claimants.selected_pcp_npi is null
        or (claimants.selected_pcp_npi, resolved.candidate_no, claimants.bit)
        in (
            select (roster.npi, roster.candidate_no, algorithms.bit)
            from roster
            inner join algorithms on (roster.open_bits & algorithms.bit) <> 0
        )
    );

-- Winners -----------------------------------------------------------------------------

create or replace temp table competing as
with candidates_of_people as (
    select
        coverage_no,
        candidate_no,
        count(distinct claim_id) as claims,
        count(distinct service_date) as service_dates,
        count(*) as lines,
        min(service_date) as first_visit_date,
        max(service_date) as last_visit_date,
    from counted_lines
    group by
        coverage_no,
        candidate_no
),

-- Most people saw one practice; only the others need a window.
contested as (
    select coverage_no
    from candidates_of_people
    group by coverage_no
    having count(*) > 1
)

select
    *,
    1 as rank,
from candidates_of_people
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
            candidate_no
    ) as rank,
from candidates_of_people
where coverage_no in (select coverage_no from contested);

create or replace temp table losers as
select
    loser.coverage_no,
    loser.candidate_no,
    loser.rank,
    case
        when loser.claims < winner.claims then 'fewer_claims'
        when loser.last_visit_date < winner.last_visit_date then 'earlier_last_visit'
        when loser.service_dates < winner.service_dates then 'fewer_service_dates'
        when loser.lines < winner.lines then 'fewer_lines'
        else 'higher_practice_id'
    end as lost_because,
from competing as loser
inner join competing as winner
    on loser.coverage_no = winner.coverage_no
    and winner.rank = 1
where loser.rank > 1;

create or replace table candidates as
select
    coverage.program,
    coverage.payer,
    people.person_id,
    candidate_ids.candidate_id as practice_id,
    competing.rank,
    losers.lost_because,
    competing.claims,
    competing.service_dates,
    competing.lines,
    competing.first_visit_date,
    competing.last_visit_date,
from competing
inner join coverage on competing.coverage_no = coverage.coverage_no
inner join people on coverage.person_no = people.person_no
inner join candidate_ids on competing.candidate_no = candidate_ids.candidate_no
left join losers
    on competing.coverage_no = losers.coverage_no
    and competing.candidate_no = losers.candidate_no;

-- A person whose winner is a group is attributed to no practice.
create or replace table attribution as
with winners as (
    select *
    from competing
    where rank = 1
),

runners_up as (
    select *
    from losers
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
        coverage.program,
        coverage.payer,
        coverage.person_no,
        coverage.bit,
        coverage.is_eligible,
        coverage.selected_pcp_npi is not null as has_selected_pcp,
        coalesce(winners.candidate_no, coverage.selected_candidate_no) as candidate_no,
        winners.claims as qualifying_claims,
        winners.last_visit_date,
        runners_up.lost_because,
    from coverage
    left join winners on coverage.coverage_no = winners.coverage_no
    left join runners_up on coverage.coverage_no = runners_up.coverage_no
)

select
    attributed.program,
    attributed.payer,
    people.person_id,
    practices.practice_id,
    case
        when practices.practice_id is null then 'none'
        when attributed.has_selected_pcp then 'pcp_selection'
        else 'claims'
    end as method,
    case
        when practices.practice_id is null then null
        when attributed.has_selected_pcp then 'selection'
        else coalesce(decisions.decided_by, 'only_one')
    end as decided_by,
    attributed.is_eligible,
    attributed.qualifying_claims,
    attributed.last_visit_date,
    algorithms.algorithm_id,
from attributed
inner join people on attributed.person_no = people.person_no
left join practices on attributed.candidate_no = practices.candidate_no
left join decisions on attributed.lost_because = decisions.lost_because
left join algorithms on attributed.bit = algorithms.bit;

-- Total unique patients ---------------------------------------------------------------

-- Who lives here, by any coverage, and was seen at a practice, whoever paid.
create or replace temp table patients as
with counts as (
    select
        program,
        bit,
        (
            date_trunc('month', getvariable('as_of')) - to_months(look_back_months - 1)
        )::date as look_back_start_date,
    from algorithms
    where not is_attribution
),

residents as (
    select distinct person_no
    from in_force
    where is_resident
)

select distinct
    counts.program,
    resolved.candidate_no,
    lines.person_no,
from lines
inner join resolved
    on lines.combination_no = resolved.combination_no
    and (lines.bits & resolved.bits) <> 0
inner join counts
    on (lines.bits & resolved.bits & counts.bit) <> 0
    and lines.service_date >= counts.look_back_start_date
semi join residents on lines.person_no = residents.person_no
where lines.service_date <= getvariable('as_of')
    and (lines.known_from <= getvariable('cutoff') or lines.known_from is null)
    and (lines.known_to > getvariable('cutoff') or lines.known_to is null);

create or replace table total_unique_patients as
select
    patients.program,
    'practice' as level,
    practices.practice_id as entity_id,
    count(*) as counted,
from patients
inner join practices on patients.candidate_no = practices.candidate_no
group by
    patients.program,
    practices.practice_id

union all

select
    patients.program,
    'hsa' as level,
    practices.hsa as entity_id,
    count(distinct patients.person_no) as counted,
from patients
inner join practices on patients.candidate_no = practices.candidate_no
where practices.hsa is not null
group by
    patients.program,
    practices.hsa

union all

select
    program,
    'state' as level,
    'Vermont' as entity_id,
    count(distinct person_no) as counted,
from patients
group by program;
