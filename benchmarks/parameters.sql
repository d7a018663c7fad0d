-- Every number that shapes the synthetic population, in one place. generate.py runs
-- this file first, then lays --people and --seed over the variables. Shares are
-- fractions of the rows named in the comment; weights are relative, of any sum.
-- Everything here is invented but town names, ZIP codes, service codes and NDCs; prices
-- are round figures near what payers allowed then.

-- The size, the seed number and the time --------------------------------------------
set variable seed = 20180630;
set variable people = 700;
set variable months = 36;
set variable last_day = date '2018-06-30';
-- claims carry icd-9-cm before this day
set variable icd10_day = date '2015-10-01';

-- People (shares of people, or of the people named) ---------------------------------
set variable share_female = 0.51;
set variable share_gender_unknown = 0.004;
set variable share_medicaid_children = 0.42;
set variable share_commercial_children = 0.24;
-- Medicare under 65
set variable share_medicare_disabled = 0.14;
-- covered by Medicaid too, of Medicare
set variable share_dual = 0.18;
set variable share_medicare_advantage = 0.10;
set variable share_medicare_part_a_only = 0.04;
set variable share_aco_opt_out = 0.03;
-- living in Vermont with an employer in New Hampshire, of commercial
set variable share_situs_elsewhere = 0.03;
-- first covered within the first twenty months
set variable share_joined_later = 0.15;
-- commercial coverage written as one row per contract period instead of one
set variable share_renewed_rows = 0.25;
-- living in an HSA other than the home practice's
set variable share_commuters = 0.04;
-- city given as the village or postal city, where the town has one
set variable share_postal_city = 0.40;
-- city that no gazetteer knows (a warning), of people
set variable share_unmapped_city = 0.003;

-- Visits ----------------------------------------------------------------------------
-- of primary-care visits: at the home practice, at another one, else off the program
set variable share_home = 0.86;
set variable share_other_practice = 0.09;
-- of visits: with the usual provider
set variable share_usual_provider = 0.75;
-- of women 15 to 44: seen by a women's health practice
set variable share_women_seen = 0.75;
-- per person and year
set variable rate_specialist = 0.40;
set variable rate_emergency = 0.20;
set variable rate_laboratory = 0.50;
set variable rate_imaging = 0.15;
set variable rate_admission = 0.025;
-- of professional claims: billing NPI left blank
set variable share_no_billing = 0.03;
-- of claims at a federally qualified health center: rendering NPI left blank
set variable share_fqhc_no_rendering = 0.50;

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
set variable share_line_date_outside = 0.0006;
-- of secondary payers' copies: status 20 instead of 02
set variable share_secondary_forwarded = 0.25;

-- Payers' and practices' reports ----------------------------------------------------
set variable share_report_off = 0.15;
set variable reported_pppm = 3.25;

create schema param;

-- Payers: claim prefix, price relative to Medicare, what they chose ------------------
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

-- Administrative entities, one per HSA with a practice ------------------------------
create table param.administrative_entity as
select * from (
    values
    ('AE01', 'Marble Valley Sample Hospital', 'Rutland', 1, date '2012-01-01', 3.5),
    ('AE02', 'Lakeside Sample Medical Center', 'Burlington', 1, date '2009-10-01', 4.2),
    ('AE03', 'Granite City Sample Hospital', 'Barre', 1, date '2010-01-01', 2.1),
    ('AE04', 'West River Sample Hospital', 'Brattleboro', 1, date '2012-04-01', 1.8),
    ('AE05', 'Passumpsic Sample Hospital', 'St. Johnsbury', 1, date '2008-07-01', 1.6),
    ('AE06', 'Border Lakes Sample Hospital', 'Newport', 1, date '2012-07-01', 1.2),
) as t (
    administrative_entity_id, name, hsa, cms_eligible, operations_start_date,
    fte_filled,
);

