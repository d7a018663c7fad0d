-- Every number that shapes the synthetic population, in one place. Rows of tables stay
-- on one line, however long, so that a column can be read downward.
--
-- generate.py runs this file first, then lays its command line over the variables. Shares
-- are fractions of the rows named in the comment; weights are relative, of any sum; rates
-- are per person and year. People, practices and prices are invented (prices are round
-- figures near what payers allowed then); towns with their residents, ZIP codes, service
-- codes, diagnoses, DRGs and NDCs are real.
--
-- In this order: size and time; people; visits; what payers do to claims; prices and
-- payers; the program (practices, providers, lives); conditions and drugs; care, with its
-- hospital stays, follow-ups, diagnoses and lines; vaccines; events of the program.

-- The size, the seed number and the time --------------------------------------------
set variable seed = 20180630;
set variable people = 3000;
set variable months = 36;
set variable last_day = date '2018-06-30';
-- claims carry icd-9-cm before this day
set variable icd10_day = date '2015-10-01';
-- brief: one line per service; full: panels, supplies and hospital charges line by line,
-- which divides the price of a claim among more lines and changes nothing else
set variable detail = 'brief';
-- people made at once: it bounds the memory and sets how many files a large drop has
set variable batch_people = 20000;

-- Practices. Those named below exist at any size, 21 of them with primary care and open;
-- further ones, ordinary and drawn, are added until there are 21 x sqrt(people / 3000),
-- at most the 135 that Vermont has.
set variable practices_at_least = 21;
set variable practices_at_most = 135;
-- the same for women's health: 5 x sqrt(people / 3000)
set variable womens_practices_at_least = 5;
set variable womens_practices_at_most = 20;

-- People (shares of people, or of the people named) ---------------------------------
set variable share_female = 0.507;
set variable share_gender_unknown = 0.004;
-- under 19, of Medicaid and of commercial
set variable share_medicaid_children = 0.45;
set variable share_commercial_children = 0.20;
-- Medicare under 65
set variable share_medicare_disabled = 0.14;
-- covered by Medicaid too, of Medicare
set variable share_dual = 0.18;
set variable share_medicare_advantage = 0.10;
set variable share_medicare_part_a_only = 0.04;
-- Medicare people whose drug plan sends its claims
set variable share_part_d = 0.35;
set variable share_aco_opt_out = 0.03;
-- living in Vermont with an employer in New Hampshire, of commercial
set variable share_situs_elsewhere = 0.03;
-- first covered within the first twenty months
set variable share_joined_later = 0.15;
-- commercial coverage written as one row per contract period instead of one
set variable share_renewed_rows = 0.25;
-- whose home practice is none of the program's
set variable share_off_program = 0.22;
-- living in an HSA other than the home practice's
set variable share_commuters = 0.04;
-- city given as the village or postal city, where the town has one
set variable share_postal_city = 0.30;
-- city that no gazetteer knows (a warning), of people
set variable share_unmapped_city = 0.002;
-- of women 15 to 44 and year: a birth
set variable rate_births = 0.052;
-- of mothers: seen before the birth, and after it
set variable share_prenatal_care = 0.86;
-- of deaths: in hospice in the last month, in the last two; of the others, in hospital
set variable share_hospice = 0.45;
set variable share_hospice_two_months = 0.20;
set variable share_hospital_death = 0.50;
-- of stays that are no transfer: from a nursing home or another place of care
set variable share_from_elsewhere = 0.03;
-- after a hip fracture or a new joint: discharged to a nursing home
set variable share_discharged_to_nursing = 0.40;
-- of births: by caesarean section
set variable share_caesarean = 0.26;

-- Visits ----------------------------------------------------------------------------
-- people who do not keep to one practice
set variable share_roaming = 0.40;
-- of their primary-care visits: at another practice; of everyone's: off the program
set variable share_other_practice = 0.18;
set variable share_elsewhere = 0.03;
-- of visits: with the usual provider
set variable share_usual_provider = 0.75;
-- of women 15 to 46: seen by a women's health practice
set variable share_women_seen = 0.45;
-- of office visits of people with a chronic condition: about it
set variable share_chronic_visit = 0.55;
-- of professional claims: billing NPI left blank
set variable share_no_billing = 0.03;
-- of claims at a health center: rendering NPI left blank
set variable share_fqhc_no_rendering = 0.50;
-- how much more often women come than men, and men less often
set variable women_come_more = 0.12;
-- of claims of people with hypertension about something else: it is written too
set variable share_second_diagnosis = 0.25;
-- of health centers' visits: in the patient's home
set variable share_home_visit = 0.04;
-- of health centers' patients of Medicare from 65 years: visited in a nursing home, and
-- billed with Medicare's own code for it
set variable share_lives_in_nursing_home = 0.10;

-- What happens to a claim (shares of claims) ----------------------------------------
set variable share_denied = 0.020;
-- of denied claims: sent again under a new id and paid
set variable share_denied_resent = 0.50;
set variable share_reversed = 0.007;
set variable share_reversed_new_id = 0.007;
set variable share_new_version = 0.014;
set variable share_replaced = 0.010;
set variable share_duplicated = 0.010;
set variable share_zero_paid = 0.015;
-- paid five months or more after the service
set variable share_paid_late = 0.020;
set variable share_no_paid_date = 0.006;
-- of visits while not covered: billed all the same (a warning)
set variable share_billed_uncovered = 0.15;
-- line date outside the claim's dates (a warning)
set variable share_line_date_outside = 0.0004;
-- of secondary payers' copies: status 20 instead of 02
set variable share_secondary_forwarded = 0.25;

-- Clinical data ---------------------------------------------------------------------
-- people whose practice feeds its results to the registry
set variable share_in_registry = 0.85;
-- of people asked; of people screened
set variable share_smokers = 0.17;
set variable share_depression_positive = 0.12;
set variable share_falls_risk = 0.25;

-- Fills (shares of them), beside those denied: reversed, sent as a second version, twice
set variable share_fill_reversed = 0.008;
set variable share_fill_new_version = 0.008;
set variable share_fill_duplicated = 0.005;

-- Payers' and practices' reports ----------------------------------------------------
set variable share_report_off = 0.15;
-- What payers say that they paid per patient and month, unless told otherwise
set variable reported_pppm = 3.00;

create schema param;

-- Prices below are Medicare's fees for services; what is paid on average comes near
-- these times this, before the payer's own factor
set variable stay_price_factor = 1.5;
set variable outpatient_price_factor = 2.8;
set variable professional_price_factor = 1.9;

-- Payers: claim prefix, price relative to Medicare ------------------------------------
create table param.payer as
select * from (
    values
    ('medicaid', 'medicaid', 'MC', 0.78),
    ('bcbsvt', 'commercial', 'BC', 1.38),
    ('mvp', 'commercial', 'MV', 1.30),
    ('cigna', 'commercial', 'CG', 1.34),
    ('medicare', 'medicare', 'ME', 1.00),
) as t (payer, payer_type, prefix, price_factor);

-- Two rows of mvp: the rule of residence changed with 2017. Cigna names its own
-- frequency; Medicare pays monthly; only Medicaid and bcbsvt are in the WHI.
create table param.payer_policy as
select * from (
    values
    (
        'medicaid', 'medicaid', 'residence', 'monthly', 'monthly',
        1, 1, 1, date '2017-01-01', 0, date '2013-01-01', null::date,
    ),
    (
        'bcbsvt', 'commercial', 'residence', 'quarterly', 'quarterly',
        1, 1, 1, date '2017-10-01', 0, date '2013-01-01', null,
    ),
    (
        'mvp', 'commercial', 'residence', 'quarterly', 'quarterly',
        1, 1, 0, null, 0, date '2013-01-01', date '2016-12-31',
    ),
    (
        'mvp', 'commercial', 'situs', 'quarterly', 'quarterly',
        1, 1, 0, null, 1, date '2017-01-01', null,
    ),
    (
        'cigna', 'commercial', 'residence', 'quarterly', 'quarterly',
        1, 1, 0, null, 0, date '2013-04-01', null,
    ),
    (
        'medicare', 'medicare', 'residence', 'quarterly', 'monthly',
        1, 1, 0, null, 0, date '2013-01-01', null,
    ),
) as t (
    payer, payer_type, residence_rule, attribution_frequency, payment_frequency,
    participates_pcmh, participates_cht, participates_whi, joined_whi_date, recoups,
    effective_from, effective_to,
);

-- HSAs: one hospital in each, which is an administrative entity with a Community Health
-- Team.
-- `number` ends the ids AE01 to AE13 and HO01 to HO13.
create table param.hsa as
select * from (
    values
    ('01', 'Barre', 'Granite City Sample Hospital', date '2010-01-01', 2.1),
    ('02', 'Bennington', 'Battenkill Sample Medical Center', date '2011-11-01', 1.9),
    ('03', 'Brattleboro', 'West River Sample Hospital', date '2012-04-01', 1.8),
    ('04', 'Burlington', 'Lakeside Sample Medical Center', date '2009-10-01', 4.2),
    ('05', 'Middlebury', 'Otter Falls Sample Hospital', date '2011-07-01', 1.4),
    ('06', 'Morrisville', 'Lamoille Sample Hospital', date '2011-07-01', 1.5),
    -- its team began in the middle of a quarter of payments
    ('07', 'Newport', 'Border Lakes Sample Hospital', date '2017-10-16', 1.2),
    ('08', 'Randolph', 'White Branch Sample Hospital', date '2011-10-01', 1.3),
    ('09', 'Rutland', 'Marble Valley Sample Hospital', date '2012-01-01', 3.5),
    ('10', 'St. Albans', 'Missisquoi Sample Hospital', date '2011-01-01', 2.2),
    ('11', 'St. Johnsbury', 'Passumpsic Sample Hospital', date '2008-07-01', 1.6),
    ('12', 'Springfield', 'Black River Sample Hospital', date '2010-06-01', 1.5),
    -- its team began within the months of claims
    ('13', 'Windsor', 'Ascutney Sample Hospital', date '2016-08-15', 1.1),
) as t (number, hsa, hospital_name, operations_start_date, fte_filled);

-- A second administrative entity of an HSA, with a team of its own, and its practices.
create table param.further_entity as
select * from (
    values
    (
        'AE14', 'Queen City Sample Health Center', 'Burlington',
        date '2011-01-01', 0.8, ['PR04', 'PR14'],
    ),
) as t (
    administrative_entity_id, name, hsa, operations_start_date, fte_filled, practices,
);

-- Practices, all invented. PR06 has two rows: it became a 340B site. PR12 closed and
-- went into PR02, PR27 into PR05. PR10 and PR26 are mixed: primary care, and women's
-- health apart. PR18 gives primary care and takes part in the WHI as what it is.
create table param.practice as
select * from (
    values
    (
        'PR01', 'Otter Creek Sample Family Medicine', 'RUTLAND CITY', null, 'Rutland',
        'pcmh', 0, 0, 0, null::date, null::date, null,
    ),
    (
        'PR02', 'Slate Ridge Sample Internal Medicine', 'CASTLETON',
        'Slate Ridge Sample Group', 'Rutland',
        'pcmh', 0, 0, 0, date '2011-03-01', null, null,
    ),
    (
        'PR03', 'Blue Canoe Sample Family Health', 'BURLINGTON',
        'Lakeside Sample Medical Center', 'Burlington',
        'pcmh', 0, 0, 0, date '2009-10-01', null, null,
    ),
    (
        'PR04', 'Five Corners Sample Family Practice', 'ESSEX', null, 'Burlington',
        'pcmh', 0, 0, 0, date '2012-06-01', null, null,
    ),
    (
        'PR05', 'Granite Thrush Sample Family Medicine', 'BARRE CITY',
        'Granite City Sample Hospital', 'Barre',
        'pcmh', 0, 0, 0, date '2010-01-01', null, null,
    ),
    (
        'PR06', 'West River Sample Primary Care', 'BRATTLEBORO', null, 'Brattleboro',
        'pcmh', 0, 1, 0, date '2012-04-01', date '2016-12-31', null,
    ),
    (
        'PR06', 'West River Sample Primary Care', 'BRATTLEBORO', null, 'Brattleboro',
        'pcmh', 0, 1, 1, date '2017-01-01', null, null,
    ),
    (
        'PR07', 'Passumpsic Sample Community Health', 'ST. JOHNSBURY', null,
        'St. Johnsbury', 'pcmh', 1, 0, 1, date '2010-07-01', null, null,
    ),
    (
        'PR08', 'Border Lakes Sample Family Medicine', 'NEWPORT CITY', null, 'Newport',
        'pcmh', 0, 0, 0, date '2014-01-01', null, null,
    ),
    (
        'PR09', 'Champlain Sample Women''s Health', 'SOUTH BURLINGTON', null,
        'Burlington', 'whi', 0, 0, 1, date '2010-05-01', null, null,
    ),
    (
        'PR10', 'Pine Hill Sample Family and Women''s Care', 'RUTLAND CITY', null,
        'Rutland', 'mixed', 0, 0, 0, date '2015-01-01', null, null,
    ),
    (
        'PR11', 'North Branch Sample Cardiology', 'BERLIN', null, 'Barre',
        'specialty', 0, 0, 0, date '2013-01-01', null, null,
    ),
    (
        'PR12', 'Lake Bomoseen Sample Medicine', 'CASTLETON', null, 'Rutland',
        'pcmh', 0, 0, 0, date '2012-01-01', date '2016-12-31', 'PR02',
    ),
    (
        'PR13', 'Malletts Bay Sample Pediatrics and Family Care', 'COLCHESTER',
        'Lakeside Sample Medical Center', 'Burlington',
        'pcmh', 0, 0, 0, date '2010-09-01', null, null,
    ),
    (
        'PR14', 'Queen City Sample Naturopathic Health', 'BURLINGTON', null,
        'Burlington', 'pcmh', 0, 0, 0, date '2015-11-01', null, null,
    ),
    (
        'PR15', 'Dog River Sample Health Center', 'NORTHFIELD', null, 'Barre',
        'pcmh', 0, 0, 0, date '2013-05-01', null, null,
    ),
    (
        'PR16', 'Maquam Sample Family Practice', 'ST. ALBANS CITY',
        'Missisquoi Sample Hospital', 'St. Albans',
        'pcmh', 0, 0, 0, date '2011-01-01', null, null,
    ),
    (
        'PR17', 'Lake Carmi Sample Medicine', 'ENOSBURG', null, 'St. Albans',
        'pcmh', 0, 0, 0, date '2014-07-01', null, null,
    ),
    (
        'PR18', 'Battenkill Sample Family Medicine', 'BENNINGTON', null, 'Bennington',
        'pcmh', 0, 0, 0, date '2011-11-01', null, null,
    ),
    (
        'PR19', 'Otter Falls Sample Family Health', 'MIDDLEBURY',
        'Otter Falls Sample Hospital', 'Middlebury',
        'pcmh', 0, 0, 0, date '2011-07-01', null, null,
    ),
    (
        'PR20', 'Sterling Brook Sample Community Health', 'MORRISTOWN', null,
        'Morrisville', 'pcmh', 1, 0, 1, date '2011-07-01', null, null,
    ),
    (
        'PR21', 'White Branch Sample Primary Care', 'RANDOLPH', null, 'Randolph',
        'pcmh', 0, 0, 0, date '2011-10-01', null, null,
    ),
    (
        'PR22', 'Black River Sample Rural Health', 'SPRINGFIELD',
        'Black River Sample Hospital', 'Springfield',
        'pcmh', 0, 1, 0, date '2010-06-01', null, null,
    ),
    (
        'PR23', 'Ascutney Sample Family Practice', 'WINDSOR', null, 'Windsor',
        'pcmh', 0, 0, 0, date '2012-03-01', null, null,
    ),
    (
        'PR24', 'Marble Valley Sample Obstetrics and Gynecology', 'RUTLAND CITY',
        'Marble Valley Sample Hospital', 'Rutland',
        'whi', 0, 0, 0, date '2012-01-01', null, null,
    ),
    (
        'PR25', 'Winooski Branch Sample Midwives', 'BERLIN', null, 'Barre',
        'whi', 0, 0, 1, date '2013-02-01', null, null,
    ),
    (
        'PR26', 'Green River Sample Family and Women''s Care', 'BRATTLEBORO', null,
        'Brattleboro', 'mixed', 0, 0, 0, date '2014-10-01', null, null,
    ),
    (
        'PR27', 'Quarry Hill Sample Family Doctors', 'BARRE TOWN', null, 'Barre',
        'pcmh', 0, 0, 0, date '2010-01-01', date '2016-06-30', 'PR05',
    ),
) as t (
    practice_id, practice_name, town, parent_organization, hsa,
    practice_type, is_fqhc, is_rhc, is_340b, start_date, end_date,
    successor_practice_id,
);

-- Names of further practices: every first word with every second one
create table param.practice_word as
select * from (
    values
    (0, 'Maple', 'Hollow'), (1, 'Birch', 'Meadow'), (2, 'Cedar', 'Bridge'),
    (3, 'Tamarack', 'Notch'), (4, 'Beaver', 'Pond'), (5, 'Heron', 'Landing'),
    (6, 'Loon', 'Gulf'), (7, 'Fern', 'Corner'), (8, 'Hemlock', 'Common'),
    (9, 'Moose', 'Crossing'), (10, 'Juniper', 'Farm'), (11, 'Quartz', 'Summit'),
) as t (number, first_word, second_word);

