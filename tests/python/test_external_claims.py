"""Claims that nobody here wrote go through the whole job.

What belongs here: the Tuva demo claims, relabelled by tests/external/overlay.py, from
the landing directory to the release, against a reference that was written from the
design alone (tests/attribution/reference.py). The claims are no part of the project:
where they do not lie, these tests skip and say so.
"""

import os
import shutil
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from orchestration.contract import landing_contract
from orchestration.landing import land_directory
from tests.attribution.reference import (
    PROGRAMS,
    Day,
    Drop,
    attribute,
    files_of,
    read_table,
)
from tests.external.overlay import claims_folder, missing_files

PROJECT = Path(__file__).parents[2]
PAGE = PROJECT / "docs" / "methods" / "external-claims.md"
BOUNDS = PROJECT / "tests" / "external" / "bounds.sql"
DRUG_CLASSES = claims_folder().parents[1] / "codes" / "ndc_rxcui_atc.parquet"
AS_OF = date(2018, 9, 30)
AS_OF_DATES = [
    date(2017, 9, 30),
    date(2017, 12, 31),
    date(2018, 3, 31),
    date(2018, 6, 30),
    AS_OF,
]
# The adult measures that claims answer, and those that also need results or readings.
FROM_CLAIMS = [
    "core-1",
    "core-3",
    "core-4",
    "core-5.a",
    "core-5.b",
    "core-6",
    "core-7",
    "core-10",
    "core-11",
    "core-12",
    "core-18",
    "core-30",
    "core-31",
    "core-35",
    "core-38.mssp-33",
    "core-47",
    "core-48",
    "m&e-2",
    "m&e-3",
    "mssp-10",
    "mssp-12",
    "mssp-31",
    "whi-contraception",
]
NOT_FROM_CLAIMS = [
    "core-16",
    "core-17",
    "core-19",
    "core-20",
    "core-36",
    "core-38.mssp-32",
    "core-39",
    "core-40",
]
PER_MEMBER = ["core-10", "core-12", "mssp-10"]
PAYMENT_MONTHS = [date(2018, 10, 1), date(2018, 11, 1), date(2018, 12, 1)]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("external_claims"),
    pytest.mark.skipif(
        bool(missing_files(claims_folder())),
        reason="the Tuva demo claims are not in the folder claims/tuva_demo of "
        "BLUEPRINT_SHARED_DATA (default ../shared/data); they are no part of the "
        "project",
    ),
]


