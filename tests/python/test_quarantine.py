"""What is kept out is told with what to do about it; a corrected drop clears it."""

import csv
import os
import pickle
import re
import socket
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb
import pytest
import yaml

from orchestration.contract import CONTRACT_FILE, landing_contract
from orchestration.dbt_runner import ensure_manifest
from orchestration.errors import SettingsError, StopError
from orchestration.landing import land_directory
from orchestration.publish import published_tables, write_database
from orchestration.quarantine import RULES_SEED, WIDTH, show
from orchestration.releases import acquire_lease
from orchestration.settings import (
    PROJECT,
    Settings,
    build_paths,
    settings_from,
)
from tests.faults.replay import Replay

WORDS = {
    row["rule"]: row
    for row in csv.DictReader(RULES_SEED.read_text(encoding="utf-8").splitlines())
}
QUARANTINE = (
    '"table" varchar, "key" varchar, "column" varchar, "value" varchar, '
    "reason varchar, meaning varchar, remedy varchar, is_cascade boolean, "
    "landed_copies integer"
)
ACCOUNTS = (
    '"table" varchar, landed bigint, duplicates bigint, own_faults bigint, '
    "fault_limit bigint"
)
# Table, key, column, value, rule, copies.
BROKEN = [
    ("practice", "practice_id=PR2", "start_date", "soon", "not_typed", 1),
    ("eligibility", "person_id=P2", "birth_date", "1950-02-30", "not_typed", 3),
    ("eligibility", "person_id=P3", "birth_date", "unknown", "not_typed", 1),
    ("eligibility", "person_id=P4", "gender", None, "missing_value", 2),
    ("medical_claim", "claim_id=C1", "person_id", "P2", "cascade_person", 40),
    ("medical_claim", "claim_id=C2", "paid_amount", "n/a", "not_typed", 1),
]
LANDED = [
    ("eligibility", 100, 0, 6, 5),
    ("medical_claim", 9_000, 12, 1, 90),
    ("practice", 30, 0, 1, 5),
    ("provider", 1_234, 0, 0, 12),
]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_from({}, releases=str(tmp_path / "releases"))


def write_release(
    settings: Settings, rows=BROKEN, accounts=LANDED, columns=QUARANTINE
) -> Path:
    """A release with a restricted file of these rows; returns the file."""
    folder = settings.releases / "2018-06-30" / "20181101T000000Z-0a1b2c3d"
    folder.mkdir(parents=True)
    path = folder / "blueprint_restricted.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema restricted")
        connection.execute(f"create table restricted.quarantine ({columns})")
        connection.execute(f"create table restricted.row_accounts ({ACCOUNTS})")
        for table, key, column, value, rule, copies in rows:
            words = WORDS[rule]
            connection.execute(
                "insert into restricted.quarantine values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [table, key, column, value, rule, words["meaning"], words["remedy"]]
                + [words["is_cascade"] == "true", copies],
            )
        if accounts:
            connection.executemany(
                "insert into restricted.row_accounts values (?, ?, ?, ?, ?)", accounts
            )
    path.chmod(0o600)
    (settings.releases / "current").symlink_to(folder.relative_to(settings.releases))
    return path


def write_build(
    settings: Settings, name: str, rows=BROKEN, accounts=LANDED, age: int = 0
) -> Path:
    """A build that stopped; without rows, before quarantine; returns its folder."""
    paths = build_paths(settings.releases, name)
    paths.logs.mkdir(parents=True)
    (paths.logs / "failure.txt").write_text("It stopped.")
    with duckdb.connect(str(paths.database)) as connection:
        connection.execute("create schema intermediate; create schema reference")
        connection.execute(
            f"create table reference.quarantine_rules as from read_csv('{RULES_SEED}')"
        )
        if rows is not None:
            connection.execute(
                "create table intermediate.int_data_quality__quarantine (landed_table "
                "varchar, landed_key varchar, column_name varchar, landed_value "
                "varchar, rule varchar, landed_copies integer, is_cascade boolean)"
            )
            connection.executemany(
                "insert into intermediate.int_data_quality__quarantine "
                "values (?, ?, ?, ?, ?, ?, ?)",
                [[*row, WORDS[row[4]]["is_cascade"] == "true"] for row in rows],
            )
        if accounts is not None:
            connection.execute(
                "create table intermediate.int_data_quality__row_accounts "
                "(landed_table varchar, landed_rows bigint, duplicate_rows bigint, "
                "own_fault_rows bigint, fault_limit_rows bigint)"
            )
            connection.executemany(
                "insert into intermediate.int_data_quality__row_accounts "
                "values (?, ?, ?, ?, ?)",
                accounts,
            )
    when = paths.folder.stat().st_mtime - age
    os.utime(paths.folder, (when, when))
    return paths.folder