-- Home practices: their weight among those of their HSA, and how many people of each
-- payer they have, out of the sum. Mvp and cigna are concentrated, so that the cells of
-- a small population hold 11 people or more where the practice is not small itself.
-- 'other' is a further practice, 'off' a place that is none of the program's.
create table param.home as
select * from (
    values
    ('PR01', 45, 22, 27, 14, 13, 22), ('PR02', 33, 25, 34, 17, 0, 24),
    ('PR10', 22, 34, 44, 0, 0, 20), ('PR03', 40, 22, 28, 14, 12, 20),
    ('PR04', 34, 21, 30, 15, 12, 20), ('PR13', 21, 32, 36, 18, 0, 12),
    ('PR14', 5, 24, 40, 14, 0, 16), ('PR05', 84, 25, 31, 17, 0, 23),
    ('PR15', 16, 30, 44, 0, 0, 26), ('PR16', 82, 26, 32, 16, 0, 22),
    ('PR17', 18, 34, 40, 0, 0, 24), ('PR06', 68, 30, 28, 0, 17, 22),
    ('PR26', 32, 36, 42, 0, 0, 20), ('PR07', 100, 40, 36, 0, 0, 24),
    ('PR08', 100, 38, 38, 0, 0, 24), ('PR18', 100, 24, 28, 16, 0, 24),
    ('PR19', 100, 25, 45, 0, 0, 22), ('PR20', 100, 36, 40, 0, 0, 22),
    ('PR21', 100, 30, 42, 0, 0, 24), ('PR22', 100, 33, 40, 0, 0, 24),
    ('PR23', 100, 26, 44, 0, 0, 24), ('other', 60, 27, 35, 9, 5, 22),
    ('off', null, 26, 38, 10, 8, 20),
) as t (home, weight, medicaid, bcbsvt, mvp, cigna, medicare);

-- Where people are seen: practices, and places that are no practice of the program.
-- `chairs` are the positions of clinicians, of which the first `primary_chairs` give
-- primary care. Hospitals (HO01 to HO13), places off the program (OF01 to OF13) and
-- further practices are added from the templates 'hospital', 'off' and 'other'.
create table param.site as
select * from (
    values
    ('PR01', 'primary', 4, 4, 'family medicine'),
    ('PR02', 'primary', 4, 4, 'internal medicine'),
    ('PR03', 'primary', 5, 5, 'family medicine'),
    ('PR04', 'primary', 5, 5, 'family medicine'),
    ('PR05', 'primary', 4, 4, 'family medicine'),
    ('PR06', 'primary', 4, 4, 'rural health clinic'),
    ('PR07', 'primary', 4, 4, 'federally qualified health center'),
    ('PR08', 'primary', 4, 4, 'family medicine'),
    ('PR09', 'women', 3, 0, 'obstetrics and gynecology'),
    ('PR10', 'mixed', 4, 2, 'family medicine'),
    ('PR11', 'cardiology', 2, 0, 'cardiology'),
    ('PR13', 'primary', 5, 5, 'pediatrics'),
    ('PR14', 'natural', 2, 2, 'naturopathic medicine'),
    ('PR15', 'primary', 2, 2, 'family medicine'),
    ('PR16', 'primary', 5, 5, 'family medicine'),
    ('PR17', 'primary', 2, 2, 'family medicine'),
    ('PR18', 'primary', 4, 4, 'family medicine'),
    ('PR19', 'primary', 4, 4, 'family medicine'),
    ('PR20', 'primary', 4, 4, 'federally qualified health center'),
    ('PR21', 'primary', 3, 3, 'family medicine'),
    ('PR22', 'primary', 3, 3, 'rural health clinic'),
    ('PR23', 'primary', 3, 3, 'family medicine'),
    ('PR24', 'women', 3, 0, 'obstetrics and gynecology'),
    ('PR25', 'women', 3, 0, 'obstetrics and gynecology'),
    ('PR26', 'mixed', 4, 2, 'family medicine'),
    ('other', 'primary', 5, 5, 'family medicine'),
    ('other women', 'women', 3, 0, 'obstetrics and gynecology'),
    ('off', 'primary', 2, 2, 'family medicine'),
    ('hospital', 'hospital', 4, 0, 'hospital'),
    ('ORTH', 'orthopedics', 2, 0, 'orthopedic surgery'),
    ('DERM', 'dermatology', 1, 0, 'dermatology'),
    ('EYES', 'eyes', 2, 0, 'ophthalmology'),
    ('MIND', 'mental', 3, 0, 'community mental health center'),
    ('HUBS', 'addiction', 2, 0, 'opioid treatment program'),
    ('PSYH', 'psychiatric', 1, 0, 'psychiatric hospital'),
    ('MOVE', 'therapy', 2, 0, 'physical therapy'),
    ('CARE', 'nursing', 1, 0, 'skilled nursing facility'),
    ('PEAC', 'hospice', 1, 0, 'hospice'),
    ('HOME', 'home health', 0, 0, 'home health agency'),
    ('LABS', 'laboratory', 0, 0, 'clinical laboratory'),
    ('PHAR', 'pharmacy', 0, 0, 'pharmacy'),
    ('RIDE', 'transport', 0, 0, 'medical transport'),
    ('SCHO', 'school', 0, 0, 'school district'),
    ('SERV', 'agency', 0, 0, 'developmental services agency'),
    ('TEET', 'dental', 2, 0, 'dental clinic'),
) as t (site, kind, chairs, primary_chairs, organization_specialty);

-- The women's practice that serves an HSA
create table param.womens_site as
select * from (
    values
    ('Burlington', 'PR09'), ('St. Albans', 'PR09'), ('Middlebury', 'PR09'),
    ('Morrisville', 'PR09'), ('Rutland', 'PR24'), ('Windsor', 'PR24'),
    ('Barre', 'PR25'), ('Newport', 'PR25'), ('Randolph', 'PR25'),
    ('St. Johnsbury', 'PR25'), ('Brattleboro', 'PR26'), ('Springfield', 'PR26'),
    ('Bennington', 'PR26'),
) as t (hsa, site);
-- of women of Rutland who are seen there at all: at the mixed practice PR10
set variable share_women_mixed = 0.45;
-- of the women of an HSA that has a further women's practice: seen there
set variable share_further_women = 0.50;

-- Who usually sits in a chair, by kind of site and number of the chair
create table param.chair_kind as
select * from (
    values
    ('primary', 1, 'family medicine', 'MD', '207Q00000X', 0),
    ('primary', 2, 'nurse practitioner', 'NP', '363LF0000X', 0),
    ('primary', 3, 'internal medicine', 'DO', '207R00000X', 0),
    ('primary', 4, 'physician assistant', 'PA', '363A00000X', 0),
    ('primary', 5, 'pediatrics', 'MD', '208000000X', 0),
    ('natural', 1, 'naturopathic medicine', 'ND', '175F00000X', 0),
    ('natural', 2, 'nurse practitioner', 'NP', '363LF0000X', 0),
    ('women', 1, 'obstetrics and gynecology', 'MD', '207V00000X', 1),
    ('women', 2, 'certified nurse midwife', 'CNM', '367A00000X', 0),
    ('women', 3, 'nurse practitioner', 'NP', '363LW0102X', 0),
    ('mixed', 1, 'family medicine', 'MD', '207Q00000X', 0),
    ('mixed', 2, 'naturopathic medicine', 'ND', '175F00000X', 0),
    ('mixed', 3, 'obstetrics and gynecology', 'MD', '207V00000X', 1),
    ('mixed', 4, 'certified nurse midwife', 'CNM', '367A00000X', 0),
    ('cardiology', 1, 'cardiology', 'MD', '207RC0000X', 0),
    ('cardiology', 2, 'nurse practitioner', 'NP', '363L00000X', 0),
    ('orthopedics', 1, 'orthopedic surgery', 'MD', '207X00000X', 0),
    ('orthopedics', 2, 'physician assistant', 'PA', '363A00000X', 0),
    ('dermatology', 1, 'dermatology', 'MD', '207N00000X', 0),
    ('eyes', 1, 'ophthalmology', 'MD', '207W00000X', 0),
    ('eyes', 2, 'optometry', 'OD', '152W00000X', 0),
    ('mental', 1, 'clinical social work', 'LICSW', '1041C0700X', 0),
    ('mental', 2, 'psychology', 'PhD', '103TC0700X', 0),
    ('mental', 3, 'psychiatry', 'MD', '2084P0800X', 0),
    ('addiction', 1, 'addiction medicine', 'MD', '207QA0401X', 0),
    ('addiction', 2, 'addiction counseling', 'LADC', '101YA0400X', 0),
    ('psychiatric', 1, 'psychiatry', 'MD', '2084P0800X', 0),
    ('therapy', 1, 'physical therapy', 'PT', '225100000X', 0),
    ('therapy', 2, 'physical therapy', 'PT', '225100000X', 0),
    ('nursing', 1, 'geriatric medicine', 'MD', '207QG0300X', 0),
    ('hospice', 1, 'hospice and palliative medicine', 'MD', '207QH0002X', 0),
    ('dental', 1, 'general dentistry', 'DDS', '1223G0001X', 0),
    ('dental', 2, 'pediatric dentistry', 'DMD', '1223P0221X', 0),
    ('hospital', 1, 'emergency medicine', 'MD', '207P00000X', 0),
    ('hospital', 2, 'hospital medicine', 'MD', '208M00000X', 0),
    ('hospital', 3, 'general surgery', 'MD', '208600000X', 0),
    ('hospital', 4, 'radiology', 'MD', '2085R0202X', 0),
) as t (kind, chair, specialty, credential, taxonomy_code, board_certified_obgyn);

-- What an organization is, for those with no clinician of that specialty
create table param.organization_kind as
select * from (
    values
    ('federally qualified health center', '261QF0400X'),
    ('rural health clinic', '261QR1300X'),
    ('clinical laboratory', '291U00000X'),
    ('hospital', '282N00000X'),
    ('psychiatric hospital', '283Q00000X'),
    ('skilled nursing facility', '314000000X'),
    ('hospice', '251G00000X'),
    ('home health agency', '251E00000X'),
    ('community mental health center', '261QM0801X'),
    ('opioid treatment program', '261QM2800X'),
    ('pharmacy', '3336C0003X'),
    ('medical transport', '343900000X'),
    ('school district', '251300000X'),
    ('developmental services agency', '251S00000X'),
    ('dental clinic', '261QD0000X'),
) as t (organization_specialty, taxonomy_code);

-- Comings and goings: these rows replace the usual provider of a chair. A provider key
-- '<site>.<chair>' is that chair's usual one, so PR01.2 below works in two practices.
--   PR02.3 is on leave from July 2017 to March 2018; L1, a locum, is on no roster
--   PR05.4 has a locum, L2, who is on the roster for three months
--   PR03.3 changed to PR04 in July 2017 and N1 came in his place
--   PR06.4 left at the end of 2017 and nobody came
--   PR08.2 came in November 2016
--   PR10.3, PR26.3 and the whole of PR25 work part of full time
create table param.staff_change as
select * from (
    values
    ('PR02', 3, 'PR02.3', null::date, date '2017-06-30', 'yes', 1, 1.0),
    ('PR02', 3, 'L1', date '2017-07-01', date '2018-03-31', 'no', 1, 0.5),
    ('PR02', 3, 'PR02.3', date '2018-04-01', null, 'yes', 1, 1.0),
    ('PR02', 4, 'PR01.2', date '2016-02-01', null, 'yes', 0, 0.3),
    ('PR03', 3, 'PR03.3', null, date '2017-06-30', 'yes', 1, 1.0),
    ('PR03', 3, 'N1', date '2017-07-01', null, 'yes', 1, 1.0),
    ('PR04', 2, 'PR03.3', date '2017-07-01', null, 'yes', 1, 1.0),
    ('PR04', 2, 'PR04.2', null, date '2017-06-30', 'yes', 1, 1.0),
    ('PR04', 4, 'PR05.2', date '2016-09-01', null, 'yes', 0, 0.2),
    ('PR05', 4, 'PR05.4', null, date '2018-01-31', 'yes', 1, 0.8),
    ('PR05', 4, 'L2', date '2018-02-01', date '2018-04-30', 'yes', 1, 0.8),
    ('PR05', 4, 'PR05.4', date '2018-05-01', null, 'yes', 1, 0.8),
    ('PR06', 4, 'PR06.4', null, date '2017-12-31', 'yes', 1, 1.0),
    ('PR08', 2, 'PR08.2', date '2016-11-01', null, 'yes', 1, 1.0),
    ('PR10', 3, 'PR10.3', null, null, 'yes', 1, 0.6),
    ('PR25', 1, 'PR25.1', null, null, 'yes', 1, 0.4),
    ('PR25', 2, 'PR25.2', null, null, 'yes', 1, 0.3),
    ('PR25', 3, 'PR25.3', null, null, 'yes', 1, 0.2),
    ('PR26', 3, 'PR26.3', null, null, 'yes', 1, 0.7),
) as t (
    site, chair, provider, works_from, works_to, on_roster, is_primary_practice, fte,
);

-- Providers that only a change brings in
create table param.extra_provider as
select * from (
    values
    ('L1', 'family medicine', 'MD', '207Q00000X', 0),
    ('L2', 'family medicine', 'DO', '207Q00000X', 0),
    ('N1', 'geriatric medicine', 'MD', '207QG0300X', 0),
) as t (provider, specialty, credential, taxonomy_code, board_certified_obgyn);

-- What sets a life apart, people per thousand; the rest are ordinary. Which of them can
-- happen to whom is in population.sql.
create table param.life as
select * from (
    values
    ('no_visit', 60),
    ('tie_recent', 8),
    ('tie_dates', 6),
    ('tie_same_day', 6),
    ('payer_change', 30),
    ('move', 24),
    ('gap', 20),
    ('left', 12),
    ('ends_before_quarter_end', 8),
    ('ends_on_quarter_end', 6),
    ('death', 60),
    ('two_primary', 10),
    ('secondary', 20),
    ('out_of_state', 30),
) as t (life, per_thousand);

-- Office visits in a year, and the share of people who have so many
create table param.visit_rate as
select * from (
    values (0.3, 0.15), (0.8, 0.27), (1.5, 0.30), (2.4, 0.18), (3.6, 0.10),
) as t (per_year, share);

create table param.out_of_state_city as
select * from (
    values
    (0, 'Lebanon', 'NH', '03766'),
    (1, 'Hanover', 'NH', '03755'),
    (2, 'Plattsburgh', 'NY', '12901'),
    (3, 'Granville', 'NY', '12832'),
    (4, 'Greenfield', 'MA', '01301'),
) as t (number, city, state, zip_code);

-- Conditions --------------------------------------------------------------------------
-- Lasting conditions: share of people under 19, 19 to 64 and older. `rises`: among
-- adults the share grows with age. Every share is scaled by the person's burden (0.4 to
-- 1.6), so that conditions come together.
create table param.condition as
select * from (
    values
    ('diabetes', 'E119', '25000', 0.003, 0.065, 0.20, true),
    ('hypertension', 'I10', '4019', 0.002, 0.145, 0.47, true),
    ('lipids', 'E785', '2724', 0.000, 0.10, 0.40, true),
    ('coronary disease', 'I2510', '41401', 0.000, 0.040, 0.20, true),
    ('heart failure', 'I5022', '42822', 0.000, 0.012, 0.11, true),
    ('lung disease', 'J449', '496', 0.000, 0.03, 0.11, true),
    ('asthma', 'J45909', '49390', 0.09, 0.085, 0.06, false),
    ('kidney disease', 'N183', '5853', 0.000, 0.01, 0.10, true),
    ('depression', 'F329', '311', 0.03, 0.14, 0.11, false),
    ('anxiety', 'F419', '30000', 0.04, 0.10, 0.07, false),
    ('attention', 'F909', '31401', 0.07, 0.02, 0.00, false),
    ('psychosis', 'F259', '29570', 0.001, 0.016, 0.006, false),
    ('alcohol', 'F1020', '30390', 0.001, 0.030, 0.015, false),
    ('opioid', 'F1120', '30400', 0.000, 0.028, 0.003, false),
    ('arthritis', 'M179', '71596', 0.000, 0.06, 0.25, true),
    ('cancer', 'C50919', '1749', 0.000, 0.010, 0.05, true),
    ('dementia', 'F0390', '29420', 0.000, 0.001, 0.06, true),
    ('pain', 'M545', '7242', 0.003, 0.07, 0.09, false),
    -- not a disease: uses contraception (women of 15 to 45 only)
    ('contraception', 'Z3041', 'V2541', 0.05, 0.16, 0.00, false),
    -- lives with a disability that Medicaid's special services are for: nothing that an
    -- office visit is about
    ('disability', 'F79', '319', 0.08, 0.08, 0.08, false),
) as t (
    condition, icd10, icd9, share_child, share_adult, share_aged, rises,
);
set variable share_contraception = 0.56;

