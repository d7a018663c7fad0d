"""The report of a run says everything, in order, to people and to programs."""

import json
import os
import re
from dataclasses import dataclass, field, fields, replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from orchestration import report as report_module
from orchestration.errors import ReleaseError
from orchestration.gates import GATES, CheckResult
from orchestration.report import (
    OUTCOMES,
    SUBJECTS,
    Report,
    html_text,
    json_text,
    read_report,
    sentence,
    write_report,
)

HOSTILE = "<script>alert('x')</script> & \"quoted\" </td></style><img src=x onerror=y>"
# Elements of HTML that have no end.
VOID = {"meta", "br", "hr", "img", "link", "input", "source", "area", "base", "wbr"}


def check(**over) -> CheckResult:
    """A check; what a test is about, it names."""
    values = {
        "check_id": "a_check",
        "gate": "landing",
        "table": "landing.eligibility",
        "column": "birth_date",
        "severity": "stop",
        "outcome": "pass",
        "figure": 0.985,
        "limit": 0.5,
        "unit": "share",
        "comparison": "at_least",
        "findings": (),
        "meaning": "Most values must be dates.",
        "remedy": "Write dates as yyyy-mm-dd.",
        "seconds": 0.023,
    }
    return CheckResult(**{**values, **over})


def report_of(*results: CheckResult, **over) -> Report:
    """A published report of some checks."""
    values = {
        "outcome": "published",
        "run_id": "af99ab5972aa4a77b028e0f3fe65d3d7",
        "release_id": "20181122T081040Z-af99ab59",
        "as_of": "2018-06-30",
        "paid_through": "2018-11-04",
        "is_provisional": False,
        "created_at": "2018-11-22T08:10:40+00:00",
        "source": "drop-2018q2",
        "prior_release_id": "20180822T091500Z-11bb22cc",
        "messages": (),
    }
    return Report(**{**values, **over}, results=results)


STOPPED = {"outcome": "stopped", "release_id": None}
NOTHING_KNOWN = {
    **STOPPED,
    "as_of": None,
    "paid_through": None,
    "prior_release_id": None,
}


def one_of_each() -> list[CheckResult]:
    """A check of every gate and outcome, from the last to the first."""
    results = []
    for gate in reversed(GATES):
        for outcome in reversed(list(OUTCOMES)):
            name = f"{gate}_{outcome}"
            judged = outcome not in ("broken", "rested")
            results.append(
                check(
                    check_id=name,
                    gate=gate,
                    table=f"schema_{gate}.table_{outcome}",
                    column=f"column_{outcome}",
                    outcome=outcome,
                    severity="warn" if outcome == "warn" else "stop",
                    figure=1000.0 + len(results) if judged else None,
                    limit=2000.0 + len(results),
                    unit="rows",
                    findings=(f"finding of {name}",) if outcome != "pass" else (),
                    meaning=f"Meaning of {name}.",
                    remedy=f"Remedy of {name}.",
                )
            )
    return results


MANY = [
    check(
        check_id=f"check_number_{i}",
        gate=GATES[i % 5],
        outcome=list(OUTCOMES)[i % 4],
        figure=float(5000 + i),
        limit=float(7000 + i),
        unit="rows",
        meaning=f"It means {i}.",
        remedy=f"Do {i}.",
        findings=(f"found {i}",),
    )
    for i in range(200)
]
REPORTS = {
    "published": report_of(*one_of_each()[:3], check()),
    "clean": report_of(check(), prior_release_id=None, source="sample"),
    "stopped": report_of(*one_of_each(), **STOPPED),
    "stopped at landing": report_of(**NOTHING_KNOWN, messages=("no such file",)),
    "stopped in silence": report_of(**NOTHING_KNOWN),
    "two hundred checks": report_of(*MANY, **STOPPED),
    "yes or no": report_of(check(figure=None, limit=None, unit="", comparison="none")),
}


@dataclass
class Element:
    """One element of a page."""

    tag: str
    attributes: dict[str, str | None]
    children: list["Element | str"] = field(default_factory=list)

    def elements(self) -> list["Element"]:
        """This element and all in it, in the order of the page."""
        found = [self]
        for child in self.children:
            if isinstance(child, Element):
                found += child.elements()
        return found

    def all(self, *tags: str) -> list["Element"]:
        """Elements of these tags."""
        return [element for element in self.elements() if element.tag in tags]

    def text(self) -> str:
        """What a person reads in it; blanks as they are."""
        if self.tag == "style":
            return ""
        return "".join(c if isinstance(c, str) else c.text() for c in self.children)


