"""Incidents: why a step failed, and trying it again from the list or from its case."""

from __future__ import annotations

from datetime import timedelta

import engine_models as draw
import pytest
import small_office as small
from browsing import Browser, Web, heading, words

import engine

BREAKS_ON_THE_FIRST_DAY = "share = 10 / days_between(case.received_on, today())"


@pytest.fixture
def broken(web: Web) -> Web:
    """A process that breaks on the day of the report, and works on any other."""
    files = small.drawn(
        "shares",
        [
            draw.start(),
            draw.script("divide", BREAKS_ON_THE_FIRST_DAY),
            draw.user("ask", form="ask"),
            draw.end(),
        ],
        ["begin > divide > ask > done"],
    )
    web.office.casework.publish(files, "maldon")
    return web


@pytest.fixture
def manager(broken: Web) -> Browser:
    return broken.sign_in(broken.hire("manager", "Max Field"))


def next_day(web: Web) -> None:
    assert isinstance(web.office.clock, engine.VirtualClock)
    web.office.clock.move_to(web.office.clock.now() + timedelta(days=1))


def waiting(browser: Browser) -> str:
    """What the navigation calls the list."""
    assert browser.page is not None
    link = browser.page.select_one('nav a[href="/incidents"]')
    return words(link)


def test_a_list_with_nothing_on_it_says_so(manager: Browser) -> None:
    page = manager.get_page("/incidents")

    assert "No step waits for repair" in words(page)
    assert waiting(manager) == "Incidents"


def test_the_list_says_which_step_failed_why_and_what_to_do(
    broken: Web, manager: Browser
) -> None:
    references = [broken.report(process="shares") for _ in range(2)]

    page = manager.get_page("/incidents")

    said = words(page)
    assert "Divide" in [words(each) for each in page.select("h2")]
    assert all(reference in said for reference in references)
    assert "2 cases wait, the first since 2 March 2026 at 9am" in said
    assert "A number cannot be divided by nothing" in said
    assert page.select_one('a[href="/studio/drafts/new"]') is not None
    assert waiting(manager) == "Incidents (2)"


def test_all_of_a_kind_are_tried_again(broken: Web, manager: Browser) -> None:
    references = [broken.report(process="shares") for _ in range(2)]
    page = manager.get_page("/incidents")
    button = page.select_one('button[name="like"]')
    assert button is not None
    next_day(broken)

    page = manager.post("/incidents/retry", {"like": button["value"]})

    assert heading(page) == "What came of trying again"
    assert "2 of 2 went on" in words(page)
    assert all(reference in words(page) for reference in references)
    assert waiting(manager) == "Incidents"


def test_only_the_selected_are_tried_again(broken: Web, manager: Browser) -> None:
    broken.report(process="shares")
    broken.report(process="shares")
    page = manager.get_page("/incidents")
    boxes = [str(box["value"]) for box in page.select('input[name="incident"]')]
    next_day(broken)

    page = manager.post("/incidents/retry", {"incident": boxes[0]})

    assert "1 of 1 went on" in words(page)
    assert "1 step still waits" in words(page)


def test_what_fails_again_says_why_again(broken: Web, manager: Browser) -> None:
    broken.report(process="shares")
    page = manager.get_page("/incidents")
    box = page.select_one('input[name="incident"]')
    assert box is not None

    page = manager.post("/incidents/retry", {"incident": box["value"]})

    assert "0 of 1 went on; nothing was changed" in words(page)
    assert "It failed again because:" in words(page)
    assert "A number cannot be divided by nothing" in words(page)


def test_nothing_selected_is_an_error_on_the_page(
    broken: Web, manager: Browser
) -> None:
    broken.report(process="shares")
    manager.get_page("/incidents")

    page = manager.post("/incidents/retry", {}, 400)

    summary = page.select_one(".govuk-error-summary a")
    assert summary is not None
    assert page.find(id=str(summary["href"]).removeprefix("#")) is not None


def test_a_case_leads_to_the_list_and_tries_its_own_step(
    broken: Web, manager: Browser
) -> None:
    reference = broken.report(process="shares")
    path = f"/cases/{reference.replace('/', '-')}"
    page = manager.get_page(path)
    form = page.select_one('form[action^="/incidents/"]')
    assert form is not None
    assert page.select_one('main a[href="/incidents"]') is not None

    failed = manager.post(str(form["action"]))
    assert "It failed again because:" in words(failed)
    next_day(broken)
    manager.get_page(path)
    page = manager.post(str(form["action"]))

    assert heading(page).startswith("4 Mill Lane")
    assert "“Divide”: Done. The case goes on." in words(page)
    assert "A step needs repair" not in words(page)


def test_what_is_not_there_is_not_found(manager: Browser) -> None:
    manager.get_page("/incidents")
    manager.post("/incidents/nothing/retry", {}, 404)
    manager.get_page("/incidents")
    manager.post("/incidents/retry", {"like": "nothing"}, 404)


def test_officers_see_no_list_and_no_count(broken: Web) -> None:
    broken.report(process="shares")
    officer = broken.sign_in(broken.hire("officer", "Ann Bell"))

    page = officer.get_page("/worklist")

    assert page.select_one('a[href="/incidents"]') is None
    officer.get_page("/incidents", 403)