@pytest.fixture
def told(settings, capsys):
    """Runs the command and returns what it printed."""

    def run(*, failed=False, table=None, rule=None, examples=3) -> str:
        code = show(settings, failed=failed, table=table, rule=rule, examples=examples)
        assert code == 0
        return capsys.readouterr().out

    return run


def paragraphs(output: str) -> str:
    """The output with every run of blanks and line breaks as one blank."""
    return " ".join(output.split())


# What is told ------------------------------------------------------------------------


def test_every_table_says_what_landed_and_what_of_it_is_kept_out(settings, told):
    write_release(settings)
    lines = told().splitlines()
    assert lines[0] == (
        "Quarantine of release 20181101T000000Z-0a1b2c3d, as of 2018-06-30"
    )
    figures = [line.split() for line in lines[3:8]]
    # landed, quarantined, own faults, limit, following, duplicates; the worst first
    assert figures[1:4] == [
        ["eligibility", "100", "6", "6", "5", "0", "0"],
        ["practice", "30", "1", "1", "5", "0", "0"],
        ["medical_claim", "9,000", "41", "1", "90", "40", "12"],
    ]
    assert "1 other table, 1,234 rows: nothing quarantined" in lines[7]
    assert "Over the limit, which stops a run: eligibility." in lines


def test_every_fault_says_how_often_where_what_it_means_and_what_to_do(settings, told):
    write_release(settings)
    output = told()
    said = paragraphs(output)
    for rule in ("not_typed", "missing_value", "cascade_person"):
        assert WORDS[rule]["meaning"] in said
        assert f"To do: {WORDS[rule]['remedy']}" in said
    assert (
        "birth_date (date): 4 rows '1950-02-30' in person_id=P2 'unknown' in "
        "person_id=P3" in said
    )
    assert "gender: 2 rows person_id=P4" in said
    assert "key_conflict" not in said


def test_the_worst_comes_first_and_what_only_follows_comes_last(settings, told):
    write_release(settings)
    lines = [line.strip() for line in told().splitlines()]
    order = [
        lines.index(heading)
        for heading in (
            "eligibility",
            "not_typed: 4 rows",
            "missing_value: 2 rows",
            "practice",
            "medical_claim",
            "cascade_person: 40 rows",
        )
    ]
    assert order == sorted(order)
    claims = lines[lines.index("medical_claim") :]
    assert claims.index("not_typed: 1 row") < claims.index("cascade_person: 40 rows")


def test_a_failed_build_tells_the_same_as_a_release_with_its_rows(settings, told):
    write_release(settings)
    write_build(settings, "b" * 32, age=60)
    released, failed = told().splitlines(), told(failed=True).splitlines()
    assert failed[0].startswith("Quarantine of failed build bbbbbbbb, stopped 2")
    end = released.index("Every row:")
    assert released[2:end] == failed[2:end]
    assert "int_data_quality__quarantine" in failed[end + 1]


def test_examples_show_each_value_once_before_any_twice(settings, told):
    rows = [
        ("practice", f"practice_id=PR{n}", "start_date", value, "not_typed", 1)
        for n, value in enumerate(["1/1/18", "1/1/18", "1/1/18", "later", "soon"])
    ]
    write_release(settings, rows, [("practice", 30, 0, 5, 5)])
    assert re.findall(r"'(.*)' in", told()) == ["1/1/18", "later", "soon"]
    assert "and 2 more" in told()
    assert re.findall(r"'(.*)' in", told(examples=1)) == ["1/1/18"]
    assert "and 4 more" in told(examples=1)
    everything = told(examples=50)
    assert everything.count("'1/1/18' in") == 3
    assert "more" not in everything
    assert " in practice_id" not in told(examples=0)
    assert "start_date (date): 5 rows" in told(examples=0)


