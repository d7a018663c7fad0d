"""The gates: checks that are held against a build, and what their results mean.

Belongs here: turning the rows of the seed `gate_checks` into Great Expectations, and
results of every kind of check into sentences. Does not belong here: limits, SQL of a
single check (both are seed rows), stopping a run (assets.py) or the page that shows the
results (report.py).

A check ends in one of: pass; warn or stop (the data is bad, by the check's severity);
broken (the check itself could not run, which says nothing about the data); rested (its
table is not in the build or has no rows, or there is no prior release to compare with).
"""

from __future__ import annotations

import csv
import json
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from orchestration.contract import Column, landing_contract
from orchestration.landing import literal, quoted, without_quotes
from orchestration.releases import replace_file
from orchestration.settings import PROJECT

if TYPE_CHECKING:
    from great_expectations.datasource.fluent.sql_datasource import SQLDatasource

CHECKS_SEED = PROJECT / "seeds" / "reference" / "gate_checks.csv"
# In the order of a run. The second and fourth are dbt's data tests.
GATES = ("landing", "transform", "rows", "marts", "release")
FINDINGS_SHOWN = 5
# Outcome, figure and findings of a check.
Found = tuple[str, float | None, tuple[str, ...]]
# Kinds of check whose query gives a subject and a figure for each thing it judges.
EACH = ("each_at_least", "each_at_most", "typed_share_at_least")
# Kinds of check whose figure must not be above the limit.
AT_MOST = ("each_at_most", "no_findings", "reader")
# What dbt's data tests hold against the build is the warehouse's own promise.
OWN_FAULT = "A fault of the warehouse, not of the data: report it with the run's log."


@dataclass(frozen=True)
class Check:
    """One row of the seed `gate_checks`; its YAML describes the fields."""

    check_id: str
    gate: str
    schema_name: str
    table_name: str
    column_name: str
    expectation: str
    argument: str
    needs: str
    limit_value: float
    unit: str
    severity: str
    meaning: str
    remedy: str

    @property
    def relation(self) -> str:
        """The checked table as SQL."""
        return f"{quoted(self.schema_name)}.{quoted(self.table_name)}"

    @property
    def relation_text(self) -> str:
        """The checked table for a sentence."""
        if not self.table_name:
            return "the drop"
        return f"{self.schema_name}.{self.table_name}"

    @property
    def relations(self) -> tuple[tuple[str, str], ...]:
        """Schema and name of every table without which the check rests."""
        named = [name.partition(".") for name in self.needs.split()]
        return (
            (self.schema_name, self.table_name),
            *((schema, table) for schema, _, table in named),
        )

    @property
    def limit_text(self) -> str:
        """The limit as SQL, without a needless fraction."""
        return f"{self.limit_value:.10g}"

    @property
    def comparison(self) -> str:
        """On which side of the limit the figure must be."""
        return "at_most" if self.expectation in AT_MOST else "at_least"


@dataclass(frozen=True)
class CheckResult:
    """What one check found.

    figure and limit are in `unit`: share (of 1), rows, findings, usd or count; the
    figure is None when there was nothing to judge. comparison: at_least or at_most.
    findings: sentences, the first few.
    """

    check_id: str
    gate: str
    table: str
    column: str
    severity: str
    outcome: str
    figure: float | None
    limit: float | None
    unit: str
    comparison: str
    findings: tuple[str, ...]
    meaning: str
    remedy: str
    seconds: float

    @property
    def stops(self) -> bool:
        """Whether nothing may be published: bad data, or a check that could not run."""
        return self.outcome == "stop" or (
            self.outcome == "broken" and self.severity == "stop"
        )

    @property
    def warns(self) -> bool:
        """Whether a person should read it although the run goes on."""
        return self.outcome in ("warn", "broken") and not self.stops

    @property
    def figure_text(self) -> str:
        """The figure with its unit; empty without one."""
        if self.figure is None:
            return ""
        limit = self.figure if self.limit is None else self.limit
        return compared(self.figure, limit, self.unit)[0]

    @property
    def limit_text(self) -> str:
        """The limit with its unit and side; empty without one."""
        if self.limit is None:
            return ""
        side = "at least" if self.comparison == "at_least" else "at most"
        figure = self.limit if self.figure is None else self.figure
        return f"{side} {compared(figure, self.limit, self.unit)[1]}"

    def message(self) -> str:
        """Table, rule, figure, limit and remedy, on as few lines as that takes."""
        if self.outcome == "broken":
            return (
                f"{self.check_id}: the check itself broke, which says nothing about "
                f"the data ({' '.join(self.findings)})."
            )
        listing = "\n".join(f"    {finding}" for finding in self.findings)
        if len(self.findings) == 1:
            text = f"{self.check_id}: {self.findings[0]}."
        else:
            text = f"{self.check_id}:\n{listing}\n   "
        return f"{text} {self.meaning} {self.remedy}"

    def as_json(self) -> dict[str, Any]:
        """The same as plain values."""
        return asdict(self)


