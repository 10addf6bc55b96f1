"""No file from outside does harm: each is refused at once, with its element named."""

from __future__ import annotations

import time

import hostile_files
import pytest
from hostile_files import Hostile
from small_visit import files

from engine import checks, outside
from engine.errors import Problem

PATIENCE_S = 2
ALL = hostile_files.everything()


@pytest.fixture(scope="module")
def already() -> frozenset[Problem]:
    """What is said of the good files: that they are not drawn well."""
    return frozenset(checks.check(files()))


def test_there_are_at_least_sixty_of_them() -> None:
    assert len(ALL) >= 60
    assert len({hostile.title for hostile in ALL}) == len(ALL)


@pytest.mark.parametrize("hostile", ALL, ids=lambda hostile: hostile.title)
def test_a_hostile_file_is_refused_within_two_seconds(
    hostile: Hostile, already: frozenset[Problem]
) -> None:
    begun = time.process_time()

    problems = checks.check({**files(), hostile.file: hostile.content})

    took = time.process_time() - begun
    said = [p for p in problems if p not in already and not _is_about_picture(p)]
    refusals = {p.element for p in said if p.file == hostile.file and not p.is_advice}
    assert hostile.element in refusals, [(p.file, p.element, p.problem) for p in said]
    assert took < PATIENCE_S


def _is_about_picture(problem: Problem) -> bool:
    return "enforce draw" in problem.remedy


@pytest.mark.parametrize("hostile", ALL, ids=lambda hostile: hostile.title)
def test_only_what_does_harm_is_kept_out_altogether(hostile: Hostile) -> None:
    assert (outside.refused(hostile.file, hostile.content) is not None) is hostile.harms
