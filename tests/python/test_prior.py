"""What a run has from the last release besides what its gates compare with.

Belongs here: the levels of practices that go on from one release to the next
(orchestration/prior.py). Does not belong here: what the gates make of the counts
(test_release_gate.py), or what a practice keeps (models/unit_tests).
"""

import json
from datetime import date
from decimal import Decimal

import duckdb
import pytest

from orchestration.prior import LEVELS, SAME_PEOPLE, copy_prior
from orchestration.publish import MANIFEST_FILE, RESTRICTED_FILE

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


@pytest.fixture
def levels(tmp_path):
    """Levels in a build that was given a release of a person, with scores or not."""

    def copied(person: str, scores: str = SCORES) -> list[tuple]:
        release = tmp_path / "releases" / "current"
        release.mkdir(parents=True)
        (release / MANIFEST_FILE).write_text(json.dumps({"release_id": "r"}))
        with duckdb.connect(str(release / RESTRICTED_FILE)) as connection:
            connection.execute(RELEASE.replace("$person", f"'{person}'") + scores)
        database = tmp_path / "build.duckdb"
        with duckdb.connect(str(database)) as connection:
            connection.execute(BUILD)
        prior = copy_prior(tmp_path / "releases", database, "current")
        assert prior.problem is None
        with duckdb.connect(str(database)) as connection:
            return connection.execute(f"from {LEVELS} order by all").fetchall()

    return copied


def test_levels_are_of_half_years_that_scored_and_of_before_those_that_did_not(levels):
    assert levels("one") == [
        ("P1", date(2017, 6, 30), Decimal("0.25")),
        ("P2", date(2017, 9, 29), Decimal("0.07")),
    ]


def test_a_release_of_other_people_has_no_levels_to_keep(levels):
    assert levels("another") == []


def test_a_release_without_scores_has_no_levels_to_keep(levels):
    assert levels("one", scores="") == []
