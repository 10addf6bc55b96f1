"""The page for a new report."""

from __future__ import annotations

import pytest
from browsing import Web, heading, words

REPORT = {
    "address": "12 Sluice Road, Tollesby",
    "breach_type": "extend",
    "description": "An extension to the back, since January",
    "harm_described": "It takes the light from next door",
    "channel": "phone",
    "how_known": "public",
    "is_anonymous": "no",
    "complainant_name": "Nobody Real",
}


def test_a_report_opens_a_case(web: Web) -> None:
    browser = web.sign_in(web.hire("officer", "Ann Bell"))
    browser.get_page("/reports/new")

    page = browser.post("/reports/new", REPORT)

    assert heading(page) == "12 Sluice Road, Tollesby"
    assert "Case ENF/2026/0001 has been opened" in words(page)
    assert "Telephone" in words(page)


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ("address", "Enter the address, or say how to find the land"),
        ("description", "Enter what has happened"),
        ("harm_described", "Enter what harm it causes"),
        ("breach_type", "Select the kind of breach"),
        ("complainant_name", "Enter the name of the person who reported it"),
    ],
)
def test_place_nature_harm_and_who_are_required(
    web: Web, missing: str, sentence: str
) -> None:
    browser = web.sign_in(web.hire("officer", "Ann Bell"))
    browser.get_page("/reports/new")

    page = browser.post("/reports/new", REPORT | {missing: ""}, status=400)

    assert sentence in words(page.select_one(".govuk-error-summary"))


def test_an_anonymous_report_needs_no_name_and_keeps_none(web: Web) -> None:
    browser = web.sign_in(web.hire("officer", "Ann Bell"))
    browser.get_page("/reports/new")

    page = browser.post("/reports/new", REPORT | {"is_anonymous": "yes"})

    assert "Anonymous" in words(page)
    assert "Nobody Real" not in words(page)


def test_a_report_cannot_have_come_in_the_future(web: Web) -> None:
    browser = web.sign_in(web.hire("officer", "Ann Bell"))
    browser.get_page("/reports/new")
    tomorrow = {
        "received_on-day": "3",
        "received_on-month": "3",
        "received_on-year": "2026",
    }

    page = browser.post("/reports/new", REPORT | tomorrow, status=400)

    assert "must be today or in the past" in words(page)


def test_an_administrator_takes_no_reports(web: Web) -> None:
    browser = web.sign_in(web.hire("administrator", "Ada Quill"))
    browser.get_page("/reports/new")

    browser.post("/reports/new", REPORT, status=403)
