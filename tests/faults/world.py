"""A drop that a fault is done to.

Belongs here: reading and writing the files of one small CSV drop. Does not belong here:
faults (cases.py) or running a refresh (replay.py).
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Row = dict[str, str]


@dataclass(frozen=True)
class World:
    """A drop of a case's own; folder holds one CSV per landed table."""

    folder: Path

    @classmethod
    def copy_of(cls, drop: Path, folder: Path) -> World:
        """A copy of a drop, to be spoiled."""
        shutil.copytree(drop, folder)
        return cls(folder)

    def file(self, table: str) -> Path:
        """The file of a table."""
        return self.folder / f"{table}.csv"

    def rows(self, table: str) -> list[Row]:
        """A table's rows, as text by column."""
        with self.file(table).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def write(
        self, table: str, rows: list[Row], columns: list[str] | None = None
    ) -> None:
        """Replaces a table's rows; the columns are the first row's unless named."""
        columns = columns or list(rows[0])
        with self.file(table).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)

    def change(
        self,
        table: str,
        change: Callable[[Row], None],
        where: Callable[[Row], bool] = lambda _: True,
    ) -> int:
        """Changes the rows that a condition holds for; returns how many."""
        rows = self.rows(table)
        chosen = [row for row in rows if where(row)]
        for row in chosen:
            change(row)
        self.write(table, rows)
        return len(chosen)

    def set_every(self, table: str, column: str, value: str, nth: int) -> int:
        """Puts a value into a column of every nth row; returns how many."""
        rows = self.rows(table)
        for row in rows[::nth]:
            row[column] = value
        self.write(table, rows)
        return len(rows[::nth])

    def remove(self, table: str, where: Callable[[Row], bool]) -> int:
        """Removes rows, but never the header; returns how many."""
        rows = self.rows(table)
        kept = [row for row in rows if not where(row)]
        self.write(table, kept, list(rows[0]))
        return len(rows) - len(kept)

    def text(self, table: str, change: Callable[[str], str]) -> None:
        """Changes a file as a whole, as text."""
        path = self.file(table)
        path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")

    def bytes(self, table: str, change: Callable[[bytes], bytes]) -> None:
        """Changes a file as a whole, as bytes."""
        path = self.file(table)
        path.write_bytes(change(path.read_bytes()))

    def columns(self, table: str, change: Callable[[list[str]], list[str]]) -> None:
        """Changes a file's header and nothing else."""
        header, _, rest = self.file(table).read_text(encoding="utf-8").partition("\n")
        names = ",".join(change(header.split(",")))
        self.file(table).write_text(f"{names}\n{rest}", encoding="utf-8")
