"""Histories run through the models of recognition and payment.

Belongs here: the models' SQL, compiled by dbt and run on tables made by hand, and again
with a part of it changed. Does not belong here: which histories (histories.py), or what
should come of them (reference.py).
"""

from __future__ import annotations

import csv
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from orchestration.dbt_runner import PARSED, ensure_manifest
from orchestration.settings import PROJECT
from tests.attribution.build import edited
from tests.faults.replay import Statement
from tests.recognition.histories import History

# In the order in which they read each other.
MODELS = (
    "int_payments__recognition_events",
    "int_payments__recognition_failures",
    "int_payments__cht_steps",
    "int_payments__recognition_spans",
    "int_payments__practice_months",
    "int_payments__cht_factors",
    "int_payments__pcmh_rates",
    "int_payments__payer_months",
    "int_payments__pcmh",
)
SEEDS = (
    "recognition_event_effects",
    "recognition_policies",
    "recognition_tracks",
    "recognition_time_frames",
    "recognition_endings",
    "cht_decay_steps",
    "payment_rates",
    "payment_frequencies",
    "program_deadlines",
)
PATIENTS = 20
# What the models read besides: two payers, one of which recoups; scores and an index
# from 2017 on.
AROUND = """
create table intermediate.int_calendar__payment_months as
    select
        cast(unnest(generate_series(
            date '{first}', date '{last}', interval 1 month
        )) as date) as payment_month,
        cast(date_trunc('quarter', payment_month) - interval 1 day as date)
            as as_of_date;
create table intermediate.int_calendar__run as
    select date '{as_of}' as as_of_date;
create table intermediate.int_program__practices_as_of as
    select distinct as_of_date, practice_id, 'Barre' as hsa
    from intermediate.int_calendar__payment_months cross join staging.stg_practice;
create table intermediate.int_program__payers_as_of as
    select distinct as_of_date, payer, 'quarterly' as payment_frequency
    from intermediate.int_calendar__payment_months,
        (values ('keeps'), ('recoups')) as payers(payer);
create table intermediate.int_attribution__counts_by_type as
    select
        as_of_date, 'pcmh' as program, payer, 'commercial' as payer_type, practice_id,
        hsa, {patients} as attributed_patients
    from intermediate.int_program__payers_as_of
    inner join intermediate.int_program__practices_as_of using (as_of_date);
create table staging.stg_payer_policy as
    select
        payer, payer = 'recoups' as is_recouping,
        'quarterly' as attribution_frequency, 'monthly' as payment_frequency,
        cast(null as date) as effective_from, cast(null as date) as effective_to
    from (values ('keeps'), ('recoups')) as payers(payer);
create table intermediate.int_quality__scores as
    select
        'pcmh' as program, 'Barre' as entity_id, date '2017-01-01'
            as effective_from_month, cast(0.07 as decimal(10, 2)) as amount_usd;
create table intermediate.int_quality__periods as
    select date '2016-06-30' as period_end, true as is_half_year;
create table intermediate.int_utilization__trui as
    select
        date '2016-06-30' as period_end, 'all' as age_group, practice_id,
        date '2017-01-01' as effective_from_month,
        cast(0.13 as decimal(10, 2)) as amount_usd
    from staging.stg_practice;
"""


def compiled(folder: Path, variables: str = "{}") -> dict[str, str]:
    """The models' SQL, as dbt compiles it from the parsed project; it reads nothing.

    folder: where dbt writes. variables: dbt's, as it takes them.
    """
    ensure_manifest()
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(PARSED, folder / PARSED.name)
    os.environ["BLUEPRINT_BUILD"] = str(folder / "blueprint.duckdb")
    os.environ["DO_NOT_TRACK"] = "1"
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner
    from dbt.contracts.graph.manifest import Manifest

    parsed = Manifest.from_msgpack((folder / PARSED.name).read_bytes())
    parsed.build_flat_graph()
    arguments = ["--quiet", "compile", "--no-introspect", "--vars", variables]
    arguments += ["--log-path", str(folder), "--project-dir", str(PROJECT)]
    arguments += ["--profiles-dir", str(PROJECT), "--target-path", str(folder)]
    arguments += ["--select", *MODELS, "--exclude", "resource_type:test"]
    arguments += ["resource_type:unit_test"]
    try:
        result = dbtRunner(manifest=parsed).invoke(arguments)
    finally:
        DuckDBConnectionManager.close_all_connections()
    assert result.success, result.exception
    return {node.node.name: node.node.compiled_code for node in result.result}


