"""A gate tells bad data from a broken check, and says what to do."""

from pathlib import Path

import duckdb
import pytest

from orchestration.gates import (
    Check,
    add_results,
    declared_checks,
    read_results,
    run_gate,
)

COLUMNS = (
    "check_id varchar, gate varchar, schema_name varchar, table_name varchar, "
    "column_name varchar, expectation varchar, argument varchar, limit_value double, "
    "severity varchar, meaning varchar, remedy varchar, effective_from date, "
    "effective_to date"
)


@pytest.fixture
def judge(tmp_path: Path):
    """Runs one check on a table of 100 rows: n, text (4 null), code (2 of 100 odd)."""

    def run(expectation, *, argument="", limit=0.0, column="", severity="stop", **over):
        database = tmp_path / "blueprint.duckdb"
        database.unlink(missing_ok=True)
        with duckdb.connect(str(database)) as connection:
            connection.execute("create schema landing; create schema reference")
            connection.execute(
                "create table landing.t as select i as n, "
                "case when i < 4 then null else 'a' end as text, "
                "case when i < 2 then 'odd' else '99213' end as code "
                "from range(100) t(i)"
            )
            connection.execute("create table landing.empty as from landing.t limit 0")
            connection.execute(f"create table reference.gate_checks ({COLUMNS})")
            values = {
                "table_name": "t",
                "effective_from": None,
                "effective_to": None,
                **over,
            }
            connection.execute(
                "insert into reference.gate_checks values "
                "('a_check', 'landing', 'landing', ?, ?, ?, ?, ?, ?, 'It matters.', "
                "'Mend it.', ?, ?)",
                [
                    values["table_name"],
                    column,
                    expectation,
                    argument,
                    limit,
                    severity,
                    values["effective_from"],
                    values["effective_to"],
                ],
            )
        results = run_gate(database, "landing", over.get("as_of"))
        return results[0] if results else None

    return run


@pytest.mark.parametrize(
    ("expectation", "argument", "limit", "column", "outcome", "figure"),
    [
        ("row_count_at_least", "", 100, "", "pass", 100),
        ("row_count_at_least", "", 101, "", "stop", 100),
        ("not_null_share", "", 0.96, "text", "pass", 0.96),
        ("not_null_share", "", 0.97, "text", "stop", 0.96),
        ("values_in_set", '["99213"]', 0.98, "code", "pass", 0.98),
        ("values_in_set", '["99213"]', 0.99, "code", "stop", 0.98),
        ("unique_key", '["n"]', 0, "", "pass", 1.0),
        ("unique_key", '["code"]', 0, "", "stop", 0.0),
        ("unique_key", '["n", "code"]', 0, "", "pass", 1.0),
        ("unique_key", '["text", "code"]', 0, "", "stop", None),
        (
            "share_at_least",
            "regexp_full_match({column}, '[0-9]{5}')",
            0.98,
            "code",
            "pass",
            0.98,
        ),
        (
            "share_at_least",
            "regexp_full_match({column}, '[0-9]{5}')",
            0.99,
            "code",
            "stop",
            0.98,
        ),
    ],
)
def test_each_kind_of_check_passes_at_its_limit_and_fails_beyond(
    judge, expectation, argument, limit, column, outcome, figure
):
    result = judge(expectation, argument=argument, limit=limit, column=column)
    assert result.outcome == outcome
    if figure is not None:
        assert result.figure == pytest.approx(figure)


def test_a_query_says_what_it_found(judge):
    query = "with x as (select n from landing.t where n < {limit}) \
        select 'row ' || n as finding from x order by n"
    assert judge("sql_returns_no_rows", argument=query, limit=0).outcome == "pass"
    result = judge("sql_returns_no_rows", argument=query, limit=7)
    assert (result.outcome, result.figure) == ("stop", 7)
    assert result.findings == ("row 0", "row 1", "row 2", "row 3", "row 4")
    assert "and 2 more" in result.message()
    assert result.message().endswith("It matters. Mend it.")


def test_a_warning_does_not_stop(judge):
    result = judge("row_count_at_least", limit=101, severity="warn")
    assert (result.outcome, result.stops, result.warns) == ("warn", False, True)


@pytest.mark.parametrize(
    ("expectation", "argument", "column"),
    [
        ("not_null_share", "", "gone"),
        ("sql_returns_no_rows", "select gone as finding from landing.t", ""),
        ("share_at_least", "no_such_function({column})", "code"),
        ("values_in_set", "not json", "code"),
        ("no_such_kind", "", ""),
    ],
)
def test_a_check_that_breaks_is_not_bad_data(judge, expectation, argument, column):
    result = judge(expectation, argument=argument, column=column, limit=0.5)
    assert result.outcome == "broken"
    assert result.stops
    assert "says nothing about the data" in result.message()
    warning = judge(
        expectation, argument=argument, column=column, limit=0.5, severity="warn"
    )
    assert (warning.stops, warning.warns) == (False, True)


def test_a_check_rests_where_there_is_nothing_to_judge(judge):
    absent = judge("row_count_at_least", limit=1, table_name="gone")
    assert (absent.outcome, absent.stops) == ("rested", False)
    for expectation in ("not_null_share", "share_at_least"):
        empty = judge(
            expectation, argument="true", limit=0.5, column="code", table_name="empty"
        )
        assert empty.outcome == "rested"
    rows = judge("row_count_at_least", limit=1, table_name="empty")
    assert rows.outcome == "stop"


def test_a_check_is_held_only_while_it_is_in_force(judge):
    def in_force(as_of):
        return judge(
            "row_count_at_least",
            limit=1,
            effective_from="2018-01-01",
            effective_to="2018-12-31",
            as_of=as_of,
        )

    assert in_force("2018-12-31") is not None
    assert in_force("2017-12-31") is None
    assert in_force("2019-01-31") is None
    assert in_force(None) is None


def test_results_survive_the_file(judge, tmp_path):
    result = judge("row_count_at_least", limit=101)
    add_results(tmp_path / "gates.json", [result])
    add_results(tmp_path / "gates.json", [result])
    assert read_results(tmp_path / "gates.json") == [result, result]
    assert read_results(tmp_path / "none.json") == []


@pytest.mark.parametrize("check", declared_checks(), ids=lambda check: check.check_id)
def test_every_declared_check_says_what_it_means_and_what_to_do(check: Check):
    assert check.meaning.endswith(".")
    assert check.remedy.endswith(".")
    assert check.severity in ("stop", "warn")
    assert check.gate in ("landing", "rows", "release")
