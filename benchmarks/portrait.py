"""Write the portrait of a population: who is in a drop, beside published figures.

Belongs here: the page and its charts. Does not belong here: what is counted
(portrait.sql), what is published and how near a drop must come
(published_figures.csv).

    python benchmarks/portrait.py            writes docs/methods/sample-population.md
    python benchmarks/portrait.py --check    says what is out of date, exits with 1
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import sys
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.floor import (  # noqa: E402
    FLOOR_TABLES,
    open_landing,
    prepare_floor,
    run_floor,
)
from orchestration.contract import landing_contract  # noqa: E402
from orchestration.landing import files_of_drop, land_table  # noqa: E402

if TYPE_CHECKING:
    from matplotlib.axes import Axes

HERE = ROOT / "benchmarks"
SAMPLE = ROOT / "seeds" / "landing"
PAGE = ROOT / "docs" / "methods" / "sample-population.md"
# days after the as-of date until which claims are read as known, as in attribution
CUTOFF_DAYS = 30
# Appendix 3, for commercial payers and Medicaid
ALGORITHM = "app3_commercial_medicaid"
AREAS = {
    "lives": "Lives",
    "health": "Health",
    "claims": "Claims as payers send them",
    "program": "Practices as programs know them",
}


@dataclass(frozen=True)
class Figure:
    """A figure of the drop beside a published one.

    Shares are fractions of 1; `low` and `high` are what the drop may come to.
    """

    name: str
    unit: str
    value: float | None
    published: float
    low: float
    high: float
    source: str
    note: str

    @property
    def is_near(self) -> bool:
        """Whether the drop's figure lies within its bounds."""
        return self.value is not None and self.low <= self.value <= self.high


@dataclass(frozen=True)
class Portrait:
    """What is known of a drop.

    Attributes:
        rows: landed rows by table.
        phenomena: (area, phenomenon, count, unit), sorted.
        figures: those with a published counterpart.
        others: figures without one, by name.
        practices: attributed patients of each practice: (practice_id, patients, cells
            of practice and payer, cells of 1 to 10 people).
        tables: the numbers behind the charts, by chart.
    """

    rows: dict[str, int]
    phenomena: list[tuple[str, str, int, str]]
    figures: list[Figure]
    others: dict[str, float]
    practices: list[tuple[str, int, int, int]]
    tables: dict[str, list[tuple[Any, ...]]]


