"""Write the Tuva demo claims, relabelled, as a drop of the landing contract.

Usage, from the project's root: `python tests/external/overlay.py build/external`, then
`make refresh LANDING=build/external AS_OF=2018-09-30`. The claims are read from the
folder that BLUEPRINT_SHARED_DATA names (default ../shared/data); none of them is part
of this project.

Belongs here: the command line and which table becomes which file. What is relabelled,
and by which rule, is overlay.sql beside this file.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import duckdb

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent.parent
TABLES = ("eligibility", "medical_claim", "pharmacy_claim")

# Some Parquet, some CSV, one table in two files: every form that a drop may have.
FILES = {
    "eligibility.csv": "from landing.eligibility",
    "medical_claim/to-2018-06.parquet": (
        "from landing.medical_claim where claim_start_date < '2018-07-01'"
    ),
    "medical_claim/from-2018-07.parquet": (
        "from landing.medical_claim where claim_start_date >= '2018-07-01'"
    ),
    "pharmacy_claim.csv": "from landing.pharmacy_claim",
    "payer_policy.csv": "from landing.payer_policy",
    "administrative_entity.csv": "from landing.administrative_entity",
    "practice.csv": "from landing.practice",
    "practice_provider.parquet": "from landing.practice_provider",
    "provider.parquet": "from landing.provider",
    "practice_recognition.csv": "from landing.practice_recognition",
    "collaborative_participation.csv": "from landing.collaborative_participation",
}


def claims_folder() -> Path:
    """The folder of the Tuva demo claims; it need not exist."""
    shared = Path(os.environ.get("BLUEPRINT_SHARED_DATA") or "../shared/data")
    return (PROJECT / shared.expanduser() / "claims" / "tuva_demo").resolve()


def missing_files(folder: Path) -> list[str]:
    """The names of the claim files that the folder lacks."""
    names = [f"{table}.csv" for table in TABLES]
    return [name for name in names if not (folder / name).is_file()]


def write_overlay(claims: Path, out: Path) -> dict[str, int]:
    """Write the drop: the same files give the same drop.

    Args:
        claims: the folder of eligibility.csv, medical_claim.csv and pharmacy_claim.csv.
        out: the folder to write to; made when absent, files of the same name replaced.

    Returns:
        Rows per written file.
    """
    rows = {}
    with duckdb.connect() as connection:
        connection.execute("set variable claims_folder = $1", [str(claims)])
        connection.execute((HERE / "overlay.sql").read_text(encoding="utf-8"))
        for name, query in FILES.items():
            path = out / name
            path.parent.mkdir(parents=True, exist_ok=True)
            form = path.suffix.removeprefix(".")
            target = str(path).replace("'", "''")
            written = connection.execute(
                f"copy ({query} order by all) to '{target}' (format {form})"
            ).fetchone()
            rows[name] = int(written[0]) if written else 0
    return rows


def main() -> int:
    """Write the drop that the command line names and say what is in it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("out", type=Path, help="folder to write the drop to")
    out = parser.parse_args().out
    claims = claims_folder()
    missing = missing_files(claims)
    if missing:
        print(f"{claims}: has no {', '.join(missing)}.", file=sys.stderr)
        print("Set BLUEPRINT_SHARED_DATA to where the data lies.", file=sys.stderr)
        return 1
    for name, rows in write_overlay(claims, out).items():
        print(f"{rows:>7,} rows  {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
