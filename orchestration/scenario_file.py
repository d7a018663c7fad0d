"""The file of a scenario: what it changes, held against the policy that there is.

Belongs here: reading the file, its values as the types of the seeds' columns, and
changing the copies of seeds that a scenario runs on. Does not belong here: which seeds
may be changed (payment_graph.py), running models or comparing (scenario.py).

A mistake is named by file, entry and column, with what to do about it. Nothing of the
file becomes SQL: names are looked up among those that exist, values are bound.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, cast

import duckdb
import yaml

from orchestration.errors import ScenarioError
from orchestration.landing import first_line, listed, printable, quoted
from orchestration.payment_graph import POLICY, PaymentGraph

# Everything that a file may say, and what an entry of `changes` does.
TOP_KEYS = ("name", "description", "changes", "variables")
ACTIONS = ("set", "add", "remove")
# What a new row says of itself where the file does not.
ASSUMED = "assumed"
LARGEST_FILE = 1 << 20

Text = str | None
Value = str | int | bool | Decimal | date | float | None


@dataclass(frozen=True)
class Change:
    """One entry of `changes`.

    number: its place, from 1. where: for each column the values of which one must be a
    row's. set: the new values. add: new rows. remove: whether the rows found go.
    """

    number: int
    table: str
    where: Mapping[str, tuple[Text, ...]]
    set: Mapping[str, Text]
    add: tuple[Mapping[str, Text], ...]
    remove: bool


@dataclass(frozen=True)
class Scenario:
    """What a file asks for. variables: dbt variables of policy."""

    path: Path
    name: str
    description: str
    changes: tuple[Change, ...]
    variables: Mapping[str, Any]

    def stop(self, place: str, said: str) -> ScenarioError:
        """A mistake in the file, to be raised."""
        return ScenarioError(f"{self.path.name}, {place}: {said}")


# Reading -----------------------------------------------------------------------------


class Loader(yaml.SafeLoader):
    """YAML whose plain values stay as they are written.

    A code such as 0525 is no octal number and 3.10 no float: the type of a value is
    that of the column it goes to. A key that is there twice is a mistake.
    """

    def construct_mapping(
        self, node: yaml.MappingNode, deep: bool = False
    ) -> dict[Hashable, Any]:
        """A mapping without a repeated key."""
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        twice = sorted({str(key) for key in keys if keys.count(key) > 1})
        if twice:
            raise yaml.constructor.ConstructorError(
                None, None, f"{twice[0]} is there twice", node.start_mark
            )
        return super().construct_mapping(node, deep)


def as_written(loader: yaml.SafeLoader, node: yaml.Node) -> str:
    """A plain value's own text."""
    return str(loader.construct_scalar(cast("yaml.ScalarNode", node)))


for kind in ("int", "float", "bool", "timestamp"):
    Loader.add_constructor(f"tag:yaml.org,2002:{kind}", as_written)


def read_scenario(path: Path) -> Scenario:
    """Reads a file, YAML or JSON, and checks its form.

    Raises:
        ScenarioError: it cannot be read, or says something else than a scenario does.
    """
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise ScenarioError(f"FILE={path}: larger than a scenario can be.")
        text = path.read_text(encoding="utf-8")
        loader = Loader(text)
        try:
            content = loader.get_single_data()
        finally:
            loader.dispose()
    except OSError as error:
        raise ScenarioError(
            f"FILE={path}: cannot be read ({error.strerror}). Name a scenario; "
            "docs/analysts/scenarios.md shows one."
        ) from error
    except yaml.MarkedYAMLError as error:
        line = f", line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise ScenarioError(
            f"{path.name}{line}: no YAML ({printable(str(error.problem), 100)})."
        ) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ScenarioError(f"{path.name}: no YAML ({first_line(error)}).") from error
    bare = Scenario(path, "", "", (), {})
    top = mapping_of(bare, "the file", content, TOP_KEYS)
    name = top.get("name")
    if not isinstance(name, str) or not name.strip():
        raise bare.stop("name", "is missing. Give the scenario a name.")
    entries = top.get("changes") or []
    if not isinstance(entries, list):
        raise bare.stop("changes", "is no list. Begin each entry with `- table:`.")
    variables = top.get("variables") or {}
    if not isinstance(variables, dict):
        raise bare.stop("variables", "is no list of `variable: value`.")
    if not entries and not variables:
        raise bare.stop("the file", "changes nothing. Give `changes` or `variables`.")
    return Scenario(
        path=path,
        name=name.strip(),
        description=str(top.get("description") or "").strip(),
        changes=tuple(
            read_change(bare, number, entry)
            for number, entry in enumerate(entries, start=1)
        ),
        variables={str(key): value for key, value in variables.items()},
    )