-- Practices, all invented. PR06 has two rows: it became a 340B site. PR12 closed and
-- went into PR02. PR10 is mixed: primary care, and women's health apart.
create table param.practice as
select * from (
    values
    (
        'PR01', 'Otter Creek Sample Family Medicine', 'RUTLAND CITY', null, 'AE01',
        'pcmh', 0, 0, 0, null::date, null::date, null,
    ),
    (
        'PR02', 'Slate Ridge Sample Internal Medicine', 'CASTLETON',
        'Slate Ridge Sample Group', 'AE01',
        'pcmh', 0, 0, 0, date '2011-03-01', null, null,
    ),
    (
        'PR03', 'Blue Canoe Sample Family Health', 'BURLINGTON',
        'Lakeside Sample Medical Center', 'AE02',
        'pcmh', 0, 0, 0, date '2009-10-01', null, null,
    ),
    (
        'PR04', 'Five Corners Sample Family Practice', 'ESSEX', null, 'AE02',
        'pcmh', 0, 0, 0, date '2012-06-01', null, null,
    ),
    (
        'PR05', 'Granite Thrush Sample Family Medicine', 'BARRE CITY',
        'Granite City Sample Hospital', 'AE03',
        'pcmh', 0, 0, 0, date '2010-01-01', null, null,
    ),
    (
        'PR06', 'West River Sample Primary Care', 'BRATTLEBORO', null, 'AE04',
        'pcmh', 0, 1, 0, date '2012-04-01', date '2016-12-31', null,
    ),
    (
        'PR06', 'West River Sample Primary Care', 'BRATTLEBORO', null, 'AE04',
        'pcmh', 0, 1, 1, date '2017-01-01', null, null,
    ),
    (
        'PR07', 'Passumpsic Sample Community Health', 'ST. JOHNSBURY', null, 'AE05',
        'pcmh', 1, 0, 1, date '2010-07-01', null, null,
    ),
    (
        'PR08', 'Border Lakes Sample Family Medicine', 'NEWPORT CITY', null, 'AE06',
        'pcmh', 0, 0, 0, date '2014-01-01', null, null,
    ),
    (
        'PR09', 'Champlain Sample Women''s Health', 'SOUTH BURLINGTON', null, 'AE02',
        'whi', 0, 0, 1, date '2010-05-01', null, null,
    ),
    (
        'PR10', 'Pine Hill Sample Family and Women''s Care', 'RUTLAND CITY', null,
        'AE01', 'mixed', 0, 0, 0, date '2015-01-01', null, null,
    ),
    (
        'PR11', 'North Branch Sample Cardiology', 'BERLIN', null, 'AE03',
        'specialty', 0, 0, 0, date '2013-01-01', null, null,
    ),
    (
        'PR12', 'Lake Bomoseen Sample Medicine', 'CASTLETON', null, 'AE01',
        'pcmh', 0, 0, 0, date '2012-01-01', date '2016-12-31', 'PR02',
    ),
) as t (
    practice_id, practice_name, town, parent_organization, administrative_entity_id,
    practice_type, is_fqhc, is_rhc, is_340b, start_date, end_date,
    successor_practice_id,
);

-- Where people are seen: practices, and places that are no practice of the program.
-- `chairs` are the positions of clinicians, of which the first `primary_chairs` give
-- primary care.
create table param.site as
select * from (
    values
    ('PR01', 'primary', 4, 4, 'family medicine'),
    ('PR02', 'primary', 4, 4, 'internal medicine'),
    ('PR03', 'primary', 5, 5, 'family medicine'),
    ('PR04', 'primary', 5, 5, 'family medicine'),
    ('PR05', 'primary', 4, 4, 'family medicine'),
    ('PR06', 'primary', 4, 4, 'family medicine'),
    ('PR07', 'primary', 4, 4, 'federally qualified health center'),
    ('PR08', 'primary', 4, 4, 'family medicine'),
    ('PR09', 'women', 3, 0, 'obstetrics and gynecology'),
    ('PR10', 'mixed', 4, 2, 'family medicine'),
    ('PR11', 'cardiology', 2, 0, 'cardiology'),
    ('OFF1', 'primary', 2, 2, 'family medicine'),
    ('OFF2', 'primary', 2, 2, 'family medicine'),
    ('ORTH', 'orthopedics', 2, 0, 'orthopedic surgery'),
    ('HOSP', 'emergency', 2, 0, 'hospital'),
    ('LABS', 'laboratory', 0, 0, 'clinical laboratory'),
    ('PHAR', 'pharmacy', 0, 0, 'pharmacy'),
) as t (site, kind, chairs, primary_chairs, organization_specialty);