def measured(value: float, unit: str, digits: int = 1) -> str:
    """A number with its unit, for a sentence; digits: after the point of a share."""
    if unit == "share":
        return f"{100 * value:.{digits}f} %"
    if unit == "usd":
        return f"{value:,.{max(2, digits)}f} dollars"
    number = f"{value:,.0f}" if float(value).is_integer() else f"{value:,.{digits}f}"
    if unit == "count":
        return number
    return f"{number} {unit.removesuffix('s') if number == '1' else unit}"


def compared(figure: float, limit: float, unit: str) -> tuple[str, str]:
    """Figure and limit as texts that differ when they do."""
    digits = 1
    while digits < 6:
        texts = measured(figure, unit, digits), measured(limit, unit, digits)
        if texts[0] != texts[1] or figure == limit:
            return texts
        digits += 1
    return texts


def check_from(row: Mapping[str, Any]) -> Check:
    """A check from a row of the seed, of CSV text or of the database."""
    values = {name: row[name] or "" for name in Check.__dataclass_fields__}
    values["limit_value"] = float(row["limit_value"])
    return Check(**values)


def declared_checks(seed: Path = CHECKS_SEED) -> list[Check]:
    """The checks that the project declares, one per id, for the definitions."""
    with seed.open(encoding="utf-8", newline="") as file:
        checks = {row["check_id"]: check_from(row) for row in csv.DictReader(file)}
    return list(checks.values())


def checks_in_force(
    connection: duckdb.DuckDBPyConnection, gate: str, as_of: date | None
) -> list[Check]:
    """The gate's checks in a build's reference seed, in force on the as-of date.

    Without an as-of date, which the landing gate may lack: those without an end.
    """
    rows = connection.execute(
        """
        select * from reference.gate_checks
        where gate = $gate
            and coalesce(effective_from, date '0001-01-01')
            <= coalesce(cast($as_of as date), date '9999-12-31')
            and coalesce(effective_to, date '9999-12-31')
            >= coalesce(cast($as_of as date), date '9999-12-31')
        order by check_id
        """,
        {"gate": gate, "as_of": as_of},
    )
    names = [column[0] for column in rows.description]
    return [check_from(dict(zip(names, row, strict=True))) for row in rows.fetchall()]


def run_gate(
    database: Path,
    gate: str,
    as_of: date | None,
    read: Mapping[str, Sequence[str]] | None = None,
) -> list[CheckResult]:
    """Holds every check of a gate against a build.

    Args:
        database: the build file; opened read-only.
        gate: landing, rows or release.
        as_of: the run's as-of date, if it is known yet.
        read: what reading the drop found, as sentences by check.

    Returns:
        One result per check; a check that breaks does not hide the others.
    """
    with duckdb.connect(str(database), read_only=True) as connection:
        checks = checks_in_force(connection, gate, as_of)
        relations = {
            (schema, name)
            for schema, name in connection.execute(
                "select schema_name, table_name from duckdb_tables() union all "
                "select schema_name, view_name from duckdb_views()"
            ).fetchall()
        }
    # Imported here: it takes seconds, and only a gate needs it.
    from orchestration.gx_duckdb import open_build

    plans, broken = {}, {}
    for check in checks:
        if check.expectation != "reader" and relations.issuperset(check.relations):
            try:
                plans[check.check_id] = plan_of(check)
            except Exception as error:  # noqa: BLE001 - the check broke, whatever it is
                broken[check.check_id] = ("broken", None, (one_line(error),))
    queries = {name: query for plan in plans.values() for name, query in plan.queries}
    results = []
    with open_build(database, queries) as source:
        for check in checks:
            started = time.monotonic()
            if check.check_id in plans:
                found = run_check(source, check, plans[check.check_id])
            elif check.check_id in broken:
                found = broken[check.check_id]
            elif check.expectation == "reader":
                found = judge_reading(check, read or {})
            else:
                absent = [name for name in check.relations if name not in relations]
                found = ("rested", None, tuple(why_absent(*name) for name in absent))
            seconds = time.monotonic() - started
            results.append(result_of(check, *found, seconds))
    return results