def refresh(landing: Path, releases: Path, home: Path) -> subprocess.CompletedProcess:
    """Runs the job as `make refresh LANDING=… AS_OF=… RELEASES=…` does."""
    home.mkdir(exist_ok=True)
    return subprocess.run(
        [sys.executable, "-m", "orchestration", "refresh"],
        cwd=PROJECT,
        env={
            **os.environ,
            "BLUEPRINT_LANDING": str(landing),
            "BLUEPRINT_AS_OF": AS_OF.isoformat(),
            "BLUEPRINT_RELEASES": str(releases),
            "DAGSTER_HOME": str(home),
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )


@pytest.fixture(scope="module")
def external_drop(tmp_path_factory):
    """The landing directory, written by the documented command."""
    folder = tmp_path_factory.mktemp("external") / "drop"
    subprocess.run(
        [sys.executable, "tests/external/overlay.py", str(folder)],
        cwd=PROJECT,
        check=True,
        capture_output=True,
    )
    return folder


@pytest.fixture(scope="module")
def releases(external_drop):
    """A releases folder that the job has published the drop to."""
    folder = external_drop.parent / "releases"
    run = refresh(external_drop, folder, external_drop.parent / "dagster")
    assert run.returncode == 0, run.stdout + run.stderr
    return folder


@pytest.fixture(scope="module")
def released(releases):
    """The release's restricted file: person-level rows and unsuppressed marts."""
    path = releases / "current" / "blueprint_restricted.duckdb"
    with duckdb.connect(str(path), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def reference(external_drop):
    """What the design says of everyone, on every as-of date."""
    drop = Drop.read(external_drop)
    return {
        (as_of, program): attribute(Day(drop, as_of), program)
        for as_of in AS_OF_DATES
        for program in PROGRAMS
    }


def test_a_release_as_of_the_asked_date_is_current(releases):
    assert (releases / "current").is_symlink()
    assert (releases / "current").resolve().parent.name == AS_OF.isoformat()


@pytest.fixture(scope="module")
def medical_homes(reference):
    """The same of the medical homes on the run's own as-of date."""
    return reference[AS_OF, "pcmh"]


def test_the_drop_has_people_to_attribute_and_ties_to_decide(medical_homes):
    attributed = [person for person in medical_homes.values() if person.practice_id]
    assert len(attributed) >= 20
    assert {"only_one", "most_claims", "most_recent"} <= {
        person.decided_by for person in attributed
    }
    assert len({person.practice_id for person in attributed}) == 5


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("as_of", AS_OF_DATES, ids=str)
def test_every_person_is_attributed_as_the_design_says(
    released, reference, as_of, program
):
    rows = released.execute(
        """
        select
            payer, person_id, is_eligible, reason, method, practice_id,
            qualifying_claims, last_visit_date, decided_by
        from restricted.attribution
        where as_of_date = $1 and program = $2
        """,
        [as_of, program],
    ).fetchall()
    found = {(payer, person_id): tuple(rest) for payer, person_id, *rest in rows}
    assert len(found) == len(rows)
    assert found == {
        key: (
            person.is_eligible,
            person.reason,
            person.method,
            person.practice_id,
            person.qualifying_claims,
            person.last_visit_date,
            person.decided_by,
        )
        for key, person in reference[as_of, program].items()
    }


def test_counts_by_practice_are_the_attributed_people(released, medical_homes):
    expected = {}
    for (payer, _), person in medical_homes.items():
        if person.practice_id:
            cell = payer, person.practice_id
            expected[cell] = expected.get(cell, 0) + 1
    counts = released.execute(
        """
        select payer, practice_id, attributed_patients
        from restricted.attribution_counts
        where as_of_date = $1 and attributed_patients > 0
        """,
        [AS_OF],
    ).fetchall()
    assert {(payer, practice): count for payer, practice, count in counts} == expected
    assert max(expected.values()) >= 11


def test_the_public_count_shows_only_practices_with_eleven_people_or_more(releases):
    path = releases / "current" / "blueprint.duckdb"
    with duckdb.connect(str(path), read_only=True) as connection:
        shown = connection.execute(
            "select practice_id, attributed_patients from marts.attribution_counts "
            "where as_of_date = $1 and attributed_patients is not null "
            "and attributed_patients > 0",
            [AS_OF],
        ).fetchall()
    assert [practice_id for practice_id, _ in shown] == ["EXT-RUT-1"]
    assert shown[0][1] >= 11


def test_the_two_vermonters_of_the_medicare_half_visit_groups_off_the_roster(released):
    rows = released.execute(
        """
        select
            attribution.practice_id,
            starts_with(candidates.practice_id, 'billing:')
                or starts_with(candidates.practice_id, 'rendering:'),
            attribution.reason,
            count(*)
        from restricted.attribution
        left join restricted.attribution_candidates as candidates
            using (as_of_date, program, payer, person_id)
        where
            as_of_date = $1 and program = 'pcmh' and payer = 'medicare'
            and coalesce(candidates.rank, 1) = 1
        group by all
        order by all
        """,
        [AS_OF],
    ).fetchall()
    assert rows == [
        (None, True, "non_blueprint_practice", 2),
        (None, None, "not_vermont_resident", 21),
    ]


def test_every_landed_row_is_accounted_for(released, external_drop):
    rows = released.execute(
        """
        select "table", landed, staged, superseded, quarantined
        from restricted.data_quality
        where rule = 'row_accounts'
        """
    ).fetchall()
    accounts = {table: counts for table, *counts in rows}
    assert set(accounts) == set(landing_contract())
    for table, (landed, staged, superseded, quarantined) in accounts.items():
        assert landed == len(read_table(external_drop, table)), table
        assert landed == staged + superseded + quarantined, table
        assert quarantined == 0, table
    assert len(read_table(external_drop, "medical_claim")) == 6075


def test_older_column_names_land_under_the_contracts(external_drop, tmp_path):
    build = tmp_path / "build.duckdb"
    land_directory(external_drop, build, landing_contract())
    groupers = [
        row["ms_drg_code"] for row in read_table(external_drop, "medical_claim")
    ]
    with duckdb.connect(str(build), read_only=True) as connection:
        drgs, people = connection.execute(
            "select count(drg_code), count(person_id) from landing.medical_claim"
        ).fetchone()
    assert drgs == len([grouper for grouper in groupers if grouper]) > 0
    assert people == len(groupers)


def test_the_fourth_quarter_pays_three_dollars_a_patient_and_month(
    released, medical_homes
):
    people = [person.practice_id for person in medical_homes.values()]
    expected = {
        (month, "bcbsvt", practice_id): (
            people.count(practice_id),
            people.count(practice_id) * Decimal("3.00"),
        )
        for month in PAYMENT_MONTHS
        for practice_id in set(people) - {None}
    }
    rows = released.execute(
        """
        select payment_month, payer, practice_id, attributed_patients, amount
        from restricted.pcmh_payments
        where payment_month >= '2018-10-01'
        """
    ).fetchall()
    assert {tuple(row[:3]): tuple(row[3:]) for row in rows} == expected
    assert len(rows) == len(expected)


@pytest.fixture(scope="module")
def measured(released):
    """Denominator, exclusions and numerator of each measure in the state."""
    rows = released.execute(
        """
        select measure_id, status, denominator, exclusions, numerator
        from restricted.quality_measures
        where level = 'state' and payer_type = 'all' and period_end = $1
        """,
        [AS_OF],
    ).fetchall()
    return {measure_id: tuple(rest) for measure_id, *rest in rows}


@pytest.fixture(scope="module")
def bounds(medical_homes):
    """What each measure can come to, counted on the files by bounds.sql."""
    if not DRUG_CLASSES.is_file():
        pytest.skip(f"{DRUG_CLASSES.name} is not in the folder codes of the data")
    people = [
        [person_id]
        for (_, person_id), person in medical_homes.items()
        if person.practice_id
    ]
    with duckdb.connect() as connection:
        connection.execute("set variable claims_folder = $1", [str(claims_folder())])
        connection.execute("create table attributed (patient_id varchar)")
        connection.executemany("insert into attributed values ($1)", people)
        connection.read_parquet(str(DRUG_CLASSES)).create_view("classes")
        connection.execute(
            'create table drug as select distinct ndc, "atc class id" as atc '
            "from classes"
        )
        connection.execute(BOUNDS.read_text(encoding="utf-8"))
        rows = connection.execute("select * from bound").fetchall()
    return {measure_id: tuple(rest) for measure_id, *rest in rows}


# Where nobody is looked at, there is neither a rate nor a bound.
NOBODY = (Decimal(0), Decimal(0), 0, 0, 0, 0)


def population(measure_id, denominator, exclusions):
    """Whom a measure looks at; stays that are excluded are no members of a rate."""
    return denominator + (0 if measure_id in PER_MEMBER else exclusions)


@pytest.mark.parametrize("measure_id", FROM_CLAIMS)
def test_a_measure_lies_within_what_the_files_allow(measured, bounds, measure_id):
    _, denominator, exclusions, numerator = measured.get(
        measure_id, ("computed", Decimal(0), 0, 0)
    )
    bound = bounds.get(measure_id, NOBODY)
    assert bound[0] <= population(measure_id, denominator, exclusions) <= bound[1], (
        measure_id
    )
    assert bound[2] <= exclusions <= bound[3], measure_id
    assert bound[4] <= numerator <= bound[5], measure_id


def test_bounds_are_of_the_measures_that_claims_answer(measured, bounds):
    computed = {
        measure_id
        for measure_id, (status, *_) in measured.items()
        if status == "computed" and measure_id in FROM_CLAIMS
    }
    surely = {measure_id for measure_id, bound in bounds.items() if bound[0] > 0}
    assert surely <= computed <= set(bounds) <= set(FROM_CLAIMS)
    assert len(surely) >= 12


def test_measures_of_results_wait_for_them(measured):
    assert {measured[measure_id][0] for measure_id in NOT_FROM_CLAIMS} == {"not_ready"}


def test_the_page_lists_the_counts_and_their_bounds(measured, bounds):
    listed = {}
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 7:
            listed[cells[0].strip("`")] = cells[1:]

    def shown(number):
        return f"{number:.2f}".rstrip("0").rstrip(".")

    def between(least, most):
        return " to ".join(dict.fromkeys([shown(least), shown(most)]))

    expected = {}
    for measure_id in FROM_CLAIMS:
        _, denominator, exclusions, numerator = measured.get(
            measure_id, ("computed", Decimal(0), 0, 0)
        )
        bound = bounds.get(measure_id, NOBODY)
        expected[measure_id] = [
            shown(denominator),
            shown(exclusions),
            shown(numerator),
            between(bound[0], bound[1]),
            between(bound[2], bound[3]),
            between(bound[4], bound[5]),
        ]
    assert {key: listed.get(key) for key in expected} == expected


@pytest.mark.thorough
def test_a_missing_required_column_stops_the_run_with_one_line(
    external_drop, releases, tmp_path
):
    landing = tmp_path / "drop"
    shutil.copytree(external_drop, landing)
    whole = files_of(external_drop, "medical_claim")[-1]
    path = landing / whole.relative_to(external_drop)
    duckdb.sql(
        f"copy (select * exclude (claim_start_date) from '{whole}') to '{path}' "
        "(format parquet)"
    )
    current = (releases / "current").readlink()
    published = sorted(releases.glob("[0-9]*/*/manifest.json"))

    run = refresh(landing, releases, tmp_path / "dagster")

    said = run.stdout + run.stderr
    assert run.returncode == 1, said
    naming = [line for line in said.splitlines() if "claim_start_date" in line]
    assert len(naming) == 1, said
    assert f"medical_claim/{path.name}" in naming[0]
    assert "Traceback" not in said
    assert (releases / "current").readlink() == current
    assert sorted(releases.glob("[0-9]*/*/manifest.json")) == published
