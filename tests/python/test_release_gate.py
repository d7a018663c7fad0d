"""Every check of the release gate, and of volumes, warns of what it is there for.

The campaign's fifty people are too few for shares and drift, so that these checks judge
a build made by hand, with the limits and queries of the seed.
"""

import duckdb
import pytest

from orchestration.gates import CHECKS_SEED, declared_checks, run_gate
from orchestration.settings import PROJECT

DISCLOSURE = PROJECT / "seeds" / "reference" / "disclosure_rules.csv"
# Three payers with four practices each, in two areas; 100 patients a practice, of 150.
BUILD = f"""
create schema reference; create schema restricted; create schema marts;
create schema intermediate; create schema prior; create schema landing;
create table reference.gate_checks as
    from read_csv('{CHECKS_SEED}', types = {{'effective_from': 'date',
        'effective_to': 'date', 'limit_value': 'double'}});
create table reference.disclosure_rules as from read_csv('{DISCLOSURE}');
create table marts.hsas as select 1 as one;
create table marts.towns as select 1 as one;
create table marts.practices as select 1 as one;
create table marts.providers as select 1 as one;
create table marts.rates as select 1 as one;
create table restricted.attribution_counts as
    select
        as_of_date, 'pcmh' as program, payer, 'PR' || practice as practice_id,
        case when practice < 3 then 'Rutland' else 'Barre' end as hsa,
        100 as attributed_patients
    from (values (date '2018-03-31'), (date '2018-06-30')) as dates(as_of_date),
        (values ('bcbsvt'), ('medicaid'), ('mvp')) as payers(payer),
        range(1, 6) as practices(practice);
update restricted.attribution_counts set hsa = 'Newport' where practice_id = 'PR5';
create table marts.attribution_counts as from restricted.attribution_counts;
create table prior.attribution_counts as from restricted.attribution_counts;
create table restricted.attribution as
    select
        date '2018-06-30' as as_of_date, 'pcmh' as program, payer, true as is_eligible,
        case when person < 100 then 'PR1' end as practice_id
    from (values ('bcbsvt'), ('medicaid'), ('mvp')) as payers(payer),
        range(150) as people(person);
create table prior.attribution_rates as
    select program, payer, count(practice_id) / count(*) as rate
    from restricted.attribution group by all;
create table restricted.pcmh_payments as
    select
        date '2018-10-01' as payment_month, payer, practice_id, attributed_patients,
        3.00 as total_pppm, 3.00 * attributed_patients as amount
    from restricted.attribution_counts where as_of_date = date '2018-06-30';
create table marts.pcmh_payments as from restricted.pcmh_payments;
create table prior.pcmh_payments as from restricted.pcmh_payments;
create table restricted.attribution_reconciliation as
    select
        program, payer, practice_id, attributed_patients as warehouse_patients,
        attributed_patients as payer_patients
    from restricted.attribution_counts where as_of_date = date '2018-06-30';
create table restricted.total_unique_patients as
    select
        date '2018-06-30' as as_of_date, 'pcmh' as program, 'practice' as level,
        'PR' || practice as entity_id, true as is_ratio_in_band, 300 as attributed
    from range(1, 7) as practices(practice);
create table intermediate.int_quality__readiness as
    select date '2018-06-30' as period_end, 'core-2' as measure_id, true as is_ready;
create table intermediate.int_quality__people as
    select date '2018-06-30' as period_end, person from range(300) as people(person);
create table restricted.quality_measures as
    select
        date '2018-06-30' as period_end, 'core-2' as measure_id, 'state' as level,
        'all' as payer_type, 100 as denominator;
create table restricted.resource_unit_methods as
    select
        date '2018-06-30' as period_end, true as is_resource, unit_method,
        5000 as lines, 1000 as allowed_amount_usd
    from (values ('rvu'), ('price')) as methods(unit_method);
create table restricted.utilization as
    select
        date '2018-06-30' as period_end, age_group, 'state' as level,
        'all' as payer_type, 'total' as category, 1.0000 as resource_index
    from (values ('all'), ('adult')) as groups(age_group);
create table restricted.claim_completeness as
    select
        payer, date '2018-06-30' as period_end, 20 as lines, 96 as allowed_amount_usd,
        100 as completed_amount_usd, true as is_complete_enough
    from (values ('bcbsvt'), ('medicaid')) as payers(payer);
create table intermediate.int_calendar__run as
    select
        date '2018-06-30' as as_of_date, date '2018-08-31' as paid_through_date,
        date '2018-07-30' as attribution_cutoff_date, false as is_provisional;
create table intermediate.int_landing__volumes as
    select
        'medical_claim' as landed_table, payer,
        cast(month as date) as volume_month, 100 as landed_rows
    from (values ('bcbsvt'), ('medicaid')) as payers(payer),
        generate_series(date '2017-01-01', date '2018-06-01', interval 1 month)
            as months(month);
create table prior.landing_volumes as
    select landed_table as "table", payer, volume_month as "month", landed_rows
    from intermediate.int_landing__volumes;
create table landing.medical_claim as select 'bcbsvt' as payer;
create schema staging;
create table reference.hsas as
    from (values ('Rutland'), ('Barre')) as hsas(hsa);
create table staging.stg_cht as
    select 'AE' || hsa as administrative_entity_id, hsa from reference.hsas;
create table staging.stg_administrative_entity as
    select administrative_entity_id, true as is_cms_eligible from staging.stg_cht
    union all select 'without a team', false;
create table intermediate.int_calendar__payment_months as
    select date '2018-07-01' as payment_month;
create table staging.stg_payment_override as
    select 'PR1' as practice_id, 'cht' as component,
        date '2018-07-01' as month_from, null::date as month_to
    union all select 'PR2', 'whi_cht', date '2018-07-01', null
    union all select 'PR2', 'cht', date '2017-01-01', date '2018-06-01';
create table restricted.cht_payments as
    select 'PR1' as practice_id, date '2018-07-01' as payment_month,
        'override' as basis;
create table restricted.cht_payments_by_entity as select 1 as one;
create table run.parameters as select cast(null as date) as as_of_date;
""".replace("create table run", "create schema run; create table run")