-- Drugs: real NDCs. Of people with the condition, `share` take the drug; a fill lasts
-- `days_supply` in a full drop, and three months where that is a month in a brief one.
create table param.drug as
select * from (
    values
    ('diabetes', '10631020601', 0.60, 60, 30, 11.00),
    ('diabetes', '00002771501', 0.22, 15, 30, 260.00),
    ('hypertension', '52427043590', 0.45, 30, 30, 8.00),
    ('hypertension', '00006071731', 0.18, 30, 30, 14.00),
    ('hypertension', '00069152068', 0.25, 30, 30, 9.00),
    ('lipids', '00071015523', 0.65, 30, 30, 24.00),
    ('coronary disease', '00078045805', 0.60, 30, 30, 16.00),
    ('coronary disease', '00024117190', 0.30, 30, 30, 28.00),
    ('coronary disease', '00006095154', 0.35, 30, 30, 16.00),
    ('coronary disease', '00003089421', 0.08, 60, 30, 380.00),
    ('heart failure', '00007337313', 0.60, 60, 30, 13.00),
    ('heart failure', '00010673701', 0.55, 30, 30, 6.00),
    ('lung disease', '00597007541', 0.45, 30, 30, 330.00),
    ('asthma', '00085113204', 0.60, 1, 50, 52.00),
    ('asthma', '00006171131', 0.25, 30, 30, 18.00),
    ('depression', '00049005001', 0.45, 30, 30, 14.00),
    ('depression', '00456200501', 0.20, 30, 30, 19.00),
    ('anxiety', '00009002901', 0.18, 30, 30, 10.00),
    ('attention', '00078037005', 0.65, 30, 30, 96.00),
    ('psychosis', '00310027110', 0.70, 30, 30, 85.00),
    ('opioid', '00054018813', 0.50, 28, 28, 120.00),
    ('alcohol', '65757030001', 0.10, 1, 28, 1100.00),
    ('cancer', '51862068200', 0.35, 30, 30, 55.00),
    ('dementia', '00456120730', 0.35, 30, 30, 34.00),
    ('pain', '10544029020', 0.12, 60, 30, 42.00),
    ('contraception', '00555901658', 0.62, 28, 28, 26.00),
    ('contraception', '00009074630', 0.10, 1, 84, 88.00),
    -- what few people take and much of the money goes to
    ('any', '00074081702', 0.008, 2, 28, 4600.00),
    ('any', '00010971901', 0.05, 30, 30, 15.00),
    ('any', '00069046856', 0.01, 56, 28, 220.00),
    ('any', '00074372719', 0.05, 30, 30, 18.00),
) as t (condition, ndc_code, share, quantity, days_supply, price);
-- of the fills due: bought
set variable share_filled = 0.82;

-- Short courses of antibiotics after care: share, and the drug for children and adults
create table param.antibiotic as
select * from (
    values
    ('pharyngitis', 0.52), ('bronchitis', 0.62), ('urinary complaint', 0.70),
    ('ear complaint', 0.75), ('sinus complaint', 0.60), ('emergency', 0.08),
) as t (care, share);
create table param.antibiotic_drug as
select * from (
    values
    (0, 18, '00781194339', 150, 10, 14.00), (19, 199, '00069040001', 6, 5, 18.00),
) as t (from_age, to_age, ndc_code, quantity, days_supply, price);

-- Care ----------------------------------------------------------------------------------
-- What brings people to clinicians. Of the people of this sex and age (and condition),
-- `share` ever have it, at `per_year` for those; `season` is the first of three months
-- in which it falls. `place` says where (see care.sql); `parts`: P professional,
-- I institutional, PI both. `number` makes visits' numbers unique.
create table param.care as
select * from (
    values
    -- made elsewhere: by the person's own rate, by schedule, by a birth or a death
    (1, 'office', 'any', 0, 199, 'any', 0.00, 0.00, null::integer, 'home', 'P'),
    (2, 'newborn stay', 'any', 0, 0, 'any', 0.00, 0.00, null, 'hospital', 'PI'),
    (3, 'well child', 'any', 0, 21, 'any', 0.00, 0.00, null, 'home', 'P'),
    (4, 'delivery', 'female', 15, 44, 'any', 0.00, 0.00, null, 'delivery', 'PI'),
    (5, 'prenatal visit', 'female', 15, 44, 'any', 0.00, 0.00, null, 'women', 'P'),
    (6, 'postpartum visit', 'female', 15, 45, 'any', 0.00, 0.00, null, 'women', 'P'),
    (7, 'hospice month', 'any', 50, 199, 'any', 0.00, 0.00, null, 'hospice', 'I'),
    (8, 'last stay', 'any', 50, 199, 'any', 0.00, 0.00, null, 'hospital', 'PI'),
    -- preventive
    (10, 'well adult', 'any', 22, 64, 'any', 0.65, 0.50, null, 'home', 'P'),
    (11, 'wellness visit', 'any', 65, 199, 'any', 0.70, 0.70, null, 'home', 'P'),
    (12, 'women''s visit', 'female', 15, 46, 'any', 1.00, 0.85, null, 'women', 'P'),
    (13, 'flu shot', 'any', 1, 64, 'any', 0.34, 0.80, 9, 'home', 'P'),
    (14, 'flu shot aged', 'any', 65, 199, 'any', 0.68, 0.90, 9, 'home', 'P'),
    (15, 'pneumonia shot', 'any', 65, 199, 'any', 0.75, 0.30, null, 'home', 'P'),
    (16, 'mammogram', 'female', 41, 74, 'any', 0.80, 0.55, null, 'hospital', 'P'),
    (17, 'cervical screen', 'female', 21, 64, 'any', 0.78, 0.36, null, 'women', 'P'),
    (18, 'chlamydia test', 'female', 16, 24, 'any', 0.65, 0.80, null, 'laboratory', 'P'),
    (19, 'colonoscopy', 'any', 50, 75, 'any', 0.55, 0.14, null, 'hospital', 'PI'),
    (20, 'stool test', 'any', 50, 75, 'any', 0.20, 0.50, null, 'laboratory', 'P'),
    (21, 'bone density', 'female', 65, 85, 'any', 0.60, 0.20, null, 'hospital', 'P'),
    -- answers to a questionnaire, all that some people ever send their practice
    (22, 'risk assessment', 'any', 19, 64, 'any', 0.06, 0.40, null, 'home', 'P'),
    -- complaints
    (25, 'pharyngitis', 'any', 3, 18, 'any', 0.60, 0.36, null, 'home', 'P'),
    (26, 'bronchitis', 'any', 18, 64, 'any', 0.50, 0.15, null, 'home', 'P'),
    (27, 'ear complaint', 'any', 0, 12, 'any', 0.50, 0.40, null, 'home', 'P'),
    (28, 'urinary complaint', 'female', 16, 199, 'any', 0.35, 0.30, null, 'home', 'P'),
    (29, 'sinus complaint', 'any', 15, 80, 'any', 0.40, 0.20, null, 'home', 'P'),
    (30, 'emergency', 'any', 0, 199, 'any', 0.60, 0.60, null, 'emergency', 'PI'),
    (31, 'asthma emergency', 'any', 2, 60, 'asthma', 0.50, 0.20, null, 'emergency', 'PI'),
    (32, 'alcohol emergency', 'any', 16, 80, 'alcohol', 0.50, 0.50, null, 'emergency', 'PI'),
    (33, 'crisis emergency', 'any', 12, 90, 'psychosis', 0.60, 0.60, null, 'emergency', 'PI'),
    (34, 'observation', 'any', 30, 199, 'any', 0.40, 0.04, null, 'emergency', 'PI'),
    -- comfort, and hospice of people who go on living
    (36, 'palliative visit', 'any', 40, 199, 'cancer', 0.30, 2.00, null, 'home', 'P'),
    (37, 'hospice respite', 'any', 60, 199, 'dementia', 0.35, 1.50, null, 'hospice', 'I'),
    -- specialists and therapies
    (38, 'dialysis', 'any', 30, 199, 'kidney disease', 0.06, 10.00, null, 'hospital', 'I'),
    (39, 'heart failure visit', 'any', 30, 199, 'heart failure', 0.85, 1.60, null, 'cardiology', 'P'),
    (40, 'heart specialist', 'any', 25, 199, 'coronary disease', 0.88, 1.60, null, 'cardiology', 'P'),
    (41, 'heart question', 'any', 45, 199, 'any', 0.20, 0.30, null, 'cardiology', 'P'),
    (42, 'bones and joints', 'any', 10, 199, 'any', 0.30, 0.45, null, 'orthopedics', 'P'),
    (43, 'skin', 'any', 5, 199, 'any', 0.20, 0.40, null, 'dermatology', 'P'),
    (44, 'eye exam', 'any', 3, 199, 'any', 0.30, 0.40, null, 'eyes', 'P'),
    (45, 'diabetic eye exam', 'any', 18, 199, 'diabetes', 0.68, 0.80, null, 'eyes', 'P'),
    (46, 'physical therapy', 'any', 14, 199, 'pain', 0.40, 3.00, null, 'therapy', 'P'),
    (47, 'psychotherapy', 'any', 6, 90, 'depression', 0.28, 4.00, null, 'mental', 'P'),
    (48, 'therapy for anxiety', 'any', 6, 90, 'anxiety', 0.25, 3.50, null, 'mental', 'P'),
    (49, 'psychosis care', 'any', 14, 90, 'psychosis', 0.80, 6.00, null, 'mental', 'P'),
    (50, 'attention care', 'any', 5, 60, 'attention', 0.45, 1.50, null, 'home', 'P'),
    (51, 'opioid spoke', 'any', 16, 80, 'opioid', 0.55, 8.00, null, 'home', 'P'),
    (52, 'opioid hub', 'any', 18, 80, 'opioid', 0.25, 10.00, null, 'addiction', 'P'),
    (53, 'addiction intake', 'any', 13, 90, 'alcohol', 0.80, 0.48, null, 'addiction', 'P'),
    (54, 'opioid intake', 'any', 13, 90, 'opioid', 0.60, 0.35, null, 'addiction', 'P'),
    (55, 'infusion', 'any', 19, 199, 'cancer', 0.30, 4.00, null, 'hospital', 'I'),
    (56, 'day surgery', 'any', 19, 199, 'any', 0.30, 0.14, null, 'hospital', 'PI'),
    (57, 'tonsils and tubes', 'any', 2, 12, 'any', 0.05, 0.25, null, 'hospital', 'PI'),
    (58, 'cataract', 'any', 65, 199, 'any', 0.20, 0.25, null, 'hospital', 'PI'),
    (59, 'hysterectomy', 'female', 38, 60, 'any', 0.04, 0.15, null, 'hospital', 'PI'),
    (60, 'nursing month', 'any', 60, 199, 'dementia', 0.40, 11.50, null, 'nursing', 'I'),
    (61, 'nursing visit', 'any', 60, 199, 'dementia', 0.40, 6.00, null, 'nursing', 'P'),
    -- tests and pictures
    (65, 'laboratory', 'any', 12, 199, 'any', 0.60, 0.75, null, 'laboratory', 'P'),
    (66, 'diabetes laboratory', 'any', 10, 199, 'diabetes', 0.92, 1.90, null, 'laboratory', 'P'),
    (67, 'lipid laboratory', 'any', 19, 199, 'lipids', 0.70, 0.70, null, 'laboratory', 'P'),
    (68, 'vascular laboratory', 'any', 19, 199, 'coronary disease', 0.75, 0.80, null, 'laboratory', 'P'),
    (69, 'kidney laboratory', 'any', 18, 199, 'diabetes', 0.75, 0.85, null, 'laboratory', 'P'),
    (70, 'x-ray', 'any', 2, 199, 'any', 0.40, 0.34, null, 'hospital', 'P'),
    (71, 'tomography', 'any', 12, 199, 'any', 0.25, 0.26, null, 'hospital', 'P'),
    (72, 'magnetic resonance', 'any', 12, 199, 'any', 0.20, 0.24, null, 'hospital', 'P'),
    (73, 'echocardiogram', 'any', 40, 199, 'heart failure', 0.70, 0.60, null, 'hospital', 'P'),
    (74, 'ultrasound', 'any', 12, 199, 'any', 0.20, 0.22, null, 'hospital', 'P'),
    (75, 'spirometry', 'any', 35, 199, 'lung disease', 0.50, 0.50, null, 'home', 'P'),
    -- teeth: Medicaid's people, and children whose plan includes it (param.bought_care)
    (76, 'child''s dental visit', 'any', 1, 20, 'any', 0.84, 0.85, null, 'dental', 'P'),
    (77, 'child''s tooth repair', 'any', 3, 20, 'any', 0.25, 0.35, null, 'dental', 'P'),
    (78, 'dental visit', 'any', 21, 199, 'any', 0.40, 0.50, null, 'dental', 'P'),
    (79, 'tooth repair', 'any', 21, 199, 'any', 0.25, 0.40, null, 'dental', 'P'),
    -- what Medicaid alone buys
    (80, 'case management', 'any', 3, 199, 'disability', 0.70, 2.00, null, 'agency', 'P'),
    (81, 'school services', 'any', 5, 18, 'disability', 0.60, 7.00, null, 'school', 'P'),
    (82, 'day treatment', 'any', 6, 17, 'disability', 0.30, 5.00, null, 'day treatment', 'P'),
    (83, 'home support month', 'any', 18, 199, 'disability', 0.35, 8.00, null, 'home support', 'P'),
    (84, 'shared living month', 'any', 18, 64, 'disability', 0.18, 11.00, null, 'shared living', 'P'),
    (85, 'residential month', 'any', 12, 64, 'psychosis', 0.50, 4.00, null, 'residential', 'P'),
    (86, 'ride', 'any', 3, 199, 'disability', 0.50, 2.50, null, 'transport', 'P'),
    (87, 'ride to treatment', 'any', 18, 80, 'opioid', 0.30, 5.00, null, 'transport', 'P'),
    -- what one product pays for by the head (param.capitated_care)
    (88, 'managed therapy', 'any', 12, 64, 'any', 0.20, 2.00, null, 'therapy', 'P'),
    (89, 'managed laboratory', 'any', 19, 64, 'any', 0.50, 0.80, null, 'laboratory', 'P'),
    -- follow-ups: made by param.follow_up
    (90, 'readmission', 'any', 0, 199, 'any', 0.00, 0.00, null, 'hospital', 'PI'),
    (91, 'planned readmission', 'any', 0, 199, 'any', 0.00, 0.00, null, 'hospital', 'PI'),
    (92, 'transfer', 'any', 0, 199, 'any', 0.00, 0.00, null, 'tertiary', 'PI'),
    (93, 'mental follow-up', 'any', 0, 199, 'any', 0.00, 0.00, null, 'mental', 'P'),
    (94, 'addiction visit', 'any', 0, 199, 'any', 0.00, 0.00, null, 'addiction', 'P'),
    (95, 'transition visit', 'any', 18, 199, 'any', 0.00, 0.00, null, 'home', 'P'),
    (96, 'skilled nursing', 'any', 0, 199, 'any', 0.00, 0.00, null, 'nursing', 'I'),
    (97, 'home health', 'any', 0, 199, 'any', 0.00, 0.00, null, 'home health', 'I'),
    (99, 'intensive nursery', 'any', 0, 0, 'any', 0.00, 0.00, null, 'tertiary', 'PI'),
    (98, 'nursery follow-up', 'any', 0, 0, 'any', 0.00, 0.00, null, 'home', 'P'),
) as t (
    number, care, sex, from_age, to_age, condition, share, per_year, season, place,
    parts,
);

-- Care that few payers buy, and for whom; all other care is everybody's. `plan` may be
-- any. A coverage behind the first pays for what the first does not buy. Its claims say
-- nothing of other conditions.
create table param.bought_care as
select * from (
    values
    ('child''s dental visit', 'medicaid', 'any'), ('child''s tooth repair', 'medicaid', 'any'),
    ('dental visit', 'medicaid', 'any'), ('tooth repair', 'medicaid', 'any'),
    -- children's teeth are part of what plans of the exchange must cover
    ('child''s dental visit', 'bcbsvt', 'exchange'),
    ('child''s tooth repair', 'bcbsvt', 'exchange'),
    ('case management', 'medicaid', 'any'), ('school services', 'medicaid', 'any'),
    ('day treatment', 'medicaid', 'any'), ('home support month', 'medicaid', 'any'),
    ('shared living month', 'medicaid', 'any'), ('residential month', 'medicaid', 'any'),
    ('ride', 'medicaid', 'any'), ('ride to treatment', 'medicaid', 'any'),
    ('managed therapy', 'cigna', 'network'), ('managed laboratory', 'cigna', 'network'),
) as t (care, payer, plan);

-- Paid for by the head, to a manager of such care: the product's claims of it come with
-- nothing allowed and nothing paid.
create table param.capitated_care as
select * from (
    values
    ('managed therapy', 'cigna', 'network'), ('managed laboratory', 'cigna', 'network'),
) as t (care, payer, plan);

