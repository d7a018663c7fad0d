"""Great Expectations on a DuckDB file.

Belongs here: the SQLAlchemy dialect that Great Expectations needs, and opening a build
with it. Does not belong here: what is checked (gates.py).

The stock dialect streams its results, and Great Expectations reads them after the
connection is returned. This one fetches them at once; the checks themselves still run
in the database, whatever its size.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb_engine
from sqlalchemy.dialects import registry
from sqlalchemy.engine import URL
from sqlalchemy.engine.cursor import FullyBufferedCursorFetchStrategy

if TYPE_CHECKING:
    from great_expectations.core import ExpectationValidationResult
    from great_expectations.datasource.fluent.sql_datasource import (
        QueryAsset,
        SQLDatasource,
    )
    from great_expectations.expectations.expectation import Expectation


class BufferedContext(duckdb_engine.Dialect.execution_ctx_cls):  # type: ignore[misc]
    """Reads every result before the cursor is given back."""

    def post_exec(self) -> None:
        """Buffers the rows of a statement that has any."""
        super().post_exec()
        if self.cursor.description is not None:
            self.cursor_fetch_strategy = FullyBufferedCursorFetchStrategy(
                self.cursor, initial_buffer=self.cursor.fetchall()
            )


class BufferedDialect(duckdb_engine.Dialect):
    """DuckDB with buffered results: `duckdb+buffered:///…`."""

    execution_ctx_cls = BufferedContext
    supports_statement_cache = False

    def connect(self, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401
        """Opens a connection that draws no progress bar across the run's own lines."""
        connection = super().connect(*arguments, **options)
        connection.execute("set enable_progress_bar = false")
        return connection


registry.register("duckdb.buffered", __name__, "BufferedDialect")


@contextmanager
def open_build(database: Path, queries: Mapping[str, str]) -> Iterator[SQLDatasource]:
    """A Great Expectations data source on a build file, read-only; closed at the end.

    The context lives in memory: no project folder, no analytics, no progress bars.

    Args:
        database: the build file.
        queries: what is judged, by name. All at once, since Great Expectations writes
            down its whole configuration whenever one is added.
    """
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    url = URL.create(
        "duckdb+buffered", database=str(database), query={"access_mode": "READ_ONLY"}
    )
    source = context.data_sources.add_sql(
        "build",
        connection_string=url.render_as_string(hide_password=False),
        assets=[query_asset(name, query) for name, query in queries.items()],
    )
    try:
        yield source
    finally:
        source.get_execution_engine().close()
        source.get_engine().dispose()


def query_asset(name: str, query: str) -> QueryAsset:
    """The rows of a query as something that expectations can be held against.

    Tables are read through a query too: as table assets they lose their schema here.
    """
    from great_expectations.datasource.fluent.sql_datasource import QueryAsset

    return QueryAsset(name=name, query=query)


def validate(
    source: SQLDatasource, name: str, expectation: Expectation, result_format: str
) -> ExpectationValidationResult:
    """Holds an expectation against the rows of one of the source's queries."""
    asset: Any = source.get_asset(name)
    batch = asset.get_batch(asset.build_batch_request())
    result: ExpectationValidationResult = batch.validate(
        expectation, result_format=result_format
    )
    return result
