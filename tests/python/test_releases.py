"""One run at a time publishes, and readers of `current` never see less."""

import json
import multiprocessing
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from orchestration.errors import LeaseError, ReleaseError
from orchestration.releases import (
    KEPT_BUILDS,
    acquire_lease,
    install_release,
    point_current,
    prepare_folder,
    process_start,
    prune_builds,
    read_lease,
    release_lease,
)
from orchestration.settings import PROJECT, builds_folder


@pytest.fixture
def releases(tmp_path: Path) -> Path:
    prepare_folder(tmp_path / "releases")
    return tmp_path / "releases"


def written(releases: Path, name: str) -> Path:
    folder = releases / "2018-06-30" / f".{name}.partial"
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text(json.dumps({"release_id": name}))
    return folder


def install(releases: Path, name: str, run_id: str = "run") -> Path:
    final = releases / "2018-06-30" / name
    install_release(releases, run_id, written(releases, name), final)
    return final


def hold_in_another_process(releases: Path, run_id: str) -> subprocess.Popen:
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys, time; from pathlib import Path;"
            "from orchestration.releases import acquire_lease;"
            "acquire_lease(Path(sys.argv[1]), sys.argv[2]); print('held', flush=True);"
            "time.sleep(60)",
            str(releases),
            run_id,
        ],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "held\n"
    return process


def test_a_second_run_is_refused_while_the_first_is_alive(releases):
    process = hold_in_another_process(releases, "first-run")
    try:
        with pytest.raises(LeaseError, match=r"Another refresh is running.*first-ru"):
            acquire_lease(releases, "second-run")
        assert read_lease(releases).run_id == "first-run"
    finally:
        process.kill()
        process.wait()


def test_the_lease_of_a_dead_process_is_taken_over(releases):
    process = hold_in_another_process(releases, "first-run")
    process.kill()
    process.wait()
    acquire_lease(releases, "second-run")
    assert read_lease(releases).run_id == "second-run"


def test_a_process_with_a_reused_number_does_not_hold_the_lease(releases):
    acquire_lease(releases, "first-run")
    path = releases / ".lease.json"
    lease = json.loads(path.read_text())
    path.write_text(json.dumps({**lease, "started": "0"}))
    acquire_lease(releases, "second-run")
    assert read_lease(releases).run_id == "second-run"


def test_a_half_written_lease_is_no_lease(releases):
    (releases / ".lease.json").write_text('{"run_id": "fir')
    acquire_lease(releases, "second-run")


def test_only_its_holder_gives_a_lease_back(releases):
    acquire_lease(releases, "first-run")
    release_lease(releases, "second-run")
    assert read_lease(releases).run_id == "first-run"
    release_lease(releases, "first-run")
    assert read_lease(releases) is None


def test_a_run_whose_lease_was_taken_over_publishes_nothing(releases):
    acquire_lease(releases, "run")
    install(releases, "a")
    (releases / ".lease.json").unlink()
    acquire_lease(releases, "other")
    with pytest.raises(LeaseError, match="no longer holds"):
        install(releases, "b")
    assert (releases / "current").resolve().name == "a"
    assert not (releases / "2018-06-30" / "b").exists()


def test_a_dead_process_has_no_start():
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    assert process_start(process.pid) is None
    assert process_start(os.getpid()) is not None


def test_current_is_a_relative_link_to_the_last_release(releases):
    acquire_lease(releases, "run")
    install(releases, "a")
    install(releases, "b")
    assert (releases / "current").readlink() == Path("2018-06-30/b")
    assert (releases / "2018-06-30" / "a" / "manifest.json").exists()


def test_a_release_is_never_rewritten(releases):
    acquire_lease(releases, "run")
    install(releases, "a")
    with pytest.raises(ReleaseError, match="never rewritten"):
        install(releases, "a")


def test_something_else_named_current_is_left_alone(releases):
    acquire_lease(releases, "run")
    (releases / "current").mkdir()
    with pytest.raises(ReleaseError, match="is not a link"):
        install(releases, "a")
    assert (releases / "current").is_dir()


def die_before_the_switch(releases: Path) -> None:
    from orchestration import releases as module

    def die(*_: object) -> None:
        os.kill(os.getpid(), 9)

    module.point_current = die
    acquire_lease(releases, "dying")
    install(releases, "b", "dying")


def test_a_run_that_is_killed_before_the_switch_leaves_current(releases):
    acquire_lease(releases, "run")
    install(releases, "a")
    release_lease(releases, "run")
    process = multiprocessing.get_context("fork").Process(
        target=die_before_the_switch, args=(releases,)
    )
    process.start()
    process.join()
    assert process.exitcode == -9
    assert (releases / "current").resolve().name == "a"
    # The dead run's lease stands in nobody's way.
    lease = json.loads((releases / ".lease.json").read_text())
    (releases / ".lease.json").write_text(json.dumps({**lease, "started": "0"}))
    acquire_lease(releases, "next")
    install(releases, "c", "next")
    assert (releases / "current").resolve().name == "c"


def test_a_reader_always_finds_a_whole_release(releases):
    acquire_lease(releases, "run")
    install(releases, "release-0")
    seen, stop = [], threading.Event()

    def read() -> None:
        while not stop.is_set():
            text = (releases / "current" / "manifest.json").read_text()
            seen.append(json.loads(text)["release_id"])

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(1, 60):
        install(releases, f"release-{number}")
    stop.set()
    reader.join()
    assert reader is not None
    assert len(seen) > 10
    numbers = [int(name.partition("-")[2]) for name in seen]
    assert numbers == sorted(numbers)


def test_the_last_failed_builds_are_kept_for_inspection(releases):
    for number in range(6):
        folder = builds_folder(releases) / f"run-{number}"
        folder.mkdir()
        os.utime(folder, (number, number))
    (builds_folder(releases) / "mine").mkdir()
    prune_builds(releases, "mine")
    left = sorted(path.name for path in builds_folder(releases).iterdir())
    assert left == ["mine", "run-3", "run-4", "run-5"]
    assert len(left) == KEPT_BUILDS + 1


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "releases").write_text("a file")
    with pytest.raises(ReleaseError, match="cannot be written to"):
        prepare_folder(tmp_path / "releases")


def test_a_link_of_its_own_leaves_what_everybody_reads(releases):
    acquire_lease(releases, "run")
    install(releases, "quarter")
    month = releases / "2018-07-31" / "month"
    point_current(releases, month, "current_medicaid")
    assert (releases / "current").resolve().name == "quarter"
    assert (releases / "current_medicaid").readlink() == Path("2018-07-31/month")
