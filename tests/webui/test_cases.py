"""The list of cases, the case page, its diagrams, and starting processes."""

from __future__ import annotations

import json

from browsing import Web, heading, words

import engine


def finish(web: Web, officer: engine.Officer) -> None:
    task = web.task(officer, "record_site_visit")
    web.office.casework.complete_task(
        task.id, {"visited_on": "2026-03-02", "breach_found": "no"}, officer
    )


def test_cases_are_found_by_words_and_narrowed_by_filters(web: Web) -> None:
    officer = web.hire("officer", "Ann Bell")
    web.report()
    finish(web, officer)
    web.report(address="9 Quay Street, Burnham")
    browser = web.sign_in(officer)

    def found(query: str) -> list[str]:
        page = browser.get_page(f"/cases?{query}")
        return [words(title) for title in page.select(".app-row__title")]

    assert found("") == ["9 Quay Street, Burnham", "4 Mill Lane, Heybridge"]
    assert found("q=quay") == ["9 Quay Street, Burnham"]
    assert found("q=ENF/2026/0001") == ["4 Mill Lane, Heybridge"]
    assert found("status=closed") == ["4 Mill Lane, Heybridge"]
    assert found("q=nothing+like+it") == []
    assert len(found("status=rubbish&priority=9")) == 2


def test_the_case_page_shows_everything_known(web: Web) -> None:
    web.report()
    browser = web.sign_in(web.hire("officer", "Ann Bell"))

    page = browser.get_page("/cases/ENF-2026-0001")

    text = words(page)
    assert heading(page) == "4 Mill Lane, Heybridge"
    for expected in (
        "ENF/2026/0001",
        "Walls, fences or gates",
        "Record the site visit",
        "23 March 2026",
        "Service standard",
        "Report received",
        "It blocks the view of the road",
        "Olwen Secretperson",
    ):
        assert expected in text
    assert page.select_one("img[src*='.svg']")["alt"]


def test_the_complainant_is_only_on_the_case_page_of_who_may_know(web: Web) -> None:
    web.report()
    officer = web.hire("officer", "Ann Bell")
    browser = web.sign_in(officer)
    task = web.task(officer, "record_site_visit")

    pages = [
        browser.get_page(path)
        for path in ("/cases", "/worklist?show=team", f"/tasks/{task.id}")
    ]

    assert not any("Secretperson" in words(page) for page in pages)


def test_the_diagram_shows_where_the_case_stands_and_leads_down(web: Web) -> None:
    senior = web.hire("senior_officer", "Sam Carter")
    web.report()
    task = web.task(senior, "record_site_visit")
    browser = web.sign_in(senior)
    case = browser.get_page("/cases/ENF-2026-0001")
    path = str(case.select_one("a[href*='/diagrams/']")["href"])

    before = browser.get_page(path)
    web.office.casework.complete_task(
        task.id,
        {"visited_on": "2026-03-02", "breach_found": "yes"} | {"what_seen": "A wall"},
        senior,
    )
    after = browser.get_page(path)
    down = after.select_one("main li a[href*='/diagrams/']")
    called = browser.get_page(str(down["href"]))

    assert "Record the site visit" in words(before)
    assert "Review: not reached yet" in words(before)
    assert "Review : under way" in words(after)
    assert "Review the findings" in words(called)
    assert "Back up to A small investigation" in words(called)


def test_the_viewer_gets_the_diagram_and_its_tokens(web: Web) -> None:
    web.report()
    browser = web.sign_in(web.hire("officer", "Ann Bell"))
    case = browser.get_page("/cases/ENF-2026-0001")
    path = str(case.select_one("a[href*='/diagrams/']")["href"])

    xml = browser.client.get(f"{path}.bpmn")
    state = json.loads(browser.client.get(f"{path}.json").data)
    picture = browser.client.get(f"{path}.svg")

    assert xml.mimetype == "application/xml"
    assert state["current"] == ["record_site_visit"]
    assert state["done"] == ["report_received"]
    assert picture.mimetype == "image/svg+xml"
    assert "default-src 'none'" in picture.headers["Content-Security-Policy"]


def test_a_process_is_started_from_the_case_by_who_may(web: Web) -> None:
    web.report()
    path = "/cases/ENF-2026-0001/start/prosecution"
    officer = web.sign_in(web.hire("officer", "Ann Bell"))
    legal = web.sign_in(web.hire("legal", "Lee Moss"))

    officer.get_page(path, 404)
    page = legal.get_page(path)
    case = legal.post(path)

    assert heading(page) == "Consider a prosecution"
    assert "Apply the two tests" in words(case)


def test_a_closed_case_is_reopened_with_a_reason(web: Web) -> None:
    officer = web.hire("officer", "Ann Bell")
    web.report()
    finish(web, officer)
    browser = web.sign_in(officer)
    path = "/cases/ENF-2026-0001/reopen"
    browser.get_page(path)

    refused = browser.post(path, {"reason": " "}, status=400)
    case = browser.post(path, {"reason": "The wall is back"})

    assert "Say why" in words(refused)
    assert "The wall is back" in words(case)
    assert "Record the site visit" in words(case)


def test_an_administrator_is_not_led_to_cases(web: Web) -> None:
    """Administrators look after accounts; the list of cases refuses them."""
    browser = web.sign_in(web.hire("administrator", "Ada Quill"))

    page = browser.get_page("/worklist")

    assert not page.select('nav a[href="/cases"]')
    assert "cannot work on cases" in words(browser.get_page("/cases", 403))
