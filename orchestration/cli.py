"""The command line: `python -m orchestration COMMAND`; `--help` lists the commands.

Belongs here: arguments, exit codes, and what a person reads. Does not belong here: any
step of a run; `refresh` executes the very job that Dagster shows.

Heavy modules are imported where they are used, so that `--help` and a wrong argument
answer at once.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import traceback
import uuid
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing import forkserver
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.errors import LeaseError, SettingsError, StopError
from orchestration.settings import (
    KINDS,
    PRELOAD_MODULES,
    PROJECT,
    QUARTERLY,
    Settings,
    build_paths,
    settings_from,
)

if TYPE_CHECKING:
    from dagster import DagsterInstance

# No telemetry, no debug lines on the terminal, and no copy of the steps' output: their
# logs are in the build folder.
DAGSTER_YAML = """\
nux:
  enabled: false
telemetry:
  enabled: false
python_logs:
  python_log_level: INFO
compute_logs:
  module: dagster._core.storage.noop_compute_log_manager
  class: NoOpComputeLogManager
"""


def parser() -> argparse.ArgumentParser:
    """The arguments of every command."""
    main_parser = argparse.ArgumentParser(
        prog="python -m orchestration",
        description="Runs the Blueprint warehouse: refresh it, query its release, have "
        "a person's attribution explained, see what was kept out of it, try other "
        "policy on its payments, verify it.",
    )
    commands = main_parser.add_subparsers(dest="command", required=True)
    refresh = commands.add_parser(
        "refresh",
        help="land, transform, check and publish",
        description="Runs the job quarterly_refresh and publishes a release. If a "
        "check stops the run, the current release stays as it is.",
    )
    refresh.add_argument(
        "--job",
        choices=sorted(KINDS),
        default=QUARTERLY.job,
        help="which job to run; monthly_medicaid_attribution reads Medicaid's people "
        "only, as of the last month with claims, and publishes beside `current` "
        "(default: quarterly_refresh)",
    )
    refresh.add_argument(
        "--landing",
        metavar="DIR",
        help="directory with one .csv or .parquet file, or a folder of them, per "
        "landed table (default: $BLUEPRINT_LANDING, else the sample)",
    )
    refresh.add_argument(
        "--as-of",
        metavar="YYYY-MM-DD",
        help="last day of the look-back, a month-end (default: $BLUEPRINT_AS_OF, else "
        "the last quarter-end whose three months all have claims)",
    )
    refresh.add_argument(
        "--releases",
        metavar="DIR",
        help="where to publish (default: $BLUEPRINT_RELEASES, else releases)",
    )
    sql = commands.add_parser(
        "sql",
        help="query the current release",
        description="Runs a query on the current release, read-only. Tables of the "
        "release need no schema.",
    )
    sql.add_argument("query", help="SQL, such as 'select * from attribution_counts'")
    sql.add_argument("--releases", metavar="DIR", help="as for refresh")
    sql.add_argument(
        "--restricted",
        action="store_true",
        help="query the restricted file instead: person-level and unsuppressed tables",
    )
    metric = commands.add_parser(
        "metric",
        help="answer from the metrics of the semantic layer, or list them",
        description="Answers metrics by entities, time and dimensions from the current "
        "release, with a count of the suppressed cells that a sum lacks. Without a "
        "metric, lists them all.",
    )
    metric.add_argument("names", metavar="METRIC", nargs="*", help="such as pcmh_pppm")
    metric.add_argument(
        "--by",
        metavar="NAMES",
        default="",
        help="what to ask by, with commas: hsa, payer, practice, measure, "
        "metric_time__quarter, or a dimension",
    )
    metric.add_argument(
        "--where",
        metavar="CONDITION",
        help="which rows, such as \"{{ Entity('hsa') }} = 'Barre'\"",
    )
    metric.add_argument(
        "--sql", action="store_true", help="print the SQL instead of the rows"
    )
    metric.add_argument("--releases", metavar="DIR", help="as for refresh")
    explain = commands.add_parser(
        "explain",
        help="say why a person is attributed to a practice, or to none",
        description="Says in sentences why a person is attributed to a practice, or "
        "to none: who competed, which claims counted and what decided. It is about one "
        "person: the restricted file is read.",
    )
    explain.add_argument("person", metavar="PERSON", help="the person's id")
    explain.add_argument(
        "--as-of",
        metavar="YYYY-MM-DD",
        help="an as-of date of the release (default: the release's own)",
    )
    explain.add_argument(
        "--program", metavar="P", help="pcmh or whi only (default: both)"
    )
    explain.add_argument("--releases", metavar="DIR", help="as for refresh")
    explain.add_argument(
        "--release",
        metavar="DIR",
        help="folder of another release (default: the current one)",
    )
    quarantine = commands.add_parser(
        "quarantine",
        help="show the rows that were kept out, by rule, and what to do",
        description="Shows the rows that the current release was made without: how "
        "many, by table and rule, with examples. They are of people: the restricted "
        "file is read.",
    )
    quarantine.add_argument(
        "--failed",
        action="store_true",
        help="read the newest build that stopped, instead of the current release",
    )
    quarantine.add_argument("--table", metavar="T", help="this landed table only")
    quarantine.add_argument("--rule", metavar="R", help="this rule only")
    quarantine.add_argument(
        "--examples",
        metavar="N",
        type=int,
        default=3,
        help="examples per rule and column (default: 3)",
    )
    quarantine.add_argument("--releases", metavar="DIR", help="as for refresh")
    verify = commands.add_parser(
        "verify",
        help="hold a release against its manifest",
        description="Recomputes what a release's manifest says of its files and "
        "tables. Exits with 1 when something differs.",
    )
    verify.add_argument(
        "release",
        nargs="?",
        metavar="RELEASE",
        help="folder of the release (default: the current one)",
    )
    verify.add_argument(
        "--landing",
        metavar="DIR",
        help="the drop that it was made of, whose files are compared too",
    )
    verify.add_argument("--releases", metavar="DIR", help="as for refresh")
    verify.add_argument(
        "--quiet", action="store_true", help="say only what does not hold"
    )
    validate = commands.add_parser(
        "validate",
        help="say what a drop holds, and what it lacks for which mart",
        description="Reads a drop and holds the landing gate against it, without a "
        "refresh: which tables and columns are there, which measures and marts lack "
        "something, and what would stop a refresh. Exits with 0 when a refresh could "
        "begin, else with 1. Nothing is written.",
    )
    validate.add_argument(
        "--landing",
        metavar="DIR",
        help="the drop's directory (default: $BLUEPRINT_LANDING)",
    )
    scenario = commands.add_parser(
        "scenario",
        help="what payments would be by other rates, levels or policies",
        description="Makes the payments of a release again, by its own policy and with "
        "a file's changes, and prints the difference by payment, payer and payee. "
        "Takes seconds; nothing is published. For those who may read the restricted "
        "file: amounts are not suppressed, on the terminal and in the CSV. "
        "docs/analysts/scenarios.md shows a file.",
    )
    scenario.add_argument("file", metavar="FILE", help="the scenario, in YAML or JSON")
    scenario.add_argument(
        "--out",
        metavar="FILE.csv",
        help="write every payee and month to a CSV too, which only you may read",
    )
    scenario.add_argument(
        "--top",
        metavar="N",
        type=int,
        default=40,
        help="lines of payees to show; 0 for all (default: 40)",
    )
    scenario.add_argument("--releases", metavar="DIR", help="as for refresh")
    scenario.add_argument(
        "--release",
        metavar="DIR",
        help="folder of another release (default: the current one)",
    )
    docs = commands.add_parser(
        "docs",
        help="write the documentation site of this checkout",
        description="Writes every table, column, test and rule of the project, with "
        "the lineage, into one page. Each release has its own as docs.html.",
    )
    docs.add_argument(
        "--out",
        metavar="FILE.html",
        default=str(PROJECT / "build" / "docs.html"),
        help="where to write it (default: build/docs.html)",
    )
    commands.add_parser(
        "prepare",
        help="parse the project and set up .dagster, as `make dev` needs",
    )
    return main_parser


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs a command and exits with 0, or with 1 and one readable message."""
    options = parser().parse_args(arguments)
    try:
        if options.command == "refresh":
            code = refresh(
                settings_from(
                    os.environ,
                    landing=options.landing,
                    as_of=options.as_of,
                    releases=options.releases,
                    directory=Path.cwd(),
                    kind=KINDS[options.job],
                )
            )
        elif options.command == "sql":
            settings = settings_from(
                os.environ, releases=options.releases, directory=Path.cwd()
            )
            code = sql(settings, options.query, is_restricted=options.restricted)
        elif options.command == "metric":
            from orchestration.metrics import show as show_metrics

            code = show_metrics(
                settings_from(
                    {},
                    releases=options.releases or os.environ.get("BLUEPRINT_RELEASES"),
                    directory=Path.cwd(),
                ),
                options.names,
                by=[name.strip() for name in options.by.split(",") if name.strip()],
                where=options.where,
                only_sql=options.sql,
            )
        elif options.command == "explain":
            from orchestration.explain import explain

            code = explain(
                settings_from(
                    {},
                    releases=options.releases or os.environ.get("BLUEPRINT_RELEASES"),
                    directory=Path.cwd(),
                ),
                options.person,
                as_of=options.as_of,
                program=options.program,
                release=(
                    Path(options.release).expanduser() if options.release else None
                ),
            )
        elif options.command == "quarantine":
            from orchestration.quarantine import show

            code = show(
                settings_from(
                    os.environ, releases=options.releases, directory=Path.cwd()
                ),
                failed=options.failed,
                table=options.table,
                rule=options.rule,
                examples=options.examples,
            )
        elif options.command == "verify":
            from orchestration.verify import verify

            release = Path(options.release).expanduser() if options.release else None
            code = verify(
                settings_from(
                    {},
                    landing=options.landing,
                    releases=options.releases or os.environ.get("BLUEPRINT_RELEASES"),
                    directory=Path.cwd(),
                ),
                release,
                quiet=options.quiet,
            )
        elif options.command == "validate":
            from orchestration.validate import show as show_validation

            drop = settings_from(
                os.environ, landing=options.landing, directory=Path.cwd()
            ).landing
            if drop is None:
                raise SettingsError(
                    "Name the directory that holds the files: make validate LANDING=dir"
                )
            code = show_validation(drop)
        elif options.command == "scenario":
            from orchestration.scenario import scenario

            code = scenario(
                settings_from(
                    {},
                    releases=options.releases or os.environ.get("BLUEPRINT_RELEASES"),
                    directory=Path.cwd(),
                ),
                Path(options.file).expanduser(),
                release=(
                    Path(options.release).expanduser() if options.release else None
                ),
                out=Path(options.out).expanduser() if options.out else None,
                top=options.top,
            )
        elif options.command == "docs":
            code = write_docs(Path(options.out).expanduser())
        else:
            prepare()
            code = 0
    except StopError as error:
        print(f"STOP  {error}", file=sys.stderr)
        code = 1
    except BrokenPipeError:
        # The reader of the output, such as `head`, has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except KeyboardInterrupt:
        print("\nInterrupted; the current release is as it was.", file=sys.stderr)
        code = 130
    sys.stdout.flush()
    sys.stderr.flush()
    sys.exit(code)


