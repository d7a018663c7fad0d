"""A manifest lets anyone verify a release, and a mart is published as contracted."""

import hashlib
import json
import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from orchestration import publish as publishing
from orchestration.contract import landing_contract
from orchestration.errors import ReleaseError
from orchestration.landing import land_directory
from orchestration.publish import files_of, publish
from orchestration.releases import acquire_lease
from orchestration.settings import PROJECT, build_paths, settings_from
from orchestration.verify import FAULT, NOTE, verify, verify_release

RUN = "a-run-of-a-test"
# Everything that a release of two marts and one table of people holds.
FILES = {
    "blueprint.duckdb",
    "blueprint_restricted.duckdb",
    "gates.html",
    "gates.json",
    "manifest.json",
    "parquet/marts/hsas.parquet",
    "parquet/marts/payments.parquet",
}
TABLES = """
create schema intermediate;
create schema marts;
create schema restricted;
create table intermediate.int_calendar__run as
select
    date '2018-06-30' as as_of_date,
    date '2018-09-30' as paid_through_date,
    date '2018-07-30' as attribution_cutoff_date,
    false as is_provisional;
create table marts.hsas as
select * from (values ('Barre', 9), ('Rutland', 14)) as t(hsa, practices);
create table marts.payments as
select
    hsa,
    date '2018-07-01' as payment_month,
    cast(12.50 as decimal(10, 2)) as amount_usd,
    false as is_suppressed
from (values ('Barre'), ('Rutland')) as t(hsa);
create table restricted.attribution as
select 'P000605' as person_id, 'Rutland' as hsa;
"""
CONTRACTS = {
    "marts.hsas": {"hsa": "varchar", "practices": "integer"},
    "marts.payments": {
        "hsa": "varchar",
        "payment_month": "date",
        "amount_usd": "decimal(10,2)",
        "is_suppressed": "boolean",
    },
    "restricted.attribution": {"person_id": "varchar", "hsa": "varchar"},
}


def dbt_manifest(contracts: dict[str, dict[str, str]]) -> dict:
    """What publish reads of a dbt manifest: published models, reference seeds."""
    nodes = {}
    for label, columns in contracts.items():
        schema, _, name = label.partition(".")
        nodes[label] = {
            "resource_type": "model",
            "schema": schema,
            "alias": name,
            "original_file_path": f"models/{schema}/{name}.sql",
            "depends_on": {"nodes": [], "macros": []},
            "description": f"Rows of {name}.",
            "config": {
                "materialized": "table",
                "meta": {"grain": [next(iter(columns))]},
                "contract": {"enforced": True},
            },
            "columns": {
                column: {
                    "name": column,
                    "description": f"The {column}.",
                    "data_type": kind,
                }
                for column, kind in columns.items()
            },
        }
    for path in (PROJECT / "seeds" / "reference").rglob("*.csv"):
        nodes[f"seed.{path.stem}"] = {
            "resource_type": "seed",
            "schema": "reference",
            "name": path.stem,
            "original_file_path": str(path.relative_to(PROJECT)),
            "depends_on": {},
        }
    return {"nodes": nodes, "macros": {}}


def report(release_id: str, folder: Path) -> None:
    """Stands for the report of the gates, which is written before the manifest."""
    (folder / "gates.json").write_text(json.dumps({"release_id": release_id}))
    (folder / "gates.html").write_text("<!doctype html><title>Gates</title>")


@dataclass
class Published:
    """A releases folder with one release, and the drop that it was made of."""

    releases: Path
    drop: Path
    release: Path


def publish_by_hand(
    folder: Path, tables: str = TABLES, contracts: dict | None = None
) -> Published:
    """Publishes a build of a few rows, by the very steps that a refresh ends with."""
    drop = folder / "drop"
    drop.mkdir(parents=True)
    (drop / "larc_stock.csv").write_text("practice_id,count_date\nPR01,2018-06-30\n")
    settings = settings_from(
        {}, landing=str(drop), releases="releases", directory=folder
    )
    paths = build_paths(settings.releases, RUN)
    acquire_lease(settings.releases, RUN)
    paths.folder.mkdir()
    landed = land_directory(drop, paths.folder / "landed.duckdb", landing_contract())
    paths.inputs.write_text(json.dumps(landed.as_json()))
    paths.manifest.write_text(json.dumps(dbt_manifest(contracts or CONTRACTS)))
    with duckdb.connect(str(paths.database)) as connection:
        connection.execute(tables)
    release = publish(settings, paths, RUN, report)
    return Published(settings.releases, drop, release)


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Published:
    return publish_by_hand(tmp_path_factory.mktemp("published"))


