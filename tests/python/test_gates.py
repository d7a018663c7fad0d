"""A gate tells bad data from a broken check, and says what to do."""

from pathlib import Path

import duckdb
import pytest

from orchestration.gates import (
    GATES,
    Check,
    add_results,
    compared,
    data_test_result,
    declared_checks,
    measured,
    one_line,
    read_results,
    run_gate,
)

COLUMNS = (
    "check_id varchar, gate varchar, schema_name varchar, table_name varchar, "
    "column_name varchar, expectation varchar, argument varchar, needs varchar, "
    "limit_value double, unit varchar, severity varchar, meaning varchar, "
    "remedy varchar, effective_from date, effective_to date"
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
                "needs": None,
                "unit": "share",
                "effective_from": None,
                "effective_to": None,
                **over,
            }
            connection.execute(
                "insert into reference.gate_checks values "
                "('a_check', 'landing', 'landing', ?, ?, ?, ?, ?, ?, ?, ?, "
                "'It matters.', 'Mend it.', ?, ?)",
                [
                    values["table_name"],
                    column,
                    expectation,
                    argument,
                    values["needs"],
                    limit,
                    values["unit"],
                    severity,
                    values["effective_from"],
                    values["effective_to"],
                ],
            )
        results = run_gate(database, "landing", over.get("as_of"), over.get("read"))
        return results[0] if results else None

    return run


EACH = "select text as subject, avg(n) as figure from landing.t group by text"


@pytest.mark.parametrize(
    ("expectation", "argument", "limit", "column", "outcome", "figure"),
    [
        ("row_count_at_least", "", 100, "", "pass", 100),
        ("row_count_at_least", "", 101, "", "stop", 100),
        ("unique_share_at_least", '["n"]', 1, "", "pass", 1.0),
        ("unique_share_at_least", '["code"]', 0.5, "", "stop", 0.0),
        ("unique_share_at_least", '["n", "code"]', 1, "", "pass", 1.0),
        ("unique_share_at_least", '["text", "code"]', 0.5, "", "stop", None),
        ("share_at_least", "{column} ~ '[0-9]{5}'", 0.98, "code", "pass", 0.98),
        ("share_at_least", "{column} ~ '[0-9]{5}'", 0.99, "code", "stop", 0.98),
        # the mean of 4 to 99, and of 0 to 3 where the text is null
        ("each_at_least", EACH, 1.5, "", "pass", 1.5),
        ("each_at_least", EACH, 1.6, "", "stop", 1.5),
        ("each_at_most", EACH, 51.5, "", "pass", 51.5),
        ("each_at_most", EACH, 51.4, "", "stop", 51.5),
    ],
)
def test_each_kind_of_check_passes_at_its_limit_and_fails_beyond(
    judge, expectation, argument, limit, column, outcome, figure
):
    result = judge(expectation, argument=argument, limit=limit, column=column)
    assert result.outcome == outcome
    if figure is not None:
        assert result.figure == pytest.approx(figure)


def test_typed_columns_are_judged_one_by_one(tmp_path):
    """The types are the contract's: here those of larc_stock."""
    database = tmp_path / "blueprint.duckdb"
    with duckdb.connect(str(database)) as connection:
        connection.execute("create schema landing; create schema reference")
        connection.execute(
            "create table landing.larc_stock as select 'PR01' as practice_id, "
            "case when i < 6 then '2018-01-01' else 'soon' end as count_date, "
            "'3' as hormonal_iud, ' ' as nonhormonal_iud, "
            "case when i < 9 then '2' else 'two' end as implant from range(10) t(i)"
        )
        connection.execute(f"create table reference.gate_checks ({COLUMNS})")
        connection.execute(
            "insert into reference.gate_checks values ('types', 'landing', 'landing', "
            "'larc_stock', null, 'typed_share_at_least', null, null, 0.95, 'share', "
            "'stop', 'It matters.', 'Mend it.', null, null)"
        )
    (result,) = run_gate(database, "landing", None)
    assert result.outcome == "stop"
    assert result.figure == pytest.approx(0.6)
    assert result.findings == (
        "landing.larc_stock, count_date, filled values that are of type date: 60.0 %; "
        "limit at least 95.0 %",
        "landing.larc_stock, implant, filled values that are of type integer: 90.0 %; "
        "limit at least 95.0 %",
    )