# refresh -----------------------------------------------------------------------------


def dagster_home() -> Path:
    """Dagster's folder, made when absent: $DAGSTER_HOME, else the project's own."""
    home = Path(os.environ.get("DAGSTER_HOME") or PROJECT / ".dagster").absolute()
    home.mkdir(parents=True, exist_ok=True)
    configuration = home / "dagster.yaml"
    if not configuration.exists():
        configuration.write_text(DAGSTER_YAML)
    os.environ["DAGSTER_HOME"] = str(home)
    os.environ["DAGSTER_DISABLE_TELEMETRY"] = "yes"
    os.environ["DO_NOT_TRACK"] = "1"
    return home


def prepare() -> None:
    """Parses the project when needed, and sets up Dagster's folder."""
    from orchestration.dbt_runner import ensure_manifest

    dagster_home()
    ensure_manifest()


def write_docs(path: Path) -> int:
    """Writes the documentation site and says how to open it; returns an exit code.

    Raises:
        StopError: it cannot be written there.
    """
    from orchestration.dbt_runner import ensure_manifest
    from orchestration.quarantine import shown_path
    from orchestration.site import write_site

    manifest = ensure_manifest()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_site(manifest, path)
    except OSError as error:
        raise StopError(f"{path}: cannot be written ({error.strerror}).") from error
    print(f"{shown_path(path)}: open it in a browser; it needs no server.")
    return 0


