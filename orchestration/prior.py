"""The prior release, as far as the gates compare with it and models go on from it.

Belongs here: copying its unsuppressed counts into the build's schema `prior`, and its
payments and the levels that practices were paid by into the tables that models read,
when it is of the same people. Does not belong here: the comparisons and their limits,
which are seed rows.

A drop of other people (the sample after a state's claims, or the other way round) has
nothing to be compared with, so that nothing is copied but the share of the people that
both have, which a check shows. Without a release there is no schema `prior` at all.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.landing import literal, quoted
from orchestration.publish import MANIFEST_FILE, PUBLIC_FILE, RESTRICTED_FILE

# The check whose limit says from which share of common people on releases compare.
SAME_PEOPLE = "drop_has_the_people_of_the_prior_release"
COPIED = ("landing_volumes", "attribution_counts", "pcmh_payments")
# Made empty with the landed tables.
LEVELS = "intermediate.int_landing__earlier_trui_levels"
PAYMENTS = "intermediate.int_landing__earlier_payments"
# Published payments that stand: the program of each table, its component where it has
# one payment alone, and its column for the rate.
PAYMENT_TABLES = {
    "pcmh_payments": ("pcmh", "pppm", "total_pppm"),
    "cht_payments": ("cht", "cht", "pppm"),
    "whi_payments": ("whi", None, "rate"),
}
# What its public twin says of a row besides its figures: whether they were withheld.
PAYMENT_KEY = ("payment_month", "payer", "practice_id", "component", "adjustment_no")


@dataclass(frozen=True)
class Prior:
    """What a run is compared with.

    release_id: the newest release of this kind, when it is of the same people. problem:
    why it cannot be read, when it cannot.
    """

    release_id: str | None
    problem: str | None = None


def copy_prior(releases: Path, database: Path, link: str) -> Prior:
    """Copies what the gates compare with from the last release into a build.

    Args:
        releases: the releases folder.
        link: the link in it to the last release of the run's kind, if there is one.
        database: the build file, with its landed tables and reference seeds.

    Returns:
        The release to compare with, if there is one. One that cannot be read stops
        nothing: its problem is for a person to look at.
    """
    current = (releases / link).resolve()
    if not current.exists():
        return Prior(None)
    try:
        manifest = json.loads((current / MANIFEST_FILE).read_text())
        release_id = str(manifest["release_id"])
        with duckdb.connect(str(database)) as connection:
            connection.execute("set enable_progress_bar = false")
            file = literal(str(current / RESTRICTED_FILE))
            connection.execute(f"attach {file} as release (read_only)")
            public = literal(str(current / PUBLIC_FILE))
            connection.execute(f"attach {public} as handed_out (read_only)")
            connection.execute("begin")
            connection.execute("create schema prior")
            is_comparable = copy_overlap(connection, release_id)
            if is_comparable:
                there = tables_of_the_release(connection)
                copy_counts(connection, there)
                copy_payments(connection, there)
                if "trui" in there:
                    copy_levels(connection)
            connection.execute("commit")
            connection.execute("detach release")
            connection.execute("detach handed_out")
    except (OSError, ValueError, KeyError, duckdb.Error) as error:
        said = " ".join(str(error).split())[:200]
        return Prior(None, f"{current.name}: {type(error).__name__}, {said}")
    return Prior(release_id if is_comparable else None)


def copy_overlap(connection: duckdb.DuckDBPyConnection, release_id: str) -> bool:
    """Makes `prior.overlap`; returns whether the release is of the same people."""
    connection.execute(
        f"""
        create table prior.overlap as
        with before as (
            select distinct person_id from release.restricted.attribution
        ),

        landed as (
            select distinct trim(cast(person_id as varchar)) as person_id
            from landing.eligibility
        )

        select
            {literal(release_id)} as release_id,
            cast(count(landed.person_id) as double) / nullif(count(*), 0)
                as share_of_people
        from before
        left join landed using (person_id)
        """
    )
    row = connection.execute(
        """
        select overlap.share_of_people >= checks.limit_value
        from prior.overlap
        cross join reference.gate_checks as checks
        where checks.check_id = $check_id
        """,
        {"check_id": SAME_PEOPLE},
    ).fetchone()
    return bool(row and row[0])


def tables_of_the_release(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Names of the tables in its restricted file."""
    return {
        row[0]
        for row in connection.execute(
            "select table_name from duckdb_tables() where database_name = 'release'"
        ).fetchall()
    }


def copy_levels(connection: duckdb.DuckDBPyConnection) -> None:
    """Copies what practices were paid by their use of resources.

    A practice that a half-year scored had its level by the end of it; one that was not
    scored had kept its level from before the period.
    """
    connection.execute(
        f"""
        insert into {LEVELS} (practice_id, level_date, amount_usd)
        select
            scores.practice_id,
            case
                when scores.quartile is null then scores.period_end - 1
                else scores.period_end
            end as level_date,
            scores.pppm
        from release.restricted.trui as scores
        left join reference.score_period_ends as period_ends
            on
                extract(month from scores.period_end) = period_ends.month_of_year
                and scores.period_end
                >= coalesce(period_ends.effective_from, scores.period_end)
                and scores.period_end
                <= coalesce(period_ends.effective_to, scores.period_end)
        where
            scores.age_group = 'all'
            and scores.pppm is not null
            and (scores.quartile is null or period_ends.month_of_year is not null)
        """
    )


def copy_payments(connection: duckdb.DuckDBPyConnection, there: set[str]) -> None:
    """Copies all payments as they were published, adjustments included.

    A column that the release has not, since it is older, is null. What its public table
    withheld is marked.
    """
    schema, _, table = PAYMENTS.partition(".")
    wanted = columns_of(connection, "build", schema, table)
    for source, (program, component, rate) in PAYMENT_TABLES.items():
        if source not in there:
            continue
        found = columns_of(connection, "release", "restricted", source)
        copied = [column for column in wanted if column in found and column != "rate"]
        columns = ", ".join(f"paid.{quoted(column)}" for column in copied)
        if "component" not in found:
            columns += f", {literal(component)} as component"
        key = ", ".join(quoted(column) for column in PAYMENT_KEY if column in found)
        connection.execute(
            f"insert into {PAYMENTS} by name "
            f"select {literal(program)} as program, paid.{quoted(rate)} as rate, "
            f"told.is_suppressed as is_withheld, {columns} "
            f"from release.restricted.{quoted(source)} as paid "
            f"left join handed_out.marts.{quoted(source)} as told using ({key})"
        )


def columns_of(
    connection: duckdb.DuckDBPyConnection, database: str, schema: str, table: str
) -> list[str]:
    """Names of a table's columns, in the release or in the build."""
    return [
        row[0]
        for row in connection.execute(
            "select column_name from duckdb_columns() "
            "where (database_name = 'release') = $is_release "
            "and schema_name = $schema and table_name = $table order by column_index",
            {"is_release": database == "release", "schema": schema, "table": table},
        ).fetchall()
    ]


def copy_counts(connection: duckdb.DuckDBPyConnection, there: set[str]) -> None:
    """Copies the prior release's counts; a table that it lacks is left out."""
    for table in COPIED:
        if table in there:
            connection.execute(
                f"create table prior.{table} as from release.restricted.{table}"
            )
    connection.execute(
        """
        create table prior.attribution_rates as
        select
            program,
            payer,
            cast(count(practice_id) as double) / count(*) as rate
        from release.restricted.attribution
        where
            is_eligible
            and as_of_date = (
                select max(as_of_date) from release.restricted.attribution
            )
        group by program, payer
        """
    )
