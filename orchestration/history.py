"""Dagster's record of runs, written without waiting for the disk.

Belongs here: how the run history is stored. Does not belong here: anything about
releases, which are made durable file by file (releases.py).

A run writes some thousand events, one transaction each, and on a slow disk waiting for
them costs more than the run itself. The history only shows what happened: after a power
cut the last events may be missing, and no release depends on them.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine


def write_without_waiting() -> None:
    """Makes every SQLite connection of this process, and of its forks, not wait."""
    if not event.contains(Engine, "connect", do_not_wait):
        event.listen(Engine, "connect", do_not_wait)


def do_not_wait(connection: Any, _: object) -> None:  # noqa: ANN401 - any driver's
    """Turns off waiting where the connection is one of SQLite."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("pragma synchronous = off")