def mapping_of(
    scenario: Scenario, place: str, content: object, keys: Sequence[str]
) -> dict[str, Any]:
    """The content as a mapping with none but these keys."""
    if not isinstance(content, dict):
        raise scenario.stop(place, f"must have {', '.join(keys)}.")
    for key in content:
        if key not in keys:
            raise scenario.stop(
                place,
                f"{printable(str(key))} means nothing here. Known are "
                f"{', '.join(keys)}.",
            )
    return content


def read_change(scenario: Scenario, number: int, entry: object) -> Change:
    """One entry of `changes`, in form."""
    place = f"change {number}"
    fields = mapping_of(scenario, place, entry, ("table", "where", *ACTIONS))
    table = fields.get("table")
    if not isinstance(table, str):
        raise scenario.stop(place, "has no table. Name a seed of seeds/reference.")
    place = f"{place} ({printable(table)})"
    actions = [action for action in ACTIONS if action in fields]
    if len(actions) != 1:
        raise scenario.stop(
            place,
            "does "
            + (" and ".join(actions) or "nothing")
            + ". Give one of `set` (new values for the rows of `where`), `add` "
            "(new rows) and `remove: true` (without the rows of `where`).",
        )
    action = actions[0]
    if (action == "add") == ("where" in fields):
        raise scenario.stop(
            place,
            "`add` takes no `where`."
            if action == "add"
            else f"`{action}` needs `where`, such as `where: {{column: value}}`: "
            "which rows?",
        )
    if action == "remove" and str(fields["remove"]).lower() != "true":
        raise scenario.stop(place, "write `remove: true`, with `where`.")
    where = {
        column: tuple(value) if isinstance(value, list) else (value,)
        for column, value in cells(scenario, place, fields.get("where", {}), True)
    }
    if action != "add" and not where:
        raise scenario.stop(place, "`where` names no column: which rows?")
    rows = fields.get("add", [])
    return Change(
        number=number,
        table=table,
        where=where,
        set=dict(cells(scenario, place, fields.get("set", {}), False)),
        add=tuple(
            dict(cells(scenario, place, row, False))
            for row in (rows if isinstance(rows, list) else [rows])
        ),
        remove=action == "remove",
    )


def cells(
    scenario: Scenario, place: str, content: object, takes_lists: bool
) -> list[tuple[str, Any]]:
    """Column and value of a mapping whose values are texts, null, or lists of them."""
    if not isinstance(content, dict):
        raise scenario.stop(place, "write `{column: value}`.")
    found = []
    for column, value in content.items():
        values = value if isinstance(value, list) and takes_lists else [value]
        if not values or any(isinstance(each, (dict, list)) for each in values):
            raise scenario.stop(
                f"{place}, column {printable(str(column))}", "give a plain value."
            )
        found.append((str(column), value))
    return found


# Against the policy that there is ----------------------------------------------------


def check_names(
    scenario: Scenario, graph: PaymentGraph, seeds: Mapping[str, str]
) -> None:
    """Refuses tables and variables that no scenario can change.

    Args:
        scenario: what is asked for.
        graph: what can be changed.
        seeds: every seed of the project, by name, with its schema.

    Raises:
        ScenarioError: a table or variable is unknown, or takes a refresh.
    """
    known = f"Those that may be changed are {', '.join(sorted(graph.seeds))}."
    for change in scenario.changes:
        name = change.table
        place = f"change {change.number} ({printable(name)})"
        if name in graph.seeds:
            continue
        if name not in seeds:
            raise scenario.stop(place, f"there is no such seed. {known}")
        if seeds[name] != POLICY:
            raise scenario.stop(
                place, f"it is a landed table, not policy: change the drop. {known}"
            )
        if name in graph.refused:
            raise scenario.stop(
                place,
                f"{graph.refused[name]} reads people or claims and depends on it: "
                f"change the seed and refresh into other RELEASES. {known}",
            )
        raise scenario.stop(place, f"no payment depends on it. {known}")
    for name in scenario.variables:
        place = f"variable {printable(name)}"
        known = (
            f"Those that may be changed are {', '.join(sorted(graph.variables))}."
            if graph.variables
            else "No model of payments reads any."
        )
        if name in graph.refused_variables:
            raise scenario.stop(
                place,
                f"{graph.refused_variables[name]} reads it, which is made from the "
                f"drop: refresh with it into other RELEASES. {known}",
            )
        if name not in graph.variables:
            raise scenario.stop(place, f"no model of payments reads it. {known}")


def typed(
    connection: duckdb.DuckDBPyConnection, table: str, column: str, text: Text
) -> Value:
    """A text as the type of a seed's column, exactly.

    Raises:
        ValueError: it is not a value of that type, or would be rounded.
    """
    relation = f"{quoted(POLICY)}.{quoted(table)}"
    connection.execute(
        f"create or replace temp table cell as "
        f"select {quoted(column)} from {relation} limit 0"
    )
    try:
        connection.execute("insert into cell values ($text)", {"text": text})
    except duckdb.Error as error:
        raise ValueError from error
    value = cast("tuple[Value]", connection.execute("from cell").fetchone())[0]
    if text is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, date):
        if value.isoformat() != text:
            raise ValueError
        return value
    try:
        if Decimal(str(value)) != Decimal(text):
            raise ValueError
    except InvalidOperation as error:
        raise ValueError from error
    return value