def test_of_each_thing_that_is_judged_the_worst_are_named_first(judge):
    query = "select 'thing ' || n as subject, n / 100 as figure from landing.t"
    result = judge("each_at_most", argument=query, limit=0.9)
    assert result.figure == pytest.approx(0.99)
    assert result.findings[0] == "thing 99: 99.0 %; limit at most 90.0 %"
    assert result.findings[-1] == "and 4 more"
    assert len(result.findings) == 6
    assert result.message().endswith("It matters. Mend it.")
    assert (result.figure_text, result.limit_text) == ("99.0 %", "at most 90.0 %")


def test_a_query_says_what_it_found(judge):
    query = "with x as (select n from landing.t where n < {limit}) \
        select 'row ' || n as finding from x order by n"
    assert judge("no_findings", argument=query, limit=0).outcome == "pass"
    result = judge("no_findings", argument=query, limit=7)
    assert (result.outcome, result.figure) == ("stop", 7)
    assert result.findings == (*(f"row {n}" for n in range(5)), "and 2 more")
    assert result.message().endswith("It matters. Mend it.")


def test_what_the_reader_found_is_a_check_like_any_other(judge):
    read = {"a_check": ["practice.csv: odd", "provider.csv: odd"]}
    result = judge("reader", severity="warn", unit="findings", read=read)
    assert (result.outcome, result.figure_text) == ("warn", "2 findings")
    assert result.findings == ("practice.csv: odd", "provider.csv: odd")
    assert judge("reader", severity="warn", read={"other": ["x"]}).outcome == "pass"


def test_a_warning_does_not_stop(judge):
    result = judge("row_count_at_least", limit=101, severity="warn")
    assert (result.outcome, result.stops, result.warns) == ("warn", False, True)


@pytest.mark.parametrize(
    ("expectation", "argument", "column"),
    [
        ("share_at_least", "true", "gone"),
        ("no_findings", "select gone as finding from landing.t", ""),
        ("each_at_least", "select n as figure from landing.t where no_such(n)", ""),
        ("share_at_least", "no_such_function({column})", "code"),
        ("unique_share_at_least", "not json", "code"),
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
    empty = judge(
        "share_at_least", argument="true", limit=0.5, column="code", table_name="empty"
    )
    assert empty.outcome == "rested"
    none = judge("each_at_least", argument=f"{EACH} having false", limit=1)
    assert none.outcome == "rested"
    rows = judge("row_count_at_least", limit=1, table_name="empty")
    assert rows.outcome == "stop"


def test_a_check_rests_without_the_prior_release_that_it_needs(judge):
    result = judge(
        "each_at_least", argument=EACH, limit=99, needs="prior.landing_volumes"
    )
    assert (result.outcome, result.stops) == ("rested", False)
    assert result.findings == (
        "there is no prior release of the same people to compare with",
    )


def test_a_figure_just_beyond_its_limit_does_not_read_like_it():
    assert compared(0.98996, 0.99, "share") == ("98.996 %", "99.000 %")
    assert compared(0.99, 0.99, "share") == ("99.0 %", "99.0 %")
    assert compared(3.501, 3.5, "usd") == ("3.501 dollars", "3.500 dollars")


def test_numbers_read_with_their_unit():
    assert measured(1, "rows") == "1 row"
    assert measured(1204, "rows") == "1,204 rows"
    assert measured(0.613, "share") == "61.3 %"
    assert measured(3.5, "usd") == "3.50 dollars"


def test_a_broken_check_quotes_no_landed_value():
    error = ValueError("Could not convert string 'Ethan Allen' to DATE\nhint")
    assert one_line(error) == "Could not convert string '…' to DATE hint"


def test_a_data_test_is_told_like_any_other_check():
    told = {
        "gate": "marts",
        "table": "marts.t",
        "description": "",
        "message": "Runtime Error\n  Could not convert string 'Ethan Allen'",
        "seconds": 0.1,
    }
    name = "every_row_is_there"
    failed = data_test_result(name=name, status="fail", failures=3, **told)
    assert (failed.outcome, failed.stops, failed.figure) == ("stop", True, 3)
    assert failed.message().startswith(
        "every_row_is_there: marts.t: 3 rows break it; limit none. Every row is there."
    )
    warned = data_test_result(name=name, status="warn", failures=1, **told)
    assert (warned.stops, warned.warns) == (False, True)
    broke = data_test_result(name=name, status="error", failures=None, **told)
    assert (broke.outcome, broke.stops) == ("broken", True)
    assert broke.findings == ("Runtime Error Could not convert string '…'",)


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
    assert check.gate in GATES
    assert check.severity == "warn" or check.expectation != "reader"
