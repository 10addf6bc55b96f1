"""Whole stories in a real browser, from the report to the end of the case."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest
from browsing import SECRET
from telling import ByHand, cast_member
from visiting import Site

import engine
from engine import library
from engine.rehearsing import scenarios, stories
from webui import create_app
from webui.config import Config


@pytest.mark.parametrize(
    "name", ["whole_story_to_prosecution", "whole_story_to_direct_action"]
)
def test_the_whole_story_is_told_through_the_pages(
    serve: Callable[..., Site],
    new_sqlite: Callable[[], str],
    shipped_files: dict[str, bytes],
    name: str,
) -> None:
    file = engine.PROCESSES / "scenarios" / f"{name}.yaml"
    story = stories.read(file.name, file.read_bytes())
    clock = scenarios.StoryClock()
    config = Config(secret_key=SECRET, database_url=new_sqlite(), is_secure=False)
    site = serve(create_app(config, clock=clock))
    site.office.casework.add_council(story.council)
    files = library.for_council(shipped_files, story.council)
    site.office.casework.publish(files, story.council)
    clerk = cast_member(site.office, story.council, "officer", 1)
    by_hand = ByHand(site, clerk)
    office = dataclasses.replace(site.office, casework=by_hand)
    cast = scenarios.Cast(
        office,
        people={(story.council, "officer", 1): clerk},
        choose=lambda *who: cast_member(site.office, *who),
    )

    reference = scenarios.tell(story, office, clock, cast=cast)

    case = site.office.records.case(reference, clerk)
    assert case.status == "closed"
    assert len(by_hand.checked) > 20
