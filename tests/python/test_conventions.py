"""The project's own conventions, read off the parsed dbt project (CONTRIBUTING.md)."""

import re

import pytest
import yaml

from orchestration.dbt_runner import ensure_manifest
from orchestration.settings import PROJECT
from orchestration.site import (
    CATALOG_PLACE,
    MANIFEST_PLACE,
    catalog_of,
    inline,
    site_of,
)

LAYERS = {"landing": 0, "reference": 0, "staging": 1, "intermediate": 2, "marts": 3}
LAYERS["restricted"] = LAYERS["marts"]
CLOCK = re.compile(
    r"\b(current_date|current_timestamp|localtimestamp|getdate|now|today)\b", re.I
)
# A procedure code, a revenue code or an amount of money, quoted or bare.
POLICY = re.compile(r"'(\d{5}|[A-Z]\d{4}|05\d\d)'|(?<![\w.])\d+\.\d\d(?![\d\w])")
COMMENT = re.compile(r"--[^\n]*|\{#.*?#\}", re.DOTALL)


@pytest.fixture(scope="module")
def manifest():
    return ensure_manifest()


@pytest.fixture(scope="module")
def models(manifest):
    return [n for n in manifest["nodes"].values() if n["resource_type"] == "model"]


def test_there_are_models(models):
    assert len(models) > 50


def test_every_model_begins_with_a_sentence_about_itself(models):
    silent = [
        model["name"]
        for model in models
        if not model["name"].startswith("base_")
        and "-- " not in model["raw_code"][:200]
    ]
    assert silent == []


def test_every_model_is_described(models):
    assert [m["name"] for m in models if not m["description"]] == []


def test_layers_point_one_way(manifest, models):
    wrong = []
    for model in models:
        for parent_id in model["depends_on"]["nodes"]:
            parent = manifest["nodes"][parent_id]
            if LAYERS[parent["schema"]] > LAYERS[model["schema"]]:
                wrong.append(f"{model['name']} reads {parent['name']}")
    assert wrong == []


def test_no_model_asks_the_clock(models):
    asking = [m["name"] for m in models if CLOCK.search(COMMENT.sub("", m["raw_code"]))]
    assert asking == []


def test_no_model_holds_policy(models):
    holding = {
        model["name"]: found.group(0)
        for model in models
        if (found := POLICY.search(COMMENT.sub("", model["raw_code"])))
    }
    assert holding == {}


@pytest.mark.parametrize("text", ["'99213'", "'G0402'", "'0521'", "x * 3.00"])
def test_the_search_for_policy_finds_it(text):
    assert POLICY.search(text)


def test_every_published_column_is_described_with_its_type(models):
    bare = [
        f"{model['name']}.{column['name']}"
        for model in models
        if model["schema"] in ("marts", "restricted")
        for column in model["columns"].values()
        if not column["description"] or not column["data_type"]
    ]
    assert bare == []


def test_every_published_table_has_a_contract_and_a_grain(models):
    published = [m for m in models if m["schema"] in ("marts", "restricted")]
    assert [
        m["name"] for m in published if not m["config"]["contract"]["enforced"]
    ] == []
    # Quarantine holds rows whose very key may be missing.
    without = [m["name"] for m in published if "grain" not in m["config"]["meta"]]
    assert without == ["quarantine"]


def test_no_person_is_in_a_public_table(models):
    public = [m for m in models if m["schema"] == "marts"]
    personal = [
        f"{model['name']}.{column}"
        for model in public
        for column in model["columns"]
        if re.search(r"person|member(?!_months|_years)|birth|claim_id", column)
    ]
    assert personal == []


def test_every_test_is_named_for_a_promise(manifest):
    tests = [n for n in manifest["nodes"].values() if n["resource_type"] == "test"]
    generated = [
        test["name"]
        for test in tests
        if test.get("test_metadata")
        and test["name"].startswith(test["test_metadata"]["name"] + "_")
    ]
    assert generated == []


def test_every_row_of_policy_has_its_source(manifest):
    seeds = [
        node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "seed" and node["schema"] == "reference"
    ]
    lacking = [
        seed["name"]
        for seed in seeds
        if not {"provenance", "source"} <= set(seed["columns"])
    ]
    assert lacking == []
    assert len(seeds) > 20


def test_every_landed_column_is_read_as_text(manifest):
    for node in manifest["nodes"].values():
        if node["resource_type"] == "seed" and node["schema"] == "landing":
            assert set(node["config"]["column_types"]) == set(node["columns"])
            assert set(node["config"]["column_types"].values()) == {"varchar"}


def test_every_model_has_an_owner_and_every_mart_a_reader(manifest, models):
    assert {model["group"] for model in models} == {
        group["name"] for group in manifest["groups"].values()
    }
    read = {
        name
        for exposure in manifest["exposures"].values()
        for name in exposure["depends_on"]["nodes"]
    }
    unread = [
        model["name"]
        for model in models
        if model["schema"] == "marts" and model["unique_id"] not in read
    ]
    assert unread == []


def test_no_key_of_the_yaml_hides_another():
    hidden = []
    for path in sorted(PROJECT.rglob("models/**/*.yml")):
        waiting = [yaml.compose(path.read_text(encoding="utf-8"))]
        while waiting:
            node = waiting.pop()
            if isinstance(node, yaml.MappingNode):
                names = [key.value for key, _ in node.value]
                if len(names) != len(set(names)):
                    line = node.start_mark.line + 1
                    hidden.append(f"{path.relative_to(PROJECT)}:{line}")
                waiting += [value for _, value in node.value]
            elif isinstance(node, yaml.SequenceNode):
                waiting += node.value
    assert hidden == []


def test_the_documentation_site_shows_the_project_and_not_the_machine(manifest):
    page = site_of(manifest)
    assert str(PROJECT) not in page
    assert MANIFEST_PLACE not in page
    assert CATALOG_PLACE not in page
    assert inline(manifest["docs"]["doc.blueprint.__overview__"]) in page
    column = catalog_of(manifest)["nodes"]["model.blueprint.trui"]["columns"]["trui"]
    assert column["type"].startswith("decimal") or column["type"] == "double"
    # A text that ends the script would end the page there.
    assert "</" not in inline({"text": "</script>"})
