-- The floor, step 1 of 4: what the algorithms ask for, from seeds/reference.
--
-- Belongs here: the reference rows in the form that the other steps join to. Does not
-- belong here: codes, limits or other policy (seeds/reference).
--
-- Variables, set by the caller:
--   reference     folder of the reference seeds
--   as_of_dates   list of the as-of dates
--   cutoff_days   days after an as-of date until which claims are read as known

set preserve_insertion_order = false;

create or replace temp macro reference(seed) as table
select *
from read_csv(
    getvariable('reference') || '/' || seed || '.csv', header = true, all_varchar = true
);

-- Each algorithm has a bit, so that one number says for which of them a code, a line or
-- a provider counts.
create or replace temp table algorithms as
select
    algorithm_id,
    program,
    is_attribution::boolean as is_attribution,
    look_back_months::integer as look_back_months,
    is_roster_required::boolean as is_roster_required,
    is_selection_read::boolean as is_selection_read,
    provider_filter,
    is_fqhc_counted::boolean as is_fqhc_counted,
    is_rhc_counted::boolean as is_rhc_counted,
    is_attestation_required::boolean as is_attestation_required,
    gender,
    age_from::integer as age_from,
    age_to::integer as age_to,
    is_part_a_and_b_required::boolean as is_part_a_and_b_required,
    is_medicare_advantage_excluded::boolean as is_medicare_advantage_excluded,
    (1 << (row_number() over (order by algorithm_id) - 1))::integer as bit,
from reference('attribution_algorithms');

create or replace temp table programs as
select
    program,
    bit_or(bit) as bits,
from algorithms
group by program;

create or replace temp table scopes as
select
    scopes.program,
    scopes.payer_type,
    scopes.residence_rule,
    scopes.is_dual_counted::boolean as is_dual_counted,
    algorithms.* exclude (program),
from reference('attribution_algorithm_scopes') as scopes
inner join algorithms
    on scopes.algorithm_id = algorithms.algorithm_id
    and scopes.program = algorithms.program;

create or replace temp table coverage_kinds as
select
    payer_type,
    is_medicare::boolean as is_medicare,
    is_commercial::boolean as is_commercial,
from reference('coverage_kinds');

create or replace temp table specialties as
select
    specialties.specialty,
    bit_or(algorithms.bit) as bits,
    -- Organizations count by themselves, whoever rendered the service.
    coalesce(
        bit_or(algorithms.bit) filter (where specialties.is_organization::boolean), 0
    ) as organization_bits,
from reference('attribution_specialties') as specialties
inner join algorithms on specialties.algorithm_id = algorithms.algorithm_id
where algorithms.provider_filter = 'specialty'
group by specialties.specialty;

create or replace temp table credentials as
select
    credentials.credential,
    bit_or(algorithms.bit) as bits,
from reference('attribution_credentials') as credentials
inner join algorithms on credentials.algorithm_id = algorithms.algorithm_id
where algorithms.provider_filter = 'credential'
group by credentials.credential;

create or replace temp table home_states as
select state
from reference('states')

union

select landed_state as state
from reference('states');

-- A range is an optional letter and digits that count up: 99201 to 99205. One that a
-- parameter puts in is left out.
create or replace temp table codes as
with ranges as (
    select
        algorithms.bit,
        ranges.code_system,
        regexp_extract(ranges.code_from, '^[^0-9]?') as letter,
        regexp_extract(ranges.code_from, '[0-9]+$') as first_digits,
        regexp_extract(ranges.code_to, '[0-9]+$') as last_digits,
    from reference('attribution_code_ranges') as ranges
    inner join algorithms on ranges.algorithm_id = algorithms.algorithm_id
    where ranges.parameter is null
),

numbers as (
    select
        bit,
        code_system,
        letter,
        length(first_digits)::integer as digits,
        unnest(generate_series(first_digits::integer, last_digits::integer)) as number,
    from ranges
)

select
    code_system,
    letter || lpad(number::varchar, digits, '0') as code,
    bit_or(bit) as bits,
from numbers
group by
    code_system,
    code;

create or replace temp table procedure_codes as
select
    code,
    bits,
from codes
where code_system = 'hcpcs';

create or replace temp table revenue_codes as
select
    code,
    bits,
from codes
where code_system = 'revenue';

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

-- The widest window that any as-of date has.
set variable first_service_date = (
    select
        date_trunc('month', list_min(getvariable('as_of_dates')))
        - to_months(max(look_back_months) - 1),
    from algorithms
)::date;

set variable last_service_date = list_max(getvariable('as_of_dates'));

set variable last_cutoff = list_max(getvariable('as_of_dates'))
+ getvariable('cutoff_days')::integer;

-- A code with the leading zeros that a spreadsheet took.
create or replace temp macro zero_padded(code, digits) as
case when length(code) < digits then lpad(code, digits, '0') else code end;