class Policy:
    """The reference seeds of a build, changed in place; a scenario's own copies."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, scenario: Scenario
    ) -> None:
        self.connection = connection
        self.scenario = scenario

    def apply(self) -> list[str]:
        """Applies every change in order; says in a line each what it did.

        Raises:
            ScenarioError: a column or value is wrong, or no row was found.
        """
        return [self.apply_one(change) for change in self.scenario.changes]

    def apply_one(self, change: Change) -> str:
        """Applies one change; says what it did."""
        place = f"change {change.number} ({change.table})"
        relation = f"{quoted(POLICY)}.{quoted(change.table)}"
        kinds = {
            row[0]: row[1]
            for row in self.connection.execute(f"describe {relation}").fetchall()
        }
        if change.add:
            rows = [self.new_row(change, row, kinds) for row in change.add]
            for row in rows:
                values = [self.value(place, change, c, t, kinds) for c, t in row]
                marks = ", ".join("?" * len(row))
                names = ", ".join(quoted(column) for column, _ in row)
                self.connection.execute(
                    f"insert into {relation} ({names}) values ({marks})", values
                )
            return f"{change.table}: {counted(len(rows))} added"
        bound: list[Value] = []
        tests = []
        for column, texts in change.where.items():
            values = [self.value(place, change, column, t, kinds) for t in texts]
            bound += values
            one = f"{quoted(column)} is not distinct from ?"
            tests.append(f"({' or '.join([one] * len(values))})")
        condition = " and ".join(tests)
        found = self.connection.execute(
            f"select count(*) from {relation} where {condition}", bound
        ).fetchone()
        if not found or not found[0]:
            raise self.scenario.stop(
                place,
                f"no row has {', '.join(said(change.where))}. Its rows are those of "
                f"seeds/reference/{change.table}.csv.",
            )
        if change.remove:
            self.connection.execute(f"delete from {relation} where {condition}", bound)
            return f"{change.table}: {counted(found[0])} removed"
        if not change.set:
            raise self.scenario.stop(place, "`set` names no column.")
        values = [
            self.value(place, change, column, text, kinds)
            for column, text in change.set.items()
        ]
        same = " and ".join(
            f"{quoted(column)} is not distinct from ?" for column in change.set
        )
        unchanged = self.connection.execute(
            f"select count(*) from {relation} where {condition} and {same}",
            [*bound, *values],
        ).fetchone()
        targets = ", ".join(f"{quoted(column)} = ?" for column in change.set)
        self.connection.execute(
            f"update {relation} set {targets} where {condition}", [*values, *bound]
        )
        before = int(unchanged[0]) if unchanged else 0
        news = ", ".join(f"{column} {text}" for column, text in change.set.items())
        line = f"{change.table}: {counted(found[0])} with {printable(news, 100)}"
        return f"{line} ({before} had it before)" if before else line

    def new_row(
        self, change: Change, row: Mapping[str, Text], kinds: Mapping[str, str]
    ) -> list[tuple[str, Text]]:
        """A new row; where it does not say where it comes from, the scenario does."""
        own = {"provenance": ASSUMED, "source": f"Scenario: {self.scenario.name}"}
        filled = {column: text for column, text in own.items() if column in kinds}
        return list({**filled, **row}.items())

    def value(
        self,
        place: str,
        change: Change,
        column: str,
        text: Text,
        kinds: Mapping[str, str],
    ) -> Value:
        """A value for a column of a seed, typed.

        Raises:
            ScenarioError: there is no such column, or the value is not of its type.
        """
        place = f"{place}, column {printable(column)}"
        if column not in kinds:
            raise self.scenario.stop(
                place, f"there is no such column. Its columns are {', '.join(kinds)}."
            )
        try:
            return typed(self.connection, change.table, column, text)
        except ValueError as error:
            shown = printable(str(text))
            raise self.scenario.stop(
                place,
                f"{shown} is not a value of {kinds[column].lower()}. Write one that "
                "fits without rounding; dates as yyyy-mm-dd.",
            ) from error


def counted(rows: int) -> str:
    """`1 row`, `2 rows`."""
    return "1 row" if rows == 1 else f"{rows:,} rows"


def said(where: Mapping[str, tuple[Text, ...]]) -> list[str]:
    """The conditions of `where`, for a message."""
    return [
        f"{printable(column)} {listed([str(text) for text in texts])}"
        for column, texts in where.items()
    ]