class Parser(HTMLParser):
    """Builds the tree of a page, and fails where a tag is not closed in its turn."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open = [Element("page", {})]

    def handle_starttag(self, tag, attrs):
        """Opens an element."""
        element = Element(tag, dict(attrs))
        assert len(element.attributes) == len(attrs), f"an attribute twice in {tag}"
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag):
        """Closes the innermost element."""
        assert self.open.pop().tag == tag

    def handle_data(self, data):
        """Adds text to the innermost element."""
        self.open[-1].children.append(data)


def page_of(report: Report) -> Element:
    """The report's page, parsed."""
    parser = Parser()
    parser.feed(html_text(report))
    parser.close()
    assert len(parser.open) == 1
    return parser.open[0]


@pytest.fixture(params=REPORTS.values(), ids=REPORTS.keys(), scope="module")
def page(request) -> Element:
    return page_of(request.param)


# As data -----------------------------------------------------------------------------


def test_a_report_survives_the_file(tmp_path):
    written = report_of(*one_of_each(), messages=("first", "second"), **STOPPED)
    write_report(tmp_path, written)
    found = read_report(tmp_path)
    assert replace(found, results=()) == replace(written, results=())
    assert sorted(found.results, key=lambda r: r.check_id) == sorted(
        written.results, key=lambda r: r.check_id
    )


@pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS.keys())
def test_a_report_that_was_read_is_written_the_same(report, tmp_path):
    write_report(tmp_path, report)
    assert json_text(read_report(tmp_path)) == json_text(report)


def test_the_same_checks_give_the_same_files_in_whatever_order_they_ended():
    there, back = MANY, MANY[::-1]
    assert json_text(report_of(*there)) == json_text(report_of(*back))
    assert html_text(report_of(*there)) == html_text(report_of(*back))


def test_checks_stand_in_the_order_of_the_run_and_the_worst_first():
    checks = json.loads(json_text(report_of(*one_of_each())))["checks"]
    assert [entry["check_id"] for entry in checks[:7]] == [
        "landing_stop",
        "landing_broken",
        "landing_warn",
        "landing_pass",
        "landing_rested",
        "transform_stop",
        "transform_broken",
    ]
    assert list(dict.fromkeys(entry["gate"] for entry in checks)) == list(GATES)


def test_every_gate_has_its_words():
    assert tuple(SUBJECTS) == GATES


def test_every_key_is_one_that_the_contract_names():
    values = json.loads(json_text(report_of(check())))
    assert list(values) == [
        "outcome",
        "run_id",
        "release_id",
        "as_of",
        "paid_through",
        "is_provisional",
        "created_at",
        "source",
        "prior_release_id",
        "messages",
        "counts",
        "checks",
    ]
    for key in values:
        assert re.search(rf"^    .*\b{key}\b", report_module.__doc__, re.M), key
    assert set(values["checks"][0]) == {
        *(f.name for f in fields(CheckResult)),
        "figure_text",
        "limit_text",
    }


def test_figures_can_be_counted_and_read():
    values = json.loads(json_text(report_of(check(), check(outcome="warn"))))
    assert values["counts"] == {
        "stop": 0,
        "broken": 0,
        "warn": 1,
        "pass": 1,
        "rested": 0,
    }
    entry = values["checks"][0]
    assert (entry["figure"], entry["figure_text"]) == (0.985, "98.5 %")
    assert (entry["limit"], entry["limit_text"]) == (0.5, "at least 50.0 %")


def test_a_quotient_by_zero_leaves_the_file_readable():
    def refuse(constant):
        raise AssertionError(f"{constant} is not JSON")

    for figure in (float("inf"), float("nan")):
        text = json_text(report_of(check(figure=figure, outcome="stop")))
        (entry,) = json.loads(text, parse_constant=refuse)["checks"]
        assert entry["figure"] is None
        assert entry["figure_text"] == check(figure=figure).figure_text != ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "there is no report"),
        ("{", "is not the report of a run"),
        ("[]", "is not the report of a run"),
        ('{"outcome": "published"}', "run_id"),
    ],
)
def test_a_file_that_is_no_report_is_named_with_what_to_do(tmp_path, text, said):
    if text is not None:
        (tmp_path / "gates.json").write_text(text)
    with pytest.raises(ReleaseError) as caught:
        read_report(tmp_path)
    assert str(tmp_path / "gates.json") in str(caught.value)
    assert said in str(caught.value)
    assert "efresh" in str(caught.value)


# Writing -----------------------------------------------------------------------------


def test_both_files_can_be_read_by_all_and_nothing_else_is_left(tmp_path):
    before = os.umask(0o077)
    try:
        write_report(tmp_path, report_of(check()))
    finally:
        os.umask(before)
    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert modes == {"gates.json": 0o644, "gates.html": 0o644}