@pytest.fixture
def copied(original: Published, tmp_path: Path) -> Path:
    """A copy of the release, to be changed."""
    return Path(shutil.copytree(original.release, tmp_path / "copy"))


def faults(folder: Path, landing: Path | None = None) -> dict[str, str]:
    """What is at fault, with the lines that say so."""
    found: dict[str, str] = {}
    for finding in verify_release(folder, landing):
        if finding.outcome == FAULT:
            said = found.setdefault(finding.subject, "")
            found[finding.subject] = f"{said}\n{finding.line()}".strip()
    return found


def notes(folder: Path, **options: Path) -> dict[str, str]:
    return {
        finding.subject: finding.line()
        for finding in verify_release(folder, **options)
        if finding.outcome == NOTE
    }


def read(folder: Path) -> dict:
    return json.loads((folder / "manifest.json").read_text())


def rewrite(folder: Path, change: Callable[[dict], object]) -> None:
    manifest = read(folder)
    change(manifest)
    (folder / "manifest.json").write_text(json.dumps(manifest))


def list_anew(folder: Path) -> None:
    """What a careful forger does: the manifest names the files as they now are."""
    rewrite(folder, lambda manifest: manifest.update(files=files_of(folder)))


def change_database(folder: Path, name: str, statement: str) -> None:
    with duckdb.connect(str(folder / name)) as connection:
        connection.execute(statement)
    list_anew(folder)


def replace_parquet(folder: Path, name: str, query: str) -> None:
    path = folder / "parquet" / "marts" / name
    changed = folder / "changed.parquet"
    duckdb.sql(query.format(path=path)).write_parquet(str(changed))
    changed.replace(path)
    list_anew(folder)


# What is published -------------------------------------------------------------------


def test_the_manifest_names_every_other_file_with_size_and_fingerprint(original):
    files = read(original.release)["files"]
    assert {*files, "manifest.json"} == FILES
    for name, record in files.items():
        content = (original.release / name).read_bytes()
        assert record["bytes"] == len(content)
        assert record["sha256"] == hashlib.sha256(content).hexdigest()


def test_the_manifest_says_columns_rows_and_contents_of_every_table(original):
    tables = read(original.release)["tables"]
    assert set(tables) == {*CONTRACTS, "restricted.hsas", "restricted.payments"}
    assert tables["marts.payments"]["rows"] == 2
    assert tables["marts.payments"]["columns"] == {
        "hsa": "VARCHAR",
        "payment_month": "DATE",
        "amount_usd": "DECIMAL(10,2)",
        "is_suppressed": "BOOLEAN",
    }
    # The same rows, but sealed with the people: nobody can try out counts on it.
    twin = tables["restricted.payments"]["content_hash"]
    assert tables["marts.payments"]["content_hash"] != twin
    assert twin != tables["restricted.hsas"]["content_hash"]


@pytest.mark.parametrize(
    ("built", "found", "declared"),
    [
        ("14::bigint as practices", "BIGINT", "integer"),
        ("14::double as practices", "DOUBLE", "integer"),
        ("14 as practice_count", "no such column", "integer"),
        ("14 as practices, 1 as extra", "INTEGER", "nowhere"),
    ],
)
def test_a_mart_that_breaks_its_contract_is_not_published(
    tmp_path, built, found, declared
):
    tables = TABLES.partition("create table marts.hsas")[0] + (
        f"create table marts.hsas as select 'Barre' as hsa, {built}"
    )
    contracts = {"marts.hsas": CONTRACTS["marts.hsas"]}
    column = "extra" if declared == "nowhere" else "practices"
    with pytest.raises(
        ReleaseError,
        match=rf"blueprint\.duckdb .*marts\.hsas, column {column}: found {found}, "
        rf"declared {declared}.*Nothing was published",
    ):
        publish_by_hand(tmp_path, tables, contracts)
    assert not (tmp_path / "releases" / "current").exists()
    assert list((tmp_path / "releases" / "2018-06-30").iterdir()) == []


