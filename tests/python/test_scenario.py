"""What a scenario promises: to the cent, by the same inputs, and nothing published.

The figures are expected from what the release's restricted tables say, by arithmetic
that knows nothing of the models.
"""

import copy
import csv
import json
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
import yaml

from orchestration import scenario as module
from orchestration.dbt_runner import ensure_manifest
from orchestration.errors import ReleaseError, ScenarioError
from orchestration.payment_graph import payment_graph
from orchestration.publish import MANIFEST_FILE, RESTRICTED_FILE
from orchestration.scenario import SCRATCH, scenario, scratch_folder, typed_variables
from orchestration.scenario_file import Policy, check_names, read_scenario
from orchestration.settings import PROJECT, settings_from

PAGE = PROJECT / "docs" / "analysts" / "scenarios.md"
BASE_RATE = {
    "name": "A base rate of $3.25",
    "changes": [
        {
            "table": "payment_rates",
            "where": {"program": "pcmh", "component": "base"},
            "set": {"amount": "3.25"},
        }
    ],
}


def written(folder: Path, content: object) -> Path:
    """A scenario's file; a text is written as it is."""
    path = folder / "scenario.yml"
    text = content if isinstance(content, str) else yaml.safe_dump(content)
    path.write_text(text, encoding="utf-8")
    return path


def listing(folder: Path) -> list[tuple]:
    """Everything in a folder, with what would tell that it was touched."""
    return [
        (path.relative_to(folder).as_posix(), *status(path))
        for path in sorted(folder.rglob("*"))
    ]


def status(path: Path) -> tuple:
    found = path.lstat()
    return found.st_mode, found.st_size, found.st_mtime_ns, found.st_ino


def query(release: Path, text: str) -> list[tuple]:
    path = str(release / RESTRICTED_FILE)
    with duckdb.connect(path, read_only=True) as connection:
        return connection.execute(text).fetchall()


def asked_of(refreshed, folder: Path, content: object, **options) -> list[dict]:
    """Runs a scenario in this process; the rows of its CSV that differ."""
    out = folder / "out.csv"
    settings = settings_from({}, releases=str(refreshed.releases))
    assert scenario(settings, written(folder, content), out=out, **options) == 0
    with out.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if Decimal(row["difference_usd"])]


def differences(rows: list[dict], payment: str = "pcmh") -> dict[tuple, Decimal]:
    return {
        (row["payer"], row["payee_id"], row["payment_month"]): Decimal(
            row["difference_usd"]
        )
        for row in rows
        if row["payment"] == payment
    }


# The patients of a payment that is taken back, which adds none itself.
TAKEN_BACK = "cast(amount / total_pppm as decimal(18, 2))"


def owed(refreshed, change: str) -> dict[tuple, Decimal]:
    """What a change of rates is worth, by the published rows: an SQL amount."""
    rows = query(
        refreshed.current(),
        f"""
        select payer, practice_id, cast(payment_month as varchar), sum({change})
        from restricted.pcmh_payments
        group by all
        having sum({change}) <> 0
        """,
    )
    return {(payer, practice, day): amount for payer, practice, day, amount in rows}


# What it says ------------------------------------------------------------------------


@pytest.mark.slow
def test_a_base_rate_a_quarter_higher_adds_a_quarter_per_patient_and_month(
    refreshed, tmp_path
):
    """E-01: the base payment is a rate per attributed patient and month."""
    out = tmp_path / "out.csv"
    before = listing(refreshed.releases)
    outcome = refreshed.run(
        "scenario", str(written(tmp_path, BASE_RATE)), "--out", str(out)
    )
    assert outcome.code == 0, outcome.output
    assert listing(refreshed.releases) == before
    assert [path for path in SCRATCH.iterdir() if path.is_dir()] == []
    assert stat.S_IMODE(out.stat().st_mode) == 0o600

    expected = owed(
        refreshed,
        "case base_pppm when 3 then 0.25 * attributed_patients "
        f"when -3 then -0.25 * {TAKEN_BACK} else 0 end",
    )
    assert len(expected) > 100
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    changed = [row for row in rows if Decimal(row["difference_usd"])]
    assert differences(changed) == expected
    assert {row["payment"] for row in changed} == {"pcmh"}

    total = sum(expected.values())
    said = " ".join(outcome.output.split())
    assert f"{total:+,.2f}" in said
    assert "unchanged, they give the release to the cent" in said
    assert "NOTE" not in outcome.output
    for row in rows:
        assert Decimal(row["before_usd"]) + Decimal(row["difference_usd"]) == Decimal(
            row["after_usd"]
        )
    everything = query(
        refreshed.current(), "select sum(amount) from restricted.pcmh_payments"
    )
    assert (
        sum(Decimal(r["before_usd"]) for r in rows if r["payment"] == "pcmh")
        == (everything[0][0])
    )