-- Who usually sits in a chair, by kind of site and number of the chair
create table param.chair_kind as
select * from (
    values
    ('primary', 1, 'family medicine', 'MD', '207Q00000X', 0),
    ('primary', 2, 'nurse practitioner', 'NP', '363LF0000X', 0),
    ('primary', 3, 'internal medicine', 'DO', '207R00000X', 0),
    ('primary', 4, 'physician assistant', 'PA', '363A00000X', 0),
    ('primary', 5, 'pediatrics', 'MD', '208000000X', 0),
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
    ('emergency', 1, 'emergency medicine', 'MD', '207P00000X', 0),
    ('emergency', 2, 'emergency medicine', 'DO', '207P00000X', 0),
) as t (kind, chair, specialty, credential, taxonomy_code, board_certified_obgyn);

-- Comings and goings: these rows replace the usual provider of a chair. A provider key
-- '<site>.<chair>' is that chair's usual one, so PR01.2 below works in two practices.
--   PR02.3 is on leave from July 2017 to March 2018; L1, a locum, is on no roster
--   PR05.4 has a locum, L2, who is on the roster for three months
--   PR03.3 changed to PR04 in July 2017 and N1 came in his place
--   PR06.4 left at the end of 2017 and nobody came
--   PR08.2 came in November 2016
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

-- People per home practice and payer, out of the sum. Mvp is concentrated so that most
-- cells of a small population hold 11 people or more and a few do not.
create table param.cell as
select * from (
    values
    ('PR01', 52, 42, 25, 6, 30),
    ('PR02', 44, 36, 6, 5, 26),
    ('PR03', 48, 50, 31, 9, 26),
    ('PR04', 42, 41, 33, 5, 20),
    ('PR05', 44, 39, 25, 4, 26),
    ('PR06', 44, 34, 5, 2, 18),
    ('PR07', 46, 30, 4, 1, 20),
    ('PR08', 44, 30, 3, 1, 20),
    ('PR10', 26, 10, 2, 0, 6),
    ('OFF1', 6, 4, 2, 0, 4),
    ('OFF2', 6, 4, 1, 0, 4),
) as t (home, medicaid, bcbsvt, mvp, cigna, medicare);

-- What sets a life apart, people per thousand; the rest are ordinary. Which of them can
-- happen to whom is in population.sql.
create table param.life as
select * from (
    values
    ('no_visit', 55),
    ('tie_recent', 16),
    ('tie_dates', 10),
    ('tie_same_day', 12),
    ('payer_change', 30),
    ('move', 24),
    ('gap', 20),
    ('left', 12),
    ('ends_before_quarter_end', 12),
    ('ends_on_quarter_end', 8),
    ('death', 40),
    ('two_primary', 12),
    ('secondary', 24),
    ('out_of_state', 50),
) as t (life, per_thousand);

-- Primary-care visits in a year, and the share of people who have so many
create table param.visit_rate as
select * from (
    values (0.5, 0.08), (1, 0.27), (2, 0.32), (3, 0.20), (4, 0.13),
) as t (per_year, share);

