"""Writes, on the page of each measure, three people of the sample and why they count.

Belongs here: the last section of docs/methods/measures/<measure>.md, from what
restricted.quality_members says of invented people. Does not belong here: the pages'
prose; a release of real claims, whose people belong on no page.

    make refresh                     publishes a release of the sample
    python docs/people.py            writes the sections from it
    python docs/people.py --check    says which is out of date, and exits with 1
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import duckdb
from generate import ROOT, table

PAGES = ROOT / "docs" / "methods" / "measures"
HEADING = "## Three people of the sample"
HEADER = ("measure", "person", "why the person is looked at", "numerator")

# One who counts, one who does not and one who is excluded, the first by name of each;
# where there is nobody of a kind, the next of another. Of a measure of events, stays
# come before the people whose time they are counted against.
PEOPLE = """
with members as (
    select
        *,
        case
            when is_excluded then 'excluded'
            when in_numerator then 'yes'
            else 'no'
        end as answer
    from restricted.quality_members
    where period_end = (select max(period_end) from restricted.quality_members)
),

numbered as (
    select
        *,
        row_number() over (
            partition by measure_id, answer
            order by event_id = 'person', person_id, event_id
        ) as answer_rank
    from members
),

chosen as (
    select
        *,
        row_number() over (
            partition by measure_id
            order by
                answer_rank,
                case answer when 'yes' then 1 when 'no' then 2 else 3 end
        ) as choice
    from numbered
)

select * from chosen
where choice <= 3
order by
    measure_id,
    case answer when 'yes' then 1 when 'no' then 2 else 3 end,
    answer_rank
"""


def record_of(row: dict[str, Any], side: str) -> str:
    """The record behind one side of a row: its id, day, code and value, in words.

    row: a row of restricted.quality_members. side: denominator, numerator or exclusion.
    Empty where the row has none.
    """
    if row[f"{side}_date"] is None:
        return ""
    said = [
        f"`{row[f'{side}_record_id']}`" if row[f"{side}_record_id"] else "",
        f"of {row[f'{side}_date']}",
        f"code {row[f'{side}_code']}" if row[f"{side}_code"] else "",
    ]
    value = row.get(f"{side}_value")
    if value is not None:
        said.append(f"value {value.normalize():f}")
    return ", ".join(part for part in said if part).replace("`, of", "` of")


def why_looked_at(row: dict[str, Any]) -> str:
    """What put a row before the measure."""
    if row["event_id"] != "person" and row["weight"] == 0:
        return "a stay, counted against the members' time"
    found = record_of(row, "denominator") or "attributed, of the age, enrolled"
    return f"a birthday {found}" if found.startswith("of ") else found


def why_counted(row: dict[str, Any]) -> str:
    """Whether a row counts in the numerator, or why it is excluded, and by what."""
    if row["answer"] == "excluded":
        found = record_of(row, "exclusion")
        return f"excluded: {row['exclusion_reason']}" + (f", {found}" if found else "")
    found = record_of(row, "numerator")
    nothing = "nothing found that counts against it"
    if row["answer"] == "yes":
        return "yes: " + (found or nothing)
    if row["event_id"] == "person" and row["weight"] not in (0, 1):
        return "no: none of the person's own"
    return "no: " + (found or row["numerator_code"] or "nothing found")


def sections(release: Path) -> dict[Path, str]:
    """Every page of a measure with the section that it should end in.

    release: folder of a release of the sample, with its restricted file.
    """
    with duckdb.connect(
        str(release / "blueprint_restricted.duckdb"), read_only=True
    ) as connection:
        found = connection.execute(PEOPLE)
        names = [column[0] for column in found.description]
        people = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    by_page: dict[Path, list[dict[str, Any]]] = {}
    for row in people:
        page = PAGES / f"{row['measure_id']}.md"
        if not page.exists():
            page = PAGES / f"{row['measure_id'].split('.')[0]}.md"
        by_page.setdefault(page, []).append(row)
    made = {}
    for page, shown in by_page.items():
        body = [
            (
                f"`{row['measure_id']}`",
                f"`{row['person_id']}`, {row['gender']}, {row['age_years']}",
                why_looked_at(row),
                why_counted(row),
            )
            for row in shown
        ]
        day = shown[0]["period_end"]
        lines = [
            HEADING,
            "",
            f"The year to {day}; invented people. Made by `python docs/people.py`.",
            "",
            *table(HEADER, body),
        ]
        made[page] = "\n".join(lines) + "\n"
    return made


def main() -> int:
    """Writes the sections, or checks them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--release",
        type=Path,
        default=ROOT / "releases" / "current",
        help="release of the sample (releases/current)",
    )
    parser.add_argument(
        "--check", action="store_true", help="write nothing; fail when out of date"
    )
    arguments = parser.parse_args()
    stale = 0
    for page, section in sections(arguments.release).items():
        text = page.read_text(encoding="utf-8")
        prose = text.partition(HEADING)[0].rstrip()
        if text == f"{prose}\n\n{section}":
            continue
        stale += 1
        name = page.relative_to(ROOT)
        if arguments.check:
            print(f"{name} is out of date: run `python docs/people.py`")
        else:
            page.write_text(f"{prose}\n\n{section}", encoding="utf-8")
            print(f"wrote {name}")
    return 1 if arguments.check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
