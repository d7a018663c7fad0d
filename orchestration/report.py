"""The report of a run: what every check found, as data and as a page.

Belongs here: gates.json and gates.html, which lie beside the manifest of a release or
in the folder of a build that stopped, and the sentences and order in which they say it.
Does not belong here: judging (gates.py), what the terminal says (summary.py), or where
a release lies (publish.py).

gates.json holds one object:
    outcome            published | stopped
    run_id, release_id, prior_release_id
                       release_id is null for a run that stopped; prior_release_id
                       is the release that drift was compared with, null for none
    as_of, paid_through
                       yyyy-mm-dd; null when the run stopped before it was known
    is_provisional     whether claims do not reach the cutoff of the as-of date yet
    created_at         ISO 8601, UTC
    source             name of the drop; "sample" for the synthetic sample
    messages           why the run stopped, where no check says it
    counts             checks by outcome: stop, broken, warn, pass, rested
    checks             one object per check, in the order of the run's gates, and in a
                       gate the worst outcome first: the fields of gates.CheckResult,
                       and figure_text and limit_text, which are figure and limit to
                       read, empty when there is none
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from orchestration.errors import ReleaseError
from orchestration.gates import GATES, CheckResult, result_from

JSON_NAME, HTML_NAME = "gates.json", "gates.html"
SAMPLE = "sample"
# A gate with more checks than this is folded on the screen; what needs reading in it
# stands at the top of the page anyway.
LONG_GATE = 40

# By gate: its title, and what its checks are held against.
SUBJECTS = {
    "landing": ("Landing", "The drop as it was read, and its tables as they landed."),
    "transform": ("Transform", "Staged and intermediate tables, as they were built."),
    "rows": ("Rows", "What was quarantined, and where every landed row went."),
    "marts": ("Marts", "The tables for readers, as they were built."),
    "release": (
        "Release",
        "What is to be published: rates, ranges, and drift against the prior release.",
    ),
}


@dataclass(frozen=True)
class Word:
    """How an outcome is said: a mark, a word, a participle for counts, a sentence."""

    mark: str
    word: str
    counted: str
    meaning: str


# The worst first.
OUTCOMES = {
    "stop": Word(
        "■",
        "Stop",
        "stopped",
        "The data breaks a limit beyond which nothing may be published.",
    ),
    "broken": Word(
        "✕",
        "Broken",
        "broke",
        "The check itself could not run, which says nothing about the data.",
    ),
    "warn": Word(
        "▲",
        "Warning",
        "warned",
        "The data is unusual. The run goes on, and a person should read why.",
    ),
    "pass": Word("✓", "Pass", "passed", "The data is within the limit."),
    "rested": Word(
        "–",
        "Rested",
        "rested",
        "There was nothing to judge: no such table in the build, no rows in it, or no "
        "prior release to compare with.",
    ),
}


@dataclass(frozen=True)
class Report:
    """What there is to say about a run.

    outcome: published or stopped. as_of, paid_through: ISO dates, None when the run
    stopped before they were known. is_provisional: claims do not reach the cutoff of
    the as-of date yet. created_at: ISO time, UTC. source: name of the drop, or
    "sample". prior_release_id: what drift was compared with. messages: why the run
    stopped, where no check says it.
    """

    outcome: str
    run_id: str
    release_id: str | None
    as_of: str | None
    paid_through: str | None
    is_provisional: bool
    created_at: str
    source: str
    prior_release_id: str | None
    messages: tuple[str, ...]
    results: tuple[CheckResult, ...]


def write_report(folder: Path, report: Report) -> None:
    """Writes gates.json and gates.html, readable by all; replaces what is there.

    Both are finished under other names first, so a reader never sees half of one.

    Args:
        folder: the release or build that the report is of; must exist.
        report: what there is to say.

    Raises:
        OSError: the folder cannot be written to.
    """
    texts = {HTML_NAME: html_text(report), JSON_NAME: json_text(report)}
    temporary = {name: folder / f".{name}.{os.getpid()}.tmp" for name in texts}
    try:
        for name, text in texts.items():
            # A file's name may hold bytes that are no text, and so may what quotes it.
            temporary[name].write_bytes(text.encode("utf-8", "backslashreplace"))
            temporary[name].chmod(0o644)
        for name, path in temporary.items():
            path.replace(folder / name)
    finally:
        for path in temporary.values():
            path.unlink(missing_ok=True)


def read_report(folder: Path) -> Report:
    """The report in a folder's gates.json; its results are in the order of the file.

    Raises:
        ReleaseError: there is none, or it is not the report of a run.
    """
    path = folder / JSON_NAME
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        known = {name: values[name] for name in REPORT_FIELDS}
        results = tuple(result_from(entry) for entry in values["checks"])
        messages = tuple(values["messages"])
    except FileNotFoundError:
        raise ReleaseError(
            f"{path}: there is no report. Refresh to get a release that has one."
        ) from None
    except (ValueError, KeyError, TypeError) as error:
        raise ReleaseError(
            f"{path}: is not the report of a run ({type(error).__name__}: {error}). "
            "It was changed, or another version of the project wrote it; refresh anew."
        ) from error
    return Report(**{**known, "messages": messages}, results=results)


# As data --------------------------------------------------------------------------

REPORT_FIELDS = tuple(f.name for f in fields(Report) if f.name != "results")


def json_text(report: Report) -> str:
    """The report as JSON; the same report gives the same text."""
    values = {
        **{name: getattr(report, name) for name in REPORT_FIELDS},
        "counts": counts(report.results),
        "checks": [entry_of(result) for result in ordered(report.results)],
    }
    return json.dumps(values, indent=1, allow_nan=False) + "\n"


def entry_of(result: CheckResult) -> dict[str, Any]:
    """A check as plain values that JSON has.

    JSON knows no infinity: such a figure, a quotient by zero, is null, and its text
    says what it was.
    """
    entry = {
        **result.as_json(),
        "figure_text": result.figure_text,
        "limit_text": result.limit_text,
    }
    for name in ("figure", "limit"):
        if entry[name] is not None and not math.isfinite(entry[name]):
            entry[name] = None
    return entry


def ordered(results: Iterable[CheckResult]) -> list[CheckResult]:
    """By gate in the order of the run, then the worst outcome first, then by name."""
    outcomes = list(OUTCOMES)
    return sorted(
        results,
        key=lambda result: (
            GATES.index(result.gate),
            outcomes.index(result.outcome),
            result.check_id,
            result.table,
            result.column,
        ),
    )


def counts(results: Sequence[CheckResult]) -> dict[str, int]:
    """Checks by outcome, every outcome named."""
    return {
        outcome: sum(result.outcome == outcome for result in results)
        for outcome in OUTCOMES
    }


# As a page ------------------------------------------------------------------------


def html_text(report: Report) -> str:
    """The report as one HTML page that needs nothing beside it."""
    results = ordered(report.results)
    worst_first = sorted(
        results, key=lambda result: list(OUTCOMES).index(result.outcome)
    )
    return page_template().render(
        report=report,
        title=title(report),
        sentence=sentence(report),
        written=f"{report.created_at[:16].replace('T', ' ')} UTC",
        counts=counts(results),
        stops=[result for result in worst_first if result.stops],
        warnings=[result for result in worst_first if result.warns],
        gates=[
            {
                "title": SUBJECTS[gate][0],
                "subject": SUBJECTS[gate][1],
                "counted": counted(group),
                "is_long": len(group) > LONG_GATE,
                "results": group,
            }
            for gate, group in by_gate(results)
        ],
        outcomes=OUTCOMES,
        subjects=SUBJECTS,
    )


@cache
def page_template() -> Template:
    """The page without its words; whatever is put into it is escaped."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["breakable"] = breakable
    return environment.get_template(f"{HTML_NAME}.j2")


