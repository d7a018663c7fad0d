"""The faults of a drop, and the outcome that each must have.

Belongs here: one function per fault that spoils a drop, with what must come of it.
Does not belong here: faults of the machine (tests/python/test_fault_processes.py).

An outcome is one of: published (nothing to say), warned (published, and exactly these
checks say something), stopped (by exactly these checks, or with this message). What is
expected is written from the design, not from a run: a surprise is a bug in one of both.

A fault that changes little and stops nothing keeps company with others in one drop, so
that the campaign stays short; the checks of all of them must say something, and no
others.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from tests.faults.world import Row, World

Fault = Callable[[World], "Path | None"]
PUBLISHED, WARNED, STOPPED = "published", "warned", "stopped"


@dataclass(frozen=True)
class Case:
    """A fault and its outcome.

    name: a sentence. checks: the checks that warn or stop. message: what a stop without
    a check says, as a pattern. as_of: the run's parameter. company: the drop that the
    fault shares with others; empty when it has one of its own.
    """

    name: str
    fault: Fault
    outcome: str
    checks: frozenset[str] = field(default_factory=frozenset)
    message: str = ""
    as_of: str | None = None
    company: str = ""


CASES: list[Case] = []


def companies() -> dict[str, list[Case]]:
    """The cases by the drop that they spoil, each drop with its name."""
    drops: dict[str, list[Case]] = {}
    for each in CASES:
        drops.setdefault(each.company or each.name, []).append(each)
    return drops


def case(
    name: str,
    outcome: str,
    *checks: str,
    message: str = "",
    as_of: str | None = None,
    company: str = "",
) -> Callable[[Fault], Fault]:
    """Puts a fault into the table of cases."""

    def add(fault: Fault) -> Fault:
        found = frozenset(checks)
        CASES.append(Case(name, fault, outcome, found, message, as_of, company))
        return fault

    return add


def parquet_from(world: World, table: str, path: Path) -> None:
    """The table's CSV as Parquet, with text columns."""
    path.parent.mkdir(exist_ok=True)
    duckdb.execute(
        f"copy (from read_csv('{world.file(table)}', all_varchar = true)) "
        f"to '{path}' (format parquet)"
    )
    world.file(table).unlink()


# Columns -----------------------------------------------------------------------------


@case(
    "a required column is gone",
    STOPPED,
    message="required column claim_start_date missing",
)
def _(world: World) -> None:
    rows = world.rows("medical_claim")
    for row in rows:
        del row["claim_start_date"]
    world.write("medical_claim", rows)


@case(
    "a required column is renamed",
    STOPPED,
    message="required column claim_start_date missing",
)
def _(world: World) -> None:
    world.columns(
        "medical_claim",
        lambda names: [n.replace("claim_start_date", "from_date") for n in names],
    )


@case(
    "two required columns are gone",
    STOPPED,
    message="required columns practice_id, npi missing",
)
def _(world: World) -> None:
    rows = world.rows("practice_provider")
    for row in rows:
        del row["practice_id"], row["npi"]
    world.write("practice_provider", rows)


@case(
    "an optional column is gone",
    PUBLISHED,
    company="harmless headers",
)
def _(world: World) -> None:
    rows = world.rows("medical_claim")
    for row in rows:
        del row["diagnosis_code_3"]
    world.write("medical_claim", rows)


@case("a column stands twice", STOPPED, message="column 'payer' occurs twice")
def _(world: World) -> None:
    world.columns(
        "eligibility", lambda names: ["payer" if n == "plan" else n for n in names]
    )


@case(
    "a column comes under both of its names",
    STOPPED,
    message="person_id and patient_id are the same column",
)
def _(world: World) -> None:
    world.columns(
        "eligibility",
        lambda names: ["patient_id" if n == "member_id" else n for n in names],
    )


@case(
    "a column has its older name",
    PUBLISHED,
    company="harmless headers",
)
def _(world: World) -> None:
    world.columns(
        "medical_claim",
        lambda names: ["patient_id" if n == "person_id" else n for n in names],
    )