-- Hospital stays are care too: who has them and how often, and what the hospital writes.
-- `days` and `days_more`: the stay lasts between the two, both included.
create table param.stay as
select * from (
    values
    ('pneumonia', 'any', 1, 64, 'any', 0.0012, 'J189', '486', '194', 5600, 2, 3, null),
    ('pneumonia aged', 'any', 65, 199, 'any', 0.021, 'J189', '486', '193', 8900, 3, 4, null),
    ('heart failure stay', 'any', 30, 199, 'heart failure', 0.24, 'I5023', '42823', '291', 9400, 3, 4, null),
    ('lung disease stay', 'any', 40, 199, 'lung disease', 0.12, 'J441', '49121', '190', 7700, 2, 4, null),
    ('asthma stay', 'any', 18, 39, 'asthma', 0.12, 'J45901', '49392', '203', 4600, 1, 3, null),
    ('child''s asthma stay', 'any', 2, 17, 'asthma', 0.015, 'J45901', '49392', '203', 4300, 1, 2, null),
    ('infant''s lung stay', 'any', 0, 1, 'any', 0.016, 'J219', '46619', '203', 4200, 1, 3, null),
    ('ketoacidosis', 'any', 18, 199, 'diabetes', 0.027, 'E1010', '25011', '638', 6100, 2, 3, null),
    ('diabetic complication', 'any', 18, 199, 'diabetes', 0.014, 'E1121', '25040', '699', 7100, 2, 4, null),
    ('diabetes out of control', 'any', 18, 199, 'diabetes', 0.022, 'E1165', '25002', '639', 4300, 1, 3, null),
    ('amputation', 'any', 40, 199, 'diabetes', 0.040, 'E1152', '25070', '240', 15500, 5, 6, '0Y6H0Z1'),
    ('hypertension stay', 'any', 18, 199, 'hypertension', 0.031, 'I10', '4019', '305', 5200, 1, 2, null),
    ('urinary infection', 'any', 18, 64, 'any', 0.0012, 'N390', '5990', '690', 5300, 2, 2, null),
    ('urinary infection aged', 'any', 65, 199, 'any', 0.030, 'N390', '5990', '690', 5700, 2, 4, null),
    ('sepsis', 'any', 19, 64, 'any', 0.0015, 'A419', '0389', '871', 14500, 4, 5, null),
    ('sepsis aged', 'any', 65, 199, 'any', 0.009, 'A419', '0389', '871', 13800, 4, 6, null),
    ('vessel bypass', 'any', 45, 199, 'coronary disease', 0.008, 'I25110', '4111', '236', 27000, 5, 4, '0210093'),
    ('stroke', 'any', 45, 199, 'hypertension', 0.008, 'I639', '43491', '065', 7400, 2, 5, null),
    ('heart attack', 'any', 35, 199, 'coronary disease', 0.030, 'I214', '41071', '280', 11800, 3, 4, null),
    ('stent', 'any', 40, 199, 'coronary disease', 0.024, 'I25110', '4111', '247', 15500, 1, 2, '0270046'),
    ('joint replacement', 'any', 50, 85, 'arthritis', 0.045, 'M1711', '71536', '470', 15200, 2, 2, '0SRC0J9'),
    ('hip fracture', 'any', 72, 199, 'any', 0.011, 'S72001A', '82008', '481', 15000, 3, 4, '0QS604Z'),
    ('appendix', 'any', 5, 60, 'any', 0.0013, 'K3580', '5409', '343', 7800, 1, 2, '0DTJ4ZZ'),
    ('bowel blockage', 'any', 20, 199, 'any', 0.0016, 'K567', '5601', '389', 6200, 2, 4, null),
    ('bleeding', 'any', 45, 199, 'any', 0.0025, 'K922', '5789', '378', 7600, 2, 3, null),
    ('skin infection', 'any', 19, 199, 'any', 0.0022, 'L03115', '6826', '603', 5900, 2, 3, null),
    ('stomach complaint', 'any', 19, 199, 'any', 0.0014, 'K5290', '5589', '392', 5300, 1, 3, null),
    ('chemotherapy stay', 'any', 19, 199, 'cancer', 0.06, 'Z5111', 'V5811', '847', 8600, 2, 4, null),
    ('breast removal', 'female', 35, 80, 'cancer', 0.12, 'C50911', '1749', '582', 11000, 1, 3, '0HTV0ZZ'),
    ('depression stay', 'any', 12, 90, 'depression', 0.13, 'F332', '29633', '885', 9200, 4, 7, null),
    ('psychosis stay', 'any', 14, 90, 'psychosis', 0.45, 'F209', '29590', '885', 10800, 6, 9, null),
    ('alcohol withdrawal', 'any', 16, 90, 'alcohol', 0.08, 'F10239', '29181', '897', 6200, 2, 4, null),
    ('opioid withdrawal', 'any', 16, 80, 'opioid', 0.06, 'F1123', '2920', '897', 6000, 2, 4, 'HZ2ZZZZ'),
) as t (
    stay, sex, from_age, to_age, condition, per_year, icd10, icd9, drg_code, price,
    days, days_more, procedure_code,
);

-- How long other care lasts: at least `days`, at most `days_more` longer. Everything else
-- is done in a day.
create table param.length_of_care as
select * from (
    values
    ('newborn stay', 2, 0), ('delivery', 2, 0), ('readmission', 2, 4),
    ('planned readmission', 2, 4), ('transfer', 2, 4), ('intensive nursery', 8, 19),
    ('skilled nursing', 12, 13), ('nursing month', 29, 0), ('hospice month', 29, 0),
    ('hospice respite', 29, 0), ('home support month', 29, 0),
    ('shared living month', 29, 0), ('residential month', 29, 0),
) as t (care, days, days_more);

-- What follows what, within how many days of the end of the first. `number` makes
-- visits' numbers unique; a follow-up of a follow-up comes in the second round.
create table param.follow_up as
select * from (
    values
    (201, 'stays', 'readmission', 0.085, 2, 29),
    (202, 'stays', 'planned readmission', 0.012, 10, 29),
    (203, 'stays', 'transfer', 0.022, 0, 0),
    (204, 'stays', 'transition visit', 0.58, 3, 13),
    (205, 'hip fracture', 'skilled nursing', 0.70, 0, 0),
    (206, 'joint replacement', 'skilled nursing', 0.22, 0, 0),
    (207, 'stroke', 'skilled nursing', 0.35, 0, 0),
    (208, 'sepsis aged', 'skilled nursing', 0.22, 0, 0),
    (209, 'joint replacement', 'home health', 0.50, 1, 3),
    (210, 'heart failure stay', 'home health', 0.35, 1, 3),
    (211, 'depression stay', 'mental follow-up', 0.50, 1, 7),
    (212, 'psychosis stay', 'mental follow-up', 0.45, 1, 7),
    (213, 'depression stay', 'mental follow-up', 0.30, 8, 30),
    (214, 'psychosis stay', 'mental follow-up', 0.30, 8, 30),
    (215, 'addiction intake', 'addiction visit', 0.50, 1, 13),
    (216, 'opioid intake', 'addiction visit', 0.55, 1, 13),
    (217, 'alcohol withdrawal', 'addiction visit', 0.35, 1, 13),
    (218, 'alcohol emergency', 'addiction visit', 0.18, 1, 13),
    -- engagement: twice more within a month, of those who began
    (220, 'addiction visit', 'addiction visit', 0.55, 4, 14),
    (221, 'addiction visit', 'addiction visit', 0.48, 15, 28),
    (222, 'newborn stay', 'nursery follow-up', 0.90, 2, 5),
    (219, 'newborn stay', 'intensive nursery', 0.07, 0, 0),
) as t (number, after_care, care, share, from_days, to_days);

-- Well-child visits: age in days, and the share who come. Developmental screening goes
-- with three of them.
create table param.well_child as
select * from (
    values
    (14, 0.88), (61, 0.94), (122, 0.93), (183, 0.92), (274, 0.90), (366, 0.91),
    (457, 0.86), (548, 0.86), (731, 0.86), (914, 0.60), (1097, 0.82), (1462, 0.82),
    (1827, 0.82), (2192, 0.66), (2557, 0.60), (2922, 0.60), (3287, 0.58), (3653, 0.58),
    (4018, 0.60), (4383, 0.60), (4748, 0.58), (5114, 0.56), (5479, 0.54), (5844, 0.52),
    (6209, 0.48), (6575, 0.32), (6940, 0.29), (7305, 0.28), (7671, 0.28),
) as t (day, share);

-- Diagnoses of care, drawn by weight; ages where it matters
create table param.diagnosis as
select * from (
    values
    ('office', 12, 0, 199, 'J069', '4659'), ('office', 10, 12, 199, 'M545', '7242'),
    ('office', 8, 0, 199, 'R05', '7862'), ('office', 8, 12, 199, 'R5383', '78079'),
    ('office', 6, 0, 199, 'L309', '6929'), ('office', 6, 0, 199, 'B349', '07999'),
    ('office', 6, 12, 199, 'M25561', '71946'), ('office', 5, 19, 199, 'K219', '53081'),
    ('office', 4, 5, 199, 'R109', '78900'), ('office', 4, 12, 199, 'R51', '7840'),
    ('newborn stay', 1, 0, 0, 'Z3800', 'V3000'),
    ('well child', 1, 0, 17, 'Z00129', 'V202'), ('well child', 1, 18, 22, 'Z0000', 'V700'),
    ('well adult', 1, 0, 199, 'Z0000', 'V700'), ('wellness visit', 1, 0, 199, 'Z0000', 'V700'),
    ('women''s visit', 6, 0, 199, 'Z01419', 'V7231'),
    ('women''s visit', 3, 0, 199, 'Z309', 'V259'),
    ('women''s visit', 2, 0, 199, 'N760', '61610'),
    ('women''s visit', 1, 0, 199, 'Z113', 'V745'),
    ('prenatal visit', 1, 0, 199, 'Z3481', 'V221'),
    ('delivery', 1, 0, 199, 'O80', '650'),
    ('postpartum visit', 1, 0, 199, 'Z392', 'V242'),
    ('hospice month', 1, 0, 199, 'C3490', '1629'),
    ('last stay', 1, 0, 199, 'A419', '0389'),
    ('flu shot', 1, 0, 199, 'Z23', 'V0481'), ('flu shot aged', 1, 0, 199, 'Z23', 'V0481'),
    ('pneumonia shot', 1, 0, 199, 'Z23', 'V0382'),
    ('mammogram', 1, 0, 199, 'Z1231', 'V7612'),
    ('cervical screen', 1, 0, 199, 'Z124', 'V762'),
    ('chlamydia test', 1, 0, 199, 'Z118', 'V7398'),
    ('colonoscopy', 1, 0, 199, 'Z1211', 'V7651'),
    ('stool test', 1, 0, 199, 'Z1211', 'V7651'),
    ('bone density', 1, 0, 199, 'Z1382', 'V8281'),
    ('pharyngitis', 3, 0, 199, 'J029', '462'), ('pharyngitis', 1, 0, 199, 'J020', '0340'),
    ('bronchitis', 1, 0, 199, 'J209', '4660'),
    ('ear complaint', 1, 0, 199, 'H6690', '3829'),
    ('urinary complaint', 1, 0, 199, 'N390', '5990'),
    ('sinus complaint', 1, 0, 199, 'J0190', '4619'),
    ('emergency', 8, 0, 199, 'S93401A', '84500'), ('emergency', 6, 0, 199, 'S0990XA', '95901'),
    ('emergency', 7, 19, 199, 'R079', '78650'), ('emergency', 7, 5, 199, 'R109', '78900'),
    ('emergency', 6, 0, 199, 'J069', '4659'), ('emergency', 4, 19, 199, 'M545', '7242'),
    ('emergency', 3, 12, 199, 'R51', '7840'), ('emergency', 3, 16, 199, 'N390', '5990'),
    ('emergency', 3, 16, 64, 'K047', '5225'), ('emergency', 2, 14, 199, 'F419', '30000'),
    ('emergency', 4, 0, 10, 'R509', '78060'), ('emergency', 3, 19, 199, 'R55', '7802'),
    ('asthma emergency', 1, 0, 199, 'J45901', '49392'),
    ('alcohol emergency', 1, 0, 199, 'F10129', '30500'),
    ('crisis emergency', 1, 0, 199, 'F29', '2989'),
    ('observation', 1, 0, 199, 'R079', '78650'),
    ('risk assessment', 1, 0, 199, 'Z1389', 'V8289'),
    ('palliative visit', 1, 0, 199, 'Z515', 'V667'),
    ('dialysis', 1, 0, 199, 'N186', '5856'),
    ('hospice respite', 1, 0, 199, 'G309', '3310'),
    ('heart failure visit', 1, 0, 199, 'I5022', '42822'),
    ('heart specialist', 1, 0, 199, 'I2510', '41401'),
    ('heart question', 1, 0, 199, 'R002', '7851'),
    ('bones and joints', 2, 0, 199, 'M25561', '71946'),
    ('bones and joints', 1, 0, 199, 'S82891A', '8248'),
    ('skin', 1, 0, 199, 'L570', '7020'), ('eye exam', 1, 0, 199, 'H5213', '3671'),
    ('diabetic eye exam', 3, 0, 199, 'E119', '25000'),
    ('diabetic eye exam', 1, 0, 199, 'E11319', '25050'),
    ('physical therapy', 1, 0, 199, 'M545', '7242'),
    ('psychotherapy', 1, 0, 199, 'F329', '311'),
    ('therapy for anxiety', 1, 0, 199, 'F419', '30000'),
    ('psychosis care', 1, 0, 199, 'F259', '29570'),
    ('attention care', 1, 0, 199, 'F909', '31401'),
    ('opioid spoke', 1, 0, 199, 'F1120', '30400'), ('opioid hub', 1, 0, 199, 'F1120', '30400'),
    ('addiction intake', 1, 0, 199, 'F1020', '30390'),
    ('opioid intake', 1, 0, 199, 'F1120', '30400'),
    ('infusion', 1, 0, 199, 'Z5111', 'V5811'), ('day surgery', 1, 0, 199, 'K4090', '55090'),
    ('tonsils and tubes', 1, 0, 199, 'J3501', '47400'),
    ('cataract', 1, 0, 199, 'H2511', '36616'), ('hysterectomy', 1, 0, 199, 'D259', '2189'),
    ('nursing month', 1, 0, 199, 'F0390', '29420'), ('nursing visit', 1, 0, 199, 'F0390', '29420'),
    ('laboratory', 1, 0, 199, 'Z0000', 'V700'), ('laboratory', 1, 0, 199, 'R5383', '78079'),
    ('diabetes laboratory', 1, 0, 199, 'E119', '25000'),
    ('lipid laboratory', 1, 0, 199, 'E785', '2724'),
    ('vascular laboratory', 1, 0, 199, 'I2510', '41401'),
    ('kidney laboratory', 1, 0, 199, 'E119', '25000'),
    ('x-ray', 1, 0, 199, 'M25561', '71946'), ('x-ray', 1, 0, 199, 'R05', '7862'),
    ('tomography', 1, 0, 199, 'R109', '78900'), ('magnetic resonance', 1, 0, 199, 'M545', '7242'),
    ('echocardiogram', 1, 0, 199, 'I5022', '42822'), ('ultrasound', 1, 0, 199, 'R109', '78900'),
    ('spirometry', 1, 0, 199, 'J449', '496'),
    ('child''s dental visit', 1, 0, 199, 'Z0120', 'V722'),
    ('dental visit', 1, 0, 199, 'Z0120', 'V722'),
    ('child''s tooth repair', 1, 0, 199, 'K029', '52100'),
    ('tooth repair', 3, 0, 199, 'K029', '52100'), ('tooth repair', 1, 0, 199, 'K047', '5225'),
    ('case management', 1, 0, 199, 'F79', '319'), ('school services', 1, 0, 199, 'R6250', '78340'),
    ('day treatment', 1, 0, 199, 'F79', '319'), ('home support month', 1, 0, 199, 'F79', '319'),
    ('shared living month', 1, 0, 199, 'F79', '319'),
    ('residential month', 1, 0, 199, 'F259', '29570'), ('ride', 1, 0, 199, 'R69', '7999'),
    ('ride to treatment', 1, 0, 199, 'R69', '7999'),
    ('managed therapy', 1, 0, 199, 'M25511', '71941'),
    ('managed laboratory', 1, 0, 199, 'R5383', '78079'),
    ('readmission', 2, 0, 199, 'A419', '0389'), ('readmission', 1, 0, 199, 'R079', '78650'),
    ('readmission', 2, 0, 199, 'J189', '486'), ('readmission', 1, 0, 199, 'N390', '5990'),
    ('readmission', 1, 0, 199, 'T814XXA', '99859'), ('readmission', 1, 0, 199, 'I5023', '42823'),
    ('planned readmission', 1, 0, 199, 'Z5111', 'V5811'),
    ('transfer', 1, 0, 199, 'I214', '41071'),
    ('mental follow-up', 1, 0, 199, 'F332', '29633'),
    ('addiction visit', 1, 0, 199, 'F1020', '30390'),
    ('transition visit', 1, 0, 199, 'Z09', 'V6759'),
    ('skilled nursing', 1, 0, 199, 'Z4789', 'V5489'),
    ('home health', 1, 0, 199, 'Z4789', 'V5489'),
    ('nursery follow-up', 1, 0, 199, 'Z00111', 'V2032'),
    ('intensive nursery', 1, 0, 199, 'P220', '769'),
) as t (care, weight, from_age, to_age, icd10, icd9);