def test_a_type_that_parquet_cannot_hold_is_not_published(tmp_path):
    tables = TABLES.replace("9), ('Rutland', 14)", "9::hugeint), ('Rutland', 14)")
    contracts = {**CONTRACTS, "marts.hsas": {"hsa": "varchar", "practices": "hugeint"}}
    with pytest.raises(
        ReleaseError, match=r"parquet/ .*practices: found DOUBLE, declared hugeint"
    ):
        publish_by_hand(tmp_path, tables, contracts)


def test_a_mart_without_a_contract_is_not_published(tmp_path, monkeypatch):
    manifest = dbt_manifest(CONTRACTS)
    manifest["nodes"]["marts.hsas"]["config"]["contract"]["enforced"] = False
    monkeypatch.setitem(globals(), "dbt_manifest", lambda _: manifest)
    with pytest.raises(ReleaseError, match=r"marts\.hsas, column hsa: .*nowhere"):
        publish_by_hand(tmp_path)


def test_parquet_with_other_values_than_its_table_is_not_published(
    tmp_path, monkeypatch
):
    written = publishing.write_database

    def other_values(build, path, tables, release=None):
        rows = written(build, path, tables, release)
        if release:
            file = release / "parquet" / "marts" / "hsas.parquet"
            duckdb.sql(
                f"from (select hsa, practices + 1 as practices from '{file}')"
            ).write_parquet(str(file) + "2")
            Path(str(file) + "2").replace(file)
        return rows

    monkeypatch.setattr(publishing, "write_database", other_values)
    with pytest.raises(ReleaseError, match=r"hsas\.parquet does not hold the values"):
        publish_by_hand(tmp_path)


def test_a_path_that_looks_like_a_partition_adds_no_column(tmp_path):
    published = publish_by_hand(tmp_path / "state=vt")
    assert faults(published.release) == {}
    assert "state" not in read(published.release)["tables"]["marts.hsas"]["columns"]


# What is verified --------------------------------------------------------------------


def test_a_release_is_what_its_manifest_says(original, capsys):
    settings = settings_from(
        {}, landing=str(original.drop), releases=str(original.releases)
    )
    assert verify(settings, None) == 0
    said = capsys.readouterr().out
    assert original.release.name in said
    assert "as of 2018-06-30" in said
    assert "FAULT" not in said
    assert "NOTE" not in said
    assert "not checked" not in said
    digest = hashlib.sha256((original.release / "manifest.json").read_bytes())
    assert digest.hexdigest() in said


def test_a_copy_of_a_release_verifies_as_well(copied, capsys):
    settings = settings_from({}, releases="nowhere")
    assert verify(settings, copied) == 0
    assert "is what its manifest says" in capsys.readouterr().out


def test_a_release_without_its_manifest_is_said(copied, capsys):
    (copied / "manifest.json").unlink()
    assert verify(settings_from({}, releases="nowhere"), copied) == 1
    first, *_, fault, last = capsys.readouterr().out.splitlines()
    assert first == "Release without a manifest"
    assert fault.startswith("FAULT  manifest.json: expected a whole manifest, found No")
    assert last == "The release is not what its manifest says: 1 fault."


def test_a_quiet_verification_says_only_what_is_at_fault(copied, capsys):
    settings = settings_from({}, releases="nowhere")
    assert verify(settings, copied, quiet=True) == 0
    assert capsys.readouterr().out == ""
    (copied / "gates.html").write_text("changed")
    assert verify(settings, copied, quiet=True) == 1
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("FAULT  gates.html: expected")


@pytest.mark.parametrize("name", sorted(FILES - {"manifest.json"}))
def test_one_flipped_byte_is_found(copied, name):
    path = copied / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    found = faults(copied)
    assert "expected SHA-256" in found[name]
    assert "Copy it again" in found[name]