def test_landed_text_cannot_break_a_line_or_the_terminal(settings, told):
    hostile = "\x1b[2J\r\nnext line\x00 \u202e " + "é" * 5_000
    rows = [
        ("practice", f"practice_id={hostile}", "start_date", hostile, "not_typed", 1),
        ("practice", f"practice_id={'x' * 900}", "end_date", "y" * 900, "not_typed", 1),
        ("practice", "practice_id=PR1", ", ".join(["name"] * 60), None, "not_typed", 1),
    ]
    large = (60_000_000, 60_000_000, 3, 600_000)
    accounts = [("collaborative_participation", *large), ("practice", *large)]
    write_release(settings, rows, accounts)
    output = told()
    assert all(line.isprintable() for line in output.splitlines())
    assert "\\x1b[2J\\r\\nnext" in output
    assert output.count("…") == 5
    shown = [line for line in output.splitlines() if str(settings.releases) not in line]
    assert max(map(len, shown)) <= WIDTH
    assert "\nnext line" not in output


def test_nothing_quarantined_is_said_plainly(settings, told):
    write_release(settings, [], [("practice", 30, 0, 0, 5), ("provider", 1, 0, 0, 5)])
    output = told()
    assert "2 other tables, 31 rows: nothing quarantined" in output
    assert output.endswith("Nothing is quarantined: no landed row is at fault.\n")


def test_a_file_that_was_sent_twice_shows_though_nothing_is_quarantined(settings, told):
    write_release(settings, [], [("practice", 60, 30, 0, 5)])
    output = told()
    assert re.search(r"^practice +60 +0 +0 +5 +0 +30$", output, re.MULTILINE)
    assert "no landed row is at fault" in output


def test_one_table_or_one_rule_can_be_asked_for(settings, told):
    write_release(settings)
    one_table = told(table="eligibility")
    assert "practice" not in one_table.partition("Every row")[0].replace(
        "person or practice", ""
    )
    assert "missing_value: 2 rows" in one_table
    one_rule = told(rule="not_typed")
    assert "missing_value" not in one_rule
    assert "start_date (date): 1 row" in one_rule
    both = told(table="landing.eligibility", rule="missing_value")
    assert "not_typed" not in both
    assert "gender: 2 rows" in both
    none = told(table="provider", rule="not_typed")
    assert "No row of provider is quarantined by the rule not_typed." in none
    assert "Nothing is quarantined" not in none


@pytest.mark.parametrize(
    ("table", "rule", "found"),
    [
        (None, None, 6),
        ("eligibility", None, 3),
        (None, "not_typed", 4),
        ("eligibility", "not_typed", 2),
    ],
)
def test_the_query_that_is_told_finds_every_row(settings, told, table, rule, found):
    path = write_release(settings)
    command = re.search(
        r'make sql RESTRICTED=1 Q="(.*)"$', told(table=table, rule=rule), re.MULTILINE
    )
    with duckdb.connect(str(path), read_only=True) as connection:
        connection.execute("set schema = 'restricted'")
        assert len(connection.execute(command[1]).fetchall()) == found


def test_a_large_quarantine_is_counted_where_it_is(settings, told):
    path = write_release(settings, [], [("medical_claim", 300_000, 0, 200_000, 3_000)])
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "insert into restricted.quarantine select 'medical_claim', 'claim_id=' "
            "|| i, 'paid_amount', 'value ' || i, 'not_typed', 'm', 'r', false, 1 "
            "from range(200000) rows(i)"
        )
    tracemalloc.start()
    try:
        output = told()
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert "paid_amount (number): 200,000 rows" in output
    assert "and 199,997 more" in output
    assert most < 2_000_000


# What cannot be told -----------------------------------------------------------------


