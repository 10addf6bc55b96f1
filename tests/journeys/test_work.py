"""A manager looks at the work on the diagram, and mends a step that failed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import engine_models as draw
import pytest
import small_office as small
from browsing import SECRET, small_files
from playwright.sync_api import expect
from visiting import DESK, PHONE, Site

from webui import create_app
from webui.config import Config

WORK = "/studio/processes/enforcement/work"


@pytest.fixture
def site(serve: Callable[..., Site], tmp_path: Path) -> Site:
    """Three cases, one of them in the called review, and a process that breaks."""
    config = Config(
        secret_key=SECRET,
        database_url=f"sqlite:///{tmp_path}/small.db",
        is_demonstration=True,
        is_secure=False,
    )
    served = serve(create_app(config))
    served.office.casework.add_council("maldon")
    breaks = small.drawn(
        "shares",
        [draw.start(), draw.script("divide", "share = 10 / nobody"), draw.end()],
        ["begin > divide > done"],
    )
    served.office.casework.publish({**small_files(), **breaks}, "maldon")
    return served


def test_the_work_is_seen_on_the_diagram_and_leads_to_the_cases(site: Site) -> None:
    manager = site.hire("manager", "Max Field")
    officer = site.hire("officer", "Ann Bell")
    for _ in range(3):
        site.report()
    site.office.casework.complete_task(
        site.task(officer, "record_site_visit").id,
        {
            "visited_on": site.office.clock.today(),
            "breach_found": "yes",
            "what_seen": "A wall",
        },
        officer,
    )
    visitor = site.visit(viewport=DESK)
    visitor.sign_in(manager.username)

    page = visitor.go(WORK)
    expect(page.locator(".app-count")).to_have_text(["2", "1"])
    expect(page.locator('[data-element-id="record_site_visit"].heat-5')).to_be_visible()
    page.locator("#tint-by-time").check()
    expect(page.locator(".heat-5")).to_have_count(0)
    page.locator('[data-element-id="record_site_visit"]').focus()
    expect(page.locator("[data-note]")).to_contain_text(
        "Record the site visit: 2 cases now"
    )
    mark = page.locator(".bjs-powered-by")
    expect(mark).to_be_visible()
    visitor.check()

    page.locator(".app-count").first.click()
    expect(page.get_by_role("heading", level=2).first).to_have_text("2 cases")
    visitor.check()
    page = visitor.go(WORK)
    page.get_by_role("link", name="Open the work on Review").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Review")
    assert not visitor.troubles


def test_a_failed_step_is_found_and_tried_again(site: Site) -> None:
    manager = site.hire("manager", "Max Field")
    site.report(process="shares")
    visitor = site.visit(viewport=PHONE)
    visitor.sign_in(manager.username)

    page = visitor.go("/incidents")
    visitor.check()
    page.get_by_role("button", name="Try all again").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "What came of trying again"
    )
    expect(page.get_by_text("It failed again because")).to_be_visible()
    visitor.check()
    page = visitor.go(WORK)
    visitor.check()


def test_without_javascript_a_picture_shows_the_work(site: Site) -> None:
    manager = site.hire("manager", "Max Field")
    site.report()
    visitor = site.visit(viewport=DESK, with_script=False)
    visitor.sign_in(manager.username)

    page = visitor.go(WORK)

    picture = page.locator(".app-picture img")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.naturalWidth") > 100
    expect(page.locator(".app-canvas")).to_be_hidden()