-- Towns that people live in, with their residents of 2010 as weights, a village or
-- postal city inside them, and a ZIP code. The town is spelled as in Appendix 8.
create table param.town as
select * from (
    values
    ('Rutland', 'RUTLAND CITY', 'Rutland', '05701', 16495),
    ('Rutland', 'RUTLAND', 'Center Rutland', '05736', 4054),
    ('Rutland', 'CASTLETON', 'Bomoseen', '05732', 4717),
    ('Rutland', 'BRANDON', 'Forest Dale', '05733', 3966),
    ('Rutland', 'POULTNEY', null, '05764', 3432),
    ('Rutland', 'PITTSFORD', 'Florence', '05763', 2991),
    ('Rutland', 'FAIR HAVEN', null, '05743', 2734),
    ('Rutland', 'CLARENDON', 'North Clarendon', '05759', 2571),
    ('Rutland', 'PROCTOR', null, '05765', 1741),
    ('Burlington', 'BURLINGTON', null, '05401', 42417),
    ('Burlington', 'ESSEX', 'Essex Junction', '05452', 19587),
    ('Burlington', 'SOUTH BURLINGTON', null, '05403', 17904),
    ('Burlington', 'COLCHESTER', 'Winooski Park', '05446', 17067),
    ('Burlington', 'MILTON', null, '05468', 10352),
    ('Burlington', 'WILLISTON', null, '05495', 8698),
    ('Burlington', 'WINOOSKI', null, '05404', 7267),
    ('Burlington', 'JERICHO', null, '05465', 5009),
    ('Barre', 'BARRE CITY', 'Barre', '05641', 9052),
    ('Barre', 'BARRE TOWN', 'South Barre', '05670', 7924),
    ('Barre', 'MONTPELIER', null, '05602', 7855),
    ('Barre', 'NORTHFIELD', 'Northfield Falls', '05664', 6207),
    ('Barre', 'WATERBURY', 'Waterbury Center', '05677', 5064),
    ('Barre', 'BERLIN', null, '05602', 2887),
    ('Brattleboro', 'BRATTLEBORO', 'West Brattleboro', '05301', 12046),
    ('Brattleboro', 'WESTMINSTER', null, '05158', 3178),
    ('Brattleboro', 'PUTNEY', null, '05346', 2702),
    ('Brattleboro', 'VERNON', null, '05354', 2206),
    ('Brattleboro', 'NEWFANE', 'Williamsville', '05362', 1726),
    ('St. Johnsbury', 'ST. JOHNSBURY', 'Saint Johnsbury', '05819', 7603),
    ('St. Johnsbury', 'LYNDON', 'Lyndonville', '05851', 5981),
    ('St. Johnsbury', 'DANVILLE', null, '05828', 2196),
    ('St. Johnsbury', 'BURKE', 'East Burke', '05832', 1753),
    ('Newport', 'DERBY', 'Derby Line', '05830', 4621),
    ('Newport', 'NEWPORT CITY', 'Newport', '05855', 4589),
    ('Newport', 'BARTON', 'Orleans', '05860', 2810),
    ('Newport', 'TROY', 'North Troy', '05859', 1662),
    ('Newport', 'BRIGHTON', 'Island Pond', '05846', 1222),
    ('elsewhere', 'HARTFORD', 'White River Junction', '05001', 9952),
    ('elsewhere', 'BENNINGTON', null, '05201', 15764),
    ('elsewhere', 'SPRINGFIELD', null, '05156', 9373),
    ('elsewhere', 'ROCKINGHAM', 'Bellows Falls', '05101', 5282),
    ('elsewhere', 'MIDDLEBURY', null, '05753', 8496),
    ('elsewhere', 'ST. ALBANS CITY', 'Saint Albans', '05478', 6918),
    ('elsewhere', 'MORRISTOWN', 'Morrisville', '05661', 5227),
    ('elsewhere', 'RANDOLPH', null, '05060', 4778),
    ('elsewhere', 'WINDSOR', null, '05089', 3553),
) as t (region, town, postal_city, zip_code, residents);

create table param.out_of_state_city as
select * from (
    values
    (0, 'Lebanon', 'NH', '03766'),
    (1, 'Hanover', 'NH', '03755'),
    (2, 'Plattsburgh', 'NY', '12901'),
    (3, 'Granville', 'NY', '12832'),
    (4, 'Greenfield', 'MA', '01301'),
) as t (number, city, state, zip_code);