def start_preloading() -> None:
    """Starts the process that steps are forked from, so that its imports begin now."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(
        ["dagster._core.executor.multiprocess", *PRELOAD_MODULES]
    )
    forkserver.ensure_running()


def refuse_if_running(settings: Settings) -> None:
    """Says at once that another run holds the releases folder; the job decides.

    Raises:
        LeaseError: another run is alive.
    """
    from orchestration.releases import (
        busy_message,
        is_held,
        prepare_folder,
        read_lease,
    )

    prepare_folder(settings.releases)
    held = read_lease(settings.releases)
    if held and is_held(held):
        raise LeaseError(busy_message(settings.releases, held))


def refresh(settings: Settings) -> int:
    """Executes the run's job in this terminal; returns an exit code."""
    refuse_if_running(settings)
    dagster_home()
    start_preloading()
    # Imported after the preloading process has started: both take seconds.
    from dagster import DagsterInstance

    from orchestration.dbt_runner import ensure_manifest
    from orchestration.history import write_quickly
    from orchestration.progress import Follower
    from orchestration.releases import release_lease, remove_build
    from orchestration.summary import failure_summary, release_summary

    build_id = uuid.uuid4().hex
    paths = build_paths(settings.releases, build_id)
    write_quickly()
    try:
        ensure_manifest()
        with DagsterInstance.get() as instance, Follower(paths.progress):
            messages, log_text = execute(instance, settings, build_id)
    except StopError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, one line and a log
        messages = [f"The run failed unexpectedly: {type(error).__name__}: {error}"]
        log_text = traceback.format_exc()
    finally:
        release_lease(settings.releases, build_id)
    if log_text is None:
        shown = settings.releases / settings.kind.link
        folder = shown.resolve()
        if shown.is_relative_to(Path.cwd()):
            shown = shown.relative_to(Path.cwd())
        print(release_summary(folder, shown))
        remove_build(paths.folder)
        return 0
    # On a full disk there is no log, but there is a message.
    with suppress(OSError):
        paths.logs.mkdir(parents=True, exist_ok=True)
        (paths.logs / "failure.txt").write_text(log_text)
    print(failure_summary(paths, messages, paths.logs), file=sys.stderr)
    return 1