def test_an_unknown_table_or_rule_lists_the_known(settings, told):
    write_release(settings)
    with pytest.raises(SettingsError, match="TABLE=claims: .*medical_claim, pharm"):
        told(table="claims")
    with pytest.raises(SettingsError, match="RULE=typo: .*missing_value, not_typed"):
        told(rule="typo")
    for examples in (-1, 1_001):
        with pytest.raises(SettingsError, match=f"EXAMPLES={examples} .* 0 to 1,000"):
            told(examples=examples)


def test_without_a_release_it_says_what_to_run(settings, told):
    with pytest.raises(StopError, match="no release yet. Run `make refresh` first"):
        told()
    with pytest.raises(StopError, match="holds no failed build. `make quarantine`"):
        told(failed=True)
    write_build(settings, "b1")
    with pytest.raises(
        StopError, match="no release yet. The last run failed: .*FAILED"
    ):
        told()


def test_a_release_that_came_before_a_failure_says_so(settings, told):
    write_release(settings)
    build = write_build(settings, "b1", age=600)
    assert "A run has failed since" not in told()
    later = (settings.releases / "current").resolve().stat().st_mtime + 1
    os.utime(build, (later, later))
    assert "A run has failed since this release: `make quarantine FAILED=1`" in told()


def test_the_newest_build_is_read_that_is_not_running(settings, told):
    write_build(settings, "a_old", [("practice", "k", "end_date", "x", "not_typed", 1)])
    os.utime(settings.releases / ".builds" / "a_old", (1, 1))
    write_build(settings, "b_new", [("provider", "k", "npi", None, "missing_value", 1)])
    write_build(settings, "c_running", None, None, age=-60)
    acquire_lease(settings.releases, "c_running")
    output = told(failed=True)
    assert "failed build b_new" in output
    assert "missing_value: 1 row" in output
    assert "end_date" not in output
    lease = settings.releases / ".lease.json"
    dead = lease.read_text().replace(f'"pid": {os.getpid()}', '"pid": 999999999')
    assert socket.gethostname() in dead
    lease.write_text(dead)
    with pytest.raises(StopError, match="Build c_runnin stopped before"):
        told(failed=True)


def test_a_build_that_stopped_early_says_where_its_message_is(settings, told):
    folder = write_build(settings, "early", rows=None, accounts=None)
    early = "Build early stopped before its rows .*failure.txt, says and run `make ref"
    with pytest.raises(StopError, match=early):
        told(failed=True)
    (folder / "blueprint.duckdb").unlink()
    with pytest.raises(StopError, match=early):
        told(failed=True)


def test_a_build_without_accounts_tells_its_faults_all_the_same(settings, told):
    write_build(settings, "half", accounts=None)
    output = told(failed=True)
    assert re.search(r"^eligibility +– +6 +6 +– +0 +–$", output, re.MULTILINE)
    assert "missing_value: 2 rows" in output


def test_a_release_of_an_earlier_form_says_to_refresh(settings, told):
    columns = QUARANTINE.replace("remedy varchar, ", "")
    write_release(settings, [], columns=columns)
    with pytest.raises(StopError, match="earlier version .*Run `make refresh` again"):
        told()


def test_a_file_that_is_being_written_or_is_none_says_so(settings, told):
    path = write_release(settings)
    path.write_bytes(b"no database" * 1_000)
    with pytest.raises(
        StopError, match="blueprint_restricted.duckdb: cannot be opened"
    ):
        told()


@contextmanager
def another_user(path: Path) -> Iterator[None]:
    """Whoever runs the tests may not read the path meanwhile."""
    if os.geteuid() == 0:
        os.seteuid(65534)
        try:
            yield
        finally:
            os.seteuid(0)
    else:
        path.chmod(0)
        try:
            yield
        finally:
            path.chmod(0o600)


def test_only_the_owner_is_told_and_others_learn_why(settings, told):
    path = write_release(settings)
    build = write_build(settings, "b1", age=60)
    said = "this user may not read it. It holds people.*mode 0600"
    with another_user(path), pytest.raises(StopError, match=said):
        told()
    build.chmod(0o700)
    with another_user(build), pytest.raises(StopError, match=said):
        told(failed=True)
    build.chmod(0o700)