-- Services: the price is Medicare's, rounded
create table param.service as
select * from (
    values
    ('99201', 42), ('99202', 72), ('99203', 105), ('99204', 160), ('99212', 44),
    ('99213', 73), ('99214', 108), ('99215', 145), ('99243', 120), ('99308', 68),
    ('99381', 105), ('99382', 110), ('99383', 112), ('99384', 128), ('99385', 125),
    ('99386', 145), ('99387', 158), ('99391', 92), ('99392', 98), ('99393', 98),
    ('99394', 108), ('99395', 112), ('99396', 120), ('99397', 128), ('G0402', 165),
    ('G0438', 172), ('G0439', 117), ('99406', 14), ('99460', 96), ('96110', 10),
    ('90471', 22), ('90686', 18), ('36415', 3), ('85018', 4), ('87880', 16),
    ('80053', 14), ('83036', 13), ('85025', 11), ('80061', 18), ('87491', 48),
    ('88175', 36), ('81025', 9), ('58300', 74), ('J7298', 820), ('S0612', 88),
    ('59400', 2150), ('99283', 62), ('99284', 118), ('71020', 32), ('71046', 31),
    ('G0202', 134), ('77067', 135), ('73630', 28), ('99222', 138), ('93000', 17),
    ('T1015', 140),
) as t (hcpcs_code, price);

create table param.revenue_price as
select * from (
    values ('0120', 1850), ('0250', 410), ('0450', 265),
) as t (revenue_center_code, price);

-- Chronic conditions: share of people by age, and the drug that goes with them
create table param.condition as
select * from (
    values
    ('diabetes', 'E119', '25000', 0.00, 0.06, 0.22, '10631020601', 60, 30, 11.00),
    ('hypertension', 'I10', '4019', 0.00, 0.18, 0.55, '52427043590', 30, 30, 8.00),
    ('lipids', 'E785', '2724', 0.00, 0.10, 0.40, '00071015523', 30, 30, 24.00),
    ('depression', 'F329', '311', 0.02, 0.14, 0.12, '00049005001', 30, 30, 14.00),
    ('asthma', 'J45909', '49390', 0.10, 0.08, 0.06, '00085113204', 1, 50, 52.00),
    ('attention', 'F909', '31401', 0.07, 0.02, 0.00, '00078037005', 30, 30, 96.00),
) as t (
    condition, icd10, icd9, share_child, share_adult, share_aged, ndc_code, quantity,
    days_supply, price,
);

-- Short complaints, in equal shares
create table param.complaint as
select * from (
    values
    (0, 'J069', '4659'), (1, 'M545', '7242'), (2, 'J029', '462'), (3, 'R05', '7862'),
    (4, 'R5383', '78079'), (5, 'J209', '4660'), (6, 'N390', '5990'),
    (7, 'L309', '6929'),
) as t (number, icd10, icd9);

-- Vaccines by month of age: CVX code and when it is given
create table param.vaccine as
select * from (
    values
    ('120', 2), ('133', 2), ('116', 2), ('120', 4), ('133', 4), ('120', 6), ('133', 6),
    ('94', 12), ('133', 12), ('106', 15), ('83', 18), ('83', 24),
) as t (cvx_code, month);

-- Events of recognition. PR02 went from engagement to recognition under the standard
-- of 2017; PR04 lapsed and stayed so; PR05 lapsed and recovered; PR07 postponed and
-- paid for more time; PR08 was first engaged mid-way; PR10 failed to attain recognition
-- within the year and its plan lacks a timeline.
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
    ('PR07', '2015-06-30', 'recognized', '2014', '3', null, null, null),
    ('PR07', '2015-07-07', 'recognition_transmitted', '2014', '3', null, null, null),
    ('PR07', '2018-05-15', 'postponed', '2014', null, null, null, null),
    ('PR07', '2018-05-25', 'action_plan_submitted', '2014', null, 1, 1, 1),
    ('PR07', '2018-06-20', 'extension_fee_paid', '2014', null, null, null, null),
    ('PR08', '2017-08-22', 'engagement_submitted', '2017', null, null, null, null),
    ('PR08', '2017-09-05', 'transmitted_to_payers', '2017', null, null, null, null),
    ('PR08', '2018-06-11', 'recognized', '2017', null, null, null, null),
    ('PR08', '2018-06-15', 'recognition_transmitted', '2017', null, null, null, null),
    ('PR10', '2017-02-06', 'engagement_submitted', '2017', null, null, null, null),
    ('PR10', '2017-02-13', 'transmitted_to_payers', '2017', null, null, null, null),
    ('PR10', '2018-02-06', 'not_attained', '2017', null, null, null, null),
    ('PR10', '2018-03-05', 'action_plan_submitted', '2017', null, 1, 1, 0),
    ('PR12', '2015-01-20', 'recognized', '2014', '1', null, null, null),
    ('PR12', '2015-01-26', 'recognition_transmitted', '2014', '1', null, null, null),
) as t (
    practice_id, event_date, event, standard, level, has_reasons, has_improvement_plan,
    has_timeline,
);

