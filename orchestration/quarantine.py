"""Shows a person which landed rows are kept out, why, and what to do about it.

Belongs here: reading the quarantine of the current release or of a failed build, and
laying it out as text. Does not belong here: finding faults (macros/landing.sql), their
words and limits (seed rows), or stopping a run (the gates).

What is shown names people and their values. It is for the terminal of whoever may read
the restricted file, and never for a log, a report or a public file.
"""

from __future__ import annotations

import csv
import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

import duckdb

from orchestration.contract import landing_contract
from orchestration.errors import SettingsError, StopError
from orchestration.landing import first_line, listed, printable
from orchestration.releases import is_held, read_lease
from orchestration.settings import PROJECT, Settings, build_paths, builds_folder

RULES_SEED = PROJECT / "seeds" / "reference" / "quarantine_rules.csv"
# Of every line but a path or a command, which are to be copied.
WIDTH = 100
# Characters of a landed value that are shown, and of a key, which is what a row is
# found by.
VALUE_SHOWN, KEY_SHOWN = 40, 240
# More than this is for a query.
MOST_EXAMPLES = 1_000

# Both kinds of file answer under the same two names from here on.
RELEASE_VIEWS = """
create temp view kept_out as
select
    "table" as landed_table,
    "key" as landed_key,
    "column" as column_name,
    "value" as landed_value,
    reason as rule,
    meaning,
    remedy,
    is_cascade,
    landed_copies
from restricted.quarantine;

create temp view accounts as
select "table" as landed_table, landed, duplicates, fault_limit
from restricted.row_accounts
"""
BUILD_VIEW = """
create temp view kept_out as
select
    quarantine.landed_table,
    quarantine.landed_key,
    quarantine.column_name,
    quarantine.landed_value,
    quarantine.rule,
    rules.meaning,
    rules.remedy,
    quarantine.is_cascade,
    quarantine.landed_copies
from intermediate.int_data_quality__quarantine as quarantine
left join reference.quarantine_rules as rules
    on quarantine.rule = rules.rule
"""
BUILD_ACCOUNTS = """
create temp view accounts as
select
    landed_table,
    landed_rows as landed,
    duplicate_rows as duplicates,
    fault_limit_rows as fault_limit
from intermediate.int_data_quality__row_accounts
"""
# A build that stopped between the two models has faults and no accounts.
NO_ACCOUNTS = """
create temp view accounts as
select
    cast(null as varchar) as landed_table,
    cast(null as bigint) as landed,
    cast(null as bigint) as duplicates,
    cast(null as bigint) as fault_limit
where false
"""

ACCOUNTS_QUERY = """
with faults as (
    select
        landed_table,
        sum(landed_copies) as quarantined,
        coalesce(sum(landed_copies) filter (where not is_cascade), 0) as own_faults
    from kept_out
    group by landed_table
)

select
    coalesce(accounts.landed_table, faults.landed_table) as landed_table,
    accounts.landed,
    cast(coalesce(faults.quarantined, 0) as bigint) as quarantined,
    cast(coalesce(faults.own_faults, 0) as bigint) as own_faults,
    accounts.fault_limit,
    accounts.duplicates
from accounts
full join faults
    on accounts.landed_table = faults.landed_table
"""
FAULTS_QUERY = """
select
    landed_table,
    rule,
    column_name,
    bool_or(is_cascade) as is_cascade,
    any_value(meaning) as meaning,
    any_value(remedy) as remedy,
    cast(sum(landed_copies) as bigint) as landed_rows,
    count(*) as distinct_rows
from kept_out
where
    ($table is null or landed_table = $table)
    and ($rule is null or rule = $rule)
group by landed_table, rule, column_name
"""
# Every value of a column once, before any of them a second time: three examples of one
# mistake say less than one of three.
EXAMPLES_QUERY = """
with chosen as (
    select
        *,
        row_number() over (
            partition by landed_table, rule, column_name, landed_value
            order by landed_key
        ) as turn
    from kept_out
    where
        ($table is null or landed_table = $table)
        and ($rule is null or rule = $rule)
),

ranked as (
    select
        *,
        row_number() over (
            partition by landed_table, rule, column_name
            order by turn, landed_value, landed_key
        ) as place
    from chosen
)

select
    landed_table,
    rule,
    column_name,
    left(landed_key, $longest) as landed_key,
    left(landed_value, $longest) as landed_value
from ranked
where place <= $examples
order by landed_table, rule, column_name, place
"""