-- Diagnoses written beside the first: of the people of these ages, those whose draw lies
-- below `share` have it on every claim of that care, in that position. A care has no two
-- of one position at one age.
create table param.further_diagnosis as
select * from (
    values
    -- what families are advised on
    ('well child', 4, 2, 17, 0.42, 'Z713', 'V653'),
    ('well child', 5, 2, 17, 0.38, 'Z7182', 'V6541'),
    ('well adult', 4, 19, 64, 0.15, 'Z713', 'V653'),
    ('office', 4, 19, 64, 0.08, 'Z713', 'V653'),
    -- an unsteady gait: frail
    ('office', 4, 66, 199, 0.14, 'R2689', '7812'),
    ('wellness visit', 4, 66, 199, 0.14, 'R2689', '7812'),
    -- refuses vaccines
    ('office', 5, 1, 199, 0.04, 'Z2821', 'V6406'),
    -- a heart that fails for want of blood
    ('heart failure visit', 4, 30, 199, 0.60, 'I2510', '41401'),
    -- had cancer of the colon
    ('colonoscopy', 4, 50, 199, 0.06, 'Z85038', 'V1005'),
    -- diabetes of pregnancy
    ('prenatal visit', 4, 0, 199, 0.06, 'O24419', '64883'),
) as t (care, position, from_age, to_age, share, icd10, icd9);

-- When a line is written: by payer, age and day of service
create table param.line_case as
select * from (
    values
    ('any', 'any', 0, 199, date '1900-01-01', date '2100-01-01'),
    ('medicare', 'medicare', 0, 199, date '1900-01-01', date '2100-01-01'),
    ('not medicare', 'other', 0, 199, date '1900-01-01', date '2100-01-01'),
    ('infant', 'any', 0, 0, date '1900-01-01', date '2100-01-01'),
    ('1 to 4', 'any', 1, 4, date '1900-01-01', date '2100-01-01'),
    ('1 to 3', 'any', 1, 3, date '1900-01-01', date '2100-01-01'),
    ('under 3', 'any', 0, 2, date '1900-01-01', date '2100-01-01'),
    ('5 to 11', 'any', 5, 11, date '1900-01-01', date '2100-01-01'),
    ('12 to 17', 'any', 12, 17, date '1900-01-01', date '2100-01-01'),
    ('11 to 13', 'any', 11, 13, date '1900-01-01', date '2100-01-01'),
    ('18 to 39', 'any', 18, 39, date '1900-01-01', date '2100-01-01'),
    ('30 and over', 'any', 30, 199, date '1900-01-01', date '2100-01-01'),
    ('40 to 64', 'any', 40, 64, date '1900-01-01', date '2100-01-01'),
    ('65 and over', 'any', 65, 199, date '1900-01-01', date '2100-01-01'),
    ('65, medicare', 'medicare', 65, 65, date '1900-01-01', date '2100-01-01'),
    ('66 and over, medicare', 'medicare', 66, 199, date '1900-01-01', date '2100-01-01'),
    ('65 and over, not medicare', 'other', 65, 199, date '1900-01-01', date '2100-01-01'),
    ('to 2016, not medicare', 'other', 0, 199, date '1900-01-01', date '2016-12-31'),
    ('from 2017, not medicare', 'other', 0, 199, date '2017-01-01', date '2100-01-01'),
    ('to 2017, medicare', 'medicare', 0, 199, date '1900-01-01', date '2017-12-31'),
    ('from 2018, medicare', 'medicare', 0, 199, date '2018-01-01', date '2100-01-01'),
    ('to 2017', 'any', 0, 199, date '1900-01-01', date '2017-12-31'),
    ('from 2018', 'any', 0, 199, date '2018-01-01', date '2100-01-01'),
) as t (line_case, payers, from_age, to_age, from_day, to_day);

