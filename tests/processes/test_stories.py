"""Every story that the product ships with can be told, on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest

import engine
from engine.rehearsing import rehearsal
from engine.rehearsing.rehearsal import Rehearsal

FILES = sorted(
    f"scenarios/{path.name}" for path in (engine.PROCESSES / "scenarios").glob("*.yaml")
)
AFRESH = (
    "scenarios/authority_returned_then_given.yaml",
    "scenarios/fence_removed_when_asked.yaml",
    "scenarios/notice_served_late_but_left_to_stand.yaml",
    "scenarios/prosecution_withdrawn_when_a_stage_fails.yaml",
)


@pytest.mark.xdist_group("rehearsal")
@pytest.mark.parametrize("file", FILES)
def test_the_story_is_told_as_it_is_written(rehearsed: Rehearsal, file: str) -> None:
    told = next(story for story in rehearsed.told if story.file == file)

    assert told.passed, told.message


@pytest.mark.parametrize("file", AFRESH)
def test_a_story_is_told_on_diagrams_parsed_afresh_for_every_step(
    file: str, shipped_files: dict[str, bytes], tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'rehearsal.db'}"

    done = rehearsal.rehearse(shipped_files, url, only=[file], forget=True)

    assert [story.message for story in done.told] == [""]
