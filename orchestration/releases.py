"""The releases folder: who may write, and what readers see.

Belongs here: the lease that lets one run at a time publish, the atomic switch of
`current`, and pruning of failed builds. Does not belong here: what a release contains
(publish.py).

Layout: `<releases>/<as_of>/<release_id>/` is a release, never rewritten;
`<releases>/current` is a relative link to one, replaced by rename, and so is the link
of every other kind of run (settings.py);
`<releases>/.builds/<run_id>/` is where a run builds; `<releases>/.lease.json` names the
run that may publish, and every change of it holds a lock on `<releases>/.lease.lock`.
"""

from __future__ import annotations

import fcntl
import json
import multiprocessing
import os
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from orchestration.errors import LeaseError, ReleaseError
from orchestration.settings import QUARTERLY, builds_folder

KEPT_BUILDS = 3

# The link to what everybody reads.
CURRENT = QUARTERLY.link


@dataclass(frozen=True)
class Lease:
    """The right to publish: a run, and the process that lives as long as the run.

    started: when that process started, as the system writes it, so that a process which
    got the same number later is not taken for it.
    """

    run_id: str
    host: str
    pid: int
    started: str


def process_start(pid: int) -> str | None:
    """When the process started, in the system's own units; None when it is dead."""
    status = Path(f"/proc/{pid}/stat")
    if Path("/proc/self/stat").exists():
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except OSError:
            return None
        # After the name: state is field 3 of proc(5), start time field 22.
        return None if fields[0] in "ZX" else fields[19]
    listing = subprocess.run(
        ["/bin/ps", "-o", "lstart=", "-p", str(pid)],
        capture_output=True,
        text=True,
        check=False,
    )
    return listing.stdout.strip() or None


def run_process() -> int:
    """The process that lives as long as the run: the parent of its steps, or this."""
    parent = multiprocessing.parent_process()
    return parent.pid if parent and parent.pid else os.getpid()


def end_with_the_run() -> None:
    """Ends this step's process when the run's process is gone.

    Without it the step of a killed run would go on, although its lease may be taken
    over.
    """
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, name="end with the run", daemon=True).start()


def is_held(lease: Lease) -> bool:
    """Whether the lease's process is alive; on another host it must be assumed so."""
    if lease.host != socket.gethostname():
        return True
    return process_start(lease.pid) == lease.started


def read_lease(releases: Path) -> Lease | None:
    """The lease that is written down, whoever holds it; None when there is none."""
    try:
        return Lease(**json.loads((releases / ".lease.json").read_text()))
    except (FileNotFoundError, ValueError, TypeError):
        return None