def why_absent(schema: str, table: str) -> str:
    """Why a check rests whose table is not there."""
    if schema == "prior":
        return "there is no prior release of the same people to compare with"
    return f"{schema}.{table} is not built"


def judge_reading(check: Check, read: Mapping[str, Sequence[str]]) -> Found:
    """Outcome of a check that the reader of the drop has made."""
    findings = read.get(check.check_id, ())
    outcome = check.severity if len(findings) > check.limit_value else "pass"
    return outcome, float(len(findings)), shortened(findings)


def result_of(
    check: Check,
    outcome: str,
    figure: float | None,
    findings: tuple[str, ...],
    seconds: float,
) -> CheckResult:
    """A check together with what it found."""
    return CheckResult(
        check_id=check.check_id,
        gate=check.gate,
        table=check.relation_text,
        column=check.column_name,
        severity=check.severity,
        outcome=outcome,
        figure=figure,
        limit=check.limit_value,
        unit=check.unit,
        comparison=check.comparison,
        findings=findings,
        meaning=check.meaning,
        remedy=check.remedy,
        seconds=round(seconds, 3),
    )


def data_test_result(
    *,
    name: str,
    gate: str,
    table: str,
    description: str,
    status: str,
    failures: int | None,
    message: str,
    seconds: float,
) -> CheckResult:
    """What one of dbt's data tests found, told like any other check.

    Args:
        name: the test's name, which is the promise that it keeps.
        gate: transform or marts.
        table: the relation that it is about, with its schema.
        description: what a breach means; empty: its name says it.
        status: dbt's: pass, warn, fail or error.
        failures: rows that break the promise.
        message: dbt's words, which say why a test could not run.
        seconds: how long it took.
    """
    outcome = {"pass": "pass", "warn": "warn", "fail": "stop"}.get(status, "broken")
    found = failures or 0
    findings = ()
    if outcome in ("warn", "stop"):
        findings = (f"{table}: {measured(found, 'rows')} break it; limit none",)
    elif outcome == "broken":
        findings = (one_line(message),)
    return CheckResult(
        check_id=name,
        gate=gate,
        table=table,
        column="",
        severity="warn" if outcome == "warn" else "stop",
        outcome=outcome,
        figure=None if outcome == "broken" else float(found),
        limit=0.0,
        unit="rows",
        comparison="at_most",
        findings=findings,
        meaning=description or f"{name.replace('_', ' ').capitalize()}.",
        remedy=OWN_FAULT,
        seconds=round(seconds, 3),
    )


# Great Expectations ------------------------------------------------------------------


@dataclass(frozen=True)
class Plan:
    """What a check asks of the database.

    expected: a Great Expectations expectation of the rows of `query`. breaches: for a
    check of each of several things, the query that lists those beyond the limit.
    """

    check_id: str
    query: str
    expected: Any
    breaches: str | None = None

    @property
    def queries(self) -> list[tuple[str, str]]:
        """Both queries, by name."""
        both = [(self.check_id, self.query)]
        if self.breaches:
            both.append((f"{self.check_id}, breaches", self.breaches))
        return both


