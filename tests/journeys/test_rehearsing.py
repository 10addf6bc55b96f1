"""A manager plays a case by hand on a change, records it, and has the story told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import small_changes
from browsing import SECRET
from playwright.sync_api import expect
from small_procedure import procedure
from visiting import DESK, PHONE, Site

from webui import create_app
from webui.config import Config


@pytest.fixture
def site(serve: Callable[..., Site], tmp_path: Path) -> Site:
    """Maldon works by the small procedure."""
    config = Config(
        secret_key=SECRET,
        database_url=f"sqlite:///{tmp_path}/small.db",
        is_secure=False,
    )
    served = serve(create_app(config))
    served.office.casework.add_council("maldon")
    served.office.casework.publish_all(procedure(), "maldon", note="A fresh start")
    return served


def test_a_case_is_played_recorded_and_rehearsed(site: Site) -> None:
    manager = site.hire("manager", "Max Field")
    draft_id = small_changes.draft(site, manager)
    visitor = site.visit(viewport=DESK)
    visitor.sign_in(manager.username)

    page = visitor.go(f"/studio/drafts/{draft_id}/rehearsals")
    visitor.check()
    page.get_by_role("link", name="Play a case").click()
    page.get_by_label("What is the play about?").fill("The first visit is late")
    visitor.check()
    page.get_by_role("button", name="Begin").click()
    expect(page.locator(".app-token")).to_have_count(1)
    visitor.check()

    page.get_by_role("button", name="Next date").click()
    expect(page.get_by_role("link", name="Chase visit")).to_be_visible()
    expect(page.locator(".app-token")).to_have_count(2)
    for name, role in (("Visit site", "officer"), ("Visit again", "officer#2")):
        expect(page.get_by_role("heading", level=2, name=name)).to_be_visible()
        page.get_by_label("Who does it?").select_option(role)
        page.get_by_role("button", name="Complete this task").click()
    expect(page.get_by_text("The case is closed: Visited")).to_be_visible()
    expect(page.get_by_text("Enforcement officer 2 completed")).to_be_visible()
    visitor.check()

    page.get_by_role("button", name="Record as a story").click()
    page.get_by_label("Name of its file").fill("late_visit")
    visitor.check()
    page.get_by_role("button", name="Record the story").click()
    page.get_by_role("button", name="Tell the stories").click()
    expect(page.get_by_text("It waits to begin")).to_be_visible()
    visitor.check()
    while site.office.rehearsals.carry_on():
        pass
    expect(page.get_by_text("1 of 1 stories told")).to_be_visible(timeout=15_000)
    expect(page.get_by_text("What the stories took")).to_be_visible()
    visitor.check()
    assert not visitor.troubles


def test_a_case_is_played_on_a_phone_without_javascript(site: Site) -> None:
    manager = site.hire("manager", "Max Field")
    draft_id = small_changes.draft(site, manager)
    play_id = site.office.rehearsals.start_play(
        draft_id,
        "A shed",
        "enforcement",
        {
            "address": "1 Mill Lane",
            "breach_type": "outbuilding",
            "description": "A shed",
            "harm_described": "Shade",
        },
        manager,
    )
    visitor = site.visit(viewport=PHONE, with_script=False)
    visitor.sign_in(manager.username)

    page = visitor.go(f"/studio/drafts/{draft_id}/plays/{play_id}")
    picture = page.locator(".app-picture img")
    assert picture.evaluate("image => image.naturalWidth") > 100
    page.get_by_role("button", name="One week on").click()
    expect(page.get_by_role("link", name="Chase visit")).to_be_visible()
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"]