@pytest.mark.parametrize("name", sorted(FILES - {"manifest.json"}))
def test_a_file_that_was_cut_is_found(copied, name):
    path = copied / name
    path.write_bytes(path.read_bytes()[:-1])
    assert "bytes" in faults(copied)[name]


@pytest.mark.parametrize(
    "name", sorted(FILES - {"manifest.json", "blueprint_restricted.duckdb"})
)
def test_a_missing_file_is_found(copied, name):
    (copied / name).unlink()
    assert "found nothing" in faults(copied)[name]


@pytest.mark.parametrize(
    "name", ["notes.txt", "parquet/marts/extra.parquet", ".hidden", "sub/manifest.json"]
)
def test_a_file_that_the_manifest_does_not_name_is_found(copied, name):
    (copied / name).parent.mkdir(exist_ok=True)
    (copied / name).write_text("extra")
    assert list(faults(copied)) == [name]


CHANGED_ROW = "update {} set amount_usd = 12.51 where hsa = 'Barre'"


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("blueprint.duckdb", "marts.payments"),
        ("blueprint_restricted.duckdb", "restricted.payments"),
    ],
)
def test_one_changed_row_is_found_though_the_files_are_listed_anew(copied, name, table):
    change_database(copied, name, CHANGED_ROW.format(table))
    (line,) = faults(copied).values()
    assert line.startswith(f"FAULT  {table}: expected contents")


@pytest.mark.parametrize(
    ("statement", "table", "said"),
    [
        ("delete from marts.hsas where hsa = 'Barre'", "marts.hsas", "2 rows, found 1"),
        ("drop table marts.hsas", "marts.hsas", "found nothing"),
        (
            "alter table marts.hsas rename practices to offices",
            "marts.hsas",
            "practices INTEGER, found offices INTEGER",
        ),
        (
            "alter table marts.hsas alter practices type bigint",
            "marts.hsas",
            "practices INTEGER, found practices BIGINT",
        ),
        (
            "create or replace table marts.hsas as "
            "select practices, hsa from marts.hsas",
            "marts.hsas",
            "hsa, practices in this order, found practices, hsa in this order",
        ),
        (
            "alter table marts.hsas add person_id varchar",
            "marts.hsas",
            "found person_id VARCHAR",
        ),
        ("create table marts.people (a int)", "marts.people", "found a table in"),
        ("create view marts.v as select 1 as a", "marts.v", "found a view in"),
        ("create table people (a int)", "main.people", "found a table in"),
    ],
)
def test_a_changed_table_is_found(copied, statement, table, said):
    change_database(copied, "blueprint.duckdb", statement)
    found = faults(copied)
    assert list(found) == [table]
    assert said in found[table]


def test_a_view_in_the_place_of_a_table_is_found_and_not_read(copied, tmp_path):
    secret = tmp_path / "secret.csv"
    secret.write_text("hsa,practices\nBarre,9\nRutland,14\n")
    change_database(
        copied,
        "blueprint.duckdb",
        "drop table marts.hsas; create view marts.hsas as "
        f"select hsa, practices::integer as practices from read_csv('{secret}')",
    )
    assert "found view" in faults(copied)["marts.hsas"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("select hsa, practices + 1 as practices from '{path}'", "contents"),
        ("select * from '{path}' limit 1", "2 rows, found 1"),
        ("select hsa, practices::bigint as practices from '{path}'", "BIGINT"),
        ("select *, 'P1' as person_id from '{path}'", "person_id VARCHAR"),
    ],
)
def test_parquet_that_is_not_its_table_is_found(copied, query, said):
    replace_parquet(copied, "hsas.parquet", query)
    found = faults(copied)
    assert list(found) == ["parquet/marts/hsas.parquet"]
    assert said in found["parquet/marts/hsas.parquet"]


def test_a_mart_without_its_parquet_is_found_though_the_files_are_listed_anew(copied):
    (copied / "parquet" / "marts" / "hsas.parquet").unlink()
    list_anew(copied)
    assert "no such file" in faults(copied)["parquet/marts/hsas.parquet"]