def plan_of(check: Check) -> Plan:
    """The rows that a check reads, as a query, and what is expected of them.

    Great Expectations carries every column of a query through its own, which at the
    size of a state takes minutes: a query names only what is judged.
    """
    import great_expectations.expectations as gxe

    limit, name = check.limit_value, check.check_id
    if check.expectation == "row_count_at_least":
        everything = f"select * from {check.relation}"
        return Plan(
            name, everything, gxe.ExpectTableRowCountToBeBetween(min_value=int(limit))
        )
    if check.expectation == "unique_share_at_least":
        key = json.loads(check.argument)
        query = f"select {', '.join(map(quoted, key))} from {check.relation}"
        if len(key) == 1:
            unique = gxe.ExpectColumnValuesToBeUnique(column=key[0], mostly=limit)
        else:
            unique = gxe.ExpectCompoundColumnsToBeUnique(column_list=key, mostly=limit)
        return Plan(name, query, unique)
    if check.expectation == "share_at_least":
        value = f"trim(cast({quoted(check.column_name)} as varchar))"
        condition = check.argument.replace("{column}", value)
        query = (
            f"select avg(case when {condition} then 1.0 else 0.0 end) as figure "
            f"from {check.relation} where nullif({value}, '') is not null"
        )
        return Plan(
            name,
            query,
            gxe.ExpectColumnMinToBeBetween(column="figure", min_value=limit),
        )
    if check.expectation in EACH:
        judged = query_of(check)
        at_most = check.comparison == "at_most"
        bound = (
            gxe.ExpectColumnMaxToBeBetween(column="figure", max_value=limit)
            if at_most
            else gxe.ExpectColumnMinToBeBetween(column="figure", min_value=limit)
        )
        breaches = (
            "select * from (select subject, cast(figure as double) as figure "
            f"from ({judged}) as judged "
            f"where figure {'>' if at_most else '<'} {check.limit_text} "
            f"order by figure {'desc' if at_most else 'asc'}, subject) as findings"
        )
        return Plan(name, f"select figure from ({judged}) as judged", bound, breaches)
    if check.expectation == "no_findings":
        # Great Expectations takes only queries that begin with `select`.
        return Plan(name, f"select * from ({query_of(check)}) as findings", none_of())
    raise ValueError(f"{check.expectation} is no kind of check")


def none_of() -> Any:  # noqa: ANN401 - an expectation
    """The expectation that a query has no rows."""
    import great_expectations.expectations as gxe

    return gxe.UnexpectedRowsExpectation(unexpected_rows_query="select * from {batch}")


def query_of(check: Check) -> str:
    """The query of a check that has one, its limit filled in."""
    if check.expectation == "typed_share_at_least":
        return typed_shares(check)
    return check.argument.replace("{limit}", check.limit_text)


def typed_shares(check: Check) -> str:
    """The share of filled values that can be cast, for each typed column of a table."""
    typed = [
        column
        for column in landing_contract()[check.table_name].columns
        if column.type != "varchar"
    ]
    shares = []
    for column in typed:
        name = quoted(column.name)
        filled = f"nullif(trim(cast({name} as varchar)), '') is not null"
        # Whether a value is blank is the dearer question, and asked of the few that are
        # not of the type.
        shares.append(
            f"avg(case when try_cast({name} as {column.type}) is not null then 1.0 "
            f"when {filled} then 0.0 end) as {name}"
        )
    pairs = ", ".join(
        f"struct_pack(subject := {literal(typed_subject(check, c))}, "
        f"figure := {quoted(c.name)})"
        for c in typed
    )
    return (
        f"select unnest([{pairs}], recursive := true) "
        f"from (select {', '.join(shares)} from {check.relation}) as shares"
    )


def typed_subject(check: Check, column: Column) -> str:
    """What a share of typed values is about."""
    return (
        f"{check.relation_text}, {column.name}, filled values that are of type "
        f"{column.type}"
    )


def run_check(source: SQLDatasource, check: Check, plan: Plan) -> Found:
    """Outcome, figure and findings of one check."""
    from orchestration.gx_duckdb import validate

    # Complete results carry the findings; of the other kinds they would carry every
    # bad value.
    shape = "COMPLETE" if check.expectation == "no_findings" else "BASIC"
    try:
        validation = validate(source, check.check_id, plan.expected, shape)
    except Exception as error:  # noqa: BLE001 - any failure means that the check broke
        return "broken", None, (one_line(error),)
    broken = exception_in(validation.exception_info)
    if broken:
        return "broken", None, (broken,)
    figure, findings = reading(check, validation.result)
    if figure is None:
        return "rested", None, (f"{check.relation_text} has no rows to judge",)
    if validation.success:
        return "pass", figure, ()
    if plan.breaches:
        name = f"{check.check_id}, breaches"
        found = validate(source, name, none_of(), "COMPLETE").result
        return check.severity, figure, breaches(check, found)
    return check.severity, figure, findings