def breakable(name: str) -> Markup:
    """A name as HTML, whose line may break after each underscore or point."""
    text = escape(name)
    for mark in "_.":
        text = text.replace(mark, Markup(f"{mark}<wbr>"))  # noqa: S704 - a constant
    return text


def by_gate(results: Iterable[CheckResult]) -> list[tuple[str, list[CheckResult]]]:
    """Ordered results, together with those of the same gate."""
    return [
        (gate, list(group))
        for gate, group in groupby(results, key=lambda result: result.gate)
    ]


def title(report: Report) -> str:
    """The report's first words."""
    if report.outcome == "published":
        provisional = ", provisional" if report.is_provisional else ""
        return f"Published as of {report.as_of}{provisional}"
    return "Stopped: nothing was published"


def sentence(report: Report) -> str:
    """Whether a release was published, from what, and if not, why."""
    source = (
        "the synthetic sample"
        if report.source == SAMPLE
        else f"the drop {report.source}"
    )
    if report.outcome == "published":
        provisional = (
            ", provisionally, since its claims do not reach the cutoff of that date yet"
            if report.is_provisional
            else ""
        )
        reading = sum(result.stops or result.warns for result in report.results)
        return (
            f"The release as of {report.as_of} was published from {source}"
            f"{provisional}; {number(reading, 'check') if reading else 'no check'} "
            f"{'need' if reading > 1 else 'needs'} reading."
        )
    as_of = f" as of {report.as_of}" if report.as_of else ""
    return (
        f"The run on {source}{as_of} stopped because {reason(report)}. The current "
        "release is as it was."
    )


def reason(report: Report) -> str:
    """Why a run stopped, in a clause; the page then has each cause in full."""
    stops = [result for result in report.results if result.stops]
    broken = sum(result.outcome == "broken" for result in stops)
    bad = len(stops) - broken
    causes = []
    if bad:
        causes.append(f"{number(bad, 'check')} found bad data")
    if broken:
        causes.append(f"{number(broken, 'check')} could not run")
    if report.messages:
        causes.append(f"{number(len(report.messages), 'error')} came up, quoted below")
    if not causes:
        return "of a failure that only the run's log names"
    return " and ".join(causes)


def counted(results: Sequence[CheckResult]) -> str:
    """Counts of outcomes in words: `24 checks: 1 warned, 23 passed`."""
    said = [
        f"{count:,} {OUTCOMES[outcome].counted}"
        for outcome, count in counts(results).items()
        if count
    ]
    return f"{number(len(results), 'check')}: {', '.join(said)}"


def number(count: int, noun: str) -> str:
    """A count and its noun: `1 check`, `2 checks`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
