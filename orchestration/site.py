"""The documentation site of a project, as one page that needs no server.

Belongs here: dbt's own docs page with the parsed project inside. Does not belong here:
a catalog read from a database: it would have the statistics of people's tables.

`dbt docs generate --static` makes the same page, but compiles every model and test
first, which takes longer than a quarter of a refresh of the sample. Here the project is
given to the page as it was parsed. Types are those of the contracts that marts keep.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

SITE_NAME = "docs.html"
# What the page replaces by the two documents that it shows.
MANIFEST_PLACE = '"MANIFEST.JSON INLINE DATA"'
CATALOG_PLACE = '"CATALOG.JSON INLINE DATA"'
# Parts of the parsed project that the page draws nothing from, or must not tell.
UNSHOWN = ("unit_tests", "disabled", "saved_queries", "selectors")
UNSHOWN_OF_NODE = (
    "unrendered_config",
    "build_path",
    "compiled_path",
    "checksum",
    "root_path",
)


def write_site(manifest: Mapping[str, Any], path: Path) -> None:
    """Writes the page, readable by all.

    Args:
        manifest: the parsed project.
        path: the file; its folder exists.
    """
    path.write_text(site_of(manifest), encoding="utf-8")
    path.chmod(0o644)


def site_of(manifest: Mapping[str, Any]) -> str:
    """The page: dbt's own, with a project's models, columns, tests and lineage."""
    # Imported here: it takes seconds, and a run has it already.
    from dbt.task.docs import DOCS_INDEX_FILE_PATH

    page = Path(DOCS_INDEX_FILE_PATH).read_text(encoding="utf-8")
    page = page.replace(MANIFEST_PLACE, inline(shown(manifest)))
    return page.replace(CATALOG_PLACE, inline(catalog_of(manifest)))


def inline(document: Mapping[str, Any]) -> str:
    """A document as a script may hold it: no text in it ends the script."""
    return json.dumps(document, separators=(",", ":")).replace("</", "<\\/")


def shown(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """The parsed project without what the page does not show."""
    nodes = {
        unique_id: {k: v for k, v in node.items() if k not in UNSHOWN_OF_NODE}
        for unique_id, node in manifest["nodes"].items()
    }
    empty = {part: {} for part in UNSHOWN if part in manifest}
    return {**manifest, **empty, "nodes": nodes}


def catalog_of(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Tables and typed columns as the contracts say them; no statistics."""
    nodes = {}
    for unique_id, node in manifest["nodes"].items():
        if node["resource_type"] not in ("model", "seed"):
            continue
        nodes[unique_id] = {
            "unique_id": unique_id,
            "metadata": {
                "type": node["config"].get("materialized", ""),
                "schema": node["schema"],
                "name": node["alias"],
                "database": node["database"],
                "comment": None,
                "owner": None,
            },
            "columns": {
                column["name"]: {
                    "type": type_of(node, column),
                    "index": place,
                    "name": column["name"],
                    "comment": None,
                }
                for place, column in enumerate(node["columns"].values(), start=1)
            },
            "stats": {},
        }
    return {"metadata": {}, "nodes": nodes, "sources": {}, "errors": None}


def type_of(node: Mapping[str, Any], column: Mapping[str, Any]) -> str:
    """A column's type, as a mart's contract or a seed's types have it; else empty."""
    types = node["config"].get("column_types") or {}
    return str(column.get("data_type") or types.get(column["name"]) or "")
