"""Every page in a real browser: accessible, no wider than the screen, no trouble."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from browsing import SECRET, small_files
from playwright.sync_api import expect
from visiting import DESK, PHONE, Site

from webui import create_app
from webui.config import Config


@pytest.fixture
def small(serve: Callable[..., Site], tmp_path: Path) -> Site:
    """Two councils' worth of small diagrams, served, in demonstration mode."""
    config = Config(
        secret_key=SECRET,
        database_url=f"sqlite:///{tmp_path}/small.db",
        is_demonstration=True,
        is_secure=False,
    )
    site = serve(create_app(config))
    site.office.casework.add_council("maldon")
    site.office.casework.publish(small_files(), "maldon")
    return site


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_every_page_is_accessible(small: Site, viewport: dict[str, int]) -> None:
    senior = small.hire("senior_officer", "Sam Carter")
    legal = small.hire("legal", "Lee Moss")
    manager = small.hire("manager", "Max Field")
    reference = small.report().replace("/", "-")
    closed = small.report().replace("/", "-")
    tasks = small.office.records.worklist(senior, "team").rows
    done = next(t for t in tasks if t.case_reference == closed.replace("-", "/"))
    small.office.casework.complete_task(
        done.id,
        {"visited_on": small.office.clock.today(), "breach_found": "no"},
        senior,
    )
    waiting = next(t for t in tasks if t.id != done.id)
    instance = small.office.records.case(waiting.case_reference, senior).instances[0]

    visitor = small.visit(viewport=viewport)
    visitor.go("/sign-in")
    visitor.check()
    visitor.sign_in(manager.username)
    visitor.go(f"/tasks/{waiting.id}/reassign")
    visitor.check()
    visitor.sign_out()
    visitor.sign_in(legal.username)
    visitor.go(f"/cases/{reference}/start/prosecution")
    visitor.check()
    visitor.sign_out()
    visitor.sign_in(senior.username)
    for path in (
        "/worklist?show=team",
        f"/tasks/{waiting.id}",
        f"/tasks/{done.id}",
        f"/tasks/{done.id}/correct",
        "/cases",
        f"/cases/{reference}",
        f"/cases/{closed}/reopen",
        f"/diagrams/{instance.id}",
        "/reports/new",
        "/periods",
        "/deadline?calculate=1&key=pcn_response"
        "&trigger-day=2&trigger-month=3&trigger-year=2026",
        "/nothing-here",
    ):
        visitor.go(path)
        visitor.check()
    for path, button in (
        (f"/tasks/{waiting.id}", "Complete this task"),
        ("/reports/new", "Open a case"),
    ):
        visitor.go(path)
        visitor.page.get_by_role("button", name=button).click()
        expect(visitor.page.locator(".govuk-error-summary")).to_be_focused()
        visitor.check()


def test_questions_appear_as_others_are_answered(small: Site) -> None:
    officer = small.hire("officer", "Ann Bell")
    small.report()
    visitor = small.visit()
    visitor.sign_in(officer.username)
    page = visitor.go(f"/tasks/{small.task(officer, 'record_site_visit').id}")
    seen = page.get_by_label("What did you see?")

    expect(seen).to_be_hidden()
    page.get_by_label("Yes").check()
    expect(seen).to_be_visible()
    page.get_by_label("No", exact=True).check()
    expect(seen).to_be_hidden()
    assert not visitor.troubles


def test_a_task_is_completed_without_javascript(small: Site) -> None:
    officer = small.hire("officer", "Ann Bell")
    small.report()
    visitor = small.visit(with_script=False)
    visitor.sign_in(officer.username)
    page = visitor.go(f"/tasks/{small.task(officer, 'record_site_visit').id}")

    page.get_by_label("Yes").check()
    page.get_by_role("button", name="Show the questions that follow").click()
    page.get_by_label("What did you see?").fill("A wall of brick")
    page.get_by_role("button", name="Add another").click()
    today = small.office.clock.today()
    visited = page.get_by_role("group", name="When did you visit?")
    visited.get_by_label("Day").fill(str(today.day))
    visited.get_by_label("Month").fill(str(today.month))
    visited.get_by_label("Year").fill(str(today.year))
    page.get_by_role("button", name="Complete this task").click()

    expect(page.get_by_text("Completed by you")).to_be_visible()


def test_the_diagram_shows_a_token_its_watermark_and_the_way_down(small: Site) -> None:
    senior = small.hire("senior_officer", "Sam Carter")
    reference = small.report()
    instance = small.office.records.case(reference, senior).instances[0]
    task = small.task(senior, "record_site_visit")
    visitor = small.visit()
    visitor.sign_in(senior.username)

    page = visitor.go(f"/diagrams/{instance.id}")
    expect(page.locator(".app-token")).to_have_count(1)
    expect(page.locator(".djs-element.is-current")).to_have_count(1)
    mark = page.locator(".bjs-powered-by")
    expect(mark).to_be_visible()
    mark.scroll_into_view_if_needed()
    assert page.evaluate(
        """() => { const box = document.querySelector('.bjs-powered-by')
        .getBoundingClientRect(); const top = document.elementFromPoint(
        box.x + box.width / 2, box.y + box.height / 2);
        return top !== null && top.closest('.bjs-powered-by') !== null }"""
    ), "The bpmn.io watermark is covered."
    small.office.casework.complete_task(
        task.id,
        {
            "visited_on": small.office.clock.today(),
            "breach_found": "yes",
            "what_seen": "A wall",
        },
        senior,
    )
    page = visitor.go(f"/diagrams/{instance.id}")
    page.locator(".app-drill").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Review")
    assert not visitor.troubles


def test_a_press_twice_completes_once(small: Site) -> None:
    officer = small.hire("officer", "Ann Bell")
    reference = small.report()
    visitor = small.visit()
    visitor.sign_in(officer.username)
    page = visitor.go(f"/tasks/{small.task(officer, 'record_site_visit').id}")
    today = small.office.clock.today()
    page.locator("#visited_on-day").fill(str(today.day))
    page.locator("#visited_on-month").fill(str(today.month))
    page.locator("#visited_on-year").fill(str(today.year))
    page.get_by_label("No", exact=True).check()

    page.get_by_role("button", name="Complete this task").dblclick()

    expect(page.get_by_text("Completed by you")).to_be_visible()
    case = small.office.records.case(reference, officer)
    assert len(case.completed_tasks) == 1