@dataclass(frozen=True)
class Source:
    """What is read: a DuckDB file, and how a person names it.

    all_rows: where every row is. later_failure: whether a run has failed since this
    release.
    """

    title: str
    database: Path
    is_release: bool
    all_rows: str
    later_failure: bool = False


@dataclass(frozen=True)
class Account:
    """Where one landed table's rows went, in rows; None where it is not known."""

    table: str
    landed: int | None
    quarantined: int
    own_faults: int
    fault_limit: int | None
    duplicates: int | None

    @property
    def is_over(self) -> bool:
        """Whether the run stops because of this table."""
        return self.fault_limit is not None and self.own_faults > self.fault_limit

    @property
    def share_of_limit(self) -> float:
        """Own faults over their limit; how bad it is."""
        return self.own_faults / max(1, self.fault_limit or 0)


@dataclass(frozen=True)
class Fault:
    """The rows of one table that break one rule in one column.

    landed_rows: rows of the file, identical ones included. distinct_rows: rows of the
    quarantine. examples: pairs of key and value, the value None when it is blank.
    """

    table: str
    rule: str
    column: str
    is_cascade: bool
    meaning: str | None
    remedy: str | None
    landed_rows: int
    distinct_rows: int
    examples: tuple[tuple[str, str | None], ...]


def show(
    settings: Settings,
    *,
    failed: bool,
    table: str | None,
    rule: str | None,
    examples: int,
) -> int:
    """Prints what is quarantined, by table, rule and column, the worst first.

    Args:
        settings: names the releases folder.
        failed: read the newest failed build instead of the current release.
        table: only this landed table; None for all.
        rule: only this rule of the seed `quarantine_rules`; None for all.
        examples: rows to show of each table, rule and column, at most.

    Returns:
        0, an exit code.

    Raises:
        SettingsError: there is no such table or rule, or the number of examples cannot
            be used.
        StopError: there is nothing to read, or this user may not read it.
    """
    if not 0 <= examples <= MOST_EXAMPLES:
        raise SettingsError(
            f"EXAMPLES={examples} cannot be shown. Write 0 to {MOST_EXAMPLES:,}; all "
            "rows are in restricted.quarantine."
        )
    table = known_table(table) if table else None
    rule = known_rule(rule) if rule else None
    read = failed_build if failed else current_release
    source = read(settings.releases)
    with opened(source) as connection:
        accounts = read_accounts(connection)
        faults = read_faults(connection, table, rule, examples)
    print("\n".join(report(source, accounts, faults, table, rule)))
    return 0


# What is asked for -------------------------------------------------------------------


def known_table(name: str) -> str:
    """The landed table of that name, with or without its schema.

    Raises:
        SettingsError: there is none.
    """
    tables = list(landing_contract())
    found = name.strip().lower().removeprefix("landing.")
    if found not in tables:
        raise SettingsError(
            f"TABLE={printable(name)}: there is no such landed table. Known are "
            f"{', '.join(tables)}."
        )
    return found


def known_rule(name: str) -> str:
    """The quarantine rule of that name.

    Raises:
        SettingsError: there is none.
    """
    with RULES_SEED.open(encoding="utf-8", newline="") as file:
        rules = [row["rule"] for row in csv.DictReader(file)]
    found = name.strip().lower()
    if found not in rules:
        raise SettingsError(
            f"RULE={printable(name)}: there is no such rule. Known are "
            f"{', '.join(rules)}."
        )
    return found


# What is read ------------------------------------------------------------------------