@pytest.mark.slow
def test_a_rate_in_force_from_a_month_on_changes_that_month_and_later(
    refreshed, tmp_path
):
    """E-01: policy is dated; a new rate leaves the months before it alone."""
    base = {"program": "pcmh", "component": "base"}
    later = {**base, "unit": "usd_pppm", "amount": "3.10"}
    rows = asked_of(
        refreshed,
        tmp_path,
        {
            "name": "From July 2018",
            "changes": [
                {
                    "table": "payment_rates",
                    "where": {**base, "effective_from": "2018-01-01"},
                    "set": {"effective_to": "2018-06-30"},
                },
                {
                    "table": "payment_rates",
                    "add": [
                        {
                            **later,
                            "rate_id": f"new {payer_type}",
                            "payer_type": payer_type,
                            "effective_from": "2018-07-01",
                        }
                        for payer_type in ("commercial", "medicaid", "self-insured")
                    ],
                },
            ],
        },
    )
    expected = owed(
        refreshed,
        "case when base_pppm = 3 and payment_month >= date '2018-07-01' "
        "then 0.10 * attributed_patients else 0 end",
    )
    assert expected
    assert differences(rows) == expected


@pytest.mark.slow
def test_the_dollars_of_a_level_change_what_its_practices_earn(refreshed, tmp_path):
    """E-06: the best quartile of the index earns the highest part."""
    rows = asked_of(
        refreshed,
        tmp_path,
        {
            "name": "A best quartile of $0.30",
            "changes": [
                {
                    "table": "trui_levels",
                    "where": {"quartile": 1},
                    "set": {"amount_usd": 0.30},
                }
            ],
        },
    )
    expected = owed(
        refreshed,
        "case trui_pppm when 0.25 then 0.05 * attributed_patients "
        f"when -0.25 then -0.05 * {TAKEN_BACK} else 0 end",
    )
    assert expected
    assert differences(rows) == expected


@pytest.mark.slow
def test_points_reach_the_payments_through_the_level_that_they_make(
    refreshed, tmp_path
):
    """E-05: without points every area is at the lowest level, which earns nothing."""
    rows = asked_of(
        refreshed,
        tmp_path,
        {
            "name": "No points for quality",
            "changes": [
                {
                    "table": "quality_points",
                    "where": {"program": "pcmh"},
                    "set": {"points": 0},
                }
            ],
        },
    )
    expected = owed(refreshed, "-quality_pppm * attributed_patients")
    assert expected
    assert differences(rows) == expected


@pytest.mark.slow
def test_without_a_floor_teams_of_the_initiative_are_paid_by_the_rate(
    refreshed, tmp_path
):
    """K-04: who is guaranteed the floor is paid patients times rate without it."""
    rows = asked_of(
        refreshed,
        tmp_path,
        {
            "name": "No floor",
            "changes": [
                {
                    "table": "whi_terms",
                    "where": {"term": "cht_floor_below"},
                    "set": {"value": 0},
                }
            ],
        },
    )
    expected = query(
        refreshed.current(),
        """
        select
            payer, administrative_entity_id, cast(payment_month as varchar),
            sum(round(attributed_patients * rate * factor, 2) - amount)
        from restricted.whi_payments
        where component = 'cht' and basis = 'floor'
        group by all
        having sum(round(attributed_patients * rate * factor, 2) - amount) <> 0
        """,
    )
    assert expected
    assert differences(rows, "whi cht") == {
        (payer, entity, month): amount for payer, entity, month, amount in expected
    }
    assert {row["payment"] for row in rows} == {"whi cht"}


