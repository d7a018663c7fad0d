"""How the campaign tells what it did.

Belongs here: the table of faults and outcomes as lines of text. Does not belong here:
doing or judging any of them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence


def table_of(faults: Sequence[Mapping[str, str]]) -> Iterator[str]:
    """One line per fault, and a line that counts them.

    faults: each with name, expected, outcome, by (checks, or the place) and seconds.
    """
    width = max(len(fault["name"]) for fault in faults)
    order = {"published": 0, "warned": 1, "stopped": 2}
    for fault in sorted(faults, key=lambda f: (order.get(f["outcome"], 3), f["name"])):
        mark = "ok  " if fault["outcome"] == fault["expected"] else "FAIL"
        yield (
            f"{mark} {fault['name']:<{width}}  {fault['outcome']:<9} "
            f"{fault['seconds']:>5} s  {fault['by']}"
        ).rstrip()
    counts = Counter(fault["outcome"] for fault in faults)
    yield f"{len(faults)} faults: " + ", ".join(
        f"{count} {outcome}" for outcome, count in sorted(counts.items())
    )


def neutral(screen: str) -> str:
    """What a person is told, without what differs from run to run."""
    text = re.sub(r"^(Report|Log): .*$", r"\1: …", screen, flags=re.MULTILINE)
    text = re.sub(r"\d{8}T\d{6}Z-[0-9a-f]{8}", "…", text)
    return re.sub(r"LANDING=\S+:", "LANDING=…:", text)
