"""Note how many patients each practice was told to have, for the sample's invoices.

In life the Blueprint tells entities each quarter how many patients they are paid for
(F-08), and they invoice by that. The generator knows no attribution; so what a build of
the sample attributes is noted here, in a file that the next generation reads:

    python benchmarks/told.py build/blueprint.duckdb

A population of another size or seed is invoiced by the generator's own counts.
"""

import argparse
from pathlib import Path

import duckdb

HERE = Path(__file__).resolve().parent
TOLD = HERE / "told_patients.csv"
PATIENTS = """
    select distinct
        getvariable('people') as people,
        getvariable('seed') as seed,
        as_of_date,
        payer,
        practice_id,
        attributed_patients as patients,
    from restricted.cht_payments
    where attributed_patients > 0
    order by all
"""


def note(build: Path, target: Path = TOLD) -> None:
    """Write the patients that `build` pays Community Health Teams for to `target`."""
    with duckdb.connect(str(build), read_only=True) as connection:
        people, seed = parameters()
        connection.execute(f"set variable people = {people}")
        connection.execute(f"set variable seed = {seed}")
        connection.sql(PATIENTS).write_csv(str(target), header=True)


def parameters() -> tuple[int, int]:
    """Return how many people the sample has, and its seed."""
    with duckdb.connect() as connection:
        connection.execute((HERE / "parameters.sql").read_text(encoding="utf-8"))
        return connection.execute(
            "select getvariable('people'), getvariable('seed')"
        ).fetchone()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", type=Path, help="a build of the sample")
    note(parser.parse_args().build)
