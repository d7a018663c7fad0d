"""Whole refreshes through the command line: published, repeated, and stopped."""

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from orchestration.gates import GATES
from orchestration.report import read_report
from orchestration.settings import PROJECT

SAMPLE = PROJECT / "seeds" / "landing"
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("refresh")]


@pytest.fixture
def sample_drop(tmp_path: Path) -> Path:
    """The sample as a drop of one's own."""
    folder = tmp_path / "drop"
    folder.mkdir()
    for path in SAMPLE.glob("*.csv"):
        shutil.copy(path, folder)
    return folder


def rewrite(path: Path, change) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    columns = list(rows[0])
    for number, row in enumerate(rows):
        change(number, row)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def hashes(manifest: dict) -> dict[str, str]:
    return {name: table["content_hash"] for name, table in manifest["tables"].items()}


def test_a_refresh_publishes_and_says_what(refreshed):
    outcome = refreshed.outcome
    assert outcome.code == 0, outcome.output
    assert "Released as of" in outcome.output
    assert "attribution_counts" in outcome.output
    assert re.search(r"^\d+ checks: .*\d+ passed", outcome.output, re.MULTILINE)
    assert "gates.html" in outcome.output
    assert 'make sql Q="' in outcome.output
    for stage in ("landing", "landing gate", "transform", "rows gate", "marts"):
        assert any(line.startswith(stage) for line in outcome.output.splitlines())
    assert "Traceback" not in outcome.output


def test_a_release_has_its_documentation(refreshed):
    assert "docs.html" in refreshed.manifest()["files"]
    page = (refreshed.current() / "docs.html").read_text(encoding="utf-8")
    assert "The Blueprint Warehouse" in page
    assert str(PROJECT) not in page


def test_the_query_to_try_works(refreshed):
    query = refreshed.outcome.output.partition('Q="')[2].partition('"')[0]
    outcome = refreshed.run("sql", query)
    assert outcome.code == 0, outcome.output
    assert "attributed_patients" in outcome.output


def test_every_mart_has_an_unsuppressed_twin(refreshed):
    tables = refreshed.manifest()["tables"]
    public = {name.partition(".")[2] for name in tables if name.startswith("marts.")}
    restricted = {
        name.partition(".")[2] for name in tables if name.startswith("restricted.")
    }
    assert public
    assert public < restricted


def test_the_restricted_counts_are_the_number_of_people_on_the_list(refreshed):
    path = refreshed.current() / "blueprint_restricted.duckdb"
    with duckdb.connect(str(path), read_only=True) as connection:
        people, counted = connection.execute(
            "select (select count(*) from restricted.attribution "
            "where practice_id is not null), "
            "(select sum(attributed_patients) from restricted.attribution_counts)"
        ).fetchone()
    assert people == counted > 0


def test_descriptions_reach_those_who_write_sql(refreshed):
    path = refreshed.current() / "blueprint.duckdb"
    with duckdb.connect(str(path), read_only=True) as connection:
        bare = connection.execute(
            "select table_name || '.' || column_name from duckdb_columns() "
            "where schema_name = 'marts' and comment is null "
            "union all select table_name from duckdb_tables() where comment is null"
        ).fetchall()
    assert bare == []


def test_parquet_holds_the_public_rows(refreshed):
    for name, table in refreshed.manifest()["tables"].items():
        schema, _, mart = name.partition(".")
        file = refreshed.current() / "parquet" / schema / f"{mart}.parquet"
        assert file.exists() == (schema == "marts")
        if file.exists():
            rows = duckdb.sql(f"select count(*) from '{file}'").fetchall()
            assert rows == [(table["rows"],)]


def test_the_manifest_says_what_went_in(refreshed):
    manifest = refreshed.manifest()
    landed = {table["name"]: table for table in manifest["inputs"]["tables"]}
    claims = landed["medical_claim"]
    assert claims["rows"] > 0
    assert len(claims["files"][0]["sha256"]) == 64
    assert manifest["parameters"]["variables"]["code_policy"] == "verbatim"
    assert "payment_rates" in manifest["parameters"]["reference_seeds"]
    assert {result["gate"] for result in manifest["gates"]} == set(GATES)
    assert str(PROJECT) not in json.dumps(manifest)


def test_the_build_of_a_published_run_is_removed(refreshed):
    assert list((refreshed.releases / ".builds").iterdir()) == []
    assert not (refreshed.releases / ".lease.json").exists()


@pytest.mark.thorough
def test_the_sample_as_a_drop_through_dagster_itself_gives_the_same_contents(
    refreshed, sample_drop, tmp_path
):
    """As the web UI and the schedule launch it: the same job, without the CLI."""
    (tmp_path / "home").mkdir()
    releases = tmp_path / "releases"
    result = subprocess.run(
        [
            *(sys.executable, "-m", "dagster", "job", "execute"),
            *("-m", "orchestration.definitions", "-j", "quarterly_refresh"),
        ],
        cwd=PROJECT,
        env={
            **os.environ,
            "BLUEPRINT_LANDING": str(sample_drop),
            "BLUEPRINT_RELEASES": str(releases),
            "DAGSTER_HOME": str(tmp_path / "home"),
            "DAGSTER_DISABLE_TELEMETRY": "yes",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout[-4000:]
    assert list((releases / ".builds").iterdir()) == []
    manifest = json.loads((releases / "current" / "manifest.json").read_text())
    assert hashes(manifest) == hashes(refreshed.manifest())
    assert manifest["parameters_hash"] == refreshed.manifest()["parameters_hash"]


def test_a_missing_required_column_stops_with_one_line(refreshed, small_drop):
    before = (refreshed.releases / "current").readlink()
    path = small_drop / "medical_claim.csv"
    header, _, rest = path.read_text(encoding="utf-8").partition("\n")
    path.write_text(
        header.replace("claim_start_date", "claim_begin_date") + "\n" + rest,
        encoding="utf-8",
    )
    outcome = refreshed.run("refresh", "--landing", str(small_drop))
    assert outcome.code == 1
    stops = [line for line in outcome.output.splitlines() if line.startswith("STOP")]
    assert stops == [
        "STOP  medical_claim.csv: required column claim_start_date missing. Add it to "
        "the file, or correct the header."
    ]
    assert "Traceback" not in outcome.output
    assert (refreshed.releases / "current").readlink() == before


@pytest.mark.thorough
def test_too_many_bad_rows_stop_with_table_rule_figure_and_limit(refreshed, small_drop):
    before = (refreshed.releases / "current").readlink()

    def spoil(number: int, row: dict[str, str]) -> None:
        if number % 5 == 0:
            row["claim_start_date"] = "2017-13-45"

    rewrite(small_drop / "medical_claim.csv", spoil)
    outcome = refreshed.run("refresh", "--landing", str(small_drop))
    assert outcome.code == 1
    (stop,) = [x for x in outcome.output.splitlines() if x.startswith("STOP")]
    for said in ("medical_claim", "not_typed", "claim_start_date", "limit"):
        assert said in stop
    # every fifth row, and the few that are broken anyway
    assert re.search(r"\(20\.\d %\)", stop)
    assert "Correct the column" in stop
    (page,) = re.findall(r"^Report: (.*)$", outcome.output, flags=re.MULTILINE)
    report = read_report(Path(page).parent)
    assert {r.check_id for r in report.results if r.stops} == {
        "quarantine_within_limit"
    }
    assert "Traceback" not in outcome.output
    assert (refreshed.releases / "current").readlink() == before