@pytest.mark.parametrize("part", ["json_text", "html_text"])
def test_a_report_that_cannot_be_rendered_leaves_the_folder_alone(
    tmp_path, monkeypatch, part
):
    def fail(report):
        raise RuntimeError("no words")

    monkeypatch.setattr(report_module, part, fail)
    with pytest.raises(RuntimeError, match="no words"):
        write_report(tmp_path, report_of(check()))
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_the_report_that_was_there(tmp_path, monkeypatch):
    write_report(tmp_path, report_of(check()))
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    write_bytes = Path.write_bytes

    def fill(path, data):
        if "json" in path.name:
            write_bytes(path, data[:20])
            raise OSError("no space left")
        return write_bytes(path, data)

    monkeypatch.setattr(Path, "write_bytes", fill)
    with pytest.raises(OSError, match="no space left"):
        write_report(tmp_path, report_of(check(outcome="warn")))
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_name_that_is_no_text_can_be_reported(tmp_path):
    source = os.fsdecode(b"drop-\xe9")
    write_report(tmp_path, report_of(check(), source=source))
    assert read_report(tmp_path).source == source
    assert "drop-" in (tmp_path / "gates.html").read_text(encoding="utf-8")


# As a page ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("report", "said"),
    [
        (
            report_of(check()),
            "The release as of 2018-06-30 was published from the drop drop-2018q2; no "
            "check needs reading.",
        ),
        (
            report_of(
                check(outcome="warn", severity="warn"),
                check(outcome="broken", severity="warn"),
                is_provisional=True,
                source="sample",
            ),
            "The release as of 2018-06-30 was published from the synthetic sample, "
            "provisionally, since its claims do not reach the cutoff of that date yet; "
            "2 checks need reading.",
        ),
        (
            report_of(check(outcome="stop"), check(outcome="broken"), **STOPPED),
            "The run on the drop drop-2018q2 as of 2018-06-30 stopped because 1 check "
            "found bad data and 1 check could not run. The current release is as it "
            "was.",
        ),
        (
            report_of(messages=("x",), **NOTHING_KNOWN),
            "The run on the drop drop-2018q2 stopped because 1 error came up, quoted "
            "below. The current release is as it was.",
        ),
        (
            report_of(**NOTHING_KNOWN),
            "The run on the drop drop-2018q2 stopped because of a failure that only "
            "the run's log names. The current release is as it was.",
        ),
    ],
)
def test_one_sentence_says_whether_a_release_was_published_and_why_not(report, said):
    assert sentence(report) == said
    (header,) = page_of(report).all("header")
    assert said in header.text()


@pytest.mark.parametrize(
    ("report", "said"),
    [
        (report_of(check()), "Published as of 2018-06-30"),
        (report_of(is_provisional=True), "Published as of 2018-06-30, provisional"),
        (report_of(check(outcome="stop"), **STOPPED), "Stopped: nothing was published"),
        (report_of(**NOTHING_KNOWN), "Stopped: nothing was published"),
    ],
)
def test_the_title_says_how_the_run_ended(report, said):
    page = page_of(report)
    assert [heading.text() for heading in page.all("h1")] == [said]
    assert page.all("title")[0].text().startswith(said)


def test_a_message_is_told_in_whole_above_the_checks():
    messages = ("medical_claim.csv: column person_id missing.\nAdd it.", HOSTILE)
    (header,) = page_of(report_of(**NOTHING_KNOWN, messages=messages)).all("header")
    for message in messages:
        assert message in header.text()


@pytest.mark.parametrize("name", ["stopped", "two hundred checks"])
def test_every_check_has_its_row_with_figure_limit_meaning_and_remedy(name):
    report = REPORTS[name]
    rows = {
        row.all("code")[0].text(): row
        for row in page_of(report).all("tr")
        if row.all("code")
    }
    assert set(rows) == {result.check_id for result in report.results}
    for result in report.results:
        text = rows[result.check_id].text()
        assert OUTCOMES[result.outcome].word in text
        for part in (
            result.figure_text,
            result.limit_text,
            result.meaning,
            result.remedy,
            result.table,
            result.column,
        ):
            assert part in text, (result.check_id, part)


def test_what_needs_reading_is_told_in_full_before_all_checks():
    report = REPORTS["stopped"]
    page = page_of(report)
    articles = {a.all("code")[0].text(): a.text() for a in page.all("article")}
    assert list(articles)[:5] == [f"{gate}_stop" for gate in GATES]
    assert list(articles)[5:10] == [f"{gate}_broken" for gate in GATES]
    assert list(articles)[10:] == [f"{gate}_warn" for gate in GATES]
    for result in report.results:
        if result.check_id in articles:
            for part in (
                result.figure_text,
                result.limit_text,
                result.meaning,
                result.remedy,
                *result.findings,
            ):
                assert part in articles[result.check_id]
    tags = [element.tag for element in page.elements()]
    assert len(tags) - tags[::-1].index("article") < tags.index("table")