def shown_path(path: Path) -> str:
    """A path as a person here would write it."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


@contextmanager
def owner_only(path: Path) -> Iterator[None]:
    """A refusal of the system becomes a sentence about who may read.

    Raises:
        StopError: this user may not read the path.
    """
    try:
        yield
    except PermissionError as error:
        raise StopError(
            f"{shown_path(path)}: this user may not read it. It holds people, so only "
            "the user who ran the refresh may (file mode 0600). Run this as that user, "
            "or ask them to."
        ) from error


def failed_builds(releases: Path) -> list[Path]:
    """Builds of runs that did not publish, newest first; a running one is none."""
    folder = builds_folder(releases)
    if not folder.is_dir():
        return []
    held = read_lease(releases)
    running = held.run_id if held and is_held(held) else None
    builds = [f for f in folder.iterdir() if f.is_dir() and f.name != running]
    return sorted(builds, key=lambda build: build.stat().st_mtime_ns, reverse=True)


def current_release(releases: Path) -> Source:
    """The restricted file of the current release.

    Raises:
        StopError: there is no release, or this user may not read it.
    """
    database = releases / "current" / "blueprint_restricted.duckdb"
    with owner_only(database):
        builds = failed_builds(releases)
        if not database.exists():
            raise StopError(
                f"{shown_path(database)}: there is no release yet. "
                + (
                    "The last run failed: `make quarantine FAILED=1` shows what it "
                    "kept out."
                    if builds
                    else "Run `make refresh` first."
                )
            )
        folder = database.parent.resolve()
        published = folder.stat().st_mtime_ns
        later = bool(builds) and builds[0].stat().st_mtime_ns > published
    return Source(
        title=f"Quarantine of release {folder.name}, as of {folder.parent.name}",
        database=database,
        is_release=True,
        all_rows='make sql RESTRICTED=1 Q="select * from quarantine{where}"',
        later_failure=later,
    )


def failed_build(releases: Path) -> Source:
    """The build file of the newest run that did not publish.

    Raises:
        StopError: no run failed, it stopped before any row was checked, or this user
            may not read it.
    """
    with owner_only(builds_folder(releases)):
        builds = failed_builds(releases)
    if not builds:
        raise StopError(
            f"{shown_path(builds_folder(releases))}: holds no failed build. `make "
            "quarantine` without FAILED shows what the current release kept out."
        )
    paths = build_paths(releases, builds[0].name)
    with owner_only(paths.database):
        if not paths.database.exists():
            raise StopError(stopped_early(paths.folder, paths.logs))
        stopped = datetime.fromtimestamp(paths.database.stat().st_mtime, timezone.utc)
    return Source(
        title=(
            f"Quarantine of failed build {paths.folder.name[:8]}, stopped "
            f"{stopped:%Y-%m-%d %H:%M} UTC"
        ),
        database=paths.database,
        is_release=False,
        all_rows="intermediate.int_data_quality__quarantine of that file, in any "
        "DuckDB client",
    )


def stopped_early(build: Path, logs: Path) -> str:
    """That a build has no quarantine, and where its own message is."""
    log = logs / "failure.txt"
    said = f"its message, in {shown_path(log)}" if log.exists() else "its message"
    return (
        f"Build {build.name[:8]} stopped before its rows were looked through, so that "
        f"it has no quarantine. Correct what {said}, says and run `make refresh` again."
    )


@contextmanager
def opened(source: Source) -> Iterator[duckdb.DuckDBPyConnection]:
    """The file, read only, with the views `kept_out` and `accounts`.

    Raises:
        StopError: it cannot be read, or it has no quarantine of this form.
    """
    path = source.database
    with owner_only(path), path.open("rb"):
        pass
    try:
        connection = duckdb.connect(str(path), read_only=True)
    except duckdb.Error as error:
        raise StopError(
            f"{shown_path(path)}: cannot be opened ({first_line(error)}). If a run is "
            "going on, wait for it to end."
        ) from error
    with connection:
        connection.execute("set enable_progress_bar = false")
        try:
            if source.is_release:
                connection.execute(RELEASE_VIEWS)
            else:
                view_build(connection, source)
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            raise StopError(
                f"{shown_path(path)}: was made by an earlier version of the project, "
                "whose quarantine lacks what is shown here. Run `make refresh` again."
            ) from error
        yield connection


def view_build(connection: duckdb.DuckDBPyConnection, source: Source) -> None:
    """Makes the two views on a build, of which the second may be empty.

    Raises:
        StopError: the build stopped before its rows were looked through.
    """
    built = {
        name
        for (name,) in connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'intermediate'"
        ).fetchall()
    }
    if "int_data_quality__quarantine" not in built:
        folder = source.database.parent
        raise StopError(stopped_early(folder, folder / "log"))
    connection.execute(BUILD_VIEW)
    has_accounts = "int_data_quality__row_accounts" in built
    connection.execute(BUILD_ACCOUNTS if has_accounts else NO_ACCOUNTS)


def read_accounts(connection: duckdb.DuckDBPyConnection) -> list[Account]:
    """Every landed table's account, the worst first."""
    accounts = [Account(*row) for row in connection.execute(ACCOUNTS_QUERY).fetchall()]
    return sorted(accounts, key=lambda a: (-a.share_of_limit, -a.quarantined, a.table))