def execute(
    instance: DagsterInstance, settings: Settings, build_id: str
) -> tuple[list[str], str | None]:
    """Executes the job; returns messages of failed steps and their full text.

    The full text is None when every step succeeded. A check that stops the run is no
    failed step: its own result says why.
    """
    from dagster import execute_job, reconstructable

    from orchestration import definitions

    jobs = {
        definitions.QUARTERLY.job: definitions.quarterly_refresh_job,
        definitions.MONTHLY_MEDICAID.job: definitions.monthly_medicaid_job,
    }
    configuration = {
        "landing": str(settings.landing or ""),
        "as_of": settings.as_of.isoformat() if settings.as_of else "",
        "releases": str(settings.releases),
        "build_id": build_id,
        "job": settings.kind.job,
    }
    result = execute_job(
        reconstructable(jobs[settings.kind.job]),
        instance=instance,
        run_config={
            "resources": {"refresh": {"config": configuration}},
            "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
        },
        tags={"blueprint/build": build_id},
    )
    if result.success:
        return [], None
    messages, details = [], []
    for event in result.all_events:
        if not event.is_step_failure:
            continue
        data = event.step_failure_data
        if data.error and data.error.cls_name == "DagsterExecutionInterruptedError":
            raise KeyboardInterrupt
        details.append(f"{event.step_key}\n{data.error_display_string}")
        if data.error and data.error.cls_name == "DagsterAssetCheckFailedError":
            # A gate has judged: the results of its checks say why.
            continue
        if data.user_failure_data and data.user_failure_data.description:
            messages.append(data.user_failure_data.description)
        elif data.error:
            cause = data.error.cause or data.error
            messages.append(
                f"{event.step_key} failed unexpectedly: {cause.message.strip()}"
            )
    if not details:
        details = [str(event.message) for event in result.all_events if event.message]
    return messages, "\n\n".join(details)


# sql ---------------------------------------------------------------------------------


def sql(settings: Settings, query: str, *, is_restricted: bool) -> int:
    """Prints a query's rows on the current release, as a table.

    Raises:
        StopError: there is no release, or the query is wrong.
    """
    import duckdb

    schema = "restricted" if is_restricted else "marts"
    name = "blueprint_restricted.duckdb" if is_restricted else "blueprint.duckdb"
    path = settings.releases / "current" / name
    if not path.exists():
        raise StopError(f"{path}: there is no release yet. Run `make refresh` first.")
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            connection.execute(f"set schema = '{schema}'")
            relation = connection.sql(query)
            if relation is not None:
                relation.show(max_width=200, max_rows=200)
    except duckdb.Error as error:
        raise StopError(str(error)) from error
    return 0