def months_before(day: date, months: int) -> date:
    """The first day of the months that end with `day`, a month-end."""
    index = day.year * 12 + day.month - months
    return date(index // 12, index % 12 + 1, 1)


def open_drop(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Makes the views drop_<table> that portrait.sql reads, and those of the floor.

    Every column of the contract is there in its type; blank or untypable is null.

    Raises:
        LandingError: the drop breaks the landing contract.
    """
    open_landing(connection, folder)
    contract = landing_contract()
    files, _ = files_of_drop(folder, contract)
    for name, table in contract.items():
        if name not in FLOOR_TABLES:
            land_table(connection, table, files.get(name, []), folder, [])
        columns = ", ".join(
            f"try_cast(nullif(trim({column.name}::varchar), '') as {column.type}) "
            f"as {column.name}"
            for column in table.columns
        )
        connection.execute(
            f"create view drop_{name} as select {columns} from landing.{name}"
        )


def look(folder: Path, last_day: date, months: int = 36) -> Portrait:
    """Count a drop.

    Args:
        folder: the drop, one file or folder of files per table.
        last_day: the as-of date, the last day of the months of claims.
        months: how many months of claims there are.

    Raises:
        LandingError: the drop breaks the landing contract.
    """
    with duckdb.connect() as connection:
        open_drop(connection, folder)
        prepare_floor(connection, [last_day], CUTOFF_DAYS)
        run_floor(connection, last_day)
        # The page tells of one algorithm's people.
        connection.execute(
            "delete from attribution where algorithm_id is distinct from $algorithm",
            {"algorithm": ALGORITHM},
        )
        connection.execute(f"set variable last_day = date '{last_day}'")
        first_day = months_before(last_day, months)
        connection.execute(f"set variable first_day = date '{first_day}'")
        connection.execute((HERE / "portrait.sql").read_text(encoding="utf-8"))

        def rows_of(query: str) -> list[tuple[Any, ...]]:
            return connection.execute(query).fetchall()

        found = dict(rows_of("select figure, value from portrait.figure"))
        with (HERE / "published_figures.csv").open(encoding="utf-8") as file:
            figures = [
                Figure(
                    row["figure"],
                    row["unit"],
                    found.pop(row["figure"], None),
                    float(row["published"]),
                    float(row["low"]),
                    float(row["high"]),
                    row["source"],
                    row["note"],
                )
                for row in csv.DictReader(file)
            ]
        return Portrait(
            rows={
                name: rows_of(f"select count(*) from drop_{name}")[0][0]
                for name in landing_contract()
            },
            phenomena=[
                (area, name, round(count), unit)
                for area, name, count, unit in rows_of(
                    "from portrait.phenomenon order by area, phenomenon"
                )
            ],
            figures=figures,
            others=found,
            practices=rows_of(
                "with cells as ("
                "select practice_id, payer, count(*) as people from attribution "
                "where practice_id is not null group by practice_id, payer) "
                "select practice_id, sum(people)::integer, count(*), "
                "count(*) filter (where people between 1 and 10) "
                "from cells group by practice_id order by practice_id"
            ),
            tables={
                name: rows_of(f"from portrait.{name} order by all")
                for name in (
                    "pyramid",
                    "payer_mix",
                    "visits",
                    "prevalence",
                    "cost_tenths",
                )
            },
        )


# The page -----------------------------------------------------------------------------


def number(value: float | None, unit: str) -> str:
    """A figure as people write it: shares as percent, dollars whole."""
    if value is None:
        return "none"
    if unit == "share":
        return f"{100 * value:.1f} %"
    if unit == "US dollars":
        return f"${value:,.0f}"
    return f"{value:,.1f}"


def markdown(header: tuple[str, ...], body: list[tuple[str, ...]]) -> list[str]:
    """A Markdown table, one line per row."""
    lines = [header, tuple("---" for _ in header), *body]
    return ["| " + " | ".join(cells) + " |" for cells in lines]


def page(portrait: Portrait, people: int, last_day: date) -> str:
    """The portrait as a page of Markdown.

    Args:
        portrait: what `look` found.
        people: how many people the drop has.
        last_day: its as-of date.
    """
    small = [p for p in portrait.practices if p[1] < 30]
    middling = [p for p in portrait.practices if 30 <= p[1] < 40]
    large = [p for p in portrait.practices if p[1] >= 60]
    attributed = sum(p[1] for p in portrait.practices)
    cells = sum(p[2] for p in large)
    kept = cells - sum(p[3] for p in large)
    lines = [
        "# The people of the sample",
        "",
        "Made by `python benchmarks/portrait.py` from `seeds/landing`; not written by",
        f"hand. {people:,} invented people and what payers, practices and registries",
        f"would send about them for the 36 months to {last_day:%Y-%m-%d}. How they are",
        "made: [benchmarks](../../benchmarks/README.md).",
        "",
        "## Beside published figures",
        "",
        "The sample may come anywhere between the two bounds; a test holds it there.",
        "Bounds are ours (`assumed`), the published figures are not.",
        "",
        *markdown(
            ("figure", "sample", "published", "bounds", "source", "note"),
            [
                (
                    f.name,
                    number(f.value, f.unit),
                    number(f.published, f.unit),
                    f"{number(f.low, f.unit)} to {number(f.high, f.unit)}",
                    f.source,
                    f.note,
                )
                for f in portrait.figures
            ],
        ),
        "",
        "Without a published counterpart here:",
        "",
        *markdown(
            ("figure", "sample"),
            [
                (name, f"{value:.2f}" if "over" in name else number(value, "share"))
                for name, value in sorted(portrait.others.items())
            ],
        ),
        "",
        "## Practices",
        "",
        *textwrap.wrap(
            f"By Appendix 3, {attributed:,} people of commercial payers and Medicaid "
            f"are attributed to {len(portrait.practices)} practices, of which "
            f"{len(small)} have fewer than 30 and {len(middling)} 30 to 39. The "
            f"{len(large)} practices with 60 or more have {cells} cells of one payer "
            f"each, of which {kept} hold more than 10 people and are not suppressed.",
            width=98,
        ),
        "",
        *markdown(
            ("practice", "attributed", "payers", "cells of 1 to 10"),
            [(p[0], str(p[1]), str(p[2]), str(p[3])) for p in portrait.practices],
        ),
        "",
        "## Charts",
        "",
    ]
    for name, chart in CHARTS.items():
        lines += [f"![{chart.title}](sample-population/{name}.svg)", ""]
        lines += markdown(chart.columns, chart.cells(portrait.tables[name]))
        lines += [""]
    lines += [
        "## What happens, counted",
        "",
        "Counted in the landed tables. A test says that nothing here is zero.",
    ]
    for area, heading in AREAS.items():
        lines += ["", f"### {heading}", ""]
        lines += markdown(
            ("phenomenon", "count", "unit"),
            [
                (name, f"{count:,}", unit)
                for where, name, count, unit in portrait.phenomena
                if where == area
            ],
        )
    lines += ["", "## Rows", ""]
    lines += markdown(
        ("table", "rows"),
        [(f"`{name}`", f"{count:,}") for name, count in portrait.rows.items()],
    )
    return "\n".join(lines) + "\n"


# Charts -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Chart:
    """A chart, the table beneath it, and how both come from the same rows."""

    title: str
    columns: tuple[str, ...]
    cells: Callable[[list[tuple[Any, ...]]], list[tuple[str, ...]]]
    draw: Callable[[Axes, list[tuple[Any, ...]]], None]


INK = "#24435c"
SECOND = "#c9812f"
SHADES = ("#24435c", "#5b8aa6", "#9fc0cf", "#c9812f", "#e3bf8b")


def band_name(band: int, width: int, last: int) -> str:
    """The ages of a band, the last of which is open."""
    return f"{band} and over" if band >= last else f"{band} to {band + width - 1}"


def draw_pyramid(axes: Axes, rows: list[tuple[Any, ...]]) -> None:
    """Age bands as bars: women to the left, men to the right."""
    names = [band_name(band, 5, 90) for band, _, _ in rows]
    axes.barh(names, [-female for _, female, _ in rows], color=SECOND, label="female")
    axes.barh(names, [male for _, _, male in rows], color=INK, label="male")
    axes.xaxis.set_major_formatter(lambda value, _: f"{abs(value):,.0f}")
    axes.set_xlabel("people")
    axes.set_ylabel("age")
    axes.legend(frameon=False)


def draw_payers(axes: Axes, rows: list[tuple[Any, ...]]) -> None:
    """Payers' shares of each age group, stacked."""
    groups = sorted({group for group, _, _ in rows})
    payers = sorted({payer for _, payer, _ in rows})
    people = {(group, payer): count for group, payer, count in rows}
    totals = {g: sum(people.get((g, p), 0) for p in payers) for g in groups}
    left = dict.fromkeys(groups, 0.0)
    for shade, payer in zip(SHADES, payers, strict=False):
        shares = [100 * people.get((g, payer), 0) / totals[g] for g in groups]
        axes.barh(groups, shares, left=list(left.values()), color=shade, label=payer)
        left = {g: left[g] + s for g, s in zip(groups, shares, strict=True)}
    axes.set_xlabel("percent of people covered on the last day")
    axes.legend(frameon=False, ncols=5, loc="lower center", bbox_to_anchor=(0.5, 1))


def draw_visits(axes: Axes, rows: list[tuple[Any, ...]]) -> None:
    """People by office visits per year."""
    names = [f"{n} or more" if n == 6 else str(n) for n, _ in rows]
    axes.bar(names, [people for _, people in rows], color=INK)
    axes.set_xlabel("office visits per year covered (whole)")
    axes.set_ylabel("people")


def draw_prevalence(axes: Axes, rows: list[tuple[Any, ...]]) -> None:
    """People with each condition, stacked by age."""
    conditions = sorted({condition for condition, _, _ in rows}, reverse=True)
    bands = sorted({band for _, band, _ in rows})
    people = {(condition, band): count for condition, band, count in rows}
    left = [0] * len(conditions)
    for shade, band in zip(SHADES, bands, strict=False):
        counts = [people.get((condition, band), 0) for condition in conditions]
        label = f"{band} to {band + 19}"
        axes.barh(conditions, counts, left=left, color=shade, label=label)
        left = [a + b for a, b in zip(left, counts, strict=True)]
    axes.set_xlabel("people diagnosed within two years")
    axes.legend(frameon=False, title="age")


def draw_costs(axes: Axes, rows: list[tuple[Any, ...]]) -> None:
    """Each tenth's share of all that is allowed."""
    axes.bar(
        [str(tenth) for tenth, *_ in rows],
        [100 * share for *_, share in rows],
        color=INK,
    )
    axes.set_xlabel("tenth of the people, from least to most costly per year")
    axes.set_ylabel("percent of all costs")


CHARTS = {
    "pyramid": Chart(
        "Age and sex",
        ("age", "female", "male"),
        lambda rows: [(band_name(b, 5, 90), f"{f:,}", f"{m:,}") for b, f, m in rows],
        draw_pyramid,
    ),
    "payer_mix": Chart(
        "Payers by age",
        ("age", "payer", "people"),
        lambda rows: [(group, payer, f"{n:,}") for group, payer, n in rows],
        draw_payers,
    ),
    "visits": Chart(
        "Office visits per year",
        ("visits per year", "people"),
        lambda rows: [("6 or more" if v == 6 else str(v), f"{n:,}") for v, n in rows],
        draw_visits,
    ),
    "prevalence": Chart(
        "Chronic conditions by age",
        ("condition", "age", "people"),
        lambda rows: [(c, f"{b} to {b + 19}", f"{n:,}") for c, b, n in rows],
        draw_prevalence,
    ),
    "cost_tenths": Chart(
        "Who the costs fall on",
        ("tenth", "people", "allowed per person-year", "share of all"),
        lambda rows: [
            (str(t), f"{n:,}", f"${per_year:,.0f}", f"{100 * share:.1f} %")
            for t, n, per_year, share in rows
        ],
        draw_costs,
    ),
}


def mark_of(rows: list[tuple[Any, ...]]) -> str:
    """A fingerprint of the numbers behind a chart, kept inside its file."""
    text = json.dumps(rows, default=str)
    return "numbers " + hashlib.sha256(text.encode()).hexdigest()[:16]


def draw(folder: Path, portrait: Portrait) -> None:
    """Write every chart as SVG; the same numbers give the same bytes."""
    # drawing is for those who regenerate the page, not for those who check it
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot

    folder.mkdir(parents=True, exist_ok=True)
    style = {"svg.fonttype": "none", "svg.hashsalt": "portrait", "font.size": 10}
    with matplotlib.rc_context(style):
        for name, chart in CHARTS.items():
            rows = portrait.tables[name]
            figure, axes = pyplot.subplots(figsize=(7.5, 4.2), layout="constrained")
            chart.draw(axes, rows)
            figure.suptitle(chart.title)
            axes.spines[["top", "right"]].set_visible(False)
            figure.savefig(
                folder / f"{name}.svg",
                metadata={"Date": None, "Description": mark_of(rows)},
            )
            pyplot.close(figure)


def stale(portrait: Portrait, target: Path, text: str) -> list[str]:
    """What of the page is missing or out of date, as paths' names."""
    found = []
    if not target.exists() or target.read_text(encoding="utf-8") != text:
        found.append(target.name)
    for name in CHARTS:
        chart = target.parent / target.stem / f"{name}.svg"
        mark = mark_of(portrait.tables[name])
        if not chart.exists() or mark not in chart.read_text(encoding="utf-8"):
            found.append(f"{target.stem}/{chart.name}")
    return found


def main(arguments: list[str] | None = None) -> int:
    """Write or check the page; 1 when it is out of date."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--landing", type=Path, default=SAMPLE, help="the drop")
    parser.add_argument("--page", type=Path, default=PAGE, help="the page to write")
    parser.add_argument(
        "--last-day", type=date.fromisoformat, default=date(2018, 6, 30)
    )
    parser.add_argument("--check", action="store_true", help="write nothing")
    options = parser.parse_args(arguments)
    portrait = look(options.landing, options.last_day)
    people = sum(female + male for _, female, male in portrait.tables["pyramid"])
    text = page(portrait, people, options.last_day)
    if options.check:
        found = stale(portrait, options.page, text)
        for name in found:
            print(f"{name} is out of date: run python benchmarks/portrait.py")
        return 1 if found else 0
    options.page.parent.mkdir(parents=True, exist_ok=True)
    options.page.write_text(text, encoding="utf-8")
    draw(options.page.parent / options.page.stem, portrait)
    print(f"{options.page.name}: {len(portrait.phenomena)} phenomena counted")
    for f in portrait.figures:
        if not f.is_near:
            print(f"out of bounds: {f.name} {f.value} not in [{f.low}, {f.high}]")
    return 0


if __name__ == "__main__":
    sys.exit(main())
