"""Rehearses in a process of its own, so that no page waits for it.

The first line of the input says what to do, further lines are the cases to replay; a
line of output is one result. Nothing here knows the database of the office."""

from __future__ import annotations

import base64
import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from engine import database, documents, library
from engine.errors import DefinitionError, EngineError
from engine.rehearsing import mending, rehearsal, replaying, stories
from engine.rehearsing.causes import StepChanges
from engine.rehearsing.mending import Given
from engine.rehearsing.rehearsal import Stage, Told
from engine.rehearsing.replay_stage import ReplayStage
from engine.rehearsing.story import Person

Report = Callable[[Mapping[str, Any]], None]
LAST = 10
"""How much a rehearsal steps back behind the pages of the same machine."""


def main() -> int:
    """Do what the input says. The folder that it names is deleted at the end."""
    os.nice(LAST)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    job = _read(sys.stdin.buffer.readline())
    folder = Path(job["folder"])
    try:
        _work(job, folder)
    except BrokenPipeError:
        return 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def _work(job: Mapping[str, Any], folder: Path) -> None:
    files = {n: base64.b64decode(text) for n, text in job["files"].items()}
    work = {"stories": _stories, "replay": _replay, "answers": _answers}[job["kind"]]
    try:
        work(job, files, folder)
    except EngineError as error:
        _say({"broken": str(error)})


def _stories(job: Mapping[str, Any], files: dict[str, bytes], folder: Path) -> None:
    done = rehearsal.rehearse(
        files,
        new_database(folder),
        only=job["stories"],
        told=lambda told: _say({"told": as_data(told)}),
        steps=StepChanges(**job["steps"]),
    )
    covered = set(job["covered"])
    coverage = {
        name: {"taken": sorted(found.taken), "missing": list(found.missing)}
        for name, found in done.coverage.items()
        if name in covered
    }
    _say({"coverage": coverage})


def as_data(told: Told) -> dict[str, Any]:
    """How a story went, as it is kept."""
    return {
        "file": told.file,
        "title": told.title,
        "message": told.message,
        "step": told.step,
        "cause": vars(told.cause) if told.cause is not None else None,
    }


def _answers(job: Mapping[str, Any], files: dict[str, bytes], folder: Path) -> None:
    chosen = [stories.read(name, files[name]) for name in job["stories"]]
    url, councils = new_database(folder), rehearsal.councils_of(chosen)
    library.write(files, folder)
    stage = Stage.open(files, url, folder, councils)
    given = Given(job["task"], Person(**job["person"]), job["answers"])
    for story in chosen:
        done = mending.mend(story, files[story.file].decode(), stage, given)
        _say({"mended": done.as_data()})
    stage.office.engine.dispose()


def _replay(job: Mapping[str, Any], files: dict[str, bytes], folder: Path) -> None:
    stage = ReplayStage.open(files, new_database(folder), folder, job)
    for case in _cases():
        _say({"case": replaying.replay(case, stage)})
    stage.stage.office.engine.dispose()


def _cases() -> Iterator[Mapping[str, Any]]:
    for line in sys.stdin.buffer:
        yield _read(line)


def new_database(folder: Path) -> str:
    """The address of an empty database in a folder, with every table."""
    library.write({}, folder)
    url = f"sqlite:///{folder}/rehearsal.db"
    made = database.create_engine(url)
    database.migrate(made)
    made.dispose()
    return url


def _read(line: bytes) -> Any:
    found = documents.loads(line.decode())
    if not isinstance(found, dict):
        raise DefinitionError([])
    return found


def _say(result: Mapping[str, Any]) -> None:
    sys.stdout.write(documents.dumps(result) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