def breaches(check: Check, result: Mapping[str, Any]) -> tuple[str, ...]:
    """Which of the things that a check judges are beyond the limit, worst first."""
    side = "at most" if check.comparison == "at_most" else "at least"
    rows = (result.get("details") or {}).get("unexpected_rows") or []
    findings = []
    for row in rows:
        figure, limit = compared(row["figure"], check.limit_value, check.unit)
        findings.append(f"{row['subject']}: {figure}; limit {side} {limit}")
    return shortened(findings, int(result["observed_value"]) - len(findings))


def reading(
    check: Check, result: Mapping[str, Any]
) -> tuple[float | None, tuple[str, ...]]:
    """Figure and findings in a Great Expectations result; None: nothing to judge."""
    subject = check.relation_text
    if check.column_name:
        subject += f", {check.column_name}"
    if check.expectation == "no_findings":
        rows = (result.get("details") or {}).get("unexpected_rows") or []
        findings = [str(row.get("finding", row)) for row in rows]
        found = float(result["observed_value"])
        return found, shortened(findings, int(found) - len(findings))
    if check.expectation == "row_count_at_least":
        rows = float(result["observed_value"])
        limit = measured(check.limit_value, check.unit)
        return rows, (f"{subject}: {measured(rows, 'rows')}; limit at least {limit}",)
    if check.expectation == "unique_share_at_least":
        judged = result.get("element_count") or 0
        repeated = result.get("unexpected_count") or 0
        share = 1 - repeated / judged if judged else None
        what = (
            f"of rows have a key ({', '.join(json.loads(check.argument))}) of their own"
        )
    else:
        observed = result.get("observed_value")
        share = None if observed is None else float(observed)
        what = "of values are as they should be"
    if share is None:
        return None, ()
    figure, limit = compared(share, check.limit_value, check.unit)
    return share, (f"{subject}: {figure} {what}; limit at least {limit}",)


def shortened(findings: Sequence[str], more: int = 0) -> tuple[str, ...]:
    """The first few findings, and a line that says how many there are besides.

    more: findings that are not even in the list.
    """
    more += max(0, len(findings) - FINDINGS_SHOWN)
    shown = tuple(findings[:FINDINGS_SHOWN])
    return (*shown, f"and {more:,} more") if more else shown


def exception_in(info: Mapping[str, Any]) -> str | None:
    """The message of an exception that a result carries instead of a figure."""
    entries: Iterable[Any] = [info] if "raised_exception" in info else info.values()
    for entry in entries:
        if isinstance(entry, Mapping) and entry.get("raised_exception"):
            return one_line(entry.get("exception_message") or "no message")
    return None


def one_line(error: object) -> str:
    """The beginning of a message that may have many lines, without quoted values.

    A database quotes the value that it could not convert, and the report is handed out.
    """
    text = " ".join(str(error).split())
    return without_quotes(text)[:300] or type(error).__name__


# Results of a run --------------------------------------------------------------------


def add_results(path: Path, results: Sequence[CheckResult]) -> None:
    """Adds results to those of the run so far."""
    entries = json.loads(path.read_text()) if path.exists() else []
    entries += [result.as_json() for result in results]
    # Whole or as it was: a full disk must not make the results so far unreadable.
    replace_file(path, json.dumps(entries, indent=1))


def result_from(entry: Mapping[str, Any]) -> CheckResult:
    """A result from its plain values; what is not a field of it is ignored."""
    known = {name: entry[name] for name in CheckResult.__dataclass_fields__}
    return CheckResult(**{**known, "findings": tuple(entry["findings"])})


def read_results(path: Path) -> list[CheckResult]:
    """The results of the run so far, or none when no check has run."""
    if not path.exists():
        return []
    return [result_from(entry) for entry in json.loads(path.read_text())]
