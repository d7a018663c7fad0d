"""Times the analysts' queries (docs/analysts/queries) on a release.

For each: the first answer on a connection just opened, with the opening counted apart,
and the best of several on one that stays open, rows fetched in both. What needs the
restricted file is left out where the release was handed out without it.

    python benchmarks/queries.py
    python benchmarks/queries.py --release releases/current --json queries.json
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import duckdb

PROJECT = Path(__file__).resolve().parents[1]
QUERIES = PROJECT / "docs" / "analysts" / "queries"
MARK = "\n-- Needs: restricted"


def milliseconds(work: Callable[[], Any]) -> tuple[float, Any]:
    """How long some work takes, and what it returns."""
    begin = time.perf_counter()
    result = work()
    return (time.perf_counter() - begin) * 1000, result


def timed(database: Path, query: str, times: int) -> dict[str, float | int]:
    """One query's times in milliseconds, and its rows."""

    def answer() -> list[tuple]:
        return connection.execute(query).fetchall()

    opened, connection = milliseconds(
        lambda: duckdb.connect(str(database), read_only=True)
    )
    with connection:
        first, rows = milliseconds(answer)
        best = min(milliseconds(answer)[0] for _ in range(times))
    return {
        "rows": len(rows),
        "open_ms": round(opened, 2),
        "first_ms": round(first, 2),
        "best_ms": round(best, 2),
    }


def measure(release: Path, times: int) -> dict[str, dict[str, float | int]]:
    """The times of every query that the release's files can answer."""
    measured = {}
    for file in sorted(QUERIES.glob("*.sql")):
        query = file.read_text(encoding="utf-8")
        name = "blueprint_restricted" if MARK in query else "blueprint"
        database = release / f"{name}.duckdb"
        if MARK in query and not database.exists():
            continue
        measured[file.stem] = timed(database, query, times)
    return measured


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the times as a table, and writes them as JSON if asked.

    Returns:
        0, or 1 when there is no release there.
    """
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--release", type=Path, default=PROJECT / "releases" / "current"
    )
    parser.add_argument("--times", type=int, default=7, help="answers, best taken")
    parser.add_argument("--json", type=Path, help="write the times here too")
    options = parser.parse_args(arguments)
    if not (options.release / "blueprint.duckdb").exists():
        print(f"{options.release}: there is no release", file=sys.stderr)
        return 1
    measured = measure(options.release, options.times)
    print("| query | rows | open, ms | first, ms | best, ms |")
    print("|---|---|---|---|---|")
    for name, row in measured.items():
        print(
            f"| {name} | {row['rows']} | {row['open_ms']:.1f} "
            f"| {row['first_ms']:.1f} | {row['best_ms']:.1f} |"
        )
    if options.json:
        options.json.write_text(json.dumps(measured, indent=2) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