class Build:
    """The models of recognition and payment, built from histories, in memory.

    folder: where rows go on their way into it. as_of: the run's as-of date, which says
    what extra time has run out. first, last: the months that are computed.
    """

    def __init__(
        self,
        models: Mapping[str, str],
        histories: Sequence[History],
        folder: Path,
        as_of: date,
        first: date,
        last: date,
    ) -> None:
        self.folder = folder
        self.models = {
            name: Statement(name, "model", "intermediate", name, False, False, sql)
            for name, sql in models.items()
        }
        self.connection = duckdb.connect()
        self.connection.execute("attach ':memory:' as blueprint; use blueprint")
        # On tables as small as these, threads wait for each other more than they help.
        self.connection.execute("set threads = 1")
        for schema in ("reference", "staging", "intermediate"):
            self.connection.execute(f"create schema {schema}")
        nodes = ensure_manifest()["nodes"]
        for seed in SEEDS:
            self.load_seed(nodes[f"seed.blueprint.{seed}"])
        self.load(histories)
        around = AROUND.format(as_of=as_of, first=first, last=last, patients=PATIENTS)
        self.connection.execute(around)
        for name in MODELS:
            self.run(self.models[name])

    def load_seed(self, node: Mapping[str, Any]) -> None:
        """A reference seed, with the types that the project gives it."""
        path = PROJECT / node["original_file_path"]
        types = node["config"]["column_types"]
        columns = ", ".join(f'cast("{c}" as {t}) as "{c}"' for c, t in types.items())
        self.connection.execute(
            f"create table reference.{node['name']} as "
            f"select {columns} from read_csv('{path}', all_varchar = true)"
        )

    def load(self, histories: Sequence[History]) -> None:
        """The histories as staged tables."""
        self.connection.execute(
            """
            create table staging.stg_practice (practice_id varchar);
            create table staging.stg_practice_recognition (
                practice_id varchar, event_date date, event varchar, standard varchar,
                recognition_level varchar, has_reasons boolean,
                has_improvement_plan boolean, has_timeline boolean
            );
            create table staging.stg_collaborative_participation (
                practice_id varchar, calendar_year integer
            );
            """
        )
        self.insert("stg_practice", [(h.practice_id,) for h in histories])
        self.insert(
            "stg_practice_recognition",
            [
                (
                    *(history.practice_id, event.day, event.name),
                    *(event.standard or None, event.level or None),
                    *((True, True, event.is_whole_plan) if is_plan else (None,) * 3),
                )
                for history in histories
                for event in history.events
                for is_plan in [event.name == "action_plan_submitted"]
            ],
        )
        self.insert(
            "stg_collaborative_participation",
            [(h.practice_id, year) for h in histories for year in h.years],
        )

    def insert(self, table: str, rows: Sequence[tuple]) -> None:
        """Rows of a staged table, through a file: one by one would take too long."""
        if not rows:
            return
        path = self.folder / f"{table}.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(rows)
        self.connection.execute(f"copy staging.{table} from '{path}' (header false)")

    def run(self, statement: Statement) -> None:
        """Makes one model's table."""
        self.connection.execute(
            f"create table intermediate.{statement.name} as ({statement.sql})"
        )

    @contextmanager
    def changed(self, model: str, find: str, put: str) -> Iterator[None]:
        """The build with one model's SQL changed, undone afterwards."""
        at = MODELS.index(model)
        first = edited(self.models[model], find, put)
        self.connection.execute("begin")
        try:
            for name in reversed(MODELS[at:]):
                self.connection.execute(f"drop table intermediate.{name}")
            self.run(first)
            for name in MODELS[at + 1 :]:
                self.run(self.models[name])
            yield
        finally:
            self.connection.execute("rollback")

    def ask(self, sql: str) -> list[tuple]:
        """The rows of a query."""
        return self.connection.execute(sql).fetchall()