@case(
    "a column is unknown",
    WARNED,
    "drop_has_only_known_columns",
    company="odd people and drugs",
)
def _(world: World) -> None:
    rows = world.rows("eligibility")
    for row in rows:
        row["shoe_size"] = "42"
    world.write("eligibility", rows)


@case(
    "columns are moved with their values",
    PUBLISHED,
    company="harmless headers",
)
def _(world: World) -> None:
    rows = world.rows("medical_claim")
    world.write("medical_claim", rows, sorted(rows[0], reverse=True))


@case(
    "names of columns are moved, their values not",
    STOPPED,
    "medical_claim_columns_are_of_their_types",
)
def _(world: World) -> None:
    swapped = {"claim_id": "claim_start_date", "claim_start_date": "claim_id"}
    world.columns("medical_claim", lambda names: [swapped.get(n, n) for n in names])


@case(
    "every line ends in commas",
    WARNED,
    "drop_has_only_known_columns",
    company="odd program tables",
)
def _(world: World) -> None:
    world.text("practice", lambda text: text.replace("\n", ",,,\n"))


@case(
    "names are in capitals with blanks",
    PUBLISHED,
    company="harmless headers",
)
def _(world: World) -> None:
    world.columns("practice", lambda names: [f" {n.upper()} " for n in names])


@case(
    "the header has a million columns",
    STOPPED,
    message="medical_claim.csv: its first line is longer than|names 1,000,0",
)
def _(world: World) -> None:
    extra = [f"c{i}" for i in range(1_000_000)]
    world.columns("medical_claim", lambda names: names + extra)


@case(
    "the header has two thousand columns",
    STOPPED,
    message=r"medical_claim.csv: its header names 2,0\d\d columns",
)
def _(world: World) -> None:
    extra = [f"c{i}" for i in range(2_000)]
    world.columns("medical_claim", lambda names: names + extra)


@case(
    "the first line never ends",
    STOPPED,
    message="medical_claim.csv: its first line is longer than",
)
def _(world: World) -> None:
    world.bytes("medical_claim", lambda data: data.replace(b"\n", b",") * 8)


@case("fields are separated by semicolons", STOPPED, message="not separated by commas")
def _(world: World) -> None:
    world.text("medical_claim", lambda text: text.replace(",", ";"))


@case(
    "there is no header",
    STOPPED,
    message="names no column of medical_claim, so it is no header",
)
def _(world: World) -> None:
    world.text("medical_claim", lambda text: text.partition("\n")[2])


@case("there is only a header", STOPPED, "medical_claim_has_rows")
def _(world: World) -> None:
    world.text("medical_claim", lambda text: text.partition("\n")[0] + "\n")


# Files -------------------------------------------------------------------------------


@case("a file is empty", STOPPED, message="eligibility.csv: is empty")
def _(world: World) -> None:
    world.text("eligibility", lambda _: "")


@case("a file has blank lines only", STOPPED, message="eligibility.csv: is empty")
def _(world: World) -> None:
    world.text("eligibility", lambda _: "\n\n\n")


@case(
    "a file is cut in a row",
    STOPPED,
    message=r"medical_claim.csv, line [\d,]+: has \d+ fields .* copy it again",
)
def _(world: World) -> None:
    world.text("medical_claim", lambda text: text[: text.rindex(",,,") - 40])


@case(
    "a file is cut in a quoted value",
    STOPPED,
    message="practice.csv.*a quoted value does not end",
)
def _(world: World) -> None:
    world.change("practice", lambda row: row.update(practice_name="Clinic, North"))
    world.text("practice", lambda text: text[: text.rindex('Clinic, North"') + 8])


@case(
    "a file is cut in its last value",
    WARNED,
    "files_end_with_a_line_break",
    company="odd program tables",
)
def _(world: World) -> None:
    world.text("provider", lambda text: text[:-2])


