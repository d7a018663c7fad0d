"""Asks the semantic layer's metrics of a release (models/semantic).

Belongs here: MetricFlow's engine over the parsed project, a question's guard, and what
a person reads. Does not belong here: what a metric is (models/semantic), or any SQL of
one: MetricFlow writes it.

MetricFlow's own command line reaches a database through dbt's profile, and so a build;
here it writes SQL for the published file, which is opened read-only.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import duckdb
from metricflow.engine.metricflow_engine import (
    MetricFlowEngine,
    MetricFlowQueryRequest,
)
from metricflow.protocols.sql_client import SqlEngine
from metricflow.sql.render.duckdb_renderer import DuckDbSqlPlanRenderer
from metricflow_semantics.errors.error_classes import InvalidQueryException
from metricflow_semantics.model.dbt_manifest_parser import (
    parse_manifest_from_dbt_generated_manifest,
)
from metricflow_semantics.model.semantic_manifest_lookup import SemanticManifestLookup

from orchestration.dbt_runner import PARSED_FOLDER, ensure_manifest
from orchestration.errors import StopError
from orchestration.landing import literal, quoted
from orchestration.settings import Settings

if TYPE_CHECKING:
    from metricflow.sql.render.sql_plan_renderer import SqlPlanRenderer

SEMANTIC_MANIFEST = PARSED_FOLDER / "semantic_manifest.json"


class SqlWriter:
    """What MetricFlow asks of a database to write SQL for it: its name and dialect."""

    sql_engine_type = SqlEngine.DUCKDB
    sql_plan_renderer: SqlPlanRenderer = DuckDbSqlPlanRenderer()

    def query(self, *_: object) -> NoReturn:
        """Never asked: SQL is written here and run on the release."""
        raise NotImplementedError

    execute = dry_run = query

    def close(self) -> None:
        """Nothing is open."""

    def render_bind_parameter_key(self, bind_parameter_key: str) -> str:
        """DuckDB's form of a named parameter."""
        return f"${bind_parameter_key}"


@dataclass(frozen=True)
class Answer:
    """Rows of a question, with the SQL that gave them."""

    columns: list[str]
    rows: list[tuple[Any, ...]]
    sql: str


@cache
def semantic_manifest() -> dict[str, Any]:
    """Semantic models and metrics as dbt parsed them."""
    ensure_manifest()
    return json.loads(SEMANTIC_MANIFEST.read_text())


@cache
def engine() -> MetricFlowEngine:
    """MetricFlow over the project's semantic models; opens no database."""
    parsed = parse_manifest_from_dbt_generated_manifest(json.dumps(semantic_manifest()))
    return MetricFlowEngine(SemanticManifestLookup(parsed), SqlWriter())


def metrics() -> dict[str, dict[str, Any]]:
    """Every metric of the project by its name."""
    return {metric["name"]: metric for metric in semantic_manifest()["metrics"]}


def meta_of(metric: dict[str, Any]) -> dict[str, Any]:
    """What the project notes about a metric: unit, withheld, one_of_each."""
    return (metric.get("config") or {}).get("meta") or {}


def check_question(names: Sequence[str], by: Sequence[str], where: str | None) -> None:
    """Refuses what would add up rows that overlap or do not compare.

    Raises:
        StopError: a metric is unknown, or a dimension of which only one value may be
            summed is neither asked by nor filtered.
    """
    known = metrics()
    for name in names:
        if name not in known:
            raise StopError(
                f"{name} is no metric. `python -m orchestration metric` lists them."
            )
        for dimension in meta_of(known[name]).get("one_of_each", []):
            if dimension not in by and f"'{dimension}'" not in (where or ""):
                raise StopError(
                    f"{name} is of one {dimension} at a time: ask --by {dimension}, or "
                    f"filter it in --where."
                )


def with_withheld(names: Sequence[str]) -> list[str]:
    """The metrics asked for, followed by the counts of cells that they lack."""
    known = metrics()
    counts = [meta_of(known[name]).get("withheld") for name in names]
    return list(dict.fromkeys([*names, *(count for count in counts if count)]))


def ask(
    release: Path,
    names: Sequence[str],
    by: Sequence[str] = (),
    where: str | None = None,
) -> Answer:
    """Answers a question from a release's public file, which it opens read-only.

    release: folder of the release. by: entities (hsa, payer, practice, measure), time
    (metric_time__quarter) and dimensions. where: a condition in MetricFlow's form, such
    as "{{ Entity('hsa') }} = 'Barre'". Rows are sorted by what was asked by.

    Raises:
        StopError: the question is wrong, or there is no release.
    """
    path = release / "blueprint.duckdb"
    if not path.exists():
        raise StopError(f"{path}: there is no release yet. Run `make refresh` first.")
    check_question(names, by, where)
    request = MetricFlowQueryRequest.create(
        metric_names=with_withheld(names),
        group_by_names=list(by),
        where_constraints=[where] if where else None,
        order_by_names=list(by),
    )
    try:
        sql = engine().explain(request).sql_statement.sql
    except InvalidQueryException as error:
        raise StopError(f"The metrics have no such question: {error}") from error
    database = semantic_manifest()["semantic_models"][0]["node_relation"]["database"]
    try:
        with duckdb.connect() as connection:
            connection.execute(
                f"attach {literal(str(path))} as {quoted(database)} (read_only)"
            )
            cursor = connection.execute(sql)
            columns = [column[0] for column in cursor.description]
            return Answer(columns, cursor.fetchall(), sql)
    except duckdb.Error as error:
        raise StopError(str(error)) from error


def show(
    settings: Settings,
    names: Sequence[str],
    *,
    by: Sequence[str],
    where: str | None,
    only_sql: bool,
) -> int:
    """Prints an answer from the current release, or the list of metrics.

    Raises:
        StopError: as ask.
    """
    if not names:
        for name, metric in sorted(metrics().items()):
            unit = meta_of(metric).get("unit", "")
            print(f"{name:32} {metric['label']}{f' ({unit})' if unit else ''}")
        return 0
    answer = ask(settings.releases / "current", names, by, where)
    if only_sql:
        print(answer.sql)
        return 0
    cells = [[text_of(value) for value in row] for row in answer.rows]
    table = [answer.columns, *cells]
    widths = [max(len(row[i]) for row in table) for i in range(len(answer.columns))]
    for row in table:
        print("  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)))
    return 0


def text_of(value: object) -> str:
    """A cell as a person reads it; a dash where nothing is told."""
    if value is None:
        return "-"
    if isinstance(value, datetime):
        return value.date().isoformat()
    return f"{value:.4f}" if isinstance(value, float) else str(value)
