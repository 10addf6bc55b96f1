"""The studio's pages in a browser: accessible, and the two diagrams move as one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import small_changes
from browsing import SECRET
from playwright.sync_api import Locator, expect
from small_procedure import other_question, procedure
from visiting import DESK, PHONE, Site, Visitor

from webui import create_app
from webui.config import Config


@pytest.fixture
def small(serve: Callable[..., Site], tmp_path: Path) -> Site:
    """Maldon with a small procedure, served."""
    config = Config(
        secret_key=SECRET,
        database_url=f"sqlite:///{tmp_path}/small.db",
        is_demonstration=True,
        is_secure=False,
    )
    site = serve(create_app(config))
    site.office.casework.add_council("maldon")
    site.office.casework.publish_all(procedure(), "maldon")
    return site


def test_every_page_of_the_studio_is_accessible(small: Site) -> None:
    manager = small.hire("manager", "Max Field")
    legal = small.hire("legal", "Lee Moss")
    number = small_changes.publish(small, manager)
    made = small_changes.draft(small, manager, {"forms/visit_site.json": b"{}"})
    sent = small_changes.draft(small, manager, other_question())
    small_changes.rehearse(small, sent, manager)
    small.office.drafts.submit(sent, manager)
    draft = f"/studio/drafts/{made}"

    visitor = small.visit()
    visitor.sign_in(manager.username)
    look(
        visitor,
        "/studio",
        draft,
        f"{draft}/files",
        f"{draft}/choose/forms",
        f"{draft}/problems",
        f"{draft}/publish",
        f"/studio/releases/{number}",
        f"/studio/releases/{number - 1}/roll-back",
    )
    visitor.sign_out()
    visitor.sign_in(legal.username)
    look(visitor, f"/studio/drafts/{sent}/review")


def look(visitor: Visitor, *paths: str) -> None:
    """Each page on a desk's screen and on a phone's."""
    for path in paths:
        visitor.page.set_viewport_size(DESK)
        visitor.go(path)
        visitor.check()
        visitor.page.set_viewport_size(PHONE)
        visitor.check()


def test_the_two_diagrams_show_the_difference_and_move_together(small: Site) -> None:
    manager = small.hire("manager", "Max Field")
    made = small_changes.draft(small, manager)
    visitor = small.visit()
    visitor.sign_in(manager.username)

    page = visitor.go(f"/studio/drafts/{made}/compare")
    before, after = (
        page.locator("[data-side=before]"),
        page.locator("[data-side=after]"),
    )
    added = after.locator("[data-element-id=visit_again].is-added")
    expect(added).to_be_visible()
    expect(after.locator(".app-sign--added").first).to_have_text("+")
    removed = before.locator("[data-element-id=visit_site__visited].is-removed")
    expect(removed).to_have_count(1)
    expect(page.locator("figure img")).to_have_count(2)
    expect(page.locator("figure img").first).to_be_hidden()
    for mark in page.locator(".bjs-powered-by").all():
        expect(mark).to_be_visible()

    where = view(before), view(after)
    page.locator("button[data-element=visit_again]").click()
    shown = view(before), view(after)
    assert shown != where
    expect(after.locator("[data-element-id=visit_again].is-shown")).to_be_visible()
    after.scroll_into_view_if_needed()
    after.hover()
    page.mouse.down()
    page.mouse.move(900, 500, steps=4)
    page.mouse.up()
    moved = view(before), view(after)
    assert moved[1] != shown[1]
    assert moved[0] != shown[0]
    assert not visitor.troubles


def view(canvas: Locator) -> str:
    """Which part of a diagram is to be seen."""
    return str(canvas.locator(".viewport").get_attribute("transform"))
