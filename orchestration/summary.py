"""What a run says when it ends.

Belongs here: the closing words of a refresh, from its manifest and its failures, as
text. Does not belong here: deciding anything.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from orchestration.gates import CheckResult, read_results
from orchestration.landing import Landed
from orchestration.settings import BuildPaths

QUERY = (
    "select hsa, payer, sum(attributed_patients) as attributed_patients, "
    "sum(amount) as amount from pcmh_payments where payment_month = "
    "(select max(payment_month) from pcmh_payments) group by all order by all"
)


def write_inputs(paths: BuildPaths, landed: Landed) -> None:
    """Keeps what landed for the release's manifest."""
    paths.inputs.write_text(json.dumps(landed.as_json(), indent=1))


def landing_warnings(paths: BuildPaths) -> list[str]:
    """What the landing op ignored, if it got that far."""
    if not paths.inputs.exists():
        return []
    return list(json.loads(paths.inputs.read_text())["warnings"])


def gate_lines(results: Sequence[CheckResult]) -> list[str]:
    """Counts of outcomes, then each warning."""
    counts = {
        outcome: sum(result.outcome == outcome for result in results)
        for outcome in ("pass", "warn", "rested", "stop", "broken")
    }
    words = {"pass": "passed", "warn": "warned", "stop": "stopped", "broken": "broke"}
    said = [
        f"{count} {words.get(outcome, outcome)}"
        for outcome, count in counts.items()
        if count or outcome == "pass"
    ]
    lines = [f"Gates: {', '.join(said)}"]
    lines += [f"  warning  {r.message()}" for r in results if r.warns]
    return lines


def release_summary(folder: Path, shown: Path) -> str:
    """What was released, what the gates said, and a query to try.

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
    results = [
        CheckResult(**{**entry, "findings": tuple(entry["findings"])})
        for entry in manifest["gates"]
    ]
    lines += gate_lines(results)
    lines += [f"  ignored  {text}" for text in manifest["inputs"]["warnings"]]
    lines += ["Try", f'  make sql Q="{QUERY}"']
    return "\n".join(lines)


def failure_summary(paths: BuildPaths, messages: Sequence[str], log: Path) -> str:
    """Why a run stopped, in one message.

    A gate's stops speak for themselves; else the failing step's words are shown.
    """
    stops = [result for result in read_results(paths.gates) if result.stops]
    lines = ["", "Nothing was published; the current release is as it was."]
    if stops:
        lines += [f"STOP  {result.message()}" for result in stops]
    else:
        lines += [f"STOP  {message}" for message in messages]
    lines += [f"  ignored  {text}" for text in landing_warnings(paths)]
    lines.append(f"Log: {log}")
    return "\n".join(lines)
