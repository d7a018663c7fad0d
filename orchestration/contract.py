"""The landing contract, read from the YAML that dbt reads too.

Belongs here: the contract as typed values. Does not belong here: reading landed files
(landing.py) or casting them (macros/landing.sql).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from orchestration.settings import PROJECT

CONTRACT_FILE = PROJECT / "seeds" / "landing" / "_landing.yml"


@dataclass(frozen=True)
class Column:
    """One column of a landed table.

    required: it must be there and filled. one_of: the name of a group of which at least
    one column must be there. aliases: older names that are accepted instead.
    """

    name: str
    type: str
    required: bool = False
    one_of: str | None = None
    aliases: tuple[str, ...] = ()
    null_means: str = ""


@dataclass(frozen=True)
class Table:
    """One landed table: its columns in the order in which staging reads them.

    without: what a drop that has no rows of it leaves out, as sentences.
    """

    name: str
    columns: tuple[Column, ...]
    without: str = ""

    def groups(self) -> Iterator[tuple[str, ...]]:
        """The names of the columns of each one_of group."""
        groups: dict[str, list[str]] = {}
        for column in self.columns:
            if column.one_of:
                groups.setdefault(column.one_of, []).append(column.name)
        yield from (tuple(names) for names in groups.values())


@lru_cache(maxsize=4)
def landing_contract(path: Path = CONTRACT_FILE) -> dict[str, Table]:
    """Every table that a drop may hold, by name (design, section 3)."""
    tables = {}
    for seed in yaml.safe_load(path.read_text(encoding="utf-8"))["seeds"]:
        columns = []
        for entry in seed["columns"]:
            meta = entry["config"]["meta"]
            columns.append(
                Column(
                    name=entry["name"],
                    type=meta["type"],
                    required=bool(meta.get("required", False)),
                    one_of=meta.get("one_of"),
                    aliases=tuple(meta.get("aliases", ())),
                    null_means=meta.get("null_means") or meta.get("default") or "",
                )
            )
        without = seed["config"]["meta"].get("without", "")
        tables[seed["name"]] = Table(seed["name"], tuple(columns), without)
    return tables