NOTHING = "select 1"
NOW = "restricted.attribution_counts"
LAST = "as_of_date = date '2018-06-30'"
VOLUMES = "intermediate.int_landing__volumes"


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """A build that nothing is to be said of."""
    file = tmp_path_factory.mktemp("sound") / "blueprint.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute(BUILD)
    return file


@pytest.fixture
def warned(sound, tmp_path):
    """The checks of a gate that have something to say of the build after a change."""

    def run(change: str, gate: str) -> dict[str, tuple[str, ...]]:
        file = tmp_path / "blueprint.duckdb"
        file.write_bytes(sound.read_bytes())
        with duckdb.connect(str(file)) as connection:
            connection.execute(change)
            # Of the landing gate, what reads volumes.
            connection.execute(
                "delete from reference.gate_checks where gate = 'landing' and "
                "coalesce(argument, '') not like '%int_landing__volumes%' and "
                "coalesce(needs, '') not like '%landing_volumes%'"
            )
        results = run_gate(file, gate, None)
        assert [r.findings for r in results if r.outcome == "broken"] == []
        if change == NOTHING:
            assert [r.findings for r in results if r.outcome == "rested"] == []
        return {r.check_id: r.findings for r in results if r.warns or r.stops}

    return run


@pytest.mark.parametrize("gate", ["release", "landing"])
def test_a_sound_build_is_passed(warned, gate):
    assert warned(NOTHING, gate) == {}


