"""What a run has from the last release besides what its gates compare with.

Belongs here: the levels of practices, and the payments, that go on from one release to
the next (orchestration/prior.py). Does not belong here: what the gates make of the
counts (test_release_gate.py), or what a practice keeps (models/unit_tests).
"""

import json
from datetime import date
from decimal import Decimal

import duckdb
import pytest

from orchestration.prior import LEVELS, PAYMENTS, SAME_PEOPLE, copy_prior
from orchestration.publish import MANIFEST_FILE, PUBLIC_FILE, RESTRICTED_FILE

BUILD = f"""
create schema landing; create schema reference; create schema intermediate;
create table landing.eligibility as select 'one' as person_id;
create table reference.gate_checks as
    select '{SAME_PEOPLE}' as check_id, 0.5 as limit_value;
create table reference.score_period_ends as
    select
        month_of_year, cast(null as date) as effective_from,
        case when month_of_year = 12 then date '2017-06-30' end as effective_to
    from (values (6), (12)) as months(month_of_year);
create table {LEVELS} (practice_id varchar, level_date date, amount_usd decimal(18, 2));
create table {PAYMENTS} (
    program varchar, component varchar, practice_id varchar, adjustment_no integer,
    administrative_entity_id varchar, payment_due_date date, is_policy_gap boolean,
    is_withheld boolean, rate decimal(18, 4), factor decimal(18, 4),
    amount decimal(18, 2)
);
"""
RELEASE = """
create schema restricted;
create table restricted.attribution as
    select
        $person as person_id, date '2018-06-30' as as_of_date, true as is_eligible,
        'pcmh' as program, 'p' as payer, 'P1' as practice_id;
"""
SCORES = """
create table restricted.trui as
from (values
    (date '2017-06-30', 'all', 'P1', 1, 0.25),
    (date '2017-06-30', 'adult', 'P1', 1, null),
    (date '2017-09-30', 'all', 'P1', 2, 0.13),
    (date '2017-12-31', 'all', 'P1', 3, 0.07),
    (date '2017-09-30', 'all', 'P2', null, 0.07),
    (date '2017-06-30', 'all', 'P3', null, null)
) as scores(period_end, age_group, practice_id, quartile, pppm);
"""


# It has columns of its own, and lacks one that came to be later.
PAID = """
create table restricted.pcmh_payments as
from (values ('P1', 0, 3.25, 65.00, true), ('P1', 1, 3.25, -3.25, true))
as payments(practice_id, adjustment_no, total_pppm, amount, is_suppressed);
"""
PAID_TO_TEAMS = """
create table restricted.cht_payments as
from (values ('P1', 0, 'AE', true, 2.77, 0.75, 41.55))
as payments(
    practice_id, adjustment_no, administrative_entity_id, is_policy_gap, pppm, factor,
    amount
);
create table restricted.whi_payments as
from (values ('P1', 'cht', 0, 'AE', 5.42, 1, 54.20), ('P1', 'pmpm', 0, null, 1, 1, 20))
as payments(
    practice_id, component, adjustment_no, administrative_entity_id, rate, factor,
    amount
);
"""
# What is handed out says of each row whether it is withheld.
HANDED_OUT = """
create schema marts;
create table marts.pcmh_payments as
from (values ('P1', 1, true), ('P1', 0, false))
as payments(practice_id, adjustment_no, is_suppressed);
create table marts.cht_payments as
from (values ('P1', 0, true)) as payments(practice_id, adjustment_no, is_suppressed);
create table marts.whi_payments as
from (values ('P1', 'pmpm', 0, true), ('P1', 'cht', 0, false))
as payments(practice_id, component, adjustment_no, is_suppressed);
"""


@pytest.fixture
def copied(tmp_path):
    """Rows of a table of a build that was given a release of a person."""

    def rows(person: str, tables: str, table: str) -> list[tuple]:
        release = tmp_path / "releases" / "current"
        release.mkdir(parents=True)
        (release / MANIFEST_FILE).write_text(json.dumps({"release_id": "r"}))
        with duckdb.connect(str(release / RESTRICTED_FILE)) as connection:
            connection.execute(RELEASE.replace("$person", f"'{person}'") + tables)
        with duckdb.connect(str(release / PUBLIC_FILE)) as connection:
            connection.execute(HANDED_OUT)
        database = tmp_path / "build.duckdb"
        with duckdb.connect(str(database)) as connection:
            connection.execute(BUILD)
        prior = copy_prior(tmp_path / "releases", database, "current")
        assert prior.problem is None
        with duckdb.connect(str(database)) as connection:
            return connection.execute(f"from {table} order by all").fetchall()

    return rows


def test_levels_are_of_half_years_that_scored_and_of_before_those_that_did_not(copied):
    assert copied("one", SCORES, LEVELS) == [
        ("P1", date(2017, 6, 30), Decimal("0.25")),
        ("P2", date(2017, 9, 29), Decimal("0.07")),
    ]


def test_a_release_of_other_people_has_nothing_to_go_on_from(copied):
    assert copied("another", SCORES + PAID, LEVELS) == []


def test_payments_of_a_release_of_other_people_do_not_stand(copied):
    assert copied("another", SCORES + PAID, PAYMENTS) == []


def test_a_release_without_scores_or_payments_has_none_to_keep(copied):
    assert copied("one", "", LEVELS) == []


def paid(
    program: str,
    component: str,
    adjustment_no: int,
    *,
    rate: str,
    amount: str,
    factor: str | None = None,
    entity: str | None = None,
    is_policy_gap: bool | None = None,
    is_withheld: bool,
) -> tuple:
    """The row of a published payment in the build."""
    return (
        program,
        component,
        "P1",
        adjustment_no,
        entity,
        None,
        is_policy_gap,
        is_withheld,
        Decimal(rate),
        factor and Decimal(factor),
        Decimal(amount),
    )


def test_payments_are_copied_as_they_were_published(copied):
    assert copied("one", PAID, PAYMENTS) == [
        paid("pcmh", "pppm", 0, rate="3.25", amount="65.00", is_withheld=False),
        paid("pcmh", "pppm", 1, rate="3.25", amount="-3.25", is_withheld=True),
    ]


def test_payments_of_teams_and_of_the_initiative_are_copied_too(copied):
    to_entity = {"entity": "AE", "is_withheld": False}
    assert copied("one", PAID_TO_TEAMS, PAYMENTS) == [
        paid(
            "cht",
            "cht",
            0,
            entity="AE",
            is_policy_gap=True,
            is_withheld=True,
            rate="2.77",
            factor="0.75",
            amount="41.55",
        ),
        paid("whi", "cht", 0, rate="5.42", factor="1", amount="54.20", **to_entity),
        paid("whi", "pmpm", 0, rate="1", factor="1", amount="20", is_withheld=True),
    ]