-- Initiatives of the Community Collaboratives. PR06 has the gap: nothing in 2016, 2017.
create table param.initiative as
select * from (
    values
    ('Rutland', 'care coordination'),
    ('Burlington', 'clinical quality'),
    ('Barre', 'primary prevention'),
    ('Brattleboro', 'care coordination'),
    ('St. Johnsbury', 'self-management'),
    ('Newport', 'self-management'),
) as t (hsa, initiative);

create table param.participation_gap as
select * from (
    values ('PR06', 2016), ('PR06', 2017), ('PR08', 2015), ('PR08', 2016),
) as t (practice_id, calendar_year);

-- Events in the Women's Health Initiative. PR09 lapsed for want of renewal in 2018 and
-- was restored within the quarter.
create table param.whi_participation as
select * from (
    values
    ('PR09', date '2017-02-10', 'attestation_confirmed', null, null),
    ('PR09', date '2017-04-01', 'initiated', null, null),
    ('PR09', date '2017-05-02', 'strategy_implemented', 'larc stock', null),
    ('PR09', date '2017-06-20', 'strategy_implemented', 'screening policy', null),
    ('PR09', date '2017-06-20', 'strategy_implemented', 'family planning', null),
    ('PR09', date '2017-09-12', 'strategy_implemented', 'same-day larc', null),
    ('PR09', date '2018-01-22', 'strategy_implemented', 'community agreements', 3),
    ('PR09', date '2018-01-22', 'strategy_implemented', 'pcmh agreement', 1),
    ('PR09', date '2018-04-02', 'lapsed', null, null),
    ('PR09', date '2018-04-20', 'action_plan_submitted', null, null),
    ('PR09', date '2018-05-11', 'restored', null, null),
    ('PR09', date '2018-05-11', 'attestation_renewed', null, null),
    ('PR10', date '2017-11-15', 'attestation_confirmed', null, null),
    ('PR10', date '2018-01-01', 'initiated', null, null),
    ('PR10', date '2018-02-20', 'strategy_implemented', 'larc stock', null),
    ('PR10', date '2018-04-09', 'strategy_implemented', 'screening policy', null),
    ('PR10', date '2018-05-14', 'strategy_implemented', 'community agreements', 2),
) as t (practice_id, event_date, event, strategy, agreements);

-- Devices in stock. PR10 stood below the minimum mix at its first count.
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
) as t (practice_id, count_date, hormonal_iud, nonhormonal_iud, implant);

-- Medicare's amounts per month, fixed for 2017
create table param.payer_fixed_amount as
select * from (
    values
    ('PR01', 'pcmh', 58.50), ('PR02', 'pcmh', 52.00), ('PR03', 'pcmh', 48.75),
    ('PR04', 'pcmh', 42.25), ('PR05', 'pcmh', 48.75), ('PR06', 'pcmh', 45.50),
    ('PR07', 'pcmh', 48.75), ('AE01', 'cht', 96.33), ('AE02', 'cht', 83.98),
    ('AE03', 'cht', 44.46), ('AE04', 'cht', 41.99), ('AE05', 'cht', 44.46),
    ('AE06', 'cht', 37.05), ('AE01', 'sash', 165.36), ('AE02', 'sash', 144.16),
) as t (payee_id, component, amount);

-- US dollars per patient and month that administrative entities invoice
create table param.cht_rate as
select * from (
    values
    ('medicaid', 2.77), ('bcbsvt', 2.77), ('mvp', 2.77), ('cigna', 2.77),
    ('medicare', 2.47),
) as t (payer, rate);

create table param.payment_override as
select * from (
    values
    (
        'PR10', 'whi_cht', date '2018-01-01', date '2018-06-01', 1950.00,
        'one WHI provider at 0.6 FTE and fewer than 600 women: floor pro-rated',
    ),
) as t (practice_id, component, month_from, month_to, amount, reason);