def read_faults(
    connection: duckdb.DuckDBPyConnection,
    table: str | None,
    rule: str | None,
    examples: int,
) -> list[Fault]:
    """Counts and examples by table, rule and column, in no particular order."""
    chosen = {"table": table, "rule": rule}
    found: dict[tuple[str, str, str], list[tuple[str, str | None]]] = {}
    if examples:
        rows = connection.execute(
            EXAMPLES_QUERY, {**chosen, "examples": examples, "longest": KEY_SHOWN + 1}
        ).fetchall()
        for of_table, of_rule, of_column, key, value in rows:
            found.setdefault((of_table, of_rule, of_column), []).append((key, value))
    return [
        Fault(*row, examples=tuple(found.get(row[:3], ())))
        for row in connection.execute(FAULTS_QUERY, chosen).fetchall()
    ]


# What is printed ---------------------------------------------------------------------


def report(
    source: Source,
    accounts: Sequence[Account],
    faults: Sequence[Fault],
    table: str | None,
    rule: str | None,
) -> list[str]:
    """The lines to print.

    Args:
        source: what was read.
        accounts: of every landed table, the worst first.
        faults: of the table and rule that are asked for.
        table: the table that is asked for; None for all.
        rule: the rule that is asked for; None for all.
    """
    lines = [source.title, shown_path(source.database), ""]
    concerned = {fault.table for fault in faults}
    if rule is None:
        concerned |= {a.table for a in accounts if a.quarantined or a.duplicates}
    if table:
        concerned = {table}
    others = [a for a in accounts if a.table not in concerned]
    lines += account_lines(
        [a for a in accounts if a.table in concerned],
        others if table is None and rule is None else [],
    )
    for account in accounts:
        of_table = [fault for fault in faults if fault.table == account.table]
        if of_table:
            lines += ["", account.table, *fault_lines(of_table)]
    lines += ["", *closing_lines(source, bool(faults), table, rule)]
    return lines


def account_lines(accounts: Sequence[Account], others: Sequence[Account]) -> list[str]:
    """A line per table under a heading, one for the other tables, and what it says."""
    lines = []
    if accounts:
        heading = (
            *("table", "landed", "quarantined", "own faults", "limit", "following"),
            "duplicates",
        )
        body = [
            (
                account.table,
                figure(account.landed),
                figure(account.quarantined),
                figure(account.own_faults),
                figure(account.fault_limit),
                figure(account.quarantined - account.own_faults),
                figure(account.duplicates),
            )
            for account in accounts
        ]
        widths = [max(map(len, column)) for column in zip(heading, *body, strict=True)]
        for cells in (heading, *body):
            numbers = zip(cells[1:], widths[1:], strict=True)
            lines.append(
                cells[0].ljust(widths[0])
                + "".join(f"  {cell:>{width}}" for cell, width in numbers)
            )
    if others:
        landed = sum(account.landed or 0 for account in others)
        lines += wrapped(
            f"{counted(len(others), 'other table')}, {counted(landed, 'row')}: nothing "
            "quarantined, nothing sent twice.",
            "",
        )
    over = [account.table for account in accounts if account.is_over]
    if over:
        lines += [
            "",
            *wrapped(f"Over the limit, which stops a run: {listed(over)}.", ""),
        ]
    if accounts:
        lines += [
            "",
            *wrapped(
                "Following: rows about a person or practice whose own rows are "
                "quarantined; no limit. Duplicates: rows that were sent twice and "
                "count once.",
                "",
            ),
        ]
    return lines