def test_a_database_without_contents_is_found(copied):
    (copied / "blueprint.duckdb").write_bytes(b"not a database at all" * 999)
    list_anew(copied)
    found = faults(copied)
    assert list(found) == ["blueprint.duckdb"]
    assert "cannot be opened" in found["blueprint.duckdb"]


def test_a_release_without_its_public_database_is_found(copied):
    (copied / "blueprint.duckdb").unlink()
    list_anew(copied)
    assert "found nothing" in faults(copied)["blueprint.duckdb"]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660])
def test_a_restricted_file_that_others_may_read_is_found(copied, mode):
    (copied / "blueprint_restricted.duckdb").chmod(mode)
    (line,) = faults(copied).values()
    assert f"expected mode 0600, found mode {mode:04o}" in line
    assert "chmod 600" in line


def test_a_copy_that_was_handed_out_lacks_the_restricted_file_and_says_so(
    copied, capsys
):
    (copied / "blueprint_restricted.duckdb").unlink()
    assert verify(settings_from({}, releases="nowhere"), copied) == 0
    said = capsys.readouterr().out
    assert "NOTE   blueprint_restricted.duckdb" in said
    assert "Its 3 tables were not checked" in said


# The manifest ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "subjects"),
    [
        (
            lambda m: m["tables"]["marts.hsas"].update(rows=3),
            {"marts.hsas", "parquet/marts/hsas.parquet"},
        ),
        (
            lambda m: m["tables"]["restricted.attribution"].update(rows=2),
            {"restricted.attribution"},
        ),
        (
            lambda m: m["tables"]["marts.hsas"].update(content_hash="0" * 64),
            {"marts.hsas", "parquet/marts/hsas.parquet"},
        ),
        (
            lambda m: m["tables"].update({"other.hsas": m["tables"]["marts.hsas"]}),
            {"other.hsas"},
        ),
        (lambda m: m["tables"].pop("restricted.hsas"), {"restricted.hsas"}),
        (lambda m: m["files"].pop("gates.json"), {"gates.json"}),
        (lambda m: m["files"]["gates.json"].update(bytes=1), {"gates.json"}),
        (lambda m: m.update(inputs_hash="0" * 64), {"inputs_hash"}),
        (
            lambda m: m["inputs"]["tables"][0]["files"].append(
                {"path": "x.csv", "size": 1, "sha256": "0" * 64}
            ),
            {"inputs_hash"},
        ),
        (lambda m: m.update(parameters_hash="0" * 64), {"parameters_hash"}),
        (
            lambda m: m["parameters"]["variables"].update(code_policy="maintained"),
            {"parameters_hash"},
        ),
    ],
)
def test_a_changed_manifest_is_found(copied, change, subjects):
    rewrite(copied, change)
    assert set(faults(copied)) == subjects


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda m: m.pop("files"), "files (field required)"),
        (lambda m: m.pop("tables"), "tables (field required)"),
        (
            lambda m: m["tables"]["marts.hsas"].update(rows="2"),
            "tables.marts.hsas.rows (input should be a valid integer)",
        ),
        (
            lambda m: m["files"]["gates.json"].update(sha256="abc"),
            "files.gates.json.sha256",
        ),
    ],
)
def test_an_incomplete_manifest_is_named(copied, change, said):
    rewrite(copied, change)
    found = faults(copied)
    assert list(found) == ["manifest.json"]
    assert said in found["manifest.json"]


@pytest.mark.parametrize("text", [None, "", "{", "[]", '{"files": ' * 9999, "\xff"])
def test_a_manifest_that_cannot_be_read_is_named(copied, text):
    path = copied / "manifest.json"
    path.unlink()
    if text is not None:
        path.write_bytes(text.encode("latin-1"))
    found = faults(copied)
    assert list(found) == ["manifest.json"]
    assert "\n" not in found["manifest.json"]
    assert "with its manifest" in found["manifest.json"] or text == "[]"


