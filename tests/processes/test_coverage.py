"""Some story takes every node and flow of the diagrams and every rule of the tables."""

from __future__ import annotations

import pytest

import engine
from engine.rehearsing.rehearsal import Rehearsal

NAMES = sorted(
    path.relative_to(engine.PROCESSES).with_suffix("").as_posix()
    for suffix in ("bpmn", "dmn")
    for path in engine.PROCESSES.rglob(f"*.{suffix}")
)


@pytest.mark.xdist_group("rehearsal")
@pytest.mark.parametrize("name", NAMES)
def test_some_story_takes_all_of_it(rehearsed: Rehearsal, name: str) -> None:
    coverage = rehearsed.coverage[name]

    assert coverage.missing == ()
    assert coverage.total > 0
