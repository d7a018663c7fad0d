"""What a step of a real run does to itself when a fault is asked for.

Belongs here: the fault in the middle of a step: death, a full disk, a pause. The
process from which a run's steps are forked (zygote.py) imports it, and nothing else.

A control file says what to do: at which place of the run, which fault. Stages that
nothing happens in are replayed (replay.py), so that dozens of runs take minutes; the
stage in which the fault happens is run by dbt, and reading, gates, release and switch
are always real.
"""

from __future__ import annotations

import json
import os
import pickle
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from dagster import AssetKey, MaterializeResult

from orchestration import assets, publish, releases
from orchestration.gates import declared_checks
from tests.faults.replay import Replay

CONTROL = Path(os.environ["FAULT_CONTROL"])
# Where a run can be met, in its order: in each of its ops, and during the switch.
PLACES = (
    "landing",
    "landing gate",
    "transform",
    "rows gate",
    "marts",
    "release gate",
    "release",
    "before the switch",
    "after the switch",
)
# So many of dbt's nodes are finished when it is met in the middle of a stage.
NODES = {"transform": 40, "marts": 8}


def order() -> dict[str, Any]:
    """What the control file asks for."""
    return dict(json.loads(CONTROL.read_text()))


def meet(place: str) -> None:
    """Does what is asked for, if this is the place."""
    asked = order()
    if asked["place"] != place:
        return
    Path(asked["met"]).write_text(str(os.getpid()))
    if asked["fault"] == "kill the run":
        # The run is named when it has been started; its parent here is the zygote's.
        while asked["pid"] is None:
            asked = order()
        os.kill(asked["pid"], signal.SIGKILL)
        # An orphan that went on would be a fault; this one could for a while.
        time.sleep(60)
    elif asked["fault"] == "kill the step":
        os.kill(os.getpid(), signal.SIGKILL)
    elif asked["fault"] == "fill the disk":
        fill(Path(asked["disk"]))
    elif asked["fault"] == "wait":
        while order()["fault"] == "wait":
            time.sleep(0.05)


def fill(folder: Path) -> None:
    """Leaves nothing of a file system free."""
    try:
        with (folder / "ballast").open("wb", buffering=0) as file:
            while True:
                file.write(b"\0" * (1 << 20))
    except OSError:
        pass
    try:
        with (folder / "ballast2").open("wb", buffering=0) as file:
            while True:
                file.write(b"\0")
    except OSError:
        pass


def around(module: Any, name: str, place: str, *, after: bool = False) -> None:
    """Lets a function of a module be met before it does its work, or after."""
    real: Callable[..., Any] = getattr(module, name)

    def met(*args: Any, **options: Any) -> Any:
        if not after:
            meet(place)
        result = real(*args, **options)
        if after:
            meet(place)
        return result

    setattr(module, name, met)


def gates() -> None:
    """Lets each gate be met before it judges."""
    real = assets.judge

    def judge(settings: Any, paths: Any, run_id: str, gate: str) -> Any:
        meet(f"{gate} gate")
        return real(settings, paths, run_id, gate)

    assets.judge = judge


def stages() -> None:
    """Replays the stages that nothing happens in, and meets the others half-way."""
    real = assets.dbt_events

    def dbt_events(
        context: Any, manifest: Any, stage: str, refresh: Any, *rest: Any
    ) -> Iterator[Any]:
        if order()["place"] != stage:
            yield from replayed(context, manifest, stage, refresh)
            return
        for number, event in enumerate(
            real(context, manifest, stage, refresh, *rest), start=1
        ):
            yield event
            if number == NODES.get(stage, 1):
                meet(stage)

    assets.dbt_events = dbt_events


def replayed(context: Any, manifest: Any, stage: str, refresh: Any) -> Iterator[Any]:
    """A stage's work and events, without dbt."""
    recording = pickle.loads(Path(order()["recording"]).read_bytes())
    settings, paths = refresh.settings(), refresh.paths(context)
    replay = Replay(recording, settings.releases)
    if stage == "landing":
        replay.load_reference(paths)
    replay.execute(paths, stage, settings.as_of)
    # Only what another op waits for: Dagster takes longer to write down each event than
    # the replay to build the table.
    waited_for = awaited(stage)
    produced = [
        (node["schema"], node["alias"])
        for node in manifest["nodes"].values()
        if stage == "landing" and node["schema"] == "reference"
    ]
    produced += [
        (statement.schema, statement.name)
        for statement in recording.statements[stage]
        if statement.kind == "model"
    ]
    for key in produced:
        if AssetKey(key) in waited_for:
            yield MaterializeResult(asset_key=AssetKey(key))


def awaited(stage: str) -> set[AssetKey]:
    """The assets of an op without which another op would not start."""
    from orchestration import definitions

    built = getattr(definitions, stage).keys
    graph = definitions.defs.resolve_asset_graph()
    judged = {
        AssetKey([check.schema_name, check.table_name or assets.DROP])
        for check in declared_checks()
    }
    return {key for key in built if key in judged or graph.get(key).child_keys - built}


stages()
gates()
around(assets, "complete_landing", "landing")
around(publish, "verify_database", "release")
around(releases, "point_current", "before the switch")
around(releases, "point_current", "after the switch", after=True)