@pytest.mark.slow
def test_without_a_row_nothing_is_paid_by_it(refreshed, tmp_path):
    rows = asked_of(
        refreshed,
        tmp_path,
        {
            "name": "Medicaid pays no base",
            "changes": [
                {
                    "table": "payment_rates",
                    "where": {
                        "program": "pcmh",
                        "component": "base",
                        "payer_type": ["medicaid"],
                    },
                    "remove": True,
                }
            ],
        },
    )
    assert {row["payer"] for row in rows} == {"medicaid"}
    assert {row["after_usd"] for row in rows} <= {"0.00", "0"}
    assert differences(rows) == owed(
        refreshed, "case when payer = 'medicaid' then -amount else 0 end"
    )


@pytest.mark.slow
def test_a_rate_that_is_there_twice_is_told(refreshed, tmp_path, capsys):
    """A test of several tables is no stop, since a scenario may mean to leave it."""
    added = {
        "rate_id": "again",
        "program": "pcmh",
        "component": "base",
        "payer_type": "medicaid",
        "amount": "3",
        "unit": "usd_pppm",
        "effective_from": "2018-01-01",
    }
    change = {"table": "payment_rates", "add": [added]}
    assert asked_of(refreshed, tmp_path, {"name": "Again", "changes": [change]})
    said = capsys.readouterr().out
    assert "every_payment_month_has_exactly_one_base_rate fails" in said
    other = {"table": "payment_rates", "add": [{**added, "amount": "3.5"}]}
    with pytest.raises(ScenarioError, match="a payment is there twice"):
        asked_of(refreshed, tmp_path, {"name": "Again", "changes": [other]})


@pytest.mark.slow
def test_a_value_that_the_seed_does_not_know_is_refused_by_the_seeds_own_test(
    refreshed, tmp_path
):
    change = {
        "table": "payment_rates",
        "where": {"component": "base"},
        "set": {"unit": "eur_pppm"},
    }
    with pytest.raises(ScenarioError, match="every_payment_rate_has_a_known_unit"):
        asked_of(refreshed, tmp_path, {"name": "Euro", "changes": [change]})


@pytest.mark.slow
def test_a_recognition_policy_changes_payments(refreshed, tmp_path):
    """H-10: the attestation of 2015 is a reading that can be asked for."""
    if "recognition_policy" not in payment_graph(ensure_manifest()).variables:
        pytest.skip("no payment model reads recognition_policy")
    assert asked_of(
        refreshed,
        tmp_path,
        {"name": "2015", "variables": {"recognition_policy": "attestation_2015"}},
    )


