"""The gates: checks that are held against a build, and what their results mean.

Belongs here: turning the rows of the seed `gate_checks` into Great Expectations and
their results into sentences. Does not belong here: limits, SQL of a single check (both
are seed rows) or stopping a run (assets.py).

A check ends in one of: pass; warn or stop (the data is bad, by the check's severity);
broken (the check itself could not run, which says nothing about the data); rested (its
table is not in the build, or has no rows to judge).
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

from orchestration.landing import quoted
from orchestration.settings import PROJECT

if TYPE_CHECKING:
    from great_expectations.datasource.fluent.sql_datasource import SQLDatasource

CHECKS_SEED = PROJECT / "seeds" / "reference" / "gate_checks.csv"
FINDINGS_SHOWN = 5


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
    limit_value: float
    severity: str
    meaning: str
    remedy: str

    @property
    def relation(self) -> str:
        """The checked table as SQL."""
        return f"{quoted(self.schema_name)}.{quoted(self.table_name)}"

    @property
    def limit_text(self) -> str:
        """The limit as SQL and as text, without a needless fraction."""
        return f"{self.limit_value:.10g}"


@dataclass(frozen=True)
class CheckResult:
    """What one check found.

    figure: rows, a share of 1, or the number of findings, by the kind of check; None
    when there was nothing to judge. findings: sentences, the first few.
    """

    check_id: str
    gate: str
    table: str
    column: str
    severity: str
    outcome: str
    figure: float | None
    limit: float
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

    def message(self) -> str:
        """Table, rule, figure, limit and remedy, on as few lines as that takes."""
        if self.outcome == "broken":
            return (
                f"{self.check_id}: the check itself broke, which says nothing about "
                f"the data ({' '.join(self.findings)})."
            )
        more = (self.figure or 0) - len(self.findings)
        listing = "\n".join(f"    {finding}" for finding in self.findings)
        if len(self.findings) == 1:
            text = f"{self.check_id}: {self.findings[0]}."
        else:
            text = f"{self.check_id}:\n{listing}"
            if more > 0:
                text += f"\n    and {more:,.0f} more"
            text += "\n   "
        return f"{text} {self.meaning} {self.remedy}"

    def as_json(self) -> dict[str, Any]:
        """The same as plain values."""
        return asdict(self)


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


def run_gate(database: Path, gate: str, as_of: date | None) -> list[CheckResult]:
    """Holds every check of a gate against a build.

    Args:
        database: the build file; opened read-only.
        gate: landing, rows or release.
        as_of: the run's as-of date, if it is known yet.

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

    results = []
    with open_build(database) as source:
        for check in checks:
            started = time.monotonic()
            if (check.schema_name, check.table_name) in relations:
                outcome, figure, findings = run_check(source, check)
            else:
                outcome, figure = "rested", None
                findings = (f"{check.schema_name}.{check.table_name} is not built",)
            seconds = time.monotonic() - started
            results.append(result_of(check, outcome, figure, findings, seconds))
    return results


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
        table=f"{check.schema_name}.{check.table_name}",
        column=check.column_name,
        severity=check.severity,
        outcome=outcome,
        figure=figure,
        limit=check.limit_value,
        findings=findings,
        meaning=check.meaning,
        remedy=check.remedy,
        seconds=round(seconds, 3),
    )


def expectation_of(check: Check) -> tuple[str, Any]:
    """The rows that a check reads, as a query, and what is expected of them."""
    import great_expectations.expectations as gxe

    limit = check.limit_value

    # Great Expectations carries every column of a query through its own, which at the
    # size of a state takes minutes: a query names only what is judged.
    def columns(*names: str) -> str:
        return f"select {', '.join(map(quoted, names))} from {check.relation}"

    if check.expectation == "row_count_at_least":
        everything = f"select * from {check.relation}"
        return everything, gxe.ExpectTableRowCountToBeBetween(min_value=int(limit))
    if check.expectation == "not_null_share":
        return columns(check.column_name), gxe.ExpectColumnValuesToNotBeNull(
            column=check.column_name, mostly=limit
        )
    if check.expectation == "values_in_set":
        return columns(check.column_name), gxe.ExpectColumnValuesToBeInSet(
            column=check.column_name,
            value_set=json.loads(check.argument),
            mostly=limit,
        )
    if check.expectation == "unique_key":
        key = json.loads(check.argument)
        if len(key) == 1:
            return columns(*key), gxe.ExpectColumnValuesToBeUnique(column=key[0])
        return columns(*key), gxe.ExpectCompoundColumnsToBeUnique(column_list=key)
    if check.expectation == "share_at_least":
        value = f"trim(cast({quoted(check.column_name)} as varchar))"
        condition = check.argument.replace("{column}", value)
        query = (
            f"select avg(case when {condition} then 1.0 else 0.0 end) as figure "
            f"from {check.relation} where nullif({value}, '') is not null"
        )
        return query, gxe.ExpectColumnMinToBeBetween(column="figure", min_value=limit)
    if check.expectation == "sql_returns_no_rows":
        query = check.argument.replace("{limit}", check.limit_text)
        # Great Expectations takes only queries that begin with `select`.
        return (
            f"select * from ({query}) as findings",
            gxe.UnexpectedRowsExpectation(
                unexpected_rows_query="select * from {batch}"
            ),
        )
    raise ValueError(f"{check.expectation} is no kind of check")