def fault_lines(faults: Sequence[Fault]) -> list[str]:
    """One table's faults: a paragraph per rule, in it an entry per column."""
    rules: dict[str, list[Fault]] = {}
    for fault in sorted(faults, key=lambda f: (-f.landed_rows, f.column)):
        rules.setdefault(fault.rule, []).append(fault)
    # A table's own faults come first: they are what can be corrected in it.
    worst_first = sorted(
        rules.values(),
        key=lambda entries: (
            entries[0].is_cascade,
            -sum(entry.landed_rows for entry in entries),
            entries[0].rule,
        ),
    )
    lines = []
    for entries in worst_first:
        first = entries[0]
        rows = counted(sum(entry.landed_rows for entry in entries), "row")
        lines += ["", f"  {first.rule}: {rows}"]
        if first.meaning and first.remedy:
            lines += wrapped(first.meaning, "    ")
            lines += wrapped(f"To do: {first.remedy}", "    ")
        for entry in entries:
            lines += entry_lines(entry)
    return lines


def entry_lines(fault: Fault) -> list[str]:
    """A column at fault: how many rows, and some of them."""
    kind = column_kind(fault.table, fault.column)
    lines = wrapped(
        f"{cut(fault.column, WIDTH)}{f' ({kind})' if kind else ''}: "
        f"{counted(fault.landed_rows, 'row')}",
        "    ",
    )
    for key, value in fault.examples:
        quoted = "" if value is None else f"'{cut(value, VALUE_SHOWN)}' in "
        lines += wrapped(f"{quoted}{cut(key, KEY_SHOWN)}", "      ")
    more = fault.distinct_rows - len(fault.examples)
    if fault.examples and more:
        lines.append(f"      and {more:,} more")
    return lines


def closing_lines(
    source: Source, is_any: bool, table: str | None, rule: str | None
) -> list[str]:
    """What else there is to see, and how the quarantine is cleared."""
    lines = []
    if is_any:
        conditions = []
        if table:
            conditions.append(f"quarantine.table = '{table}'")
        if rule:
            conditions.append(f"reason = '{rule}'")
        where = f" where {' and '.join(conditions)}" if conditions else ""
        lines += ["Every row:", f"    {source.all_rows.replace('{where}', where)}"]
        lines += wrapped(
            "A corrected drop clears it: every run makes its quarantine anew, from the "
            "drop alone.",
            "",
        )
        lines.append("    make refresh LANDING=path/to/drop")
    elif table or rule:
        of_table = f" of {table}" if table else ""
        by_rule = f" by the rule {rule}" if rule else ""
        lines.append(f"No row{of_table} is quarantined{by_rule}.")
    else:
        lines.append("Nothing is quarantined: no landed row is at fault.")
    if source.later_failure:
        lines += wrapped(
            "A run has failed since this release: `make quarantine FAILED=1` shows "
            "what it kept out.",
            "",
        )
    return lines


def column_kind(table: str, column: str) -> str:
    """What a column holds, in a word; empty for text and for what is no column."""
    contract = landing_contract().get(table)
    for known in contract.columns if contract else ():
        if known.name == column and known.type != "varchar":
            words = {"boolean": "flag", "integer": "whole number"}
            kind = known.type.partition("(")[0]
            return words.get(kind, "number" if kind == "decimal" else kind)
    return ""


def cut(text: str, longest: int) -> str:
    """Landed text with control characters escaped, no longer than this."""
    shown = printable(text, len(text))
    return shown if len(shown) <= longest else shown[: longest - 1] + "…"


def wrapped(text: str, indent: str) -> list[str]:
    """A paragraph within the width; what goes on is indented further."""
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent + ("  " if indent else ""),
        break_on_hyphens=False,
    )


def figure(count: int | None) -> str:
    """A count for a table; a dash where it is not known."""
    return "–" if count is None else f"{count:,}"


def counted(count: int, noun: str) -> str:
    """`1 row`, `2,000 rows`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
