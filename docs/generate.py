"""Writes the pages for analysts that repeat what the project's YAML says.

Belongs here: pages made from metadata, so that they cannot disagree with it. Does not
belong here: prose about how to use the tables, which people write by hand.

    python docs/generate.py            writes the pages
    python docs/generate.py --check    says which page is out of date, and exits with 1
"""

from __future__ import annotations

import argparse
import csv
import re
import sys
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "docs" / "analysts"
DOC_REFERENCE = re.compile(r"\{\{ doc\('(\w+)'\) \}\}")
DOC_BLOCK = re.compile(r"\{% docs (\w+) %\}\n(.*?)\n\{% enddocs %\}", re.DOTALL)

# A public mart and the figures that may be withheld there.
TWIN_TEST = re.compile(
    r"ref\('(?P<mart>\w+)'\).*?figures\s*=\s*\[(?P<figures>[^\]]*)\]", re.DOTALL
)


def rows(*cells: str) -> str:
    """One line of a Markdown table; bars inside a cell are escaped."""
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def table(header: tuple[str, ...], body: list[tuple[str, ...]]) -> list[str]:
    """A Markdown table, one line per row."""
    return [rows(*header), rows(*("---" for _ in header)), *(rows(*r) for r in body)]


def landing_page(contract: dict[str, Any]) -> str:
    """The landing contract as a page: what may land, in which columns.

    contract: the parsed seeds/landing/_landing.yml.
    """
    lines = [
        "# What may land",
        "",
        "Made from `seeds/landing/_landing.yml` by `python docs/generate.py`.",
        "",
        "One file or folder of files per table, Parquet or CSV, in one directory:",
        "`drop/medical_claim.parquet`, `drop/medical_claim/*.parquet` or",
        "`drop/medical_claim.csv`. A table that is absent is empty. Columns may be in",
        "any order; an unknown column is reported and ignored; an optional one that is",
        "absent is null. A **required** column that is missing stops the run.",
    ]
    for seed in contract["seeds"]:
        meta = seed["config"]["meta"]
        lines += ["", f"## {seed['name']}", "", seed["description"], ""]
        lines += ["Key: " + ", ".join(f"`{name}`" for name in meta["key"]) + ".", ""]
        lines += [f"Without it: {meta['without']}", ""]
        body = []
        for column in seed["columns"]:
            rule = column["config"]["meta"]
            needed = "required" if rule.get("required") else ""
            if "one_of" in rule:
                needed = f"at least one {rule['one_of']}"
            null_means = rule.get("null_means", rule.get("default", ""))
            described = column["description"]
            if rule.get("aliases"):
                described += " Also read as " + ", ".join(
                    f"`{alias}`" for alias in rule["aliases"]
                )
            body.append(
                (f"`{column['name']}`", rule["type"], needed, null_means, described)
            )
        lines += table(("column", "type", "needed", "null means", "what it is"), body)
    return "\n".join(lines) + "\n"


def marts_page(
    folders: list[dict[str, Any]], docs: dict[str, str], withheld: dict[str, set[str]]
) -> str:
    """The published tables as a page: grain, columns, types, units.

    folders: the parsed YAML of each folder of models/marts.
    docs: text of each doc block by name.
    withheld: columns that suppression makes null, by public mart.
    """
    lines = [
        "# The published tables",
        "",
        "Made from the YAML of `models/marts` by `python docs/generate.py`.",
        "",
        "`marts.*` is in `blueprint.duckdb` and, as Parquet, in `parquet/marts`.",
        "`restricted.*` is in `blueprint_restricted.duckdb`, which is not handed out.",
        "",
        "**key**: one of the columns that name a row. **withheld**: null where the",
        "cell counts 1 to 10 people or would give such a one back; the row's flag says",
        "so. A column is null otherwise only where its text says when.",
    ]
    models = sorted(
        (model for folder in folders for model in folder["models"]),
        key=lambda model: public_name(model),
    )
    for model in models:
        lines += ["", f"## {public_name(model)}", "", model["description"], ""]
        grain = model.get("config", {}).get("meta", {}).get("grain")
        if grain:
            lines += ["One row per " + ", ".join(f"`{c}`" for c in grain) + ".", ""]
        hidden = withheld.get(model["name"], set())
        body = [
            (
                f"`{column['name']}`",
                column["data_type"],
                "key"
                if column["name"] in (grain or ())
                else "withheld"
                if column["name"] in hidden
                else "",
                DOC_REFERENCE.sub(
                    lambda found: docs[found.group(1)], column["description"]
                ),
            )
            for column in model["columns"]
        ]
        lines += table(("column", "type", "", "what it is"), body)
    return "\n".join(lines) + "\n"