# Words and marks ---------------------------------------------------------------------


def test_every_reference_of_a_landed_row_has_words_for_its_faults():
    references = set()
    for model in (PROJECT / "models" / "staging").glob("*/base/*.sql"):
        for mapping in re.findall(r"references=\{(.*?)\}", model.read_text()):
            references |= {
                name.removesuffix("_id") for name in re.findall(r"'(\w+)':", mapping)
            }
    assert references >= {"person", "practice"}
    for reference in references:
        assert WORDS[f"unknown_{reference}"]["is_cascade"] == "false"
        assert WORDS[f"cascade_{reference}"]["is_cascade"] == "true"


@pytest.mark.parametrize("rule", WORDS)
def test_the_words_of_a_rule_are_sentences(rule):
    assert WORDS[rule]["meaning"].endswith(".")
    assert WORDS[rule]["remedy"].endswith(".")


def test_the_page_for_analysts_names_every_rule_and_quotes_today_s_words():
    page = (PROJECT / "docs" / "analysts" / "quarantine.md").read_text("utf-8")
    assert [rule for rule in WORDS if f"`{rule}`" not in page] == []
    quoted = re.findall(r"To do: (.*)", paragraphs(page))
    assert quoted
    assert quoted[0].startswith(WORDS["not_typed"]["remedy"])


def test_what_tells_who_a_person_is_is_marked_in_the_landing_contract():
    seeds = yaml.safe_load(CONTRACT_FILE.read_text(encoding="utf-8"))["seeds"]
    marked = {
        (seed["name"], column["name"])
        for seed in seeds
        for column in seed["columns"]
        if column["config"]["meta"].get("personal")
    }
    about_people = {
        table.name
        for table in landing_contract().values()
        if any(column.name == "person_id" for column in table.columns)
    }
    assert {table for table, _ in marked} == about_people
    assert len(about_people) == 6
    telling = re.compile(
        r"(person|member|subscriber|claim|encounter)_id$|(first|middle|last)_name|birth"
        r"|death_date|social|^address|^city|zip|phone|email"
    )
    unmarked = [
        f"{table}.{column.name}"
        for table in sorted(about_people)
        for column in landing_contract()[table].columns
        if (
            telling.search(column.name)
            or (column.type == "date" and column.name != "file_date")
        )
        and (table, column.name) not in marked
    ]
    assert unmarked == []


# From a drop to the quarantine and back ----------------------------------------------

