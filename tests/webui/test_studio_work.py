"""The work on a diagram: numbers that lead to cases, and where one case has been."""

from __future__ import annotations

import json

import pytest
from browsing import Browser, Web, heading, words

import engine

WORK = "/studio/processes/enforcement/work"


@pytest.fixture
def manager(web: Web) -> Browser:
    return web.sign_in(web.hire("manager", "Max Field"))


def visit(web: Web, officer: engine.Officer, breach: str) -> None:
    """Complete the first visit that waits."""
    task = web.task(officer, "record_site_visit")
    seen = {"what_seen": "A wall"} if breach == "yes" else {}
    web.office.casework.complete_task(
        task.id,
        {
            "visited_on": web.office.clock.today(),
            "breach_found": breach,
            **seen,
        },
        officer,
    )


def row(browser: Browser, name: str) -> list[str]:
    assert browser.page is not None
    for found in browser.page.select("table.app-steps tbody tr"):
        cells = [words(cell) for cell in found.find_all(["th", "td"])]
        if cells[0].startswith(name):
            return cells
    raise AssertionError(f"No row is called {name}.")


def test_the_table_says_how_many_cases_are_where(web: Web, manager: Browser) -> None:
    officer = web.hire("officer", "Ann Bell")
    for _ in range(3):
        web.report()
    visit(web, officer, "yes")

    page = manager.get_page(WORK)

    assert heading(page) == "A small investigation"
    assert "3 cases are in this process now" in words(page)
    visits = row(manager, "Record the site visit")
    assert visits[1].startswith("2 cases") or visits[1].startswith("2")
    assert visits[4:] == ["1", "0 days", "0 days", "1 task Few"]
    assert row(manager, "Review")[1].startswith("1")


def test_a_number_leads_to_exactly_those_cases(web: Web, manager: Browser) -> None:
    officer = web.hire("officer", "Ann Bell")
    waiting, reviewed, closed = (web.report() for _ in range(3))
    references = sorted([waiting, reviewed, closed])
    visit(web, officer, "yes")
    visit(web, officer, "no")
    at_visit = [
        task.case_reference
        for task in web.office.records.worklist(officer, "team").rows
        if task.element == "record_site_visit"
    ]
    page = manager.get_page(WORK)
    link = page.select_one('a[href*="element=record_site_visit"]')
    assert link is not None

    page = manager.get_page(str(link["href"]))

    assert "Only cases at Record the site visit" in words(page)
    assert [r for r in references if r in words(page)] == at_visit
    assert words(page.select_one("h2")) == "1 case"
    all_again = manager.get_page("/cases")
    assert "3 cases" in words(all_again)


def test_cases_in_a_called_process_are_found_at_its_call(
    web: Web, manager: Browser
) -> None:
    officer = web.hire("officer", "Ann Bell")
    web.report()
    web.report()
    visit(web, officer, "yes")

    assert "1 case" in words(
        manager.get_page("/cases?process=enforcement&element=review").select_one("h2")
    )
    assert "1 case" in words(manager.get_page("/cases?process=review").select_one("h2"))
    assert "2 cases" in words(
        manager.get_page("/cases?process=enforcement").select_one("h2")
    )
    found = manager.get_page("/cases?process=nothing&element=of_that_kind")
    assert "Only cases at of_that_kind" in words(found)
    assert "No case fits" in words(found)


def test_overdue_at_a_step_is_not_overdue_somewhere(web: Web, manager: Browser) -> None:
    web.report()
    clock = web.office.clock
    assert isinstance(clock, engine.VirtualClock)
    clock.move_to(clock.now().replace(month=5))
    web.office.casework.sweep()

    manager.get_page(WORK)
    assert row(manager, "Record the site visit")[2].startswith("! 1")
    assert row(manager, "Chase the site visit")[2] == "0"
    there = "/cases?process=enforcement&overdue=1&element="
    late = manager.get_page(f"{there}record_site_visit")
    assert "and overdue there" in words(late)
    assert words(late.select_one("h2")) == "1 case"
    assert words(manager.get_page(f"{there}chase_site_visit").select_one("h2")) == (
        "0 cases"
    )


