"""The pages of periods and of the calculator."""

from __future__ import annotations

from browsing import Web, words


def test_every_period_shows_its_source_and_what_is_unconfirmed(web: Web) -> None:
    officer = web.hire("officer", "Ann Bell")

    page = web.sign_in(officer).get_page("/periods")

    rows = page.select(".app-row")
    assert len(rows) == len(web.office.records.periods(officer)) > 96
    reply = page.select_one("#pcn_response")
    assert "21 days" in words(reply)
    assert "Not yet confirmed by a solicitor" in words(reply)
    assert "Source:" in words(reply)


def test_a_date_is_worked_out_with_its_reasons(web: Web) -> None:
    browser = web.sign_in(web.hire("officer", "Ann Bell"))

    page = browser.get_page(
        "/deadline?calculate=1&key=pcn_response"
        "&trigger-day=2&trigger-month=3&trigger-year=2026"
    )

    assert "The last day is 22 March 2026" in words(page)
    assert page.select(".app-details-list li")


def test_what_is_missing_is_asked_for(web: Web) -> None:
    browser = web.sign_in(web.hire("officer", "Ann Bell"))

    page = browser.get_page("/deadline?calculate=1&key=pcn_response", 400)

    assert "Enter the day it starts" in words(page)


def test_a_period_that_does_not_exist_is_refused(web: Web) -> None:
    browser = web.sign_in(web.hire("officer", "Ann Bell"))

    page = browser.get_page(
        "/deadline?calculate=1&key=no_such&trigger-day=2&trigger-month=3"
        "&trigger-year=2026",
        400,
    )

    assert "Select one of the answers offered" in words(page)