@case(
    "a file is cut after a third of its rows",
    WARNED,
    "volume_of_each_table_and_payer_has_not_fallen",
    company="odd people and drugs",
)
def _(world: World) -> None:
    rows = world.rows("observation")
    world.write("observation", rows[: len(rows) // 3])


@case("a table is given twice", STOPPED, message="medical_claim: is given twice")
def _(world: World) -> None:
    (world.folder / "medical_claim.parquet").write_bytes(b"PAR1")


@case(
    "a folder holds both kinds of file", STOPPED, message="holds both .csv and .parquet"
)
def _(world: World) -> None:
    folder = world.folder / "medical_claim"
    folder.mkdir()
    world.file("medical_claim").rename(folder / "a.csv")
    (folder / "b.parquet").write_bytes(b"PAR1")


@case("a table's folder is empty", STOPPED, message="holds no .csv or .parquet file")
def _(world: World) -> None:
    world.file("medical_claim").unlink()
    (world.folder / "medical_claim").mkdir()


@case(
    "a table is split into files of a folder",
    PUBLISHED,
    company="harmless headers",
)
def _(world: World) -> None:
    rows = world.rows("pharmacy_claim")
    folder = world.folder / "pharmacy_claim"
    folder.mkdir()
    for part in range(3):
        world.write("pharmacy_claim", rows[part::3])
        world.file("pharmacy_claim").rename(folder / f"{part}.csv")


@case(
    "a file is there twice",
    WARNED,
    "few_rows_come_twice",
    "volume_of_each_table_and_payer_has_not_jumped",
    company="odd people and drugs",
)
def _(world: World) -> None:
    folder = world.folder / "medical_claim"
    folder.mkdir()
    world.file("medical_claim").rename(folder / "a.csv")
    (folder / "b.csv").write_bytes((folder / "a.csv").read_bytes())


@case(
    "a file belongs to no table",
    WARNED,
    "drop_has_only_known_files",
    company="odd program tables",
)
def _(world: World) -> None:
    (world.folder / "medical_claims_final2.csv").write_text("a\n1\n")


@case(
    "an area's team is missing",
    WARNED,
    "every_area_has_a_team",
    company="odd program tables",
)
def _(world: World) -> None:
    world.remove("cht", lambda row: row["hsa"] == "Windsor")


@case(
    "an administrative entity is not eligible",
    WARNED,
    "every_team_s_entity_is_cms_eligible",
    company="odd program tables",
)
def _(world: World) -> None:
    world.change(
        "administrative_entity",
        lambda row: row.update(cms_eligible="0"),
        lambda row: row["administrative_entity_id"] == "AE01",
    )


@case(
    "a case-by-case amount is for a practice without patients",
    WARNED,
    "overrides_of_teams_find_patients",
    company="odd program tables",
)
def _(world: World) -> None:
    world.change(
        "payment_override",
        lambda row: row.update(practice_id="PR11", component="cht"),
        lambda row: row["practice_id"] == "PR17",
    )


@case("a file is UTF-16", STOPPED, message="provider.csv: is UTF-16")
def _(world: World) -> None:
    world.bytes("provider", lambda data: data.decode().encode("utf-16"))


@case("a file is Latin-1", STOPPED, message="practice.csv.*is not UTF-8")
def _(world: World) -> None:
    world.bytes("practice", lambda data: data.replace(b"Family", b"Fam\xe9ly"))


@case("a header is Latin-1", STOPPED, message="practice.csv: its header is not UTF-8")
def _(world: World) -> None:
    world.bytes("practice", lambda data: data.replace(b"town", b"town\xe9", 1))


@case(
    "a file begins with a byte order mark",
    PUBLISHED,
    company="harmless headers",
)
def _(world: World) -> None:
    world.bytes("practice", lambda data: b"\xef\xbb\xbf" + data)


@case(
    "lines end as on Windows",
    PUBLISHED,
    company="harmless headers",
)
def _(world: World) -> None:
    world.bytes("medical_claim", lambda data: data.replace(b"\n", b"\r\n"))


@case("a file is an archive under a CSV's name", STOPPED, message="medical_claim.csv")
def _(world: World) -> None:
    world.bytes(
        "medical_claim",
        lambda data: b"PK\x03\x04\x14\x00\x08\x08" + bytes(range(128, 256)) * 3,
    )


@case(
    "a Parquet file is cut",
    STOPPED,
    message="medical_claim.parquet: is not a whole Parquet file",
)
def _(world: World) -> None:
    path = world.folder / "medical_claim.parquet"
    parquet_from(world, "medical_claim", path)
    path.write_bytes(path.read_bytes()[:-500])


@case(
    "a Parquet file's pages are damaged",
    STOPPED,
    message="medical_claim.parquet: cannot be read",
)
def _(world: World) -> None:
    path = world.folder / "medical_claim.parquet"
    parquet_from(world, "medical_claim", path)
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[200:middle] = b"\xff" * (middle - 200)
    path.write_bytes(bytes(data))


@case(
    "a text is named Parquet",
    STOPPED,
    message="medical_claim.parquet: is not a whole Parquet file",
)
def _(world: World) -> None:
    world.file("medical_claim").rename(world.folder / "medical_claim.parquet")


@case("a drop comes as Parquet", PUBLISHED)
def _(world: World) -> None:
    for table in ("medical_claim", "eligibility", "practice_provider"):
        parquet_from(world, table, world.folder / f"{table}.parquet")


@case(
    "Parquet files of a table differ in a type",
    STOPPED,
    message="practice: its Parquet files cannot be read together|practice/b.parquet",
)
def _(world: World) -> None:
    folder = world.folder / "practice"
    parquet_from(world, "practice", folder / "a.parquet")
    duckdb.execute(
        f"copy (select * replace ([practice_name] as practice_name) "
        f"from '{folder / 'a.parquet'}') to '{folder / 'b.parquet'}' (format parquet)"
    )


@case(
    "a file leads out of the directory",
    STOPPED,
    message="leads out of the landing directory",
)
def _(world: World) -> None:
    outside = world.folder.parent / "outside.csv"
    world.file("medical_claim").rename(outside)
    world.file("medical_claim").symlink_to(outside)


@case(
    "a folder leads out of the directory",
    STOPPED,
    message="leads out of the landing directory",
)
def _(world: World) -> None:
    outside = world.folder.parent / "outside"
    outside.mkdir()
    world.file("medical_claim").rename(outside / "a.csv")
    (world.folder / "medical_claim").symlink_to("../outside")


@case("a file is a pipe", STOPPED, message="medical_claim.csv: is not a file")
def _(world: World) -> None:
    world.file("medical_claim").unlink()
    os.mkfifo(world.file("medical_claim"))


@case("a folder has a file's name", STOPPED, message="medical_claim.csv: is a folder")
def _(world: World) -> None:
    world.file("medical_claim").unlink()
    world.file("medical_claim").mkdir()


@case("the directory is not there", STOPPED, message="there is no such directory")
def _(world: World) -> Path:
    return world.folder / "nowhere"


@case("the directory is a file", STOPPED, message="is a file. Name the directory")
def _(world: World) -> Path:
    return world.file("practice")


@case(
    "the directory holds no table", STOPPED, message="holds none of the landed tables"
)
def _(world: World) -> Path:
    folder = world.folder / "nested"
    folder.mkdir()
    return folder


@case("there are no claims", STOPPED, "medical_claim_has_rows")
def _(world: World) -> None:
    world.file("medical_claim").unlink()


@case("there is no coverage", STOPPED, "eligibility_has_rows")
def _(world: World) -> None:
    world.file("eligibility").unlink()


@case("there are no practices", STOPPED, "practice_has_rows")
def _(world: World) -> None:
    world.file("practice").unlink()


@case("there are no rosters", STOPPED, "practice_provider_has_rows")
def _(world: World) -> None:
    world.file("practice_provider").unlink()


@case(
    "there are no providers",
    WARNED,
    "provider_has_rows",
    "medical_claim_rendering_npi_is_known",
    company="claims with gaps",
)
def _(world: World) -> None:
    world.file("provider").unlink()


# Values ------------------------------------------------------------------------------


@case("a date column holds text", STOPPED, "medical_claim_columns_are_of_their_types")
def _(world: World) -> None:
    world.set_every("medical_claim", "claim_start_date", "last spring", 1)


@case(
    "dates are written as in the United States",
    STOPPED,
    "eligibility_columns_are_of_their_types",
)
def _(world: World) -> None:
    def turn(row: Row) -> None:
        year, month, day = row["birth_date"].split("-")
        row["birth_date"] = f"{month}/{day}/{year}"

    world.change("eligibility", turn, lambda row: row["birth_date"].count("-") == 2)


@case("every fiftieth date is text", STOPPED, "quarantine_within_limit")
def _(world: World) -> None:
    world.set_every("medical_claim", "claim_start_date", "last spring", 50)


@case(
    "one date is text",
    PUBLISHED,
    company="few bad rows",
)
def _(world: World) -> None:
    rows = world.rows("pharmacy_claim")
    rows[0]["dispensing_date"] = "last spring"
    world.write("pharmacy_claim", rows)


@case("a day does not exist", STOPPED, "quarantine_within_limit")
def _(world: World) -> None:
    world.set_every("medical_claim", "claim_start_date", "2018-02-29", 40)


@case("a required value is often blank", STOPPED, "quarantine_within_limit")
def _(world: World) -> None:
    world.set_every("medical_claim", "person_id", "  ", 30)


@case(
    "amounts have a decimal comma", STOPPED, "medical_claim_columns_are_of_their_types"
)
def _(world: World) -> None:
    world.change(
        "medical_claim",
        lambda row: row.update(paid_amount=row["paid_amount"].replace(".", ",")),
    )


@case("line numbers are fractions", STOPPED, "quarantine_within_limit")
def _(world: World) -> None:
    world.set_every("medical_claim", "claim_line_number", "1.5", 30)


@case(
    "a twentieth of the claims is of unknown people", STOPPED, "quarantine_within_limit"
)
def _(world: World) -> None:
    world.set_every("medical_claim", "person_id", "P999999", 20)


@case(
    "a few claims are of unknown people",
    PUBLISHED,
    company="few bad rows",
)
def _(world: World) -> None:
    world.set_every("pharmacy_claim", "person_id", "P999999", 200)


@case("rosters name unknown practices", STOPPED, "quarantine_within_limit")
def _(world: World) -> None:
    world.set_every("practice_provider", "practice_id", "PR99", 8)


@case(
    "coverage rows share a key with other contents", STOPPED, "quarantine_within_limit"
)
def _(world: World) -> None:
    rows = world.rows("eligibility")
    others = [{**row, "zip_code": "05401", "city": "BURLINGTON"} for row in rows[:12]]
    world.write("eligibility", rows + others)


@case(
    "a few rows come twice",
    PUBLISHED,
    company="few bad rows",
)
def _(world: World) -> None:
    rows = world.rows("medical_claim")
    world.write("medical_claim", rows + rows[:4])


@case(
    "one payer sends no claims", STOPPED, "payers_that_cover_people_still_send_claims"
)
def _(world: World) -> None:
    world.remove("medical_claim", lambda row: row["payer"] == "medicaid")


@case(
    "one payer is missing altogether",
    WARNED,
    "observation_people_are_covered",
    "volume_of_each_table_and_payer_has_not_fallen",
    company="claims with gaps",
)
def _(world: World) -> None:
    for table in ("eligibility", "medical_claim", "pharmacy_claim"):
        world.remove(table, lambda row: row["payer"] == "cigna")


@case(
    "a payer is written otherwise in claims",
    STOPPED,
    "payers_that_cover_people_still_send_claims",
)
def _(world: World) -> None:
    world.change(
        "medical_claim",
        lambda row: row.update(payer="MVP Health"),
        lambda row: row["payer"] == "mvp",
    )


@case(
    "one month is missing",
    WARNED,
    "payers_have_claims_every_month",
    "medical_claim_months_have_claims",
    company="claims with gaps",
)
def _(world: World) -> None:
    world.remove(
        "medical_claim", lambda row: row["claim_start_date"].startswith("2017-05")
    )


@case(
    "a quarter's dates are shifted by a year",
    WARNED,
    "payers_have_claims_every_month",
    "medical_claim_months_have_claims",
    "medical_claim_dates_are_plausible",
)
def _(world: World) -> None:
    def shift(row: Row) -> None:
        for name in ("claim_start_date", "claim_end_date", "claim_line_start_date"):
            row[name] = row[name].replace("2017-", "2018-")

    world.change(
        "medical_claim",
        shift,
        lambda row: row["claim_start_date"][:7] in ("2017-01", "2017-02", "2017-03"),
    )


@case(
    "amounts are negative",
    WARNED,
    "medical_claim_paid_amount_not_negative",
    company="odd claims",
)
def _(world: World) -> None:
    world.change(
        "medical_claim",
        lambda row: row.update(paid_amount=f"-{row['paid_amount'].lstrip('-')}"),
        lambda row: row["paid_amount"] != "",
    )


@case(
    "rendering providers lost a digit",
    WARNED,
    "medical_claim_rendering_npi_looks_like_an_npi",
    "medical_claim_rendering_npi_is_known",
    company="odd claims",
)
def _(world: World) -> None:
    world.change(
        "medical_claim",
        lambda row: row.update(rendering_npi=row["rendering_npi"][:9]),
        lambda row: row["rendering_npi"] != "",
    )


@case(
    "a roster's check digits are wrong",
    WARNED,
    "practice_provider_npi_check_digit",
    company="odd program tables",
)
def _(world: World) -> None:
    def mistype(row: Row) -> None:
        row["npi"] = row["npi"][:9] + str((int(row["npi"][9]) + 1) % 10)

    rows = world.rows("practice_provider")
    chosen = {row["npi"] for row in rows[::30]}
    world.change("practice_provider", mistype, lambda row: row["npi"] in chosen)


@case(
    "procedure codes carry their modifier",
    WARNED,
    "medical_claim_hcpcs_code_form",
    company="claims with gaps",
)
def _(world: World) -> None:
    world.change(
        "medical_claim",
        lambda row: row.update(hcpcs_code=row["hcpcs_code"] + "-25"),
        lambda row: row["hcpcs_code"] != "",
    )


@case(
    "revenue codes are words",
    WARNED,
    "medical_claim_revenue_code_form",
    company="odd claims",
)
def _(world: World) -> None:
    world.change(
        "medical_claim",
        lambda row: row.update(revenue_center_code="clinic"),
        lambda row: row["revenue_center_code"] != "",
    )


@case(
    "diagnosis codes are words",
    WARNED,
    "medical_claim_diagnosis_code_form",
    company="odd claims",
)
def _(world: World) -> None:
    world.set_every("medical_claim", "diagnosis_code_1", "sore throat", 5)


@case(
    "drug codes are names",
    WARNED,
    "pharmacy_claim_ndc_code_form",
    company="odd people and drugs",
)
def _(world: World) -> None:
    world.set_every("pharmacy_claim", "ndc_code", "lisinopril", 5)


@case(
    "claim types are unknown",
    WARNED,
    "medical_claim_claim_type_is_known",
    company="claims with gaps",
)
def _(world: World) -> None:
    world.set_every("medical_claim", "claim_type", "UB", 5)


@case(
    "claim statuses are unknown",
    WARNED,
    "medical_claim_status_is_known",
    company="odd claims",
)
def _(world: World) -> None:
    world.set_every("medical_claim", "x_claim_status_code", "PD", 5)


@case(
    "payer types are unknown",
    WARNED,
    "eligibility_payer_type_is_known",
    company="odd people and drugs",
)
def _(world: World) -> None:
    world.change(
        "eligibility",
        lambda row: row.update(payer_type="HMO"),
        lambda row: row["payer"] == "mvp",
    )


@case(
    "genders are letters",
    WARNED,
    "eligibility_gender_is_known",
    company="odd people and drugs",
)
def _(world: World) -> None:
    world.change(
        "eligibility", lambda row: row.update(gender=row["gender"][:1].upper())
    )


@case(
    "specialties are unknown",
    WARNED,
    "practice_provider_specialty_is_known",
    company="odd program tables",
)
def _(world: World) -> None:
    world.set_every("practice_provider", "specialty", "PCP", 4)


@case(
    "recognition events are unknown",
    WARNED,
    "practice_recognition_event_is_known",
    company="odd program tables",
)
def _(world: World) -> None:
    world.set_every("practice_recognition", "event", "re-recognised", 30)


@case(
    "reported results are of measures that nobody knows",
    WARNED,
    "reported_measure_result_measures_are_listed",
    company="odd program tables",
)
def _(world: World) -> None:
    world.set_every("reported_measure_result", "measure_id", "CG-CAHPS 1", 30)


@case(
    "reported results are of HSAs under a name that means none",
    WARNED,
    "reported_measure_result_entities_are_known",
    company="odd program tables",
)
def _(world: World) -> None:
    world.change(
        "reported_measure_result",
        lambda row: row.update(entity_id="Upper Valley Sample"),
        lambda row: row["entity_id"] == "Barre",
    )


@case(
    "reported results are shares of 1",
    WARNED,
    "reported_measure_result_rates_are_in_percent",
    company="odd program tables",
)
def _(world: World) -> None:
    world.change(
        "reported_measure_result",
        lambda row: row.update(rate=str(float(row["rate"]) / 100)),
        lambda row: row["measure_id"].startswith("core"),
    )


@case(
    "birth dates are placeholders",
    WARNED,
    "eligibility_birth_dates_are_plausible",
    company="odd people and drugs",
)
def _(world: World) -> None:
    world.set_every("eligibility", "birth_date", "1800-01-01", 10)


@case(
    "drugs are paid before they are dispensed",
    WARNED,
    "pharmacy_claim_dates_are_plausible",
    company="odd people and drugs",
)
def _(world: World) -> None:
    world.set_every("pharmacy_claim", "paid_date", "2012-01-31", 10)


@case(
    "values are written like SQL and templates",
    PUBLISHED,
    company="few bad rows",
)
def _(world: World) -> None:
    hostile = "'); drop schema landing cascade; -- {{ ref('x') }} %s ${x} \x07"
    world.set_every("practice", "practice_name", hostile, 1)
    world.set_every("medical_claim", "discharge_disposition_code", hostile, 1)


# Parameters and small worlds ---------------------------------------------------------


@case(
    "the as-of date is no month-end",
    STOPPED,
    message="is not the last day of a month",
    as_of="2018-06-29",
)
def _(world: World) -> None:
    pass


@case("the as-of date is no date", STOPPED, message="is not a date", as_of="June 2018")
def _(world: World) -> None:
    pass


@case(
    "the as-of date is after the claims",
    WARNED,
    "claims_reach_the_cutoff",
    as_of="2019-03-31",
)
def _(world: World) -> None:
    pass


@case("the as-of date is a leap day", PUBLISHED, as_of="2016-02-29")
def _(world: World) -> None:
    pass


@case(
    "no quarter has claims in all of its months",
    STOPPED,
    "drop_has_a_quarter_to_compute",
)
def _(world: World) -> None:
    world.remove(
        "medical_claim",
        lambda row: row["claim_start_date"][5:7] not in ("01", "02", "04", "07", "10"),
    )


@case(
    "there is one person",
    WARNED,
    "medical_claim_months_have_claims",
    "drop_has_the_people_of_the_prior_release",
)
def _(world: World) -> None:
    person = world.rows("eligibility")[0]["person_id"]
    for table in (
        "eligibility",
        "medical_claim",
        "pharmacy_claim",
        "lab_result",
        "observation",
        "immunization",
    ):
        world.remove(table, lambda row: row["person_id"] != person)
