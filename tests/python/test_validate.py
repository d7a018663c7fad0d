"""What `make validate` says of a drop is what a refresh would find."""

import re
import shutil

import duckdb
import pytest

from orchestration.contract import landing_contract
from orchestration.errors import LandingError
from orchestration.landing import sample_files
from orchestration.settings import PROJECT
from orchestration.validate import families, lines_of, validate
from tests.python.conftest import command

SEEDS = PROJECT / "seeds" / "landing"
CLAIMS = (
    "eligibility",
    "medical_claim",
    "pharmacy_claim",
    "lab_result",
    "observation",
    "immunization",
)
NEEDED = ("eligibility", "medical_claim", "practice", "practice_provider")
GUIDE = (PROJECT / "docs/analysts/your-own-files.md").read_text(encoding="utf-8")
# What follows each other on the page: a file, or a command with what it prints.
FILE = r"`(?P<name>drop/\w+\.csv)`\n\n```csv\n(?P<text>.*?)```"
COMMAND = r"```sh\nmake validate LANDING=drop\n```\n\n```text\n(?P<shown>.*?)```"


@pytest.fixture(scope="module")
def nodes():
    from orchestration.dbt_runner import ensure_manifest

    return ensure_manifest()["nodes"]


def drop_of(folder, *tables):
    """A drop of some of the sample's tables; of all when none is named."""
    folder.mkdir()
    for name, path in sample_files(SEEDS, landing_contract()).items():
        if not tables or name in tables:
            shutil.copy(path, folder)
    return folder


def test_the_sample_lacks_nothing(tmp_path, nodes):
    found = validate(drop_of(tmp_path / "drop"), nodes)
    assert not found.stops
    assert not any(found.marts.values())
    assert not any(found.measures.values())
    assert "utilization" in found.marts
    rows = {table.name: table.rows for table in found.tables}
    with (SEEDS / "practice.csv").open() as file:
        assert rows["practice"] == len(file.readlines()) - 1


def test_claims_alone_stop_for_want_of_practices_and_rosters(tmp_path, nodes):
    found = validate(drop_of(tmp_path / "drop", *CLAIMS), nodes)
    assert sorted(stop.partition(":")[0] for stop in found.stops) == [
        "practice_has_rows",
        "practice_provider_has_rows",
    ]
    # Measures are made of claims and records; these are all there.
    assert not any(found.measures.values())
    assert "practice" in found.marts["pcmh_payments"]
    text = "\n".join(lines_of(found, "drop"))
    assert "A refresh can begin" not in text
    assert "Nothing that payers reported can be held against what is computed" in text


def test_a_measure_is_not_ready_by_the_table_that_it_reads(tmp_path, nodes):
    found = validate(drop_of(tmp_path / "drop", *NEEDED), nodes)
    assert not found.stops
    # Poor control of diabetes reads HbA1c (rules, core-17).
    assert found.measures["core-17"] == ("lab_result",)
    assert found.measures["core-1"] == ()
    assert found.empty_marts["whi_payments"] == ("whi_participation",)
    assert "pcmh_payments" not in found.empty_marts
    assert "invoice" not in found.marts["attribution_counts"]
    assert "invoice" in found.marts["cht_invoices"]


def test_every_unreadable_table_is_told_not_only_the_first(tmp_path, nodes):
    drop = drop_of(tmp_path / "drop", *NEEDED)
    claims = (drop / "medical_claim.csv").read_text().splitlines()
    claims[0] = claims[0].replace("claim_start_date", "start")
    (drop / "medical_claim.csv").write_text("\n".join(claims) + "\n")
    (drop / "practice.csv").unlink()
    (drop / "practice.parquet").write_bytes(b"PAR1 and no more")
    found = validate(drop, nodes)
    claims_stop, practice_stop = found.stops
    assert claims_stop.startswith(
        "medical_claim.csv: required column claim_start_date missing"
    )
    assert practice_stop.startswith("practice.parquet: is not a whole Parquet file")
    # A table that cannot be read is not also called empty.
    assert not any("has_rows" in stop for stop in found.stops)


def test_other_accepted_names_and_absent_columns_are_told(drop, nodes):
    row = drop.row("eligibility", gender="female", birth_date="1980-01-01")
    row["patient_id"] = row.pop("person_id")
    drop.write("eligibility.csv", [row])
    found = validate(drop.folder, nodes)
    table = next(each for each in found.tables if each.name == "eligibility")
    assert table.renamed == {"person_id": "patient_id"}
    text = "\n".join(lines_of(found, "drop"))
    assert "read patient_id as person_id" in text
    assert "x_primary_payer_flag (then: 1)" in text


def test_numbered_columns_are_told_as_one():
    assert families(["a", "code_2", "code_3", "code_9", "line_1", "b"]) == [
        "a",
        "code_2 to 9",
        "line_1",
        "b",
    ]


@pytest.mark.parametrize("made", ["", "drop"])
def test_a_directory_without_tables_says_so(tmp_path, nodes, made):
    if made:
        (tmp_path / made).mkdir()
    with pytest.raises(LandingError, match=r"no such directory|holds none of"):
        validate(tmp_path / "drop", nodes)


def test_without_a_directory_the_command_says_how(tmp_path):
    outcome = command("validate", home=tmp_path)
    assert outcome.code == 1
    assert "make validate LANDING=dir" in outcome.output


def test_the_guide_prints_what_it_shows(tmp_path):
    (tmp_path / "drop").mkdir()
    asked = 0
    for step in re.finditer(f"{FILE}|{COMMAND}", GUIDE, re.DOTALL):
        if step["name"]:
            (tmp_path / step["name"]).write_text(step["text"])
            continue
        asked += 1
        outcome = command(
            "validate", "--landing", "drop", home=tmp_path / "home", cwd=tmp_path
        )
        assert outcome.code == (1 if "STOP" in step["shown"] else 0)
        printed = iter(outcome.output.splitlines())
        for line in step["shown"].splitlines():
            assert any(each.startswith(line) for each in printed), line
    assert asked == 2


@pytest.mark.slow
@pytest.mark.thorough
def test_a_refresh_of_the_guide_s_drop_has_the_tables_that_were_said(tmp_path, nodes):
    drop = tmp_path / "drop"
    drop.mkdir()
    for step in re.finditer(FILE, GUIDE, re.DOTALL):
        (tmp_path / step["name"]).write_text(step["text"])
    found = validate(drop, nodes)
    arguments = ("--landing", str(drop), "--as-of", "2018-06-30")
    outcome = command(
        "refresh",
        *arguments,
        "--releases",
        str(tmp_path / "releases"),
        home=tmp_path / "home",
    )
    assert outcome.code == 0, outcome.output
    release = tmp_path / "releases" / "current" / "blueprint_restricted.duckdb"
    with duckdb.connect(str(release), read_only=True) as connection:
        attributed = connection.execute(
            "select person_id from restricted.attribution where practice_id = 'P1' "
            "and as_of_date = date '2018-06-30' order by person_id"
        ).fetchall()
    assert [person for (person,) in attributed] == ["A1", "A2", "A3"]
    public = release.with_name("blueprint.duckdb")
    with duckdb.connect(str(public), read_only=True) as connection:
        for mart in found.empty_marts:
            count = connection.execute(f"select count(*) from marts.{mart}").fetchone()
            assert count == (0,), mart