def run_check(
    source: SQLDatasource, check: Check
) -> tuple[str, float | None, tuple[str, ...]]:
    """Outcome, figure and findings of one check."""
    from orchestration.gx_duckdb import query_batch

    try:
        query, expectation = expectation_of(check)
        batch = query_batch(source, check.check_id, query)
        # Complete results carry the findings; of the other kinds they would carry every
        # bad value.
        is_listing = check.expectation == "sql_returns_no_rows"
        validation = batch.validate(
            expectation, result_format="COMPLETE" if is_listing else "BASIC"
        )
    except Exception as error:  # noqa: BLE001 - any failure means that the check broke
        return "broken", None, (one_line(error),)
    broken = exception_in(validation.exception_info)
    if broken:
        return "broken", None, (broken,)
    figure, findings = reading(check, validation.result)
    if figure is None:
        return "rested", None, (f"{check.schema_name}.{check.table_name} has no rows",)
    if validation.success:
        return "pass", figure, ()
    return check.severity, figure, findings


def reading(
    check: Check, result: Mapping[str, Any]
) -> tuple[float | None, tuple[str, ...]]:
    """Figure and findings in a Great Expectations result; None: nothing to judge."""
    subject = f"{check.schema_name}.{check.table_name}"
    if check.column_name:
        subject += f", {check.column_name}"
    if check.expectation == "sql_returns_no_rows":
        rows = (result.get("details") or {}).get("unexpected_rows") or []
        findings = [str(row.get("finding", row)) for row in rows[:FINDINGS_SHOWN]]
        return float(result["observed_value"]), tuple(findings)
    if check.expectation == "row_count_at_least":
        rows = float(result["observed_value"])
        return rows, (f"{subject}: {rows:,.0f} rows; limit {check.limit_text}",)
    if check.expectation == "share_at_least":
        observed = result.get("observed_value")
        share = None if observed is None else float(observed)
    else:
        judged = result.get("element_count") or 0
        if check.expectation == "values_in_set":
            judged -= result.get("missing_count") or 0
        unexpected = result.get("unexpected_count") or 0
        share = 1 - unexpected / judged if judged else None
    if share is None:
        return None, ()
    return share, (
        f"{subject}: {100 * share:.1f} % of values are as they should be; limit "
        f"{100 * check.limit_value:.10g} %",
    )


def exception_in(info: Mapping[str, Any]) -> str | None:
    """The message of an exception that a result carries instead of a figure."""
    entries: Iterable[Any] = [info] if "raised_exception" in info else info.values()
    for entry in entries:
        if isinstance(entry, Mapping) and entry.get("raised_exception"):
            return one_line(entry.get("exception_message") or "no message")
    return None


def one_line(error: object) -> str:
    """The beginning of a message that may have many lines."""
    return " ".join(str(error).split())[:300] or type(error).__name__


def add_results(path: Path, results: Sequence[CheckResult]) -> None:
    """Adds a gate's results to the build's gates.json."""
    entries = json.loads(path.read_text()) if path.exists() else []
    entries += [result.as_json() for result in results]
    path.write_text(json.dumps(entries, indent=1))


def read_results(path: Path) -> list[CheckResult]:
    """The results in a gates.json, or none when no gate has run."""
    if not path.exists():
        return []
    entries = json.loads(path.read_text())
    return [
        CheckResult(**{**entry, "findings": tuple(entry["findings"])})
        for entry in entries
    ]