@pytest.mark.parametrize("absolute", [True, False])
def test_a_manifest_cannot_name_a_file_outside_its_release(copied, absolute):
    """The file is there, with that size and fingerprint: it is not looked at."""
    outside = copied.parent / "outside.txt"
    outside.write_text("outside")
    name = str(outside) if absolute else "../outside.txt"
    record = {
        "bytes": outside.stat().st_size,
        "sha256": hashlib.sha256(outside.read_bytes()).hexdigest(),
    }
    rewrite(copied, lambda manifest: manifest["files"].update({name: record}))
    assert "found nothing" in faults(copied)[name]


def test_a_manifest_cannot_name_a_table_outside_its_release(copied):
    """A Parquet file of that name is there, and is not looked at."""
    shutil.copy(copied / "parquet/marts/hsas.parquet", copied.parent / "h.parquet")

    def change(manifest: dict) -> None:
        manifest["tables"]["marts.../../../h"] = manifest["tables"]["marts.hsas"]

    rewrite(copied, change)
    found = faults(copied)
    assert len(found) == 2
    assert all("found no" in said for said in found.values())


@pytest.mark.parametrize("kind", ["link", "pipe"])
def test_a_link_or_a_pipe_in_the_place_of_a_file_is_found(copied, kind):
    path = copied / "parquet" / "marts" / "hsas.parquet"
    path.rename(copied.parent / "elsewhere.parquet")
    if kind == "link":
        path.symlink_to(copied.parent / "elsewhere.parquet")
    else:
        os.mkfifo(path)
    found = faults(copied)
    assert list(found) == ["parquet/marts/hsas.parquet"]


def test_a_link_as_long_as_the_file_and_to_its_contents_is_found(copied):
    path = copied / "gates.html"
    elsewhere = path.rename(copied.parent / "g")
    padding = elsewhere.stat().st_size - len("../g")
    path.symlink_to("." + "/" * (padding - 1) + "../g")
    assert path.lstat().st_size == elsewhere.stat().st_size
    assert path.read_bytes() == elsewhere.read_bytes()
    assert "found a link" in faults(copied)["gates.html"]


def test_a_linked_folder_is_found(copied):
    (copied / "parquet").rename(copied.parent / "parquet")
    (copied / "parquet").symlink_to(copied.parent / "parquet")
    found = faults(copied)
    assert "does not name" in found["parquet"]
    assert "found nothing" in found["parquet/marts/hsas.parquet"]


def test_text_of_a_release_cannot_pass_for_a_line_of_the_report(copied, capsys):
    name = "x\nThe release is what its manifest says.\x1b[2K"
    (copied / name).write_text("extra")
    assert verify(settings_from({}, releases="nowhere"), copied) == 1
    said = capsys.readouterr().out
    assert "\x1b" not in said
    assert "The release is what its manifest says." not in said.splitlines()


# Policy, inputs, readers -------------------------------------------------------------


def test_other_policy_than_this_checkouts_is_said_and_no_fault(copied, tmp_path):
    checkout = tmp_path / "checkout"
    shutil.copytree(PROJECT / "seeds" / "reference", checkout / "seeds" / "reference")
    project = (PROJECT / "dbt_project.yml").read_text()
    (checkout / "dbt_project.yml").write_text(
        project.replace("history_quarters: 4", "history_quarters: 8")
    )
    rates = next((checkout / "seeds" / "reference").rglob("payment_rates.csv"))
    rates.write_text(rates.read_text() + "\n")
    next((checkout / "seeds" / "reference").rglob("towns.csv")).unlink()
    (checkout / "seeds" / "reference" / "new.csv").write_text("a\n1\n")
    found = notes(copied, checkout=checkout)
    assert set(found) == {
        "reference seed payment_rates",
        "reference seed towns",
        "reference seed new",
        "variable history_quarters",
    }
    line = found["variable history_quarters"]
    assert "expected 8 as in this checkout, found 4" in line
    assert "other policy" in line
    assert all(
        finding.outcome != FAULT
        for finding in verify_release(copied, checkout=checkout)
    )


def test_the_as_of_date_is_a_parameter_of_the_run_and_no_policy(copied):
    def change(manifest: dict) -> None:
        manifest["parameters"]["variables"]["as_of_date"] = "2018-06-30"

    rewrite(copied, change)
    assert notes(copied) == {}


