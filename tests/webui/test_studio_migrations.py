"""Managers move running cases to a newer version, and one case by hand."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from browsing import Browser, Web, heading, small_files, words

import engine

OLD, NEW = "chase_site_visit", "speed_up_the_visit"
AFFECTED = "/studio/processes/enforcement/migrate"


def renamed() -> dict[str, bytes]:
    """The small procedure with one of its steps made anew."""
    files = small_files()
    text = files["enforcement.bpmn"].decode()
    text = re.sub(rf'((?:\b|:)(?:id|\w*Ref|bpmnElement)=")({OLD})"', rf'\1{NEW}"', text)
    text = text.replace(f">{OLD}<", f">{NEW}<")
    return files | {"enforcement.bpmn": text.encode()}


@pytest.fixture
def manager(web: Web) -> engine.Officer:
    return web.hire("manager", "Mary Quay")


@pytest.fixture
def browser(web: Web, manager: engine.Officer) -> Browser:
    """Two cases; one has come to the step that the new version does not have."""
    late = web.report()
    assert isinstance(web.office.clock, engine.VirtualClock)
    web.office.clock.move_to(datetime(2026, 4, 20, 9, tzinfo=engine.LONDON))
    web.office.casework.sweep()
    assert late == "ENF/2026/0001" and web.report() == "ENF/2026/0002"
    web.office.casework.publish(renamed(), "maldon")
    return web.sign_in(manager)


def dry_run(web: Web, browser: Browser, manager: engine.Officer) -> str:
    """Begin a dry run and let it finish. Returns the address of its page."""
    browser.get_page(AFFECTED)
    browser.post(AFFECTED, {"kind": "version"})
    while web.office.migrations.carry_on():
        pass
    [migration] = web.office.migrations.all(manager)
    return f"/studio/migrations/{migration.id}"


def test_who_is_affected_is_shown_by_version(browser: Browser) -> None:
    page = browser.get_page(AFFECTED)

    assert heading(page) == "Move running cases to version 2"
    [row] = page.select("tbody tr")
    assert words(row) == "A small investigation 1 2"
    assert "It looks at 2 cases" in words(page)


def test_the_dry_run_says_who_cannot_move_and_why(web: Web, browser: Browser) -> None:
    browser.get_page(AFFECTED)
    page = browser.post(AFFECTED, {"kind": "version"})
    assert "0 of 2 cases looked at" in words(page)
    [bar] = page.select("progress")
    assert (bar["value"], bar["max"]) == ("0", "2")
    assert "http-equiv" in str(page.select_one("head noscript"))
    asked = browser.client.post(
        str(page.select_one("[data-carry-on]")["data-carry-on"]),  # type: ignore[index]
        headers={"X-CSRFToken": browser.token()},
    )
    assert asked.json == {"done": 2, "has_work": False}

    page = browser.get_page("/studio/migrations")
    [link] = page.select(".app-row__title a")
    page = browser.get_page(str(link["href"]))

    why = words(page.select_one("#why + ul"))
    assert why == (
        "1 case : It stands at “Chase the site visit”, which the new version no "
        "longer has."
    )
    [row] = page.select("table tbody tr")
    assert row.select_one("a[href='/cases/ENF-2026-0001']") is not None
    assert "Move 1 case" in words(page)
    listed = browser.get_page(f"{link['href']}/cases?state=can_move")
    assert "ENF/2026/0002" in words(listed) and "0001" not in words(listed)


def test_cases_are_moved_with_a_reason_stopped_resumed_and_moved_back(
    web: Web, browser: Browser, manager: engine.Officer
) -> None:
    where = dry_run(web, browser, manager)
    browser.get_page(where)
    page = browser.post(f"{where}/start", {"reason": ""}, 400)
    assert "Say why the running cases are moved." in words(page)

    page = browser.post(f"{where}/start", {"reason": "The chase is another now."})
    assert "0 of 1 case done" in words(page)
    page = browser.post(f"{where}/stop")
    assert "It has been stopped" in words(page)
    browser.post(f"{where}/resume")
    while web.office.migrations.carry_on():
        pass
    page = browser.get_page(where)
    assert "Moved 1 case" in words(page)
    case = browser.get_page("/cases/ENF-2026-0002")
    told = words(case.select_one("#chronology + ol"))
    assert "Moved to version 2 of ‘A small investigation’" in told
    assert "The chase is another now." in told and "Mary Quay" in told

    browser.get_page(where)
    browser.post(f"{where}/undo")
    while web.office.migrations.carry_on():
        pass
    assert "Moved back 1 case" in words(browser.get_page(where))
    case = browser.get_page("/cases/ENF-2026-0002")
    assert "Moved back to version 1" in words(case)


def test_there_may_be_nothing_to_move(browser: Browser) -> None:
    browser.get_page("/studio/processes/prosecution/migrate")
    page = browser.post("/studio/processes/prosecution/migrate", {}, 400)
    assert "Every running case already follows the newest version." in words(page)
    browser.get_page("/studio/processes/nowhere/migrate", 404)
    browser.post("/studio/processes/nowhere/migrate", {}, 404)
    browser.get_page("/studio/migrations/nothing", 404)


def test_dates_can_be_worked_out_again(
    web: Web, browser: Browser, manager: engine.Officer
) -> None:
    browser.get_page(AFFECTED)
    page = browser.post(AFFECTED, {"kind": "dates"})
    assert heading(page) == "Work dates out again"
    while web.office.migrations.carry_on():
        pass
    [migration] = web.office.migrations.all(manager)
    page = browser.get_page(f"/studio/migrations/{migration.id}")
    assert "No date would change." in words(page)


def move_by_hand(web: Web, browser: Browser) -> str:
    """The address of the page on which the second case is moved by hand."""
    page = browser.get_page("/cases/ENF-2026-0002")
    [link] = page.select("#diagrams ~ ul a[href*='/move/']")
    return str(link["href"])


def test_a_case_is_moved_by_hand(web: Web, browser: Browser) -> None:
    where = move_by_hand(web, browser)
    page = browser.get_page(where)
    [box] = page.select("input[name=leave]")
    steps = {str(each["value"]): words(each) for each in page.select("select option")}
    assert steps["review"] == "Review (Enforcement officer)"
    page = browser.post(where, {"area": "", "leave": box["value"], "to": ""}, 400)
    said = words(page.select_one(".govuk-error-summary"))
    assert "Choose the step where the case goes on." in said
    assert "Say why the case is moved by hand." in said
    asked = {"area": "", "leave": box["value"], "reason": "It was seen on Friday."}
    page = browser.post(where, {**asked, "to": OLD}, 400)
    assert "is a side step" in words(page.select_one(".govuk-error-summary"))

    page = browser.post(where, {**asked, "to": "review"})

    assert "The case has been moved." in words(page)
    told = words(page.select_one("#chronology + ol"))
    assert "Moved by hand from ‘Record the site visit’ to ‘Review’" in told
    assert "It was seen on Friday." in told


def test_only_managers_are_offered_to_move_a_case(web: Web, browser: Browser) -> None:
    where = move_by_hand(web, browser)
    officer = web.sign_in(web.hire("officer", "Ann Bell"))
    page = officer.get_page("/cases/ENF-2026-0002")
    assert not page.select("a[href*='/move/']")
    officer.get_page(where, 403)
    officer.get_page(AFFECTED, 403)
    elsewhere = where.replace("ENF-2026-0002", "ENF-2026-0001")
    browser.get_page(elsewhere, 404)


def test_a_case_that_stands_in_several_parts_is_moved_in_one_of_them(
    web: Web, browser: Browser
) -> None:
    where = move_by_hand(web, browser)
    page = browser.get_page(where)
    [box] = page.select("input[name=leave]")
    asked = {"area": "", "leave": box["value"], "reason": "It was seen on Friday."}
    browser.post(where, {**asked, "to": "review"})

    page = browser.get_page(where)
    links = [str(each["href"]) for each in page.select("main li a")]
    assert len(links) == 2 and links[0].endswith("part=main")
    assert "It stands at “Review”" in words(page)
    inner = browser.get_page(links[1])
    assert words(inner.select_one("fieldset")) != words(
        browser.get_page(links[0]).select_one("fieldset")
    )
    browser.get_page(f"{where}?part=nowhere", 404)