def blocks(kind: str) -> list[str]:
    """The blocks of the page in a language."""
    return re.findall(rf"```{kind}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)


@pytest.mark.slow
def test_the_examples_of_the_page_run_and_say_what_it_shows(
    refreshed, tmp_path, capsys
):
    examples = blocks("yaml")
    assert len(examples) >= 2
    for text in examples:
        asked_of(refreshed, tmp_path, text, top=3)
    said = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    shown = [
        " ".join(line.split())
        for text in blocks("text")
        for line in text.splitlines()
        if " pcmh " in f" {line} "
    ]
    assert len(shown) >= 5
    assert [line for line in shown if line not in said] == []


# Like with like ----------------------------------------------------------------------


@pytest.fixture
def copied(refreshed, tmp_path) -> Path:
    """A release of its own to spoil: manifest and restricted file."""
    folder = tmp_path / "copied"
    folder.mkdir()
    for name in (MANIFEST_FILE, RESTRICTED_FILE):
        shutil.copy(refreshed.current() / name, folder / name)
    return folder


@pytest.mark.slow
def test_a_release_of_other_code_and_policy_is_told(
    refreshed, copied, tmp_path, capsys
):
    with duckdb.connect(str(copied / RESTRICTED_FILE)) as connection:
        connection.execute(
            "update restricted.pcmh_payments set amount = amount + 1 "
            "where payment_month = (select max(payment_month) "
            "from restricted.pcmh_payments) and payer = 'mvp'"
        )
        rows = connection.execute(
            "select count(*) from restricted.pcmh_payments where payment_month = "
            "(select max(payment_month) from restricted.pcmh_payments) "
            "and payer = 'mvp'"
        ).fetchone()[0]
    manifest = json.loads((copied / MANIFEST_FILE).read_text())
    manifest["parameters"]["reference_seeds"]["trui_levels"] = "other"
    (copied / MANIFEST_FILE).write_text(json.dumps(manifest))
    assert asked_of(refreshed, tmp_path, BASE_RATE, release=copied)
    said = capsys.readouterr().out
    assert f"release's pcmh_payments in {2 * rows} rows" in said
    assert "trui_levels is not the release's here" in said
    assert "to the cent" not in said


def test_a_release_that_kept_no_inputs_asks_for_a_refresh(refreshed, copied, tmp_path):
    with duckdb.connect(str(copied / RESTRICTED_FILE)) as connection:
        connection.execute("drop schema inputs cascade")
    with pytest.raises(ReleaseError, match="does not keep .* `make refresh`"):
        asked_of(refreshed, tmp_path, BASE_RATE, release=copied)
    (copied / RESTRICTED_FILE).unlink()
    with pytest.raises(ReleaseError, match="a copy that is handed out lacks it"):
        asked_of(refreshed, tmp_path, BASE_RATE, release=copied)
    with pytest.raises(ReleaseError, match="there is no release"):
        asked_of(refreshed, tmp_path, BASE_RATE, release=tmp_path / "none")


def test_a_release_keeps_no_people_for_scenarios(refreshed):
    columns = query(
        refreshed.current(),
        "select table_name || '.' || column_name from duckdb_columns() "
        "where schema_name = 'inputs'",
    )
    assert len(columns) > 50
    assert [
        name for (name,) in columns if "person_id" in name or "claim_id" in name
    ] == []


# Nothing is left ---------------------------------------------------------------------


def test_a_killed_run_leaves_a_scratch_folder_that_the_next_one_clears(
    refreshed, tmp_path
):
    before = listing(refreshed.releases)
    running = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "orchestration",
            "scenario",
            str(written(tmp_path, BASE_RATE)),
            "--releases",
            str(refreshed.releases),
        ],
        cwd=PROJECT,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until = time.monotonic() + 60
        while not list(SCRATCH.glob("*/before/blueprint.duckdb")):
            assert running.poll() is None
            assert time.monotonic() < until
            time.sleep(0.05)
    finally:
        running.send_signal(signal.SIGKILL)
        running.wait()
    (left,) = [path for path in SCRATCH.iterdir() if path.is_dir()]
    assert stat.S_IMODE(left.stat().st_mode) == 0o700
    assert listing(refreshed.releases) == before
    with scratch_folder(SCRATCH) as mine:
        assert [path for path in SCRATCH.iterdir() if path.is_dir()] == [mine]
    assert [path for path in SCRATCH.iterdir() if path.is_dir()] == []


def test_the_scratch_folder_of_a_run_that_goes_on_stays(tmp_path):
    with scratch_folder(tmp_path) as first, scratch_folder(tmp_path) as second:
        assert first != second
        assert first.is_dir()
        assert second.is_dir()


def test_nothing_is_written_among_the_releases(refreshed, tmp_path):
    settings = settings_from({}, releases=str(refreshed.releases))
    file = written(tmp_path, BASE_RATE)
    with pytest.raises(ScenarioError, match="a release is never added to"):
        scenario(settings, file, out=refreshed.releases / "current" / "out.csv")
    with pytest.raises(ScenarioError, match="in a folder that is there"):
        scenario(settings, file, out=tmp_path / "none" / "out.csv")