@pytest.mark.parametrize(
    ("change", "subject", "said"),
    [
        (
            lambda d: (d / "larc_stock.csv").write_text(
                "practice_id,count_date\nPR02,2018-06-30\n"
            ),
            "larc_stock.csv",
            "expected SHA-256",
        ),
        (
            lambda d: (d / "larc_stock.csv").write_text("practice_id,count_date\n"),
            "larc_stock.csv",
            "bytes",
        ),
        (
            lambda d: (d / "cht.csv").write_text("administrative_entity_id,hsa\n"),
            "cht.csv",
            "did not read",
        ),
        (
            lambda d: (d / "larc_stock.csv").rename(d / "cht.csv"),
            "larc_stock.csv",
            "found nothing",
        ),
    ],
)
def test_another_drop_is_found(original, tmp_path, change, subject, said):
    drop = Path(shutil.copytree(original.drop, tmp_path / "drop"))
    assert faults(original.release, drop) == {}
    change(drop)
    found = faults(original.release, drop)
    assert said in found[subject]
    assert "Name the drop" in found[subject]


def test_a_drop_that_is_not_there_is_said(original, tmp_path):
    (line,) = faults(original.release, tmp_path / "nowhere").values()
    assert "there is no such directory" in line


def tree(folder: Path) -> dict[str, tuple]:
    return {
        str(path.relative_to(folder)): (
            path.stat().st_size,
            path.stat().st_mtime_ns,
            stat.S_IMODE(path.stat().st_mode),
        )
        for path in sorted(folder.rglob("*"))
    }


@contextmanager
def another_user() -> Iterator[None]:
    """As somebody who owns nothing here; root reads and writes everything."""
    if os.geteuid() == 0:
        os.seteuid(65534)
        try:
            yield
        finally:
            os.seteuid(0)
    else:
        yield


@pytest.fixture
def read_only(original: Published) -> Iterator[Path]:
    """The release where nobody may write and only its owner reads about people."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        copy = Path(shutil.copytree(original.release, Path(folder, "copy")))
        for path in (copy, *copy.rglob("*")):
            path.chmod(0o555 if path.is_dir() else 0o444)
        is_root = os.geteuid() == 0
        (copy / "blueprint_restricted.duckdb").chmod(0o600 if is_root else 0o000)
        yield copy
        for path in (copy, *copy.rglob("*")):
            path.chmod(0o755)


def test_a_reader_without_rights_verifies_and_leaves_no_trace(read_only):
    before = tree(read_only)
    with another_user():
        findings = verify_release(read_only)
    assert [f.line() for f in findings if f.outcome == FAULT] == []
    (note,) = [f.line() for f in findings if f.outcome == NOTE]
    assert "blueprint_restricted.duckdb" in note
    assert "this user may not read" in note
    assert tree(read_only) == before


def test_a_folder_without_a_release_is_named(tmp_path):
    settings = settings_from({}, releases=str(tmp_path))
    with pytest.raises(ReleaseError, match=r"current: there is no release.*refresh"):
        verify(settings, None)
    with pytest.raises(ReleaseError, match="nowhere: there is no release"):
        verify(settings, tmp_path / "nowhere")


# A whole refresh ---------------------------------------------------------------------


@pytest.mark.slow
def test_a_refresh_publishes_what_verifies(refreshed, capsys):
    settings = settings_from(
        {}, landing="seeds/landing", releases=str(refreshed.releases)
    )
    code = verify(settings, None)
    said = capsys.readouterr().out
    assert code == 0, said
    assert "NOTE" not in said
    assert "not checked" not in said


@pytest.mark.slow
def test_a_handed_out_copy_of_a_refresh_verifies_elsewhere(refreshed, tmp_path):
    copy = shutil.copytree(
        refreshed.current(),
        tmp_path / "copy",
        ignore=shutil.ignore_patterns("blueprint_restricted.duckdb"),
    )
    assert faults(Path(copy)) == {}
    (copy / "parquet/marts/hsas.parquet").unlink()
    assert "found nothing" in faults(Path(copy))["parquet/marts/hsas.parquet"]
