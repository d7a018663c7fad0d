"""Which models make payments, and what they can be made from again.

Belongs here: pure functions from the dbt manifest to what a scenario reruns, what it
reads, and which policy it may change. Does not belong here: running anything
(scenario.py), or writing the inputs into a release (publish.py).

Nothing is a list of names. A payment table is a table of models/marts/payments whose
rows are payments of a month and their adjustments. What stands between a policy row
and such a table is made anew when all of it can be made without people or claims; if
anything there reads them, the row can only be changed by a refresh.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from typing import Any

# Folders, as dbt's paths spell them.
PAYMENT_FOLDERS = ("models/intermediate/payments/", "models/marts/payments/")
PAYMENT_MARTS = PAYMENT_FOLDERS[1]
# Models that a drop is needed for.
FROM_THE_DROP = ("models/staging/", "models/landing/")
POLICY = "reference"
RESTRICTED = "restricted"
# What a payment table has in its grain, and what it adds up.
PAYMENT_GRAIN = {"payment_month", "payer", "practice_id", "adjustment_no"}
AMOUNT = "amount"
OF_PEOPLE = {"person_id", "claim_id"}
VARIABLE = re.compile(r"\bvar\(\s*['\"](\w+)['\"]")

Node = Mapping[str, Any]


@dataclass(frozen=True)
class PaymentTable:
    """A payment table without suppression, and the key of its rows."""

    unique_id: str
    schema: str
    name: str
    grain: tuple[str, ...]
    columns: tuple[str, ...]


@dataclass(frozen=True)
class PaymentGraph:
    """What a scenario can do, by the dbt graph; nodes are named by their unique id.

    tables: what is compared. rerun: the models that are made anew, in no order. inputs:
    what those read and a release keeps: models, and reference seeds. seeds: the
    reference seeds that may be changed, by name. refused: those that the payments
    depend on and that may not, with the model of people or claims that stands between.
    variables: the dbt variables that may be changed. refused_variables: those that may
    not, with the model that a refresh would have to make. tests: the data tests that
    can be held against changed seeds, with the seeds that each reads.
    """

    tables: tuple[PaymentTable, ...]
    rerun: frozenset[str]
    inputs: tuple[str, ...]
    seeds: Mapping[str, str]
    refused: Mapping[str, str]
    variables: frozenset[str]
    refused_variables: Mapping[str, str]
    tests: Mapping[str, frozenset[str]]


def grain_of(node: Node) -> tuple[str, ...]:
    """The key of a model's rows, as its YAML says; empty when it says none."""
    meta = node["config"].get("meta") or {}
    return tuple(meta.get("grain") or ())


def payment_tables(nodes: Mapping[str, Node]) -> tuple[PaymentTable, ...]:
    """The unsuppressed payment tables: restricted twins, or a mart without a twin."""
    models = {
        unique_id: node
        for unique_id, node in nodes.items()
        if node["resource_type"] == "model"
    }
    twins = {
        node["alias"]: unique_id
        for unique_id, node in models.items()
        if node["schema"] == RESTRICTED
    }
    tables = []
    for unique_id, node in models.items():
        if not node["original_file_path"].startswith(PAYMENT_MARTS):
            continue
        chosen = twins.get(node["alias"], unique_id)
        table = models[chosen]
        columns = tuple(table["columns"])
        if set(grain_of(table)) >= PAYMENT_GRAIN and AMOUNT in columns:
            tables.append(
                PaymentTable(
                    chosen, table["schema"], table["alias"], grain_of(table), columns
                )
            )
    return tuple(sorted(tables, key=lambda table: table.name))


def ancestors(nodes: Mapping[str, Node], of: Iterable[str]) -> set[str]:
    """The nodes themselves and all that they are made from."""
    found: set[str] = set()
    waiting = list(of)
    while waiting:
        unique_id = waiting.pop()
        if unique_id in nodes and unique_id not in found:
            found.add(unique_id)
            waiting += nodes[unique_id]["depends_on"].get("nodes", ())
    return found


def is_policy(node: Node) -> bool:
    """Whether it is a reference seed."""
    return node["resource_type"] == "seed" and node["schema"] == POLICY


