"""Dagster's record of runs, written quickly.

Belongs here: how the run history is stored. Does not belong here: anything about
releases, which are made durable file by file (releases.py).

A run writes over a thousand events, one transaction each, and by themselves they cost
more than the run. Two things make them cheap:

Nothing waits for the disk. The history only shows what happened: after a power cut the
last events may be missing, and no release depends on them.

Engines and their connections are kept. Dagster makes a new SQLAlchemy engine for every
event, which compiles every statement anew, and opens the file for it. It has no setting
for it, so that its function is replaced where it is there.
"""

from __future__ import annotations

import importlib
import sqlite3
from collections.abc import Callable
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.pool import QueuePool

STORAGES = (
    "dagster._core.storage.event_log.sqlite.sqlite_event_log",
    "dagster._core.storage.runs.sqlite.sqlite_run_storage",
)


def write_quickly() -> None:
    """Makes this process, and its forks, write the run history quickly."""
    if event.contains(Engine, "connect", do_not_wait):
        return
    event.listen(Engine, "connect", do_not_wait)
    for name in STORAGES:
        try:
            module = importlib.import_module(name)
        except ImportError:
            continue
        if hasattr(module, "create_engine"):
            module.create_engine = keeping(module.create_engine)


def do_not_wait(connection: Any, _: object) -> None:  # noqa: ANN401 - any driver's
    """Turns off waiting where the connection is one of SQLite."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("pragma synchronous = off")


def keeping(create_engine: Callable[..., Engine]) -> Callable[..., Engine]:
    """Makes a database's engine once, with a pool that no `dispose` empties.

    A connection is given back after each event, without a transaction, so that other
    processes are kept from nothing.
    """
    engines: dict[str, Engine] = {}

    def engine_of(url: str, **options: Any) -> Engine:  # noqa: ANN401 - SQLAlchemy's
        if url not in engines:
            engine = create_engine(url, **{**options, "poolclass": QueuePool})
            engine.dispose = lambda close=True: None  # type: ignore[method-assign]
            engines[url] = engine
        return engines[url]

    return engine_of