-- Lines of a claim. Those of one `roll` exclude each other: one number is drawn per
-- visit and roll, and the line whose [low, high) holds it is written. Prices are
-- Medicare's, rounded.
create table param.line as
select * from (
    values
    ('office', 'P', 1, 'code', 0.00, 0.02, 'any', '99211', null, 22),
    ('office', 'P', 1, 'code', 0.02, 0.09, 'any', '99212', null, 44),
    ('office', 'P', 1, 'code', 0.09, 0.56, 'any', '99213', null, 73),
    ('office', 'P', 1, 'code', 0.56, 0.90, 'any', '99214', null, 108),
    ('office', 'P', 1, 'code', 0.90, 0.92, 'any', '99215', null, 145),
    ('office', 'P', 1, 'code', 0.92, 0.95, 'any', '99202', null, 72),
    ('office', 'P', 1, 'code', 0.95, 0.985, 'any', '99203', null, 105),
    ('office', 'P', 1, 'code', 0.985, 1.00, 'any', '99204', null, 160),
    ('office', 'P', 2, 'counsel', 0.00, 0.025, '30 and over', '99406', null, 14),
    ('office', 'P', 3, 'draw', 0.00, 0.05, 'any', '36415', null, 3),
    ('office', 'P', 4, 'falls', 0.00, 0.05, '65 and over', '1101F', null, 0),
    ('newborn stay', 'I', 1, 'room', 0.00, 1.00, 'any', null, '0171', 1900),
    ('newborn stay', 'P', 1, 'code', 0.00, 0.70, 'any', '99460', null, 96),
    ('newborn stay', 'P', 1, 'code', 0.70, 0.90, 'any', '99463', null, 112),
    ('newborn stay', 'P', 1, 'code', 0.90, 1.00, 'any', '99464', null, 75),
    ('well child', 'P', 1, 'code', 0.00, 0.93, 'infant', '99391', null, 92),
    ('well child', 'P', 1, 'code', 0.93, 1.00, 'infant', '99381', null, 105),
    ('well child', 'P', 1, 'code', 0.00, 0.95, '1 to 4', '99392', null, 98),
    ('well child', 'P', 1, 'code', 0.95, 1.00, '1 to 4', '99382', null, 110),
    ('well child', 'P', 1, 'code', 0.00, 1.00, '5 to 11', '99393', null, 98),
    ('well child', 'P', 1, 'code', 0.00, 0.94, '12 to 17', '99394', null, 108),
    ('well child', 'P', 1, 'code', 0.94, 1.00, '12 to 17', '99384', null, 128),
    ('well child', 'P', 1, 'code', 0.00, 1.00, '18 to 39', '99395', null, 112),
    ('well child', 'P', 2, 'shot', 0.00, 0.30, 'under 3', '90471', null, 22),
    ('well child', 'P', 3, 'vaccine', 0.00, 0.25, 'under 3', '90670', null, 170),
    ('well child', 'P', 4, 'screen', 0.00, 0.52, 'under 3', '96110', null, 10),
    ('well child', 'P', 2, 'shot', 0.00, 0.30, '11 to 13', '90471', null, 22),
    ('well child', 'P', 3, 'vaccine', 0.00, 0.30, '11 to 13', '90715', null, 38),
    ('risk assessment', 'P', 1, 'code', 0.00, 1.00, 'to 2016, not medicare', '99420', null, 12),
    ('risk assessment', 'P', 1, 'code', 0.00, 1.00, 'from 2017, not medicare', '96160', null, 5),
    ('well child', 'P', 5, 'risk', 0.00, 0.06, 'to 2016, not medicare', '99420', null, 12),
    ('well child', 'P', 5, 'risk', 0.00, 0.06, 'from 2017, not medicare', '96160', null, 5),
    ('well adult', 'P', 1, 'code', 0.00, 0.95, '18 to 39', '99395', null, 112),
    ('well adult', 'P', 1, 'code', 0.95, 1.00, '18 to 39', '99385', null, 125),
    ('well adult', 'P', 1, 'code', 0.00, 0.95, '40 to 64', '99396', null, 120),
    ('well adult', 'P', 1, 'code', 0.95, 1.00, '40 to 64', '99386', null, 145),
    ('well adult', 'P', 2, 'screened', 0.00, 0.08, 'any', '96127', null, 6),
    ('well adult', 'P', 3, 'mass', 0.00, 0.05, 'any', 'G8420', null, 0),
    ('well adult', 'P', 3, 'mass', 0.05, 0.12, 'any', 'G8417', null, 0),
    ('well adult', 'P', 4, 'pressure', 0.00, 0.05, 'any', 'G8783', null, 0),
    ('well adult', 'P', 4, 'pressure', 0.05, 0.09, 'any', 'G8950', null, 0),
    ('well adult', 'P', 5, 'tobacco', 0.00, 0.10, 'any', '1036F', null, 0),
    ('well adult', 'P', 5, 'tobacco', 0.10, 0.13, 'any', '4004F', null, 0),
    ('wellness visit', 'P', 1, 'code', 0.00, 1.00, '65, medicare', 'G0402', null, 165),
    ('wellness visit', 'P', 1, 'code', 0.00, 0.25, '66 and over, medicare', 'G0438', null, 172),
    ('wellness visit', 'P', 1, 'code', 0.25, 1.00, '66 and over, medicare', 'G0439', null, 117),
    ('wellness visit', 'P', 1, 'code', 0.00, 1.00, '65 and over, not medicare', '99397', null, 128),
    ('wellness visit', 'P', 2, 'screened', 0.00, 0.12, 'medicare', 'G0444', null, 18),
    ('wellness visit', 'P', 7, 'mood', 0.00, 0.12, 'any', 'G8510', null, 0),
    ('wellness visit', 'P', 7, 'mood', 0.12, 0.14, 'any', 'G8431', null, 0),
    ('wellness visit', 'P', 7, 'mood', 0.14, 0.15, 'any', 'G8433', null, 0),
    ('wellness visit', 'P', 3, 'falls', 0.00, 0.40, 'any', '1101F', null, 0),
    ('wellness visit', 'P', 3, 'falls', 0.40, 0.48, 'any', '1100F', null, 0),
    ('wellness visit', 'P', 4, 'falls', 0.40, 0.48, 'any', '3288F', null, 0),
    ('wellness visit', 'P', 5, 'pressure', 0.00, 0.20, 'any', '3074F', null, 0),
    ('wellness visit', 'P', 6, 'pressure', 0.00, 0.20, 'any', '3078F', null, 0),
    ('wellness visit', 'P', 5, 'pressure', 0.20, 0.26, 'any', '3077F', null, 0),
    ('wellness visit', 'P', 6, 'pressure', 0.20, 0.26, 'any', '3080F', null, 0),
    ('women''s visit', 'P', 1, 'code', 0.00, 0.40, '18 to 39', '99395', null, 112),
    ('women''s visit', 'P', 1, 'code', 0.40, 0.75, '18 to 39', '99213', null, 73),
    ('women''s visit', 'P', 1, 'code', 0.75, 0.90, '18 to 39', '99214', null, 108),
    ('women''s visit', 'P', 1, 'code', 0.90, 1.00, '18 to 39', 'S0612', null, 88),
    ('women''s visit', 'P', 1, 'code', 0.00, 0.60, '40 to 64', '99396', null, 120),
    ('women''s visit', 'P', 1, 'code', 0.60, 1.00, '40 to 64', '99213', null, 73),
    ('women''s visit', 'P', 1, 'code', 0.00, 1.00, '12 to 17', '99213', null, 73),
    ('women''s visit', 'P', 2, 'method', 0.00, 0.06, 'any', '58300', null, 74),
    ('women''s visit', 'P', 3, 'method', 0.00, 0.06, 'any', 'J7298', null, 820),
    ('women''s visit', 'P', 2, 'method', 0.06, 0.09, 'any', '11981', null, 140),
    ('women''s visit', 'P', 3, 'method', 0.06, 0.09, 'any', 'J7307', null, 860),
    ('women''s visit', 'P', 2, 'method', 0.20, 0.50, 'any', '81025', null, 9),
    ('prenatal visit', 'P', 1, 'code', 0.00, 1.00, 'any', '99213', null, 73),
    ('prenatal visit', 'P', 2, 'scan', 0.00, 0.80, 'any', '76805', null, 142),
    ('delivery', 'I', 1, 'room', 0.00, 1.00, 'any', null, '0112', 5900),
    ('delivery', 'P', 1, 'mode', 0.26, 1.00, 'any', '59400', null, 2150),
    ('delivery', 'P', 1, 'mode', 0.00, 0.26, 'any', '59510', null, 2400),
    ('postpartum visit', 'P', 1, 'code', 0.00, 1.00, 'any', '59430', null, 190),
    ('hospice month', 'I', 1, 'room', 0.00, 1.00, 'any', 'Q5001', '0651', 4600),
    ('last stay', 'I', 1, 'room', 0.00, 1.00, 'any', null, '0120', 15500),
    ('last stay', 'P', 1, 'code', 0.00, 1.00, 'any', '99223', null, 205),
    ('flu shot', 'P', 1, 'code', 0.00, 0.80, 'any', '90686', null, 18),
    ('flu shot', 'P', 1, 'code', 0.80, 1.00, 'any', '90688', null, 18),
    ('flu shot', 'P', 2, 'give', 0.00, 0.50, 'any', '90471', null, 22),
    ('flu shot aged', 'P', 1, 'code', 0.00, 0.70, 'any', '90662', null, 42),
    ('flu shot aged', 'P', 1, 'code', 0.70, 1.00, 'any', '90686', null, 18),
    ('flu shot aged', 'P', 2, 'give', 0.00, 0.60, 'medicare', 'G0008', null, 22),
    ('pneumonia shot', 'P', 1, 'code', 0.00, 0.60, 'any', '90670', null, 170),
    ('pneumonia shot', 'P', 1, 'code', 0.60, 1.00, 'any', '90732', null, 92),
    ('mammogram', 'P', 1, 'code', 0.00, 1.00, 'to 2016, not medicare', '77057', null, 82),
    ('mammogram', 'P', 1, 'code', 0.00, 1.00, 'from 2017, not medicare', '77067', null, 135),
    ('mammogram', 'P', 1, 'code', 0.00, 1.00, 'to 2017, medicare', 'G0202', null, 134),
    ('mammogram', 'P', 1, 'code', 0.00, 1.00, 'from 2018, medicare', '77067', null, 135),
    ('mammogram', 'P', 2, 'computer', 0.00, 0.40, 'to 2016, not medicare', '77052', null, 10),
    ('cervical screen', 'P', 1, 'code', 0.00, 0.85, 'any', '88175', null, 36),
    ('cervical screen', 'P', 1, 'code', 0.85, 1.00, 'any', '88142', null, 28),
    ('cervical screen', 'P', 2, 'virus', 0.00, 0.65, '30 and over', '87624', null, 48),
    ('chlamydia test', 'P', 1, 'code', 0.00, 1.00, 'any', '87491', null, 48),
    ('colonoscopy', 'P', 1, 'code', 0.00, 0.45, 'any', '45378', null, 380),
    ('colonoscopy', 'P', 1, 'code', 0.45, 0.80, 'any', '45380', null, 460),
    ('colonoscopy', 'P', 1, 'code', 0.80, 1.00, 'any', '45385', null, 520),
    ('colonoscopy', 'I', 1, 'code', 0.00, 0.45, 'any', '45378', '0750', 780),
    ('colonoscopy', 'I', 1, 'code', 0.45, 0.80, 'any', '45380', '0750', 980),
    ('colonoscopy', 'I', 1, 'code', 0.80, 1.00, 'any', '45385', '0750', 980),
    ('stool test', 'P', 1, 'code', 0.00, 0.85, 'not medicare', '82274', null, 22),
    ('stool test', 'P', 1, 'code', 0.85, 1.00, 'not medicare', '81528', null, 500),
    ('stool test', 'P', 1, 'code', 0.00, 1.00, 'medicare', 'G0328', null, 22),
    ('bone density', 'P', 1, 'code', 0.00, 1.00, 'any', '77080', null, 42),
    ('pharyngitis', 'P', 1, 'code', 0.00, 0.85, 'any', '99213', null, 73),
    ('pharyngitis', 'P', 1, 'code', 0.85, 1.00, 'any', '99214', null, 108),
    ('pharyngitis', 'P', 2, 'swab', 0.00, 0.82, 'any', '87880', null, 16),
    ('bronchitis', 'P', 1, 'code', 0.00, 1.00, 'any', '99213', null, 73),
    ('ear complaint', 'P', 1, 'code', 0.00, 1.00, 'any', '99213', null, 73),
    ('urinary complaint', 'P', 1, 'code', 0.00, 1.00, 'any', '99213', null, 73),
    ('urinary complaint', 'P', 2, 'dip', 0.00, 0.40, 'any', '81002', null, 4),
    ('sinus complaint', 'P', 1, 'code', 0.00, 1.00, 'any', '99213', null, 73),
    ('emergency', 'I', 1, 'code', 0.00, 0.25, 'any', '99282', '0450', 190),
    ('emergency', 'I', 1, 'code', 0.25, 0.65, 'any', '99283', '0450', 420),
    ('emergency', 'I', 1, 'code', 0.65, 0.90, 'any', '99284', '0450', 780),
    ('emergency', 'I', 1, 'code', 0.90, 1.00, 'any', '99285', '0450', 1150),
    ('emergency', 'P', 1, 'code', 0.00, 0.25, 'any', '99282', null, 42),
    ('emergency', 'P', 1, 'code', 0.25, 0.65, 'any', '99283', null, 62),
    ('emergency', 'P', 1, 'code', 0.65, 0.90, 'any', '99284', null, 118),
    ('emergency', 'P', 1, 'code', 0.90, 1.00, 'any', '99285', null, 175),
    ('asthma emergency', 'I', 1, 'code', 0.00, 1.00, 'any', '99284', '0450', 780),
    ('asthma emergency', 'P', 1, 'code', 0.00, 1.00, 'any', '99284', null, 118),
    ('alcohol emergency', 'I', 1, 'code', 0.00, 1.00, 'any', '99284', '0450', 780),
    ('alcohol emergency', 'P', 1, 'code', 0.00, 1.00, 'any', '99284', null, 118),
    ('crisis emergency', 'I', 1, 'code', 0.00, 1.00, 'any', '99285', '0450', 1150),
    ('crisis emergency', 'P', 1, 'code', 0.00, 1.00, 'any', '99285', null, 175),
    ('observation', 'I', 1, 'code', 0.00, 1.00, 'any', 'G0378', '0762', 2300),
    ('observation', 'P', 1, 'code', 0.00, 1.00, 'any', '99219', null, 138),
    ('heart specialist', 'P', 1, 'code', 0.00, 0.10, 'any', '99204', null, 160),
    ('heart specialist', 'P', 1, 'code', 0.10, 1.00, 'any', '99214', null, 108),
    ('heart specialist', 'P', 2, 'trace', 0.00, 0.50, 'any', '93000', null, 17),
    ('heart specialist', 'P', 3, 'aspirin', 0.00, 0.35, 'any', '4086F', null, 0),
    ('heart specialist', 'P', 4, 'inhibitor', 0.00, 0.25, 'any', '4010F', null, 0),
    ('heart specialist', 'P', 5, 'statin', 0.00, 0.30, 'any', '4013F', null, 0),
    ('heart failure visit', 'P', 1, 'code', 0.00, 0.10, 'any', '99204', null, 160),
    ('heart failure visit', 'P', 1, 'code', 0.10, 1.00, 'any', '99214', null, 108),
    ('heart failure visit', 'P', 2, 'blocker', 0.00, 0.30, 'any', '4008F', null, 0),
    ('heart failure visit', 'P', 3, 'inhibitor', 0.00, 0.25, 'any', '4010F', null, 0),
    ('palliative visit', 'P', 1, 'code', 0.00, 1.00, 'any', '99214', null, 108),
    ('dialysis', 'I', 1, 'code', 0.00, 1.00, 'any', '90999', '0821', 900),
    ('hospice respite', 'I', 1, 'room', 0.00, 1.00, 'any', 'Q5001', '0651', 4600),
    ('heart question', 'P', 1, 'code', 0.00, 0.40, 'any', '99243', null, 120),
    ('heart question', 'P', 1, 'code', 0.40, 1.00, 'any', '99203', null, 105),
    ('heart question', 'P', 2, 'trace', 0.00, 0.70, 'any', '93000', null, 17),
    ('bones and joints', 'P', 1, 'code', 0.00, 0.30, 'any', '99203', null, 105),
    ('bones and joints', 'P', 1, 'code', 0.30, 1.00, 'any', '99213', null, 73),
    ('bones and joints', 'P', 2, 'inject', 0.00, 0.15, 'any', '20610', null, 62),
    ('skin', 'P', 1, 'code', 0.00, 0.50, 'any', '99213', null, 73),
    ('skin', 'P', 1, 'code', 0.50, 1.00, 'any', '99202', null, 72),
    ('skin', 'P', 2, 'freeze', 0.00, 0.40, 'any', '17000', null, 66),
    ('eye exam', 'P', 1, 'code', 0.00, 0.60, 'any', '92014', null, 126),
    ('eye exam', 'P', 1, 'code', 0.60, 1.00, 'any', '92004', null, 150),
    ('diabetic eye exam', 'P', 1, 'code', 0.00, 0.85, 'any', '92014', null, 126),
    ('diabetic eye exam', 'P', 1, 'code', 0.85, 1.00, 'any', '92250', null, 62),
    ('diabetic eye exam', 'P', 2, 'report', 0.00, 0.30, 'any', '2022F', null, 0),
    ('diabetic eye exam', 'P', 2, 'report', 0.30, 0.35, 'any', '3072F', null, 0),
    ('physical therapy', 'P', 1, 'code', 0.00, 0.20, 'any', '97530', null, 82),
    ('physical therapy', 'P', 1, 'code', 0.20, 1.00, 'any', '97110', null, 64),
    ('physical therapy', 'P', 2, 'more', 0.00, 0.30, 'any', '97140', null, 28),
    ('psychotherapy', 'P', 1, 'code', 0.00, 0.60, 'any', '90834', null, 86),
    ('psychotherapy', 'P', 1, 'code', 0.60, 1.00, 'any', '90837', null, 128),
    ('therapy for anxiety', 'P', 1, 'code', 0.00, 0.70, 'any', '90834', null, 86),
    ('therapy for anxiety', 'P', 1, 'code', 0.70, 1.00, 'any', '90832', null, 64),
    ('psychosis care', 'P', 1, 'code', 0.00, 0.40, 'any', '99214', null, 108),
    ('psychosis care', 'P', 1, 'code', 0.40, 1.00, 'any', '90834', null, 86),
    ('attention care', 'P', 1, 'code', 0.00, 1.00, 'any', '99214', null, 108),
    ('opioid spoke', 'P', 1, 'code', 0.00, 1.00, 'any', '99213', null, 73),
    ('opioid spoke', 'P', 2, 'screen', 0.00, 0.50, 'any', 'H0048', null, 14),
    ('opioid hub', 'P', 1, 'code', 0.00, 1.00, 'any', 'H0020', null, 490),
    ('addiction intake', 'P', 1, 'code', 0.00, 0.60, 'any', 'H0001', null, 140),
    ('addiction intake', 'P', 1, 'code', 0.60, 1.00, 'any', '99204', null, 160),
    ('opioid intake', 'P', 1, 'code', 0.00, 0.60, 'any', 'H0001', null, 140),
    ('opioid intake', 'P', 1, 'code', 0.60, 1.00, 'any', '99204', null, 160),
    ('infusion', 'I', 1, 'code', 0.00, 1.00, 'any', '96413', '0335', 2600),
    ('day surgery', 'I', 1, 'code', 0.00, 0.40, 'any', '49505', '0360', 3400),
    ('day surgery', 'I', 1, 'code', 0.40, 0.75, 'any', '29881', '0360', 3200),
    ('day surgery', 'I', 1, 'code', 0.75, 1.00, 'any', '47562', '0360', 5200),
    ('day surgery', 'P', 1, 'code', 0.00, 0.40, 'any', '49505', null, 540),
    ('day surgery', 'P', 1, 'code', 0.40, 0.75, 'any', '29881', null, 560),
    ('day surgery', 'P', 1, 'code', 0.75, 1.00, 'any', '47562', null, 690),
    ('tonsils and tubes', 'I', 1, 'code', 0.00, 0.50, 'any', '42820', '0360', 2900),
    ('tonsils and tubes', 'I', 1, 'code', 0.50, 1.00, 'any', '69436', '0360', 2200),
    ('tonsils and tubes', 'P', 1, 'code', 0.00, 0.50, 'any', '42820', null, 310),
    ('tonsils and tubes', 'P', 1, 'code', 0.50, 1.00, 'any', '69436', null, 170),
    ('cataract', 'I', 1, 'code', 0.00, 1.00, 'any', '66984', '0360', 1900),
    ('cataract', 'P', 1, 'code', 0.00, 1.00, 'any', '66984', null, 650),
    ('hysterectomy', 'I', 1, 'code', 0.00, 1.00, 'any', '58571', '0360', 7900),
    ('hysterectomy', 'P', 1, 'code', 0.00, 1.00, 'any', '58571', null, 980),
    ('nursing month', 'I', 1, 'room', 0.00, 1.00, 'any', null, '0120', 6800),
    ('nursing visit', 'P', 1, 'code', 0.00, 0.55, 'any', '99308', null, 68),
    ('nursing visit', 'P', 1, 'code', 0.55, 0.95, 'any', '99309', null, 90),
    ('nursing visit', 'P', 1, 'code', 0.95, 1.00, 'any', '99305', null, 130),
    ('laboratory', 'P', 1, 'code', 0.00, 0.45, 'any', '80053', null, 14),
    ('laboratory', 'P', 1, 'code', 0.45, 0.75, 'any', '85025', null, 11),
    ('laboratory', 'P', 1, 'code', 0.75, 1.00, 'any', '84443', null, 23),
    ('diabetes laboratory', 'P', 1, 'code', 0.00, 1.00, 'any', '83036', null, 13),
    ('diabetes laboratory', 'P', 2, 'lipids', 0.00, 0.70, 'any', '80061', null, 18),
    ('lipid laboratory', 'P', 1, 'code', 0.00, 1.00, 'any', '80061', null, 18),
    ('vascular laboratory', 'P', 1, 'code', 0.00, 1.00, 'any', '80061', null, 18),
    ('kidney laboratory', 'P', 1, 'code', 0.00, 1.00, 'any', '82043', null, 8),
    ('x-ray', 'P', 1, 'code', 0.00, 0.40, 'any', '73630', null, 28),
    ('x-ray', 'P', 1, 'code', 0.40, 1.00, 'to 2017', '71020', null, 32),
    ('x-ray', 'P', 1, 'code', 0.40, 1.00, 'from 2018', '71046', null, 31),
    ('tomography', 'P', 1, 'code', 0.00, 0.50, 'any', '74177', null, 330),
    ('tomography', 'P', 1, 'code', 0.50, 1.00, 'any', '70450', null, 118),
    ('magnetic resonance', 'P', 1, 'code', 0.00, 0.40, 'any', '72148', null, 230),
    ('magnetic resonance', 'P', 1, 'code', 0.40, 0.70, 'any', '70553', null, 380),
    ('magnetic resonance', 'P', 1, 'code', 0.70, 1.00, 'any', '73721', null, 235),
    ('echocardiogram', 'P', 1, 'code', 0.00, 1.00, 'any', '93306', null, 205),
    ('ultrasound', 'P', 1, 'code', 0.00, 1.00, 'any', '76700', null, 124),
    ('spirometry', 'P', 1, 'code', 0.00, 1.00, 'any', '94010', null, 36),
    ('child''s dental visit', 'P', 1, 'exam', 0.00, 0.12, 'any', 'D0150', null, 22),
    ('child''s dental visit', 'P', 1, 'exam', 0.12, 0.94, 'any', 'D0120', null, 17),
    ('child''s dental visit', 'P', 1, 'exam', 0.94, 1.00, 'any', 'D0140', null, 27),
    ('child''s dental visit', 'P', 2, 'clean', 0.00, 0.60, 'any', 'D1120', null, 25),
    ('child''s dental visit', 'P', 2, 'clean', 0.60, 0.92, 'any', 'D1206', null, 14),
    ('child''s dental visit', 'P', 3, 'picture', 0.00, 0.15, 'any', 'D0272', null, 16),
    ('child''s tooth repair', 'P', 1, 'repair', 0.00, 0.65, 'any', 'D2391', null, 62),
    ('child''s tooth repair', 'P', 1, 'repair', 0.65, 0.85, 'any', 'D2930', null, 110),
    ('child''s tooth repair', 'P', 1, 'repair', 0.85, 1.00, 'any', 'D7140', null, 60),
    ('dental visit', 'P', 1, 'exam', 0.00, 0.65, 'any', 'D0120', null, 17),
    ('dental visit', 'P', 1, 'exam', 0.65, 1.00, 'any', 'D0140', null, 27),
    ('dental visit', 'P', 2, 'clean', 0.00, 0.55, 'any', 'D1110', null, 36),
    ('tooth repair', 'P', 1, 'repair', 0.00, 0.55, 'any', 'D2392', null, 74),
    ('tooth repair', 'P', 1, 'repair', 0.55, 1.00, 'any', 'D7140', null, 60),
    ('case management', 'P', 1, 'code', 0.00, 1.00, 'any', 'T2023', null, 170),
    ('school services', 'P', 1, 'code', 0.00, 1.00, 'any', 'T1018', null, 340),
    ('day treatment', 'P', 1, 'code', 0.00, 1.00, 'any', 'H2020', null, 130),
    ('home support month', 'P', 1, 'code', 0.00, 1.00, 'any', 'T1020', null, 1400),
    ('shared living month', 'P', 1, 'code', 0.00, 1.00, 'any', 'T2016', null, 2600),
    ('residential month', 'P', 1, 'code', 0.00, 1.00, 'any', 'H0019', null, 6000),
    ('ride', 'P', 1, 'code', 0.00, 1.00, 'any', 'T2003', null, 25),
    ('ride to treatment', 'P', 1, 'code', 0.00, 1.00, 'any', 'T2003', null, 25),
    ('managed therapy', 'P', 1, 'code', 0.00, 0.80, 'any', '97110', null, 64),
    ('managed therapy', 'P', 1, 'code', 0.80, 1.00, 'any', '97140', null, 28),
    ('managed laboratory', 'P', 1, 'code', 0.00, 0.60, 'any', '80053', null, 14),
    ('managed laboratory', 'P', 1, 'code', 0.60, 1.00, 'any', '85025', null, 11),
    ('readmission', 'I', 1, 'room', 0.00, 1.00, 'any', null, '0120', 10500),
    ('planned readmission', 'I', 1, 'room', 0.00, 1.00, 'any', null, '0120', 8600),
    ('transfer', 'I', 1, 'room', 0.00, 1.00, 'any', null, '0120', 15500),
    ('readmission', 'P', 1, 'code', 0.00, 1.00, 'any', '99223', null, 205),
    ('planned readmission', 'P', 1, 'code', 0.00, 1.00, 'any', '99222', null, 138),
    ('transfer', 'P', 1, 'code', 0.00, 1.00, 'any', '99223', null, 205),
    ('mental follow-up', 'P', 1, 'code', 0.00, 0.50, 'any', '90834', null, 86),
    ('mental follow-up', 'P', 1, 'code', 0.50, 0.94, 'any', '99214', null, 108),
    ('mental follow-up', 'P', 1, 'code', 0.94, 1.00, 'any', 'H0035', null, 180),
    ('addiction visit', 'P', 1, 'code', 0.00, 0.60, 'any', 'H0004', null, 70),
    ('addiction visit', 'P', 1, 'code', 0.60, 1.00, 'any', '99213', null, 73),
    ('transition visit', 'P', 1, 'code', 0.00, 0.55, 'any', '99495', null, 165),
    ('transition visit', 'P', 1, 'code', 0.55, 1.00, 'any', '99214', null, 108),
    ('transition visit', 'P', 2, 'reconcile', 0.00, 0.45, 'any', '1111F', null, 0),
    ('skilled nursing', 'I', 1, 'room', 0.00, 1.00, 'any', null, '0022', 9400),
    ('home health', 'I', 1, 'visits', 0.00, 1.00, 'any', 'G0299', '0551', 2700),
    ('nursery follow-up', 'P', 1, 'code', 0.00, 1.00, 'any', '99391', null, 92),
    ('intensive nursery', 'I', 1, 'room', 0.00, 1.00, 'any', null, '0174', 36000),
    ('intensive nursery', 'P', 1, 'code', 0.00, 1.00, 'any', '99477', null, 330),
    ('stays', 'I', 1, 'room', 0.00, 1.00, 'any', null, '0120', null),
    ('psychiatric stays', 'I', 1, 'room', 0.00, 1.00, 'any', null, '0124', null),
    ('psychiatric stays', 'P', 1, 'code', 0.00, 0.60, 'any', '99223', null, 205),
    ('psychiatric stays', 'P', 1, 'code', 0.60, 1.00, 'any', '99222', null, 138),
    ('stays', 'P', 1, 'code', 0.00, 0.60, 'any', '99223', null, 205),
    ('stays', 'P', 1, 'code', 0.60, 1.00, 'any', '99222', null, 138),
) as t (
    care, part, line_no, roll, low, high, line_case, hcpcs_code, revenue_center_code,
    price,
);

-- What full detail adds to a claim: lines from the pool of its kind, between the two
-- numbers, which together take `price_share` of the price of its first line.
create table param.extra_lines as
select * from (
    values
    ('office', 'P', 1, 5, 0.12), ('laboratory', 'P', 3, 10, 0.60),
    ('hospital stay', 'I', 12, 48, 0.55), ('hospital stay', 'P', 2, 9, 0.40),
    ('emergency', 'I', 3, 17, 0.45), ('emergency', 'P', 1, 5, 0.15),
    ('hospital day', 'I', 6, 26, 0.40), ('hospital day', 'P', 1, 3, 0.10),
    ('therapy', 'P', 1, 4, 0.40), ('facility month', 'I', 4, 18, 0.30),
) as t (pool, part, lines_least, lines_most, price_share);