def test_a_check_that_broke_is_not_told_as_bad_data():
    broken = check(outcome="broken", figure=None, findings=("no such column",))
    (article,) = page_of(report_of(broken, **STOPPED)).all("article")
    assert "says nothing about the data" in article.text()
    assert "no such column" in article.text()


def test_a_check_that_rests_says_why():
    rested = check(outcome="rested", figure=None, findings=("no prior release",))
    (table,) = page_of(report_of(rested)).all("table")
    assert "nothing to judge" in table.text()
    assert "no prior release" in table.text()


def test_nothing_is_told_as_python(page):
    assert not re.search(r"None|True|False|Undefined|<function", page.text())


def test_what_comes_from_data_is_text():
    hostile = dict.fromkeys(("check_id", "table", "column"), HOSTILE)
    hostile |= {"meaning": HOSTILE, "remedy": HOSTILE, "findings": (HOSTILE,)}
    report = report_of(
        check(**hostile),
        check(**hostile, outcome="rested", figure=None),
        check(**hostile, outcome="warn", severity="warn"),
        check(**hostile, outcome="stop"),
        check(**hostile, outcome="broken", figure=None),
        run_id=HOSTILE,
        release_id=HOSTILE,
        as_of=HOSTILE,
        paid_through=HOSTILE,
        created_at=HOSTILE,
        source=HOSTILE,
        prior_release_id=HOSTILE,
        messages=(HOSTILE,),
    )
    for over in ({}, {"outcome": "stopped"}):
        page = page_of(replace(report, **over))
        assert page.all("script", "img") == []
        for element in page.all("article", "header"):
            assert HOSTILE in element.text()
        assert len(page.all("style")) == 1


def test_the_page_asks_for_nothing_beside_itself(page):
    assert page.all("script", "link", "img", "iframe", "object", "embed", "base") == []
    for element in page.elements():
        for name, value in element.attributes.items():
            assert name not in ("src", "srcset", "action", "data", "poster", "style")
            assert not name.startswith("on")
            assert name != "href" or value.startswith("#")
    (style,) = page.all("style")
    assert not re.search(r"url\(|@import|//", "".join(style.children))
    policies = [
        element.attributes["content"]
        for element in page.all("meta")
        if element.attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    assert policies == ["default-src 'none'; style-src 'unsafe-inline'"]


def test_the_page_can_be_walked_by_its_headings_and_landmarks(page):
    (html,) = page.all("html")
    assert html.attributes["lang"] == "en"
    assert [title.text() != "" for title in page.all("title")] == [True]
    for landmark in ("header", "main", "footer", "h1"):
        assert len(page.all(landmark)) == 1
    levels = [int(h.tag[1]) for h in page.all("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert all(after <= level + 1 for level, after in pairwise(levels))


def test_every_reference_on_the_page_has_its_target(page):
    ids = [e.attributes["id"] for e in page.elements() if "id" in e.attributes]
    assert len(ids) == len(set(ids))
    named = [e.attributes.get("aria-labelledby") for e in page.all("section")]
    linked = [e.attributes["href"].removeprefix("#") for e in page.all("a")]
    assert set(named) | set(linked) <= set(ids)


def test_every_cell_has_its_headers(page):
    for table in page.all("table"):
        assert table.all("caption")[0].text()
        assert {th.attributes.get("scope") for th in table.all("th")} == {"col", "row"}
        head, *rows = table.all("tr")
        columns = len(head.all("th"))
        assert rows
        for row in rows:
            assert len(row.all("th")) == 1
            assert len(row.all("th", "td")) == columns


def test_a_long_gate_is_folded_and_a_short_one_open():
    for count, folds in (
        (report_module.LONG_GATE, 0),
        (report_module.LONG_GATE + 1, 1),
    ):
        results = [check(check_id=f"check_{i}") for i in range(count)]
        page = page_of(report_of(*results))
        assert len(page.all("details")) == folds
        assert len(page.all("summary")) == folds
        assert len(page.all("tr")) == count + 1


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb, 0 to 1 (WCAG 2.2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [
        p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_text_stands_out_in_light_and_in_dark():
    (style,) = page_of(REPORTS["clean"]).all("style")
    light, dark = re.findall(r":root \{([^}]*--paper[^}]*)\}", "".join(style.children))
    pairs = [(f"{outcome}-ink", f"{outcome}-paper") for outcome in OUTCOMES]
    pairs += [
        (ink, paper)
        for ink in ("ink", "faint-ink", "link")
        for paper in ("paper", "panel")
    ]
    for scheme in (light, dark):
        colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", scheme))
        for ink, paper in pairs:
            lights = sorted(luminance(colours[name]) for name in (ink, paper))
            contrast = (lights[1] + 0.05) / (lights[0] + 0.05)
            # WCAG 2.2, success criterion 1.4.3.
            assert contrast >= 4.5, (ink, paper, contrast)