def test_what_the_viewer_shows_is_what_the_table_says(
    web: Web, manager: Browser
) -> None:
    officer = web.hire("officer", "Ann Bell")
    for _ in range(3):
        web.report()
    visit(web, officer, "yes")

    page = manager.get_page(WORK)

    holder = page.select_one("[data-work]")
    assert holder is not None
    shown = json.loads(str(holder["data-work"]))
    steps = {step["element"]: step for step in shown["steps"]}
    assert steps["record_site_visit"]["standing"] == 2
    assert steps["record_site_visit"]["number"] == 5
    assert steps["review"]["number"] == 3
    assert steps["review"]["down"].startswith("/studio/processes/review/work")
    assert {flow["id"]: flow["taken"] for flow in shown["flows"]} == {
        "to_visit": 3,
        "to_breach": 1,
        "a_breach": 1,
    }


def test_the_picture_shows_it_without_the_viewer(web: Web, manager: Browser) -> None:
    web.report()

    answer = manager.client.get(f"{WORK}.svg?tint=time")

    assert answer.mimetype == "image/svg+xml"
    assert answer.get_data(as_text=True).count('rx="11"') == 1
    assert "script-src" not in answer.headers["Content-Security-Policy"]
    drawing = manager.client.get(f"{WORK}.bpmn")
    assert b"record_site_visit" in drawing.data


def test_days_that_cannot_be_are_refused_on_the_page(manager: Browser) -> None:
    for asked, says in (
        ("since-day=31&since-month=2&since-year=2026", "real date"),
        (
            "since-day=3&since-month=3&since-year=2026"
            "&until-day=2&until-month=3&until-year=2026",
            "must not be later",
        ),
        ("until-day=1&until-month=1&until-year=9999", "year 3000"),
        ("tint=colourful", "problem"),
    ):
        page = manager.get_page(f"{WORK}?{asked}", 400)
        summary = page.select_one(".govuk-error-summary")
        assert summary is not None
        assert says in words(summary)


def test_our_own_links_name_a_day_in_one_part(web: Web, manager: Browser) -> None:
    page = manager.get_page(f"{WORK}?since=2026-02-01&until=2026-02-28&tint=time")

    assert "from 1 February 2026 to 28 February 2026" in words(page)


def test_a_process_that_is_not_published_is_not_found(manager: Browser) -> None:
    manager.get_page("/studio/processes/nothing/work", 404)


def test_one_case_shows_when_it_passed_what_and_by_whom(web: Web) -> None:
    officer = web.hire("officer", "Ann Bell")
    reference = web.report()
    visit(web, officer, "yes")
    [instance] = web.office.records.case(reference, officer).instances
    browser = web.sign_in(officer)

    page = browser.get_page(f"/diagrams/{instance.id}")

    passed = [words(each) for each in page.select(".app-chronology li")]
    assert passed == [
        "Report received 2 March 2026 at 9am",
        "Record the site visit : the answers, 2 March 2026 at 9am "
        "2 March 2026 at 9am, Ann Bell",
        "Is there a breach? Yes 2 March 2026 at 9am",
    ]
    assert "This is version 1" in words(page)
    link = page.select_one(".app-chronology a")
    assert link is not None
    assert "A wall" in words(browser.get_page(str(link["href"])))
    state = browser.client.get(f"/diagrams/{instance.id}.json").get_json()
    assert state["passed"]["record_site_visit"] == (
        "Record the site visit, passed on 2 March 2026 at 9am by Ann Bell."
    )


def test_one_case_says_that_a_newer_version_exists(web: Web) -> None:
    officer = web.hire("officer", "Ann Bell")
    reference = web.report()
    [instance] = web.office.records.case(reference, officer).instances
    files = web.office.records.export("maldon")
    changed = files["enforcement.bpmn"].replace(b"Report received", b"Report arrived")
    web.office.casework.publish({**files, "enforcement.bpmn": changed}, "maldon")
    browser = web.sign_in(officer)

    page = browser.get_page(f"/diagrams/{instance.id}")

    assert "This is version 1" in words(page)
    assert "new cases start on version 2" in words(page)
    assert "Report received" in words(page)


def test_the_diagram_can_be_changed_from_its_work(web: Web, manager: Browser) -> None:
    page = manager.get_page(WORK)
    link = page.find("a", string="Change this diagram")
    assert link is not None
    manager.get_page(str(link["href"]))

    begun = manager.post(
        "/studio/drafts",
        {"title": "Visit again", "note": "Why", "diagram": "enforcement"},
    )

    assert begun.select_one("#studio-editor") is not None
    assert "Visit again" in words(manager.get_page(WORK))
