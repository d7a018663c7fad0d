"""What a run is asked to do, from arguments and environment.

Belongs here: pure functions from arguments, environment variables and a run's id to
typed settings, paths and dbt arguments. Does not belong here: reading data, creating
folders, or anything that asks the clock.
"""

from __future__ import annotations

import calendar
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from orchestration.errors import SettingsError

PROJECT = Path(__file__).resolve().parent.parent
# Imported once per run, in the process that every step is forked from. The second is
# what Dagster imports when its storage is first opened; a name that is gone is skipped.
PRELOAD_MODULES = ("orchestration.preload", "dagster._core.storage.sqlite_storage")

# Two models at a time hide what dbt itself takes for each. Of large ones each uses all
# cores by itself, and two share the memory and hinder each other
# (docs/methods/benchmarks.md).
MANY_ROWS = 10_000_000


@dataclass(frozen=True)
class Kind:
    """A kind of refresh: a job of its own on the same models.

    job: Dagster's name of it. link: the link in the releases folder that its newest
    release is found by. variables: what it sets of dbt's variables.
    """

    job: str
    link: str
    variables: Mapping[str, Any]


QUARTERLY = Kind("quarterly_refresh", "current", {})
# Medicaid attributes every month (rules A-09), between the quarters that are paid on:
# its releases must not become what everybody reads.
MONTHLY_MEDICAID = Kind(
    "monthly_medicaid_attribution",
    "current_medicaid",
    {"payer_types": ["medicaid"], "as_of_period": "month"},
)
KINDS = {kind.job: kind for kind in (QUARTERLY, MONTHLY_MEDICAID)}


@dataclass(frozen=True)
class Settings:
    """The parameters of one refresh.

    landing: absolute path of a drop; None reads the sample seeds.
    as_of: last day of the look-back, a month-end; None lets the calendar model choose.
    releases: absolute path of the folder that releases are published to.
    kind: which job it is.
    """

    landing: Path | None
    as_of: date | None
    releases: Path
    kind: Kind = QUARTERLY


@dataclass(frozen=True)
class BuildPaths:
    """Where one run works: a folder of its own under the releases folder."""

    folder: Path

    @property
    def database(self) -> Path:
        """The DuckDB file that the run builds."""
        return self.folder / "blueprint.duckdb"

    @property
    def logs(self) -> Path:
        """Folder of everything that is too long for the terminal."""
        return self.folder / "log"

    @property
    def target(self) -> Path:
        """The dbt target folder of the run."""
        return self.folder / "target"

    @property
    def manifest(self) -> Path:
        """The dbt manifest as the run found it."""
        return self.folder / "manifest.json"

    @property
    def parsed(self) -> Path:
        """The parsed project as the run found it, in dbt's own form."""
        return self.folder / "partial_parse.msgpack"

    @property
    def progress(self) -> Path:
        """One JSON line per finished node, read by the terminal."""
        return self.logs / "progress.jsonl"

    @property
    def inputs(self) -> Path:
        """What landed: files, rows, fingerprints, findings."""
        return self.folder / "inputs.json"

    @property
    def checks(self) -> Path:
        """Results of the checks so far; the report is made from them."""
        return self.folder / "checks.json"


def parse_as_of(text: str) -> date:
    """The as-of date that a text names: a month-end, yyyy-mm-dd (design, section 2).

    Raises:
        SettingsError: not a date of that form, or not the last day of its month.
    """
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        raise SettingsError(
            f"AS_OF={text!r} is not a date. Write a month-end as yyyy-mm-dd, "
            "such as 2018-06-30."
        )
    try:
        parsed = date.fromisoformat(text)
    except ValueError:
        raise SettingsError(
            f"AS_OF={text} is not a day of the calendar. Write a month-end as "
            "yyyy-mm-dd, such as 2018-06-30."
        ) from None
    last = parsed.replace(day=calendar.monthrange(parsed.year, parsed.month)[1])
    if parsed != last:
        raise SettingsError(
            f"AS_OF={text} is not the last day of a month. Look-backs end with a "
            f"month: did you mean {last}?"
        )
    return parsed


def settings_from(
    environment: Mapping[str, str],
    *,
    landing: str | None = None,
    as_of: str | None = None,
    releases: str | None = None,
    directory: Path | None = None,
    kind: Kind = QUARTERLY,
) -> Settings:
    """Settings of a run; an argument wins over its environment variable.

    Args:
        environment: BLUEPRINT_LANDING, BLUEPRINT_AS_OF and BLUEPRINT_RELEASES are read;
            an empty value counts as absent.
        landing: the drop's directory, relative to `directory`.
        as_of: a month-end, yyyy-mm-dd.
        releases: the releases folder, relative to `directory`; default `releases`.
        directory: what relative paths start from; default the project's root.
        kind: which job it is.

    Raises:
        SettingsError: the as-of date is not a month-end.
    """
    base = directory or PROJECT
    landing = landing or environment.get("BLUEPRINT_LANDING") or None
    as_of = as_of or environment.get("BLUEPRINT_AS_OF") or None
    releases = releases or environment.get("BLUEPRINT_RELEASES") or "releases"
    return Settings(
        landing=(base / Path(landing).expanduser()).absolute() if landing else None,
        as_of=parse_as_of(as_of) if as_of else None,
        releases=(base / Path(releases).expanduser()).absolute(),
        kind=kind,
    )


def builds_folder(releases: Path) -> Path:
    """The folder under which every run has its own."""
    return releases / ".builds"


def build_paths(releases: Path, run_id: str) -> BuildPaths:
    """Paths of the run's build."""
    return BuildPaths(builds_folder(releases) / run_id)


def dbt_variables(settings: Settings) -> dict[str, Any]:
    """The dbt variables that the run sets; what it does not set keeps its default."""
    as_of = {"as_of_date": settings.as_of.isoformat()} if settings.as_of else {}
    return {**settings.kind.variables, **as_of}


def dbt_arguments(
    command: str,
    *,
    select: tuple[str, ...],
    exclude: tuple[str, ...],
    settings: Settings,
    paths: BuildPaths,
    rows: int = 0,
) -> list[str]:
    """Arguments of one dbt invocation, without the program's name.

    Unit tests are excluded: they prove the logic, not the data, and run in `make test`.

    rows: of the landed tables together. Above MANY_ROWS models are built one at a time.
    """
    arguments = [
        "--log-level",
        "none",
        "--log-level-file",
        "debug",
        "--log-path",
        str(paths.logs),
        command,
        "--select",
        *select,
        "--exclude",
        "resource_type:unit_test",
        *exclude,
        "--project-dir",
        str(PROJECT),
        "--profiles-dir",
        str(PROJECT),
        "--target-path",
        str(paths.target),
    ]
    if rows > MANY_ROWS:
        arguments += ["--threads", "1"]
    variables = dbt_variables(settings)
    if variables:
        arguments += ["--vars", json.dumps(variables)]
    return arguments