def withheld_columns(tests: Path) -> dict[str, set[str]]:
    """Columns that suppression may make null, by public mart.

    They are those that the data tests of the twins name.

    tests: the folder of the data tests.
    """
    columns: dict[str, set[str]] = {}
    for path in sorted(tests.glob("public_*.sql")):
        said = TWIN_TEST.search(path.read_text(encoding="utf-8"))
        if said:
            columns[said["mart"]] = set(re.findall(r"'(\w+)'", said["figures"]))
    return columns


GATES = {
    "landing": (
        "The landing gate",
        "After the drop is read, before anything is built on it. What compares with "
        "the prior release rests when there is none, or when it is of other people.",
    ),
    "rows": ("The rows gate", "After staging, before anything is published from it."),
    "release": ("The release gate", "On the tables that are about to be published."),
}
UNITS = {"share": "{0:.10g} %", "usd": "{1:.2f} dollars", "rows": "{1:.0f} rows"}


def checks_page(checks: list[dict[str, str]]) -> str:
    """The checks of the gates as a page: limit, severity, meaning, what to do.

    checks: the rows of seeds/reference/gate_checks.csv.
    """
    lines = [
        "# The checks of a run",
        "",
        "Made from `seeds/reference/gate_checks.csv` by `python docs/generate.py`.",
        "",
        "A check that **stops** publishes nothing, and `releases/current` stays as it",
        "was. One that warns is told at the end of the run and in the release's",
        "`gates.html`. Between the gates, dbt's data tests hold keys, references and",
        "sums, and stop too. Limits are rows of the seed, with their source.",
    ]
    for gate, (title, subject) in GATES.items():
        body = []
        for check in checks:
            if check["gate"] != gate:
                continue
            limit = float(check["limit_value"])
            shown = UNITS.get(check["unit"], "none").format(100 * limit, limit)
            shown = "1 row" if shown == "1 rows" else shown
            body.append(
                (
                    f"`{check['check_id']}`",
                    "**stop**" if check["severity"] == "stop" else "warn",
                    shown,
                    f"{check['meaning']} {check['remedy']}",
                    check["source"],
                )
            )
        lines += ["", f"## {title}", "", subject, ""]
        lines += table(("check", "severity", "limit", "means; do", "source"), body)
    return "\n".join(lines) + "\n"


def read_checks(seed: Path) -> list[dict[str, str]]:
    """The rows of the seed of checks."""
    with seed.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def public_name(model: dict[str, Any]) -> str:
    """The name under which a mart is published: `schema.table`."""
    name = model["name"]
    if name.startswith("dim_"):
        return f"marts.{name.removeprefix('dim_')}"
    if name.startswith("restricted_"):
        return f"restricted.{name.removeprefix('restricted_')}"
    return f"{'restricted' if model.get('restricted') else 'marts'}.{name}"


def read_marts(folder: Path) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """The YAML and doc blocks of the marts."""
    parsed = []
    for path in sorted(folder.glob("*/_*.yml")):
        content = yaml.safe_load(path.read_text())
        for model in content["models"]:
            model["restricted"] = path.parent.name == "restricted"
        parsed.append(content)
    blocks = {}
    for path in sorted(folder.glob("*.md")):
        blocks.update(dict(DOC_BLOCK.findall(path.read_text())))
    return parsed, blocks


def pages() -> dict[Path, str]:
    """Every generated page with what it should say."""
    contract = yaml.safe_load((ROOT / "seeds/landing/_landing.yml").read_text())
    return {
        PAGES / "landing-contract.md": landing_page(contract),
        PAGES / "checks.md": checks_page(
            read_checks(ROOT / "seeds/reference/gate_checks.csv")
        ),
        PAGES / "tables.md": marts_page(
            *read_marts(ROOT / "models" / "marts"),
            withheld_columns(ROOT / "tests" / "data"),
        ),
    }


def main() -> int:
    """Writes the pages, or checks them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--check", action="store_true", help="write nothing; fail when out of date"
    )
    check = parser.parse_args().check
    stale = 0
    for path, text in pages().items():
        name = path.relative_to(ROOT)
        if path.exists() and path.read_text() == text:
            continue
        stale += 1
        if check:
            print(f"{name} is out of date: run `python docs/generate.py`")
        else:
            path.write_text(text)
            print(f"wrote {name}")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