ELIGIBILITY = {
    "person_id": "P1",
    "payer": "bcbsvt",
    "payer_type": "commercial",
    "plan": "exchange",
    "birth_date": "1950-03-01",
    "gender": "female",
    "enrollment_start_date": "2017-01-01",
    "x_primary_payer_flag": "1",
}
PRACTICE = {
    "practice_id": "PR1",
    "practice_name": "One",
    "hsa": "Rutland",
    "administrative_entity_id": "A1",
    "start_date": "2015-01-01",
}
ROSTER = {
    "practice_id": "PR1",
    "npi": "1234567893",
    "program": "pcmh",
    "start_date": "2015-01-01",
}
CLAIM = {
    "claim_id": "C1",
    "claim_line_number": "1",
    "claim_type": "professional",
    "person_id": "P1",
    "payer": "bcbsvt",
    "claim_start_date": "2018-01-15",
    "hcpcs_code": "99213",
    "paid_amount": "10.00",
}
ENTITY = {
    "administrative_entity_id": "A1",
    "name": "First",
    "hsa": "Rutland",
    "cms_eligible": "1",
}
REPORT = {
    "administrative_entity_id": "A1",
    "report": "staffing",
    "quarter_end": "2018-03-31",
    "received_date": "2018-01-10",
}
SOUND = {
    "eligibility": [ELIGIBILITY, {**ELIGIBILITY, "person_id": "P2"}],
    "practice": [PRACTICE, {**PRACTICE, "practice_id": "PR2"}],
    "administrative_entity": [ENTITY, {**ENTITY, "administrative_entity_id": "A2"}],
    "program_report": [
        REPORT,
        {**REPORT, "administrative_entity_id": "A2"},
        {**REPORT, "report": "practice_demographics"},
    ],
    "practice_provider": [ROSTER, ROSTER, {**ROSTER, "practice_id": "PR2"}],
    "medical_claim": [
        *[CLAIM, CLAIM],
        {**CLAIM, "claim_id": "C2"},
        {**CLAIM, "claim_id": "C3"},
        {**CLAIM, "claim_id": "C4", "person_id": "P2"},
        {**CLAIM, "claim_id": "C5"},
    ],
}
SPOILED = {
    "eligibility": [
        ELIGIBILITY,
        {**ELIGIBILITY, "person_id": "P2", "birth_date": "1950-02-30"},
        {**ELIGIBILITY, "plan": "other", "x_primary_payer_flag": "Lovelace"},
    ],
    "practice": [PRACTICE, {**PRACTICE, "practice_id": "PR2", "start_date": "soon"}],
    "administrative_entity": [
        ENTITY,
        {**ENTITY, "administrative_entity_id": "A2", "cms_eligible": "perhaps"},
    ],
    "program_report": [
        REPORT,
        {**REPORT, "administrative_entity_id": "A2"},
        {**REPORT, "administrative_entity_id": "A9"},
    ],
    "practice_provider": [
        *[ROSTER, ROSTER],
        {**ROSTER, "practice_id": "PR2"},
        {**ROSTER, "practice_id": "PR9"},
    ],
    "medical_claim": [
        *[CLAIM, CLAIM],
        {**CLAIM, "claim_id": "C2", "paid_amount": "20.00"},
        {**CLAIM, "claim_id": "C2", "paid_amount": "30.00"},
        {**CLAIM, "claim_id": "C3", "person_id": "P9"},
        {**CLAIM, "claim_id": "C4", "person_id": "P2"},
        *[{**CLAIM, "claim_id": "C5", "claim_type": ""}] * 2,
    ],
}
EXPECTED = {
    ("eligibility", "not_typed", "birth_date"): 1,
    ("eligibility", "not_typed", "x_primary_payer_flag"): 1,
    ("practice", "not_typed", "start_date"): 1,
    ("administrative_entity", "not_typed", "cms_eligible"): 1,
    (
        "program_report",
        "cascade_administrative_entity",
        "administrative_entity_id",
    ): 1,
    (
        "program_report",
        "unknown_administrative_entity",
        "administrative_entity_id",
    ): 1,
    ("practice_provider", "cascade_practice", "practice_id"): 1,
    ("practice_provider", "unknown_practice", "practice_id"): 1,
    (
        "medical_claim",
        "key_conflict",
        "payer, claim_id, claim_line_number, x_claim_version, x_claim_status_code",
    ): 1,
    ("medical_claim", "unknown_person", "person_id"): 1,
    ("medical_claim", "cascade_person", "person_id"): 1,
    ("medical_claim", "missing_value", "claim_type"): 2,
}
ACCOUNTED = (
    'select "table", landed, staged, superseded, duplicates, quarantined, own_faults, '
    "cascades, fault_limit from restricted.row_accounts where landed > 0 order by all"
)


@pytest.fixture(scope="module")
def built(recorded, tmp_path_factory):
    """Settings and build file of a spoiled drop and of the same drop, corrected."""
    replay = Replay(pickle.loads(recorded[1].read_bytes()), Path())
    results = {}
    for name, tables in (("spoiled", SPOILED), ("corrected", SOUND)):
        folder = tmp_path_factory.mktemp(name)
        settings = settings_from({}, releases=str(folder / "releases"))
        paths = build_paths(settings.releases, name)
        paths.logs.mkdir(parents=True)
        for table, rows in tables.items():
            with (folder / f"{table}.csv").open("w", newline="") as file:
                writer = csv.DictWriter(file, rows[0], lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows)
        land_directory(folder, paths.database, landing_contract())
        replay.load_reference(paths)
        replay.execute(paths, "landing")
        replay.execute(paths, "transform", date(2018, 3, 31))
        replay.execute(paths, "marts")
        release = settings.releases / "2018-06-30" / name
        release.mkdir(parents=True)
        published = [
            table
            for table in published_tables(ensure_manifest())
            if table.label in ("restricted.quarantine", "restricted.row_accounts")
        ]
        restricted = release / "blueprint_restricted.duckdb"
        write_database(paths.database, restricted, published, None)
        (settings.releases / "current").symlink_to(release)
        results[name] = (settings, paths.database, restricted)
    return results