# Mistakes of the file ----------------------------------------------------------------

CHANGE = {"table": "payment_rates", "where": {"program": "pcmh"}, "set": {"amount": 1}}


@pytest.fixture(scope="module")
def policy(refreshed) -> duckdb.DuckDBPyConnection:
    """The reference seeds that a release keeps, in memory."""
    connection = duckdb.connect()
    path = refreshed.current() / RESTRICTED_FILE
    connection.execute(f"attach '{path}' as release (read_only)")
    connection.execute("create schema reference")
    for name in payment_graph(ensure_manifest()).seeds:
        connection.execute(
            f"create table reference.{name} as from release.inputs.{name}"
        )
    return connection


def refusal(content: object, policy: duckdb.DuckDBPyConnection, folder: Path) -> str:
    """Why a file is refused; what it did until then is taken back."""
    manifest = ensure_manifest()
    seeds = {
        node["name"]: node["schema"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "seed"
    }
    policy.execute("begin")
    try:
        with pytest.raises(ScenarioError) as error:
            asked = read_scenario(written(folder, content))
            check_names(asked, payment_graph(manifest), seeds)
            Policy(policy, asked).apply()
    finally:
        policy.execute("rollback")
    return str(error.value)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"table": "rates"}, r"change 1 \(rates\): there is no such seed. Those that"),
        ({"table": "practice"}, "landed table, not policy: change the drop"),
        ({"table": "value_sets"}, "reads people or claims .* refresh into other"),
        ({"table": "gate_checks"}, "no payment depends on it"),
        ({"where": {"rate": "x"}}, "column rate: there is no such column. Its columns"),
        ({"set": {"usd": 1}}, "column usd: there is no such column"),
        ({"where": {"program": "aco"}}, "no row has program aco. .*payment_rates.csv"),
        ({"set": {"amount": "three"}}, "column amount: three is not a value of decim"),
        ({"set": {"amount": 3.12345}}, "3.12345 is not a value of decimal"),
        ({"set": {"effective_from": "2018-02-30"}}, "is not a value of date"),
        ({"set": {"effective_from": "1/2/2018"}}, "dates as yyyy-mm-dd"),
        ({"set": {"effective_from": "2018-1-2"}}, "dates as yyyy-mm-dd"),
        ({"set": {}}, "`set` names no column"),
        ({"where": {}}, "`where` names no column"),
        ({"where": {"program": {"a": 1}}}, "column program: give a plain value"),
        ({"where": {"program": []}}, "column program: give a plain value"),
        ({"amount": 3}, "amount means nothing here. Known are table, where"),
        ({"remove": True}, "does set and remove. Give one of"),
    ],
)
def test_a_mistake_is_named_with_its_entry_and_what_to_do(
    changed, said, policy, tmp_path
):
    message = refusal(
        {"name": "x", "changes": [{**CHANGE, **changed}]}, policy, tmp_path
    )
    assert message.startswith("scenario.yml, change 1")
    assert re.search(said, message), message


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("- 1\n- 2\n", "the file: must have name"),
        ("name: x\n", "changes nothing"),
        ("changes: []\n", "name: is missing"),
        ("name: x\nname: y\n", "name is there twice"),
        ("name: [x\n", "no YAML"),
        ({"name": "x", "changes": CHANGE}, "changes: is no list"),
        ({"name": "x", "changes": ["y"]}, "change 1: must have table"),
        ({"name": "x", "changes": [{"set": {}}]}, "has no table"),
        ({"name": "x", "rates": []}, "rates means nothing here"),
        (
            {"name": "x", "changes": [{"table": "payment_rates", "remove": True}]},
            "`remove` needs `where`",
        ),
        ({"name": "x", "variables": {"nothing": 1}}, "no model of payments reads it"),
        (
            {"name": "x", "variables": {"history_quarters": 8}},
            "made from the drop: refresh with it",
        ),
    ],
)
def test_a_file_of_another_form_is_refused(content, said, policy, tmp_path):
    assert re.search(said, refusal(content, policy, tmp_path))