@contextmanager
def locked(releases: Path) -> Iterator[None]:
    """Holds the lock under which the lease and `current` change."""
    with (releases / ".lease.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def busy_message(releases: Path, held: Lease) -> str:
    """That another run holds the folder, and what to do."""
    return (
        f"Another refresh is running on {releases} (run {held.run_id[:8]}, process "
        f"{held.pid} on {held.host}). Wait for it to end; if it is gone for certain, "
        "remove .lease.json there."
    )


def prepare_folder(releases: Path) -> None:
    """Makes the releases folder, and says so readably when that is not possible.

    Raises:
        ReleaseError: it cannot be made or written to.
    """
    try:
        releases.mkdir(parents=True, exist_ok=True)
        builds_folder(releases).mkdir(exist_ok=True)
        with (releases / ".lease.lock").open("a"):
            pass
    except OSError as error:
        raise ReleaseError(
            f"RELEASES={releases}: cannot be written to ({error.strerror}). Name a "
            "folder that this user may write."
        ) from error


def acquire_lease(releases: Path, run_id: str) -> Lease:
    """Takes the lease for a run; the lease of a dead process is taken over.

    Raises:
        LeaseError: another run is alive and holds it.
        ReleaseError: the folder cannot be written to.
    """
    prepare_folder(releases)
    pid = run_process()
    lease = Lease(run_id, socket.gethostname(), pid, process_start(pid) or "")
    with locked(releases):
        held = read_lease(releases)
        if held and held.run_id != run_id and is_held(held):
            raise LeaseError(busy_message(releases, held))
        replace_file(releases / ".lease.json", json.dumps(asdict(lease)))
    return lease


def verify_lease(releases: Path, run_id: str) -> None:
    """Makes sure that the run still holds the lease; call it under the lock.

    Raises:
        LeaseError: it has been taken over.
    """
    held = read_lease(releases)
    if held is None or held.run_id != run_id:
        raise LeaseError(
            f"This run no longer holds {releases}: "
            f"{f'run {held.run_id[:8]} took over' if held else 'its lease is gone'}. "
            "Nothing was published; start the refresh again."
        )


def release_lease(releases: Path, run_id: str) -> None:
    """Gives the lease back if the run holds it."""
    if not (releases / ".lease.json").exists():
        return
    with locked(releases):
        held = read_lease(releases)
        if held and held.run_id == run_id:
            (releases / ".lease.json").unlink(missing_ok=True)


# The switch ------------------------------------------------------------------------


def replace_file(path: Path, text: str) -> None:
    """Writes a file so that readers see the old text or the new, never a part."""
    temporary = path.with_name(f".{path.name.lstrip('.')}.{os.getpid()}.tmp")
    with temporary.open("w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def sync_folder(folder: Path) -> None:
    """Makes the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_tree(folder: Path) -> None:
    """Makes every file and name below a folder durable."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            sync_folder(path)
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir():
            sync_folder(path)
    sync_folder(folder)


def install_release(
    releases: Path, run_id: str, written: Path, final: Path, link: str = CURRENT
) -> None:
    """Moves a written, verified release into place and points its link at it.

    Args:
        releases: the releases folder.
        run_id: the run, which must still hold the lease.
        written: the finished release under its temporary name, on the same file system.
        final: `<releases>/<as_of>/<release_id>`; must not exist.
        link: the link in the releases folder that such releases are found by.

    Raises:
        LeaseError: another run took over.
        ReleaseError: the release exists already, or cannot be moved.
    """
    sync_tree(written)
    with locked(releases):
        verify_lease(releases, run_id)
        if final.exists():
            raise ReleaseError(f"{final} exists. A release is never rewritten.")
        try:
            final.parent.mkdir(parents=True, exist_ok=True)
            written.rename(final)
            sync_folder(final.parent)
            point_current(releases, final, link)
        except OSError as error:
            raise ReleaseError(
                f"{final}: cannot be put in place ({error.strerror}). `{link}` is as "
                "it was."
            ) from error


def point_current(releases: Path, release: Path, link: str = CURRENT) -> None:
    """Replaces a link, `current` unless another is named, in one step.

    Raises:
        ReleaseError: it is there and no link.
    """
    current = releases / link
    if current.exists() and not current.is_symlink():
        raise ReleaseError(
            f"{current} is not a link, so it was not made by a refresh. Move it away."
        )
    temporary = releases / f".{link}.{os.getpid()}.tmp"
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(release.relative_to(releases))
    temporary.replace(current)
    sync_folder(releases)


# Builds ----------------------------------------------------------------------------


def prune_builds(releases: Path, keep_run_id: str) -> None:
    """Removes older failed builds, the last few kept, and half-written releases.

    Only the holder of the lease calls this, so every other build is a dead run's.
    """
    others = [
        folder
        for folder in builds_folder(releases).iterdir()
        if folder.is_dir() and folder.name != keep_run_id
    ]
    others.sort(key=lambda folder: folder.stat().st_mtime_ns, reverse=True)
    for folder in others[KEPT_BUILDS:]:
        shutil.rmtree(folder, ignore_errors=True)
    for folder in releases.glob("*/.*.partial"):
        shutil.rmtree(folder, ignore_errors=True)
    for leftover in releases.glob(".*.tmp"):
        leftover.unlink(missing_ok=True)


def remove_build(folder: Path) -> None:
    """Removes the build of a published run: the release holds what matters of it."""
    shutil.rmtree(folder, ignore_errors=True)