def rows_of(database: Path, query: str) -> list[tuple]:
    """A query's rows on a file."""
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(query).fetchall()


@pytest.mark.slow
def test_every_rule_can_be_broken_and_has_its_words_on_the_row(built):
    _, _, restricted = built["spoiled"]
    found = rows_of(
        restricted,
        'select "table", reason, "column", sum(landed_copies) '
        "from restricted.quarantine group by all",
    )
    assert {(t, r, c): n for t, r, c, n in found} == EXPECTED
    assert {rule for _, rule, _ in EXPECTED} == set(WORDS)
    words = rows_of(
        restricted,
        "select distinct reason, is_cascade, meaning, remedy "
        "from restricted.quarantine",
    )
    assert sorted(words) == sorted(
        (rule, row["is_cascade"] == "true", row["meaning"], row["remedy"])
        for rule, row in WORDS.items()
    )


@pytest.mark.slow
def test_a_row_sent_twice_is_told_from_a_fault(built):
    _, _, restricted = built["spoiled"]
    assert rows_of(restricted, ACCOUNTED) == [
        # landed, staged, superseded, duplicates, quarantined, own, cascades, limit
        ("administrative_entity", 2, 1, 0, 0, 1, 1, 0, 5),
        ("eligibility", 3, 1, 0, 0, 2, 2, 0, 5),
        ("medical_claim", 8, 2, 1, 1, 5, 4, 1, 5),
        ("practice", 2, 1, 0, 0, 1, 1, 0, 5),
        ("practice_provider", 4, 1, 1, 1, 2, 1, 1, 5),
        ("program_report", 3, 1, 0, 0, 2, 1, 1, 5),
    ]


@pytest.mark.slow
def test_what_a_run_quotes_says_nothing_about_a_person(built):
    _, database, restricted = built["spoiled"]
    quoted = dict(
        rows_of(
            database,
            "select landed_table || '.' || column_name, example_value "
            "from intermediate.int_data_quality__fault_counts "
            "where example_value is not null and not is_cascade",
        )
    )
    assert quoted == {
        "administrative_entity.cms_eligible": "perhaps",
        "program_report.administrative_entity_id": "A9",
        "practice.start_date": "soon",
        "practice_provider.practice_id": "PR9",
    }
    kept = {
        value
        for (value,) in rows_of(restricted, 'select "value" from restricted.quarantine')
    }
    assert {"1950-02-30", "Lovelace", "P9"} <= kept


@pytest.mark.slow
def test_a_corrected_drop_clears_the_quarantine(built, capsys):
    for failed in (True, False):
        arguments = {"failed": failed, "table": None, "rule": None, "examples": 3}
        show(built["spoiled"][0], **arguments)
        before = capsys.readouterr().out
        for (_, rule, column), count in EXPECTED.items():
            assert rule in before
            entry = re.escape(column.partition(",")[0])
            assert re.search(rf"^    {entry}\b.*", before, re.MULTILINE), count
        show(built["corrected"][0], **arguments)
        after = capsys.readouterr().out
        assert "Nothing is quarantined" in after
    _, _, restricted = built["corrected"]
    assert rows_of(restricted, "from restricted.quarantine") == []
    assert rows_of(restricted, ACCOUNTED) == [
        ("administrative_entity", 2, 2, 0, 0, 0, 0, 0, 5),
        ("eligibility", 2, 2, 0, 0, 0, 0, 0, 5),
        ("medical_claim", 6, 5, 1, 1, 0, 0, 0, 5),
        ("practice", 2, 2, 0, 0, 0, 0, 0, 5),
        ("practice_provider", 3, 2, 1, 1, 0, 0, 0, 5),
        ("program_report", 3, 3, 0, 0, 0, 0, 0, 5),
    ]