def needs_the_drop(unique_id: str, nodes: Mapping[str, Node]) -> bool:
    """Whether a model is made from landed rows, people or claims.

    A model that does not say its grain may be of people.
    """
    node = nodes[unique_id]
    if node["original_file_path"].startswith(FROM_THE_DROP):
        return True
    if not grain_of(node) or OF_PEOPLE & set(grain_of(node)):
        return True
    for parent in node["depends_on"]["nodes"]:
        read = nodes.get(parent)
        if read is None or (read["resource_type"] == "seed" and not is_policy(read)):
            return True
        if read["resource_type"] == "model" and (
            not grain_of(read) or OF_PEOPLE & set(grain_of(read))
        ):
            return True
    return False


def variables_of(
    node: Node, macros: Mapping[str, Node], seen: set[str] | None = None
) -> set[str]:
    """The dbt variables that a model reads, by itself or through macros."""
    seen = set() if seen is None else seen
    found = set(VARIABLE.findall(node.get("raw_code") or node.get("macro_sql") or ""))
    for name in node["depends_on"].get("macros", ()):
        if name.startswith("macro.blueprint.") and name not in seen:
            seen.add(name)
            found |= variables_of(macros[name], macros, seen)
    return found


def payment_graph(manifest: Mapping[str, Any]) -> PaymentGraph:
    """What a scenario can change, rerun and compare in the project of a manifest."""
    nodes: Mapping[str, Node] = manifest["nodes"]
    tables = payment_tables(nodes)
    upstream = ancestors(nodes, (table.unique_id for table in tables))
    models = {name for name in upstream if nodes[name]["resource_type"] == "model"}
    frozen = {name for name in models if needs_the_drop(name, nodes)}
    children: dict[str, set[str]] = {}
    for model in models:
        for parent in nodes[model]["depends_on"]["nodes"]:
            children.setdefault(parent, set()).add(model)

    def below(unique_id: str) -> set[str]:
        found: set[str] = set()
        waiting = [unique_id]
        while waiting:
            for child in children.get(waiting.pop(), set()) - found:
                found.add(child)
                waiting.append(child)
        return found

    # A change is carried through to the payments whole, or not at all.
    seeds, refused, rerun = {}, {}, set()
    for unique_id in sorted(upstream):
        if not is_policy(nodes[unique_id]):
            continue
        name = nodes[unique_id]["name"]
        between = below(unique_id)
        barrier = sorted(nodes[model]["name"] for model in between & frozen)
        if barrier:
            refused[name] = barrier[0]
        else:
            seeds[name] = unique_id
            rerun |= between
    for model in models - frozen:
        in_folder = nodes[model]["original_file_path"].startswith(PAYMENT_FOLDERS)
        # Whatever such a model is made into is made anew with it.
        if in_folder and not below(model) & frozen:
            rerun |= {model} | below(model)
    rerun |= {table.unique_id for table in tables}

    readers: dict[str, set[str]] = {}
    for model in models:
        for variable in variables_of(nodes[model], manifest["macros"]):
            readers.setdefault(variable, set()).add(model)
    variables, refused_variables = set(), {}
    for variable, reading in readers.items():
        outside = sorted(nodes[model]["name"] for model in reading - rerun)
        if outside:
            refused_variables[variable] = outside[0]
        else:
            variables.add(variable)

    inputs = {
        parent
        for model in rerun
        for parent in nodes[model]["depends_on"]["nodes"]
        if parent not in rerun
    }
    tests = policy_tests(nodes, frozenset(seeds.values()), rerun | inputs)
    for test in tests:
        # A rate is held against lists that no payment reads.
        inputs |= set(nodes[test]["depends_on"]["nodes"]) - rerun
    return PaymentGraph(
        tables=tables,
        rerun=frozenset(rerun),
        inputs=tuple(sorted(inputs)),
        seeds=seeds,
        refused=refused,
        variables=frozenset(variables),
        refused_variables=dict(sorted(refused_variables.items())),
        tests=tests,
    )


def policy_tests(
    nodes: Mapping[str, Node], seeds: frozenset[str], there: Set[str]
) -> dict[str, frozenset[str]]:
    """The data tests of seeds that need no more than what is there and other seeds."""
    tests = {}
    for unique_id, node in nodes.items():
        read = set(node["depends_on"].get("nodes", ()))
        if (
            node["resource_type"] == "test"
            and read & seeds
            and all(name in there or is_policy(nodes[name]) for name in read)
        ):
            tests[unique_id] = frozenset(read & seeds)
    return tests