create table param.extra_code as
select * from (
    values
    ('office', 'P', 0, '36415', null), ('office', 'P', 1, '81002', null),
    ('office', 'P', 2, '85018', null), ('office', 'P', 3, '99000', null),
    ('office', 'P', 4, '94760', null), ('office', 'P', 5, '96372', null),
    ('office', 'P', 6, '82962', null), ('office', 'P', 7, '87804', null),
    ('laboratory', 'P', 0, '80048', null), ('laboratory', 'P', 1, '82306', null),
    ('laboratory', 'P', 2, '82728', null), ('laboratory', 'P', 3, '84439', null),
    ('laboratory', 'P', 4, '85027', null), ('laboratory', 'P', 5, '87086', null),
    ('laboratory', 'P', 6, '82607', null), ('laboratory', 'P', 7, '36415', null),
    ('hospital stay', 'I', 0, null, '0250'), ('hospital stay', 'I', 1, null, '0270'),
    ('hospital stay', 'I', 2, null, '0300'), ('hospital stay', 'I', 3, null, '0301'),
    ('hospital stay', 'I', 4, null, '0305'), ('hospital stay', 'I', 5, null, '0320'),
    ('hospital stay', 'I', 6, null, '0410'), ('hospital stay', 'I', 7, null, '0730'),
    ('hospital stay', 'P', 0, '99232', null), ('hospital stay', 'P', 1, '99231', null),
    ('hospital stay', 'P', 2, '99238', null), ('hospital stay', 'P', 3, '93971', null),
    ('hospital stay', 'P', 4, '93010', null), ('hospital stay', 'P', 5, '99233', null),
    ('hospital stay', 'P', 6, '94640', null), ('hospital stay', 'P', 7, '36556', null),
    ('emergency', 'I', 0, '80053', '0301'), ('emergency', 'I', 1, '85025', '0305'),
    ('emergency', 'I', 2, '96374', '0450'), ('emergency', 'I', 3, null, '0250'),
    ('emergency', 'I', 4, '93005', '0730'), ('emergency', 'I', 5, '73130', '0320'),
    ('emergency', 'I', 6, 'J2405', '0636'), ('emergency', 'I', 7, null, '0270'),
    ('emergency', 'P', 0, '93010', null), ('emergency', 'P', 1, '12001', null),
    ('emergency', 'P', 2, '73130', null), ('emergency', 'P', 3, '73610', null),
    ('emergency', 'P', 4, '70450', null), ('emergency', 'P', 5, '12002', null),
    ('emergency', 'P', 6, '29125', null), ('emergency', 'P', 7, '76705', null),
    ('hospital day', 'I', 0, null, '0250'), ('hospital day', 'I', 1, null, '0270'),
    ('hospital day', 'I', 2, null, '0370'), ('hospital day', 'I', 3, null, '0710'),
    ('hospital day', 'I', 4, '88305', '0310'), ('hospital day', 'I', 5, 'J2250', '0636'),
    ('hospital day', 'I', 6, 'J3010', '0636'), ('hospital day', 'I', 7, 'J2704', '0636'),
    ('hospital day', 'P', 0, '88305', null), ('hospital day', 'P', 1, '00840', null),
    ('hospital day', 'P', 2, '94761', null), ('hospital day', 'P', 3, '88342', null),
    ('hospital day', 'P', 4, '76942', null), ('hospital day', 'P', 5, '64450', null),
    ('hospital day', 'P', 6, '77002', null), ('hospital day', 'P', 7, '36000', null),
    ('therapy', 'P', 0, '97112', null), ('therapy', 'P', 1, '97530', null),
    ('therapy', 'P', 2, '97014', null), ('therapy', 'P', 3, '97035', null),
    ('therapy', 'P', 4, '96127', null), ('therapy', 'P', 5, '90785', null),
    ('therapy', 'P', 6, 'H0048', null), ('therapy', 'P', 7, 'T1016', null),
    ('facility month', 'I', 0, null, '0250'), ('facility month', 'I', 1, null, '0270'),
    ('facility month', 'I', 2, null, '0300'), ('facility month', 'I', 3, null, '0420'),
    ('facility month', 'I', 4, null, '0430'), ('facility month', 'I', 5, null, '0440'),
    ('facility month', 'I', 6, null, '0410'), ('facility month', 'I', 7, null, '0320'),
) as t (pool, part, position, hcpcs_code, revenue_center_code);

-- Where a visit of a place is billed from: place of service of professional claims,
-- bill type of institutional ones, and the pool of extra lines
create table param.place as
select * from (
    values
    ('home', '11', '0771', 'office'), ('women', '11', null, 'office'),
    ('hospital', '22', '0131', 'hospital day'), ('emergency', '23', '0131', 'emergency'),
    ('tertiary', '21', '0111', 'hospital stay'), ('delivery', '21', '0111', 'hospital stay'),
    ('inpatient', '21', '0111', 'hospital stay'),
    ('psychiatric', '51', '0111', 'hospital stay'),
    ('cardiology', '11', null, 'office'), ('orthopedics', '11', null, 'office'),
    ('dermatology', '11', null, 'office'), ('eyes', '11', null, 'office'),
    ('mental', '11', null, 'therapy'), ('addiction', '57', null, 'therapy'),
    ('therapy', '11', null, 'therapy'), ('nursing', '32', '0213', 'facility month'),
    ('hospice', '34', '0812', 'facility month'),
    ('home health', '12', '0329', 'facility month'),
    ('laboratory', '81', null, 'laboratory'),
    -- nothing beside the service itself
    ('dental', '11', null, null), ('agency', '53', null, null), ('school', '03', null, null),
    ('day treatment', '99', null, null), ('home support', '12', null, null),
    ('shared living', '14', null, null), ('residential', '56', null, null),
    ('transport', '99', null, null),
) as t (place, place_of_service_code, bill_type_code, pool);

-- Results of tests: the least, how much more at most, and the power to which a number
-- drawn from [0, 1) is raised: the higher, the fewer are far from the least
create table param.lab_test as
select * from (
    values
    ('diabetes laboratory', '4548-4', '%', 5.6, 6.6, 2.2, 1),
    ('diabetes laboratory', '13457-7', 'mg/dL', 55, 110, 1.0, 0),
    ('lipid laboratory', '13457-7', 'mg/dL', 60, 130, 1.0, 0),
    ('vascular laboratory', '13457-7', 'mg/dL', 50, 110, 1.0, 0),
    ('kidney laboratory', '14957-5', 'mg/L', 3, 120, 4.0, 0),
    -- how much of its blood the heart ejects
    ('echocardiogram', '10230-1', '%', 25, 40, 1.0, 0),
) as t (care, code, units, base, breadth, power, digits);

-- What is measured or asked at visits, at these ages: the share of visits of the last two
-- years in which it is and is sent, the least and how much more at most
create table param.measurement as
select * from (
    values
    ('s', '8480-6', 'mm[Hg]', 102, 40, 8, 'pressure', 18, 199, 0.55),
    ('d', '8462-4', 'mm[Hg]', 60, 27, 8, 'pressure', 18, 199, 0.55),
    ('b', '39156-5', 'kg/m2', 19, 18, 0, 'body mass', 18, 199, 0.30),
    ('p', '59576-9', '%', 3, 96, 0, 'body mass', 2, 17, 0.30),
    ('t', '72166-2', null, 0, 1, 0, 'tobacco', 12, 199, 0.40),
    ('q', '73831-0', null, 0, 1, 0, 'depression', 12, 17, 0.08),
    ('q', '73832-8', null, 0, 1, 0, 'depression', 18, 199, 0.08),
    ('n', '44261-6', null, 0, 14, 0, 'depression score', 12, 199, 0.06),
    ('f', '73830-2', null, 0, 1, 0, 'falls', 65, 199, 0.04),
) as t (
    suffix, code, units, base, breadth, more_with_hypertension, purpose, from_age,
    to_age, share,
);

-- Vaccines by month of age: CVX code and when it is given, up to adolescence
create table param.vaccine as
select * from (
    values
    ('08', 0), ('08', 2), ('08', 6),
    ('20', 2), ('20', 4), ('20', 6), ('20', 15),
    ('10', 2), ('10', 4), ('10', 6),
    ('48', 2), ('48', 4), ('48', 12),
    ('133', 2), ('133', 4), ('133', 6), ('133', 12),
    ('116', 2), ('116', 4), ('116', 6),
    ('03', 12), ('21', 12), ('83', 13), ('83', 19),
    ('141', 7), ('141', 9), ('141', 18),
    ('115', 138), ('114', 138), ('165', 139), ('165', 146),
) as t (cvx_code, month);
-- of the doses due: given and sent
set variable share_vaccinated = 0.90;
-- of people: of families that do not refuse
set variable share_willing = 0.93;

-- Events of recognition. What happens to whom:
--   PR02  from engagement to recognition under the standard of 2017, in time
--   PR03, PR13, PR18, PR19, PR21   recognized throughout
--   PR04  lapsed, with a complete plan in time (H-01, H-02, H-03, H-05); stays lapsed
--   PR05  lapsed with a plan and recovered (H-05, restored)
--   PR06  interim survey, recognized at a higher level; asked for another within six
--         months (E-08)
--   PR07  postponed, plan within 15 days, paid for more time (H-01, H-07), and recognized
--   PR08  first engaged mid-way, recognized within the year
--   PR10  failed within the year; its plan lacks the timeline (H-02, H-04)
--   PR15  postponed, level 3, paid for more time, not recognized in the 90 days (H-08)
--   PR16  lapsed without a plan (H-03, H-04), paid for more time from the second month
--         on and did not make it: one of its payers recoups, the others do not (H-08)
--   PR17  first recognition under 2014, level 1
--   PR20  failed within the year, complete plan within 30 days: decay at once (H-06)
--   PR22  lapsed in 2015 and attested progress, as in the manual's first example, then won
--   PR23  lapsed; its plan came after it was due (H-01)
--   PR14  engaged, failed, no plan (H-04 of 5.3.2)
--   PR26  paid for more time at first recognition and did not make it in 3 months (H-08)
create table param.practice_recognition as
select * replace (event_date::date as event_date)
from (
    values
    ('PR01', '2016-03-15', 'recognized', '2014', '3', null, null, null),
    ('PR01', '2016-03-18', 'recognition_transmitted', '2014', '3', null, null, null),
    ('PR02', '2015-02-10', 'recognized', '2014', '2', null, null, null),
    ('PR02', '2015-02-16', 'recognition_transmitted', '2014', '2', null, null, null),
    ('PR02', '2017-05-10', 'engagement_submitted', '2017', null, null, null, null),
    ('PR02', '2017-05-16', 'transmitted_to_payers', '2017', null, null, null, null),
    ('PR02', '2018-03-20', 'recognized', '2017', null, null, null, null),
    ('PR02', '2018-03-26', 'recognition_transmitted', '2017', null, null, null, null),
    ('PR03', '2015-11-02', 'recognized', '2014', '3', null, null, null),
    ('PR03', '2015-11-09', 'recognition_transmitted', '2014', '3', null, null, null),
    ('PR04', '2014-09-20', 'recognized', '2014', '2', null, null, null),
    ('PR04', '2014-09-25', 'recognition_transmitted', '2014', '2', null, null, null),
    ('PR04', '2017-09-20', 'lapsed', '2014', '2', null, null, null),
    ('PR04', '2017-10-05', 'action_plan_submitted', '2014', null, 1, 1, 1),
    ('PR05', '2014-05-12', 'recognized', '2014', '3', null, null, null),
    ('PR05', '2014-05-19', 'recognition_transmitted', '2014', '3', null, null, null),
    ('PR05', '2017-05-12', 'lapsed', '2014', '3', null, null, null),
    ('PR05', '2017-05-25', 'action_plan_submitted', '2014', null, 1, 1, 1),
    ('PR05', '2017-11-08', 'recognized', '2017', null, null, null, null),
    ('PR05', '2017-11-14', 'recognition_transmitted', '2017', null, null, null, null),
    ('PR06', '2015-08-03', 'recognized', '2014', '2', null, null, null),
    ('PR06', '2015-08-11', 'recognition_transmitted', '2014', '2', null, null, null),
    ('PR06', '2017-02-14', 'interim_survey', '2014', '3', null, null, null),
    ('PR06', '2017-04-03', 'recognized', '2014', '3', null, null, null),
    ('PR06', '2017-04-10', 'recognition_transmitted', '2014', '3', null, null, null),
    ('PR06', '2017-07-11', 'interim_survey', '2014', '3', null, null, null),
    ('PR07', '2014-06-30', 'recognized', '2014', '2', null, null, null),
    ('PR07', '2014-07-07', 'recognition_transmitted', '2014', '2', null, null, null),
    ('PR07', '2017-05-15', 'postponed', '2014', null, null, null, null),
    ('PR07', '2017-05-25', 'action_plan_submitted', '2014', null, 1, 1, 1),
    ('PR07', '2017-06-30', 'lapsed', '2014', '2', null, null, null),
    ('PR07', '2017-07-20', 'extension_fee_paid', '2014', null, null, null, null),
    ('PR07', '2017-09-28', 'recognized', '2017', null, null, null, null),
    ('PR07', '2017-10-04', 'recognition_transmitted', '2017', null, null, null, null),
    ('PR08', '2017-08-22', 'engagement_submitted', '2017', null, null, null, null),
    ('PR08', '2017-08-29', 'transmitted_to_payers', '2017', null, null, null, null),
    ('PR08', '2018-06-11', 'recognized', '2017', null, null, null, null),
    ('PR08', '2018-06-15', 'recognition_transmitted', '2017', null, null, null, null),
    ('PR10', '2017-02-06', 'engagement_submitted', '2017', null, null, null, null),
    ('PR10', '2017-02-13', 'transmitted_to_payers', '2017', null, null, null, null),
    ('PR10', '2018-02-06', 'not_attained', '2017', null, null, null, null),
    ('PR10', '2018-03-05', 'action_plan_submitted', '2017', null, 1, 1, 0),
    ('PR12', '2015-01-20', 'recognized', '2014', '1', null, null, null),
    ('PR12', '2015-01-26', 'recognition_transmitted', '2014', '1', null, null, null),
    ('PR13', '2015-09-14', 'recognized', '2014', '3', null, null, null),
    ('PR13', '2015-09-21', 'recognition_transmitted', '2014', '3', null, null, null),
    ('PR14', '2016-11-02', 'engagement_submitted', '2014', null, null, null, null),
    ('PR14', '2016-11-10', 'transmitted_to_payers', '2014', null, null, null, null),
    ('PR14', '2017-11-02', 'not_attained', '2014', null, null, null, null),
    ('PR15', '2014-12-01', 'recognized', '2014', '3', null, null, null),
    ('PR15', '2014-12-08', 'recognition_transmitted', '2014', '3', null, null, null),
    ('PR15', '2017-11-20', 'postponed', '2014', null, null, null, null),
    ('PR15', '2017-11-30', 'action_plan_submitted', '2014', null, 1, 1, 1),
    ('PR15', '2017-12-01', 'lapsed', '2014', '3', null, null, null),
    ('PR15', '2017-12-15', 'extension_fee_paid', '2014', null, null, null, null),
    ('PR15', '2018-03-16', 'not_attained', '2014', null, null, null, null),
    ('PR16', '2015-01-12', 'recognized', '2014', '2', null, null, null),
    ('PR16', '2015-01-20', 'recognition_transmitted', '2014', '2', null, null, null),
    ('PR16', '2018-01-12', 'lapsed', '2014', '2', null, null, null),
    ('PR16', '2018-02-12', 'extension_fee_paid', '2014', null, null, null, null),
    ('PR16', '2018-05-14', 'not_attained', '2014', null, null, null, null),
    ('PR17', '2016-05-23', 'recognized', '2014', '1', null, null, null),
    ('PR17', '2016-05-31', 'recognition_transmitted', '2014', '1', null, null, null),
    ('PR18', '2015-10-05', 'recognized', '2014', '3', null, null, null),
    ('PR18', '2015-10-13', 'recognition_transmitted', '2014', '3', null, null, null),
    ('PR19', '2016-07-18', 'recognized', '2014', '3', null, null, null),
    ('PR19', '2016-07-25', 'recognition_transmitted', '2014', '3', null, null, null),
    ('PR20', '2016-06-06', 'engagement_submitted', '2014', null, null, null, null),
    ('PR20', '2016-06-14', 'transmitted_to_payers', '2014', null, null, null, null),
    ('PR20', '2017-06-06', 'not_attained', '2014', null, null, null, null),
    ('PR20', '2017-06-28', 'action_plan_submitted', '2014', null, 1, 1, 1),
    ('PR20', '2018-04-16', 'recognized', '2017', null, null, null, null),
    ('PR20', '2018-04-23', 'recognition_transmitted', '2017', null, null, null, null),
    ('PR21', '2017-01-09', 'recognized', '2014', '2', null, null, null),
    ('PR21', '2017-01-17', 'recognition_transmitted', '2014', '2', null, null, null),
    ('PR22', '2012-09-28', 'recognized', '2014', '1', null, null, null),
    ('PR22', '2012-10-05', 'recognition_transmitted', '2014', '1', null, null, null),
    ('PR22', '2015-08-28', 'postponed', '2014', null, null, null, null),
    ('PR22', '2015-09-09', 'action_plan_submitted', '2014', null, 1, 1, 1),
    ('PR22', '2015-09-28', 'lapsed', '2014', '1', null, null, null),
    ('PR22', '2016-02-15', 'progress_attested', '2014', null, null, null, null),
    ('PR22', '2016-08-22', 'progress_attested', '2014', null, null, null, null),
    ('PR22', '2016-12-12', 'recognized', '2014', '2', null, null, null),
    ('PR22', '2016-12-19', 'recognition_transmitted', '2014', '2', null, null, null),
    ('PR23', '2014-10-20', 'recognized', '2014', '2', null, null, null),
    ('PR23', '2014-10-27', 'recognition_transmitted', '2014', '2', null, null, null),
    ('PR23', '2017-10-20', 'lapsed', '2014', '2', null, null, null),
    ('PR23', '2018-05-02', 'action_plan_submitted', '2014', null, 1, 1, 1),
    ('PR26', '2016-10-03', 'engagement_submitted', '2014', null, null, null, null),
    ('PR26', '2016-10-11', 'transmitted_to_payers', '2014', null, null, null, null),
    ('PR26', '2017-10-03', 'not_attained', '2014', null, null, null, null),
    ('PR26', '2017-10-16', 'action_plan_submitted', '2014', null, 1, 1, 1),
    ('PR26', '2017-11-01', 'extension_fee_paid', '2014', null, null, null, null),
    ('PR26', '2018-02-01', 'not_attained', '2014', null, null, null, null),
    ('PR27', '2014-03-03', 'recognized', '2014', '2', null, null, null),
    ('PR27', '2014-03-10', 'recognition_transmitted', '2014', '2', null, null, null),
) as t (
    practice_id, event_date, event, standard, level, has_reasons, has_improvement_plan,
    has_timeline,
);

