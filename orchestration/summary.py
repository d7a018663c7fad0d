"""What a run says when it ends.

Belongs here: the closing words of a refresh, from its manifest and its failures, as
text. Does not belong here: deciding anything, or the page of all checks (report.py).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from orchestration.gates import CheckResult, read_results
from orchestration.report import HTML_NAME, counted, read_report
from orchestration.settings import BuildPaths

QUERY = (
    "select hsa, payer, "
    "sum(attributed_patients) filter (where adjustment_no = 0) as attributed_patients, "
    "sum(amount) as amount from pcmh_payments where payment_month = "
    "(select max(payment_month) from pcmh_payments) group by all order by all"
)
STOPS_SHOWN = 5
NO_REASON = "The run ended without saying why; the log has its events."


def gate_lines(results: Sequence[CheckResult]) -> list[str]:
    """Counts of outcomes, then each warning."""
    lines = ["", counted(results)]
    lines += [f"  warning  {result.message()}" for result in results if result.warns]
    return lines


def release_summary(folder: Path, shown: Path) -> str:
    """What was released, what the checks said, and a query to try.

    Args:
        folder: the release.
        shown: the release as a person would name it.
    """
    manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text())
    provisional = ", provisional: claims do not reach the cutoff yet"
    lines = [
        "",
        f"Released as of {manifest['as_of']}"
        f" (claims paid through {manifest['paid_through']}"
        f"{provisional if manifest['is_provisional'] else ''})",
        f"  {shown / 'blueprint.duckdb'}",
    ]
    public = {
        label.partition(".")[2]: table["rows"]
        for label, table in manifest["tables"].items()
        if label.startswith("marts.")
    }
    width = max(map(len, public), default=0)
    lines += [f"    {name:<{width}} {rows:>10,} rows" for name, rows in public.items()]
    lines += gate_lines(read_report(folder).results)
    lines += ["Report", f"  {shown / HTML_NAME}", "Try", f'  make sql Q="{QUERY}"']
    return "\n".join(lines)


def failure_summary(paths: BuildPaths, messages: Sequence[str], log: Path) -> str:
    """Why a run stopped, on one screen.

    A check's stops speak for themselves; what else failed is told beside them.
    """
    stops = [result for result in read_results(paths.checks) if result.stops]
    said = [result.message() for result in stops[:STOPS_SHOWN]]
    if len(stops) > STOPS_SHOWN:
        said.append(f"{len(stops) - STOPS_SHOWN} more checks; the report has them.")
    said += messages
    lines = ["", "Nothing was published; the current release is as it was."]
    lines += [f"STOP  {text}" for text in said or [NO_REASON]]
    page = paths.folder / HTML_NAME
    if page.exists():
        lines.append(f"Report: {page}")
    lines.append(f"Log: {log}")
    return "\n".join(lines)