def test_a_file_that_is_not_there_says_where_one_is_shown(tmp_path):
    with pytest.raises(ScenarioError, match="docs/analysts/scenarios.md"):
        read_scenario(tmp_path / "none.yml")


def test_codes_and_numbers_stay_as_they_are_written(tmp_path):
    text = (
        "name: x\n"
        "changes:\n"
        "  - table: t\n"
        "    where: {code: 0525, flag: no, day: 2018-01-01, end: null}\n"
        "    set: {amount: 3.10}\n"
    )
    (change,) = read_scenario(written(tmp_path, text)).changes
    assert change.where == {
        "code": ("0525",),
        "flag": ("no",),
        "day": ("2018-01-01",),
        "end": (None,),
    }
    assert change.set == {"amount": "3.10"}


def test_null_and_lists_find_rows(policy, tmp_path):
    asked = read_scenario(
        written(
            tmp_path,
            {
                "name": "x",
                "changes": [
                    {
                        "table": "payment_rates",
                        "where": {
                            "program": "pcmh",
                            "component": "base",
                            "payer_type": ["medicaid", "commercial"],
                            "effective_to": None,
                        },
                        "set": {"amount": 3},
                    }
                ],
            },
        )
    )
    policy.execute("begin")
    try:
        assert Policy(policy, asked).apply() == [
            "payment_rates: 2 rows with amount 3 (2 had it before)"
        ]
    finally:
        policy.execute("rollback")


def test_a_variable_has_the_type_that_it_has_in_the_project(tmp_path):
    asked = read_scenario(
        written(tmp_path, {"name": "x", "variables": {"days": 30, "reading": "other"}})
    )
    assert typed_variables(asked, {"days": 15, "reading": "usual"}) == {
        "days": 30,
        "reading": "other",
    }
    with pytest.raises(ScenarioError, match="30 is no|write a value like"):
        typed_variables(asked, {"days": [15], "reading": "usual"})


# The graph ---------------------------------------------------------------------------


def test_a_variable_that_only_payments_read_may_be_changed():
    manifest = copy.deepcopy(ensure_manifest())
    read_by_payments = "model.blueprint.int_payments__practice_months"
    manifest["nodes"][read_by_payments]["raw_code"] += "{{ var('reading') }}"
    assert "reading" in payment_graph(manifest).variables
    elsewhere = "model.blueprint.int_attribution__coverage"
    manifest["nodes"][elsewhere]["raw_code"] += "{{ var('reading') }}"
    graph = payment_graph(manifest)
    assert "reading" not in graph.variables
    assert graph.refused_variables["reading"] == "int_attribution__coverage"


def test_payment_tables_are_the_unsuppressed_ones_and_their_ladders_may_be_changed():
    manifest = ensure_manifest()
    graph = payment_graph(manifest)
    assert [table.name for table in graph.tables if table.schema != "restricted"] == []
    assert "pcmh_payments" in {table.name for table in graph.tables}
    ladders = {"quality_levels", "quality_points", "trui_levels"}
    ladders |= {"whi_cht_steps", "whi_event_effects", "whi_terms"}
    assert {"payment_rates", "payment_frequencies"} | ladders <= set(graph.seeds)
    assert not set(graph.seeds) & set(graph.refused)


def test_a_seed_that_people_depend_on_may_not_be_changed():
    """A change reaches the payments whole, or is refused."""
    manifest = copy.deepcopy(ensure_manifest())
    people = "model.blueprint.int_attribution__coverage"
    manifest["nodes"][people]["depends_on"]["nodes"].append(
        "seed.blueprint.payment_rates"
    )
    graph = payment_graph(manifest)
    assert "payment_rates" not in graph.seeds
    assert "payment_rates" in graph.refused


def test_the_module_reads_no_name_of_a_payment_table():
    text = Path(module.__file__).read_text(encoding="utf-8")
    assert not re.search(r"(pcmh|cht|whi)_payments", text)