RELEASE = {
    "every_area_has_a_team": "delete from staging.stg_cht where hsa = 'Barre'",
    "every_team_s_entity_is_cms_eligible": (
        "update staging.stg_administrative_entity set is_cms_eligible = false"
    ),
    "overrides_of_teams_find_patients": (
        "update restricted.cht_payments set basis = 'linear'"
    ),
    "attribution_rate_not_low": (
        "update restricted.attribution set practice_id = null where payer = 'mvp'; "
        "update prior.attribution_rates set rate = 0 where payer = 'mvp'"
    ),
    "attribution_rate_not_high": (
        "update restricted.attribution set practice_id = 'PR1' where payer = 'mvp'; "
        "update prior.attribution_rates set rate = 1 where payer = 'mvp'"
    ),
    "attribution_rate_has_not_moved": (
        "update prior.attribution_rates set rate = rate + 0.06 where payer = 'mvp'"
    ),
    "practices_have_plausible_shares": (
        f"update {NOW} set attributed_patients = 140 where practice_id = 'PR1'; "
        "update prior.attribution_counts set attributed_patients = 140 "
        "where practice_id = 'PR1'"
    ),
    "hsas_have_plausible_shares": f"update {NOW} set hsa = 'Barre'",
    "practices_keep_their_patients": (
        f"update {NOW} set attributed_patients = 49 where practice_id = 'PR1' "
        f"and payer = 'mvp' and {LAST}; update prior.attribution_counts set "
        "attributed_patients = 49 where practice_id = 'PR1' and payer = 'mvp' and "
        f"{LAST}"
    ),
    "patients_of_each_payer_have_not_moved": (
        f"update {NOW} set attributed_patients = 94 where payer = 'mvp' and {LAST}"
    ),
    "payments_of_each_month_have_not_moved": (
        "update restricted.pcmh_payments set amount = amount * 0.94 where payer = 'mvp'"
    ),
    "pppm_within_range": (
        "update marts.pcmh_payments set total_pppm = 3.51 where payer = 'mvp'"
    ),
    "payers_count_as_the_warehouse_does": (
        "update restricted.attribution_reconciliation set payer_patients = 126 "
        "where payer = 'mvp'"
    ),
    "practices_report_as_many_patients_as_expected": (
        "update restricted.total_unique_patients set is_ratio_in_band = false "
        "where entity_id > 'PR2'"
    ),
    "measures_have_people": "update restricted.quality_measures set denominator = 0",
    "resource_units_have_weights_or_prices": (
        "insert into restricted.resource_unit_methods values "
        "(date '2018-06-30', true, 'fallback', 1, 223)"
    ),
    "state_has_an_index_of_one": (
        "update restricted.utilization set resource_index = 1.0006 "
        "where age_group = 'adult'"
    ),
    "claims_are_complete_enough_to_score": (
        "update restricted.claim_completeness set is_complete_enough = false "
        "where payer = 'medicaid'"
    ),
    "claims_reach_the_cutoff": (
        "update intermediate.int_calendar__run set is_provisional = true"
    ),
    "hsas_not_empty": "delete from marts.hsas",
    "towns_not_empty": "delete from marts.towns",
    "practices_not_empty": "delete from marts.practices",
    "providers_not_empty": "delete from marts.providers",
    "rates_not_empty": "delete from marts.rates",
    "attribution_counts_not_empty": "delete from marts.attribution_counts",
}
LANDING = {
    "medical_claim_months_have_claims": (
        f"delete from {VOLUMES} where volume_month = date '2017-09-01'; "
        "delete from prior.landing_volumes where month = date '2017-09-01'; "
        f"update {VOLUMES} set landed_rows = 9 where payer = 'bcbsvt'; "
        f"update {VOLUMES} set landed_rows = 9 where payer = 'medicaid'; "
        "update prior.landing_volumes set landed_rows = 9"
    ),
    "payers_have_claims_every_month": (
        f"delete from {VOLUMES} where payer = 'bcbsvt' and volume_month = "
        "date '2017-09-01'; delete from prior.landing_volumes "
        "where payer = 'bcbsvt' and month = date '2017-09-01'"
    ),
    "payers_that_cover_people_still_send_claims": (
        f"insert into {VOLUMES} values ('eligibility', 'mvp', null, 5); "
        "insert into prior.landing_volumes values ('medical_claim', 'mvp', null, 20)"
    ),
    "volume_of_each_table_and_payer_has_not_fallen": (
        "insert into prior.landing_volumes values "
        "('medical_claim', 'bcbsvt', date '2010-01-01', 300)"
    ),
    "volume_of_each_table_and_payer_has_not_jumped": (
        f"update {VOLUMES} set landed_rows = 151 where payer = 'bcbsvt'"
    ),
    "volume_of_each_payer_and_month_has_not_fallen": (
        f"update {VOLUMES} set landed_rows = 79 where payer = 'bcbsvt' "
        "and volume_month = date '2017-09-01'"
    ),
    "drop_has_a_quarter_to_compute": (
        f"delete from {VOLUMES} where extract(month from volume_month) % 3 = 0; "
        "delete from prior.landing_volumes where extract(month from month) % 3 = 0; "
        f"update {VOLUMES} set landed_rows = 1; "
        "update prior.landing_volumes set landed_rows = 1"
    ),
}


@pytest.mark.parametrize(("check", "change"), RELEASE.items())
def test_a_check_of_the_release_warns_of_its_own(warned, check, change):
    assert set(warned(change, "release")) == {check}


@pytest.mark.parametrize(("check", "change"), LANDING.items())
def test_a_check_of_volumes_warns_of_its_own(warned, check, change):
    found = set(warned(change, "landing"))
    # Months that are missing altogether are missing for the whole state too.
    assert found - {"medical_claim_months_have_claims"} <= {check}
    assert check in found


def test_every_check_of_the_release_is_tried():
    release = {c.check_id for c in declared_checks() if c.gate == "release"}
    assert release == set(RELEASE)


def test_patients_whose_payment_was_taken_back_count_once(warned):
    """H-08: twenty patients are too few to compare; what is taken back adds none."""
    change = """
        delete from restricted.pcmh_payments where payer = 'mvp';
        insert into restricted.pcmh_payments
            select payment_month, 'mvp', practice_id, 20, total_pppm, 60
            from prior.pcmh_payments where payer = 'mvp' limit 1;
        insert into restricted.pcmh_payments
            select * replace (0 as attributed_patients, -20 as amount)
            from restricted.pcmh_payments where payer = 'mvp';
        delete from prior.pcmh_payments where payer = 'mvp';
        insert into prior.pcmh_payments
            select * from restricted.pcmh_payments where payer = 'mvp';
        update restricted.pcmh_payments set amount = 30
        where payer = 'mvp' and attributed_patients > 0
    """
    assert warned(change, "release") == {}


@pytest.mark.parametrize("left", [1, 10])
def test_drift_gives_no_suppressed_count_back(warned, left):
    """The count before is published, and a share of it would tell the one after."""
    change = (
        f"update {NOW} set attributed_patients = {left} where practice_id = 'PR1' "
        f"and payer = 'mvp' and {LAST}; update prior.attribution_counts set "
        f"attributed_patients = {left} where practice_id = 'PR1' and payer = 'mvp' "
        f"and {LAST}"
    )
    assert warned(change, "release") == {}
    none_left = change.replace(f"= {left} ", "= 0 ")
    assert set(warned(none_left, "release")) == {"practices_keep_their_patients"}