-- Initiatives of the Community Collaboratives, in turn by HSA number. PR06 has the gap:
-- nothing in 2016 and 2017; PR08 and PR21 joined late.
create table param.initiative as
select * from (
    values
    (0, 'care coordination'), (1, 'clinical quality'), (2, 'primary prevention'),
    (3, 'self-management'),
) as t (number, initiative);

create table param.participation_gap as
select * from (
    values
    ('PR06', 2016), ('PR06', 2017), ('PR08', 2015), ('PR08', 2016), ('PR21', 2015),
) as t (practice_id, calendar_year);

-- Events in the Women's Health Initiative. PR09 lapsed for want of renewal in 2018 and
-- was restored within the quarter; PR24 lapsed for want of a third agreement, with a
-- plan in time; PR25 lapsed without a plan; the women's health providers of PR26 joined
-- in 2017 and its medical home in 2018, PR10 joined as a whole; PR18 is a primary-care
-- practice in the WHI.
create table param.whi_participation as
select * replace (event_date::date as event_date)
from (
    values
    ('PR09', '2017-02-10', 'attestation_confirmed', null, null, null),
    ('PR09', '2017-04-01', 'initiated', null, null, null),
    ('PR09', '2017-05-02', 'strategy_implemented', 'larc stock', null, null),
    ('PR09', '2017-06-20', 'strategy_implemented', 'screening policy', null, null),
    ('PR09', '2017-06-20', 'strategy_implemented', 'family planning', null, null),
    ('PR09', '2017-09-12', 'strategy_implemented', 'same-day larc', null, null),
    ('PR09', '2018-01-22', 'strategy_implemented', 'community agreements', 3, null),
    ('PR09', '2018-01-22', 'strategy_implemented', 'pcmh agreement', 1, null),
    ('PR09', '2018-04-02', 'lapsed', null, null, null),
    ('PR09', '2018-04-20', 'action_plan_submitted', null, null, null),
    ('PR09', '2018-05-11', 'restored', null, null, null),
    ('PR09', '2018-05-11', 'attestation_renewed', null, null, null),
    ('PR10', '2017-11-15', 'attestation_confirmed', null, null, null),
    ('PR10', '2018-01-01', 'initiated', null, null, null),
    ('PR10', '2018-02-20', 'strategy_implemented', 'larc stock', null, null),
    ('PR10', '2018-04-09', 'strategy_implemented', 'screening policy', null, null),
    ('PR10', '2018-05-14', 'strategy_implemented', 'community agreements', 2, null),
    ('PR18', '2017-08-21', 'attestation_confirmed', null, null, null),
    ('PR18', '2017-10-01', 'initiated', null, null, null),
    ('PR18', '2017-11-06', 'strategy_implemented', 'larc stock', null, null),
    ('PR18', '2017-12-18', 'strategy_implemented', 'screening policy', null, null),
    ('PR24', '2017-01-17', 'attestation_confirmed', null, null, null),
    ('PR24', '2017-03-01', 'initiated', null, null, null),
    ('PR24', '2017-03-28', 'strategy_implemented', 'larc stock', null, null),
    ('PR24', '2017-05-22', 'strategy_implemented', 'screening policy', null, null),
    ('PR24', '2017-05-30', 'strategy_implemented', 'family planning', null, null),
    ('PR24', '2017-08-14', 'strategy_implemented', 'same-day larc', null, null),
    ('PR24', '2018-02-12', 'strategy_implemented', 'community agreements', 2, null),
    ('PR24', '2018-02-12', 'strategy_implemented', 'pcmh agreement', 2, null),
    ('PR24', '2018-02-26', 'attestation_renewed', null, null, null),
    ('PR24', '2018-03-02', 'lapsed', null, null, null),
    ('PR24', '2018-03-21', 'action_plan_submitted', null, null, null),
    ('PR24', '2018-06-04', 'strategy_implemented', 'social determinants', null, null),
    ('PR25', '2017-03-06', 'attestation_confirmed', null, null, null),
    ('PR25', '2017-05-01', 'initiated', null, null, null),
    ('PR25', '2017-06-12', 'strategy_implemented', 'larc stock', null, null),
    ('PR25', '2018-05-01', 'lapsed', null, null, null),
    ('PR26', '2017-09-18', 'attestation_confirmed', null, null, 'whi'),
    ('PR26', '2017-11-01', 'initiated', null, null, 'whi'),
    ('PR26', '2017-11-28', 'strategy_implemented', 'larc stock', null, null),
    ('PR26', '2018-01-29', 'strategy_implemented', 'screening policy', null, null),
    ('PR26', '2018-01-29', 'strategy_implemented', 'family planning', null, null),
    ('PR26', '2018-02-12', 'attestation_confirmed', null, null, 'pcmh'),
    ('PR26', '2018-04-01', 'initiated', null, null, 'pcmh'),
) as t (practice_id, event_date, event, strategy, agreements, program);

-- Devices in stock. PR10 stood below the minimum mix at its first count, PR25 below the
-- total at its last.
create table param.larc_stock as
select * from (
    values
    ('PR09', date '2017-05-02', 3, 2, 2),
    ('PR09', date '2017-09-30', 3, 2, 1),
    ('PR09', date '2017-12-31', 2, 2, 1),
    ('PR09', date '2018-03-31', 4, 2, 2),
    ('PR09', date '2018-06-30', 3, 3, 1),
    ('PR10', date '2018-02-20', 2, 1, 1),
    ('PR10', date '2018-06-30', 2, 2, 1),
    ('PR18', date '2017-11-06', 2, 2, 1),
    ('PR18', date '2018-06-30', 3, 2, 1),
    ('PR24', date '2017-03-28', 4, 2, 1),
    ('PR24', date '2018-06-30', 2, 3, 2),
    ('PR25', date '2017-06-12', 2, 2, 1),
    ('PR25', date '2018-03-31', 1, 2, 0),
    ('PR26', date '2017-11-28', 3, 2, 1),
) as t (practice_id, count_date, hormonal_iud, nonhormonal_iud, implant);

-- US dollars per patient and month: what administrative entities invoice, and the parts
-- of Medicare's amounts that were fixed for 2017
create table param.cht_rate as
select * from (
    values
    ('medicaid', 2.77), ('bcbsvt', 2.77), ('mvp', 2.77), ('cigna', 2.77),
    ('medicare', 2.47),
) as t (payer, rate);
set variable medicare_sash_rate = 4.24;

-- What part of the Community Health Team's payment stands for a practice (F-00, F-05,
-- F-06, H-04 to H-06), where it is not all of it; a month without an end goes on
create table param.cht_factor as
select practice_id, month_from::date as month_from, month_to::date as month_to, factor,
from (values
    ('PR04', '2018-01-01', '2018-03-01', 0.75),
    ('PR04', '2018-04-01', '2018-06-01', 0.50),
    ('PR04', '2018-07-01', '2018-09-01', 0.25),
    ('PR05', '2017-10-01', '2017-12-01', 0.75),
    ('PR06', '2017-01-01', '2017-12-01', 0.00),
    ('PR08', '2017-01-01', '2017-10-01', 0.00),
    ('PR09', '2017-01-01', null, 0.00),
    ('PR10', '2018-04-01', null, 0.00),
    ('PR11', '2017-01-01', null, 0.00),
    ('PR12', '2018-01-01', null, 0.00),
    ('PR14', '2018-01-01', null, 0.00),
    ('PR15', '2018-04-01', '2018-06-01', 0.75),
    ('PR15', '2018-07-01', '2018-09-01', 0.50),
    ('PR16', '2018-04-01', null, 0.00),
    ('PR20', '2017-10-01', '2017-12-01', 0.75),
    ('PR20', '2018-01-01', '2018-03-01', 0.50),
    ('PR20', '2018-04-01', '2018-06-01', 0.25),
    ('PR23', '2018-01-01', null, 0.00),
    ('PR24', '2017-01-01', null, 0.00),
    ('PR25', '2017-01-01', null, 0.00),
    ('PR26', '2018-01-01', '2018-03-01', 0.75),
    ('PR26', '2018-04-01', '2018-06-01', 0.50),
    ('PR26', '2018-07-01', '2018-09-01', 0.25),
    ('PR27', '2018-01-01', null, 0.00)
) as t (practice_id, month_from, month_to, factor);

-- Invoices that are not as they should be: AE04 is late in January, AE10 forgets one,
-- AE13 bills PR23 in the quarter after its payment ended, AE06 has a digit wrong
create table param.invoice_error as
select administrative_entity_id, payer, month_from::date as month_from,
    month_to::date as month_to, error, days_later, too_much,
from (values
    ('AE04', null, '2018-01-01', '2018-01-01', 'late', 15, 0),
    ('AE10', 'bcbsvt', '2018-04-01', '2018-04-01', 'forgotten', 0, 0),
    ('AE13', null, '2018-01-01', '2018-03-01', 'lapse_overlooked', 0, 0),
    ('AE06', 'bcbsvt', '2018-01-01', '2018-01-01', 'wrong_digit', 0, 100)
) as t (administrative_entity_id, payer, month_from, month_to, error, days_later, too_much);
-- What Medicare paid practices per patient and month before 2017
set variable medicare_pppm = 3.25;

-- What a payer that knows no practices pays in the whole state, US dollars a month
create table param.statewide_amount as
select * from (
    values
    ('cigna', 'cigna', 'cht', date '2018-01-01', date '2018-06-01', 196.67),
) as t (payer, payee_id, component, month_from, month_to, amount);

create table param.payment_override as
select * from (
    values
    (
        'PR10', 'whi_cht', date '2018-01-01', date '2018-06-01', 1950.00,
        'one WHI provider at 0.6 FTE and fewer than 600 women: floor pro-rated',
    ),
    (
        'PR26', 'whi_cht', date '2017-11-01', date '2018-06-01', 2275.00,
        'one WHI provider at 0.7 FTE and fewer than 600 women: floor pro-rated',
    ),
    (
        'PR17', 'cht', date '2018-01-01', date '2018-03-01', 120.00,
        'team shared with a practice across the border of the area',
    ),
) as t (practice_id, component, month_from, month_to, amount, reason);

-- Results of measures that others work out: of the practices' own survey of patients, by
-- practice, and of Medicare's by HSA. PR07 had few answers, one practice's second report
-- was late, and shares are of 1.
create table param.survey_practice as
select * from (
    values
    ('PR01', 84), ('PR02', 46), ('PR03', 132), ('PR07', 9), ('PR13', 71),
) as t (practice_id, respondents);
create table param.survey_hsa as
select * from (
    values
    ('Barre', 118, 26), ('Bennington', 64, 15), ('Burlington', 231, 58),
    ('Rutland', 127, 24), ('St. Johnsbury', 57, 13),
) as t (hsa, respondents, physicians);
create table param.reported_measure as
select * from (
    values
    ('core-21', 'pcmh cahps', 'practice', 0.64, 'respondents', true),
    ('core-22', 'pcmh cahps', 'practice', 0.83, 'respondents', true),
    ('core-23', 'pcmh cahps', 'practice', 0.66, 'respondents', true),
    ('core-24', 'pcmh cahps', 'practice', 0.52, 'respondents', true),
    ('core-25', 'pcmh cahps', 'practice', 0.55, 'respondents', true),
    ('core-26', 'pcmh cahps', 'practice', 0.81, 'respondents', true),
    ('core-27', 'pcmh cahps', 'practice', 0.69, 'respondents', true),
    ('core-28', 'pcmh cahps', 'practice', 0.70, 'respondents', true),
    ('core-29', 'pcmh cahps', 'practice', 0.61, 'respondents', true),
    ('mssp-1', 'cahps for acos', 'hsa', 0.80, 'respondents', false),
    ('mssp-2', 'cahps for acos', 'hsa', 0.93, 'respondents', false),
    ('mssp-3', 'cahps for acos', 'hsa', 0.92, 'respondents', false),
    ('mssp-4', 'cahps for acos', 'hsa', 0.83, 'respondents', false),
    ('mssp-5', 'cahps for acos', 'hsa', 0.60, 'respondents', false),
    ('mssp-6', 'cahps for acos', 'hsa', 0.75, 'respondents', false),
    ('mssp-7', 'cahps for acos', 'hsa', 0.73, 'respondents', false),
    ('mssp-8', 'cms', 'hsa', 0.15, 'discharges', false),
    ('mssp-11', 'cms', 'hsa', 0.82, 'physicians', true),
) as t (measure_id, source, level, share, asked, is_counted);

-- Months in which practices of the sample are paid at another rate than the base, or
-- nothing, as payers are told (E-02, E-07, H-03)
create table param.told_rate as
select practice_id, month_from::date as month_from, month_to::date as month_to, pppm,
from (values
    ('PR01', '2018-01-01', '2018-06-01', 3.25),
    ('PR03', '2018-01-01', '2018-06-01', 3.07),
    ('PR04', '2017-10-01', '2018-06-01', 0.00),
    ('PR05', '2017-07-01', '2017-11-01', 0.00),
    ('PR05', '2018-01-01', '2018-06-01', 3.25),
    ('PR06', '2017-07-01', '2017-12-01', 0.00),
    ('PR06', '2018-01-01', '2018-06-01', 3.07),
    ('PR07', '2018-01-01', '2018-06-01', 3.07),
    ('PR08', '2017-07-01', '2017-09-01', 0.00),
    ('PR08', '2018-01-01', '2018-06-01', 3.13),
    ('PR10', '2018-01-01', '2018-02-01', 3.07),
    ('PR10', '2018-03-01', '2018-06-01', 0.00),
    ('PR13', '2018-01-01', '2018-06-01', 3.25),
    ('PR14', '2017-12-01', '2018-06-01', 0.00),
    ('PR15', '2018-04-01', '2018-06-01', 0.00),
    ('PR16', '2018-01-01', '2018-05-01', 3.25),
    ('PR16', '2018-06-01', '2018-06-01', 0.00),
    ('PR18', '2018-01-01', '2018-06-01', 3.13),
    ('PR20', '2017-07-01', '2018-04-01', 0.00),
    ('PR21', '2018-01-01', '2018-06-01', 3.13),
    ('PR22', '2018-01-01', '2018-06-01', 3.13),
    ('PR23', '2017-11-01', '2018-06-01', 0.00),
    ('PR26', '2018-03-01', '2018-06-01', 0.00)
) as t (practice_id, month_from, month_to, pppm);

-- Payers that err: one is a quarter late with new rates, one has another practice's
-- rate, one goes on paying after a lapse (A-14)
create table param.report_error as
select payer, practice_id, month_from::date as month_from, month_to::date as month_to,
    months_late, pppm,
from (values
    ('mvp', null, '2018-01-01', '2018-03-01', 3, null),
    ('bcbsvt', 'PR18', '2018-04-01', '2018-06-01', 0, 3.25),
    ('medicaid', 'PR14', '2017-12-01', '2018-02-01', 0, 3.00)
) as t (payer, practice_id, month_from, month_to, months_late, pppm);
