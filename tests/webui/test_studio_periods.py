"""Periods, service standards and settings of a draft: found, tried, changed."""

from __future__ import annotations

from typing import Any

import pytest
import small_changes
import yaml
from browsing import Browser, Web, heading, words

from engine import Officer

Manager = tuple[Officer, Browser]

COUNCIL = "councils/maldon/council.yaml"
LAW = {
    "from_on-day": "1",
    "from_on-month": "4",
    "from_on-year": "2027",
    "length": "28",
    "unit": "calendar_days",
    "section": "TCPA 1990 s171D(1)",
    "instrument": "SI 2027/123 regulation 4",
    "link": "legislation.gov.uk/uksi/2027/123",
    "on-day": "5",
    "on-month": "4",
    "on-year": "2027",
}
STANDARD = {
    "title": "Third visit",
    "key": "third_visit",
    "group": "Investigation",
    "trigger": "the day of the second visit",
    "length": "10",
    "unit": "working_days",
    "rule": "within_after",
    "date_is": "last_day",
    "policy": "Enforcement Policy 2027, paragraph 4.2",
}


@pytest.fixture(scope="module")
def manager(shared_studio: Web) -> Manager:
    person = shared_studio.hire("manager", "Max Field")
    return person, shared_studio.sign_in(person)


@pytest.fixture
def made(shared_studio: Web, manager: Manager) -> tuple[Browser, str]:
    """A manager's browser, and the address of a draft of the test's own."""
    person, browser = manager
    draft = small_changes.draft(shared_studio, person)
    return browser, f"/studio/drafts/{draft}"


def send(browser: Browser, path: str, given: dict[str, str], status: int = 200) -> Any:
    """Send the form of the page that is open, with its revision."""
    assert browser.page is not None
    revision = str(browser.page.select_one("input[name=revision]")["value"])
    return browser.post(path, {"revision": revision} | given, status)


def kept(browser: Browser, path: str, name: str) -> Any:
    text = browser.client.get(f"{path}/download/{name}").get_data()
    return yaml.safe_load(text)


def test_every_period_has_a_row_with_its_source_and_users(
    made: tuple[Browser, str],
) -> None:
    browser, path = made

    page = browser.get_page(f"{path}/periods")

    row = words(page.select_one("#visit_priority_1"))
    assert "2 working days" in row
    assert "Planning Enforcement Policy, Practice and Guidance" in row
    assert page.select_one(f'#validate_report a[href^="{path}/diagrams/enforcement"]')
    assert "Not yet confirmed by a solicitor" in words(page.select_one("#pcn_response"))


@pytest.mark.parametrize(
    ("query", "found", "missing"),
    [
        ("?q=171E", "tsn_duration", "pcn_response"),
        ("?q=Visit&show=standards", "visit_priority_1", "tsn_duration"),
        ("?show=statutory", "tsn_duration", "visit_priority_1"),
        ("?show=unconfirmed", "pcn_response", "tsn_duration"),
        ("?show=unused", "tsn_duration", "validate_report"),
        ("?show=nonsense", "tsn_duration", "nothing"),
    ],
)
def test_periods_are_searched_and_filtered(
    made: tuple[Browser, str], query: str, found: str, missing: str
) -> None:
    browser, path = made

    page = browser.get_page(f"{path}/periods{query}")

    assert page.select_one(f"#{found}")
    assert not page.select_one(f"#{missing}")


def test_nothing_found_leads_back_to_all(made: tuple[Browser, str]) -> None:
    browser, path = made

    page = browser.get_page(f"{path}/periods?q=zebra")

    assert "No period is like that" in words(page)


def test_an_example_compares_the_dates_and_keeps_nothing(
    made: tuple[Browser, str],
) -> None:
    browser, path = made
    browser.get_page(f"{path}/periods/visit_priority_1")
    given = {"length": "4", "unit": "working_days", "action": "example"}
    given |= {"on-day": "2", "on-month": "3", "on-year": "2026"}

    page = send(browser, f"{path}/periods/visit_priority_1", given)

    before, after = (words(each) for each in page.select(".app-pair .app-entry"))
    assert "The last day is 4 March 2026" in before
    assert "The last day is 6 March 2026" in after
    assert "Working day 4: Friday 6 March 2026" in after
    assert page.select_one("#length")["value"] == "4"
    assert kept(browser, path, COUNCIL)["targets"]["visit_priority_1"]["length"] == 2


def test_a_councils_target_is_kept_and_given_up_again(
    made: tuple[Browser, str],
) -> None:
    browser, path = made
    here = f"{path}/periods/visit_priority_1"
    browser.get_page(here)

    page = send(browser, here, {"length": "4", "unit": "working_days", "note": "ENF 9"})

    assert "“Investigate, priority 1” is changed." in words(page)
    assert "4 working days, where all councils have 2 working days" in words(page)
    own = kept(browser, path, COUNCIL)["targets"]["visit_priority_1"]
    assert own == {"length": 4, "unit": "working_days", "note": "ENF 9"}
    send(browser, here, {"action": "common"})
    assert "visit_priority_1" not in kept(browser, path, COUNCIL)["targets"]


def test_the_law_is_changed_from_a_day_on_with_its_source(
    made: tuple[Browser, str],
) -> None:
    browser, path = made
    here = f"{path}/periods/pcn_response"
    page = browser.get_page(here)
    assert "must be a second person" in words(page)

    shown = send(browser, here, LAW | {"action": "example"})
    page = send(browser, here, LAW)

    before, after = (words(each) for each in shown.select(".app-pair .app-entry"))
    assert "The last day is 25 April 2027" in before
    assert "The last day is 2 May 2027" in after
    assert "A second person must agree to it" in words(page)
    row = kept(browser, path, "periods.yaml")["statutory"]["pcn_response"]
    assert [each["length"] for each in row["versions"]] == [28, 21]
    assert row["section"] == "TCPA 1990 s171D(1)"
    draft = browser.get_page(f"{path}/review")
    assert "Reply to a planning contravention notice" in words(draft)


def test_the_law_is_not_changed_without_its_source(made: tuple[Browser, str]) -> None:
    browser, path = made
    here = f"{path}/periods/pcn_response"
    browser.get_page(here)
    without = {k: v for k, v in LAW.items() if k not in ("instrument", "link")}

    page = send(browser, here, without, 400)

    summary = words(page.select_one(".govuk-error-summary"))
    assert "Enter what you read" in summary
    assert "Enter where it can be read" in summary
    assert page.select_one("#section")["value"] == LAW["section"]


def test_a_period_without_a_length_asks_nothing(made: tuple[Browser, str]) -> None:
    browser, path = made

    page = browser.get_page(f"{path}/periods/en_compliance_period")

    assert "no length of its own" in words(page)
    assert not page.select("#length")


def test_what_another_saved_meanwhile_is_not_undone(
    made: tuple[Browser, str], shared_studio: Web
) -> None:
    browser, path = made
    here = f"{path}/periods/visit_priority_1"
    browser.get_page(here)
    colleague = shared_studio.sign_in(shared_studio.hire("manager", "Mona Reeve"))
    colleague.get_page(f"{path}/periods/visit_priority_2")
    send(
        colleague,
        f"{path}/periods/visit_priority_2",
        {"length": "9", "unit": "working_days"},
    )

    page = send(browser, here, {"length": "4", "unit": "working_days"}, 409)

    assert "Nothing was saved yet" in words(page)
    assert "Mona Reeve" in words(page.select_one("[role=alert]"))
    assert page.select_one("#length")["value"] == "4"
    send(browser, here, {"length": "4", "unit": "working_days"})
    targets = kept(browser, path, COUNCIL)["targets"]
    assert targets["visit_priority_1"]["length"] == 4
    assert targets["visit_priority_2"]["length"] == 9


def test_a_new_service_standard_is_found_by_its_key(made: tuple[Browser, str]) -> None:
    browser, path = made
    browser.get_page(f"{path}/new-standard")

    page = send(browser, f"{path}/new-standard", STANDARD)

    assert heading(page) == "Third visit"
    assert "Its key is third_visit" in words(page)
    browser.get_page(f"{path}/new-standard")
    again = send(browser, f"{path}/new-standard", STANDARD, 400)
    assert "There is a period third_visit already" in words(again)


def test_a_new_service_standard_needs_its_words(made: tuple[Browser, str]) -> None:
    browser, path = made
    browser.get_page(f"{path}/new-standard")

    page = send(browser, f"{path}/new-standard", {"title": "Third visit"}, 400)

    summary = words(page.select_one(".govuk-error-summary"))
    assert "Enter a name of small letters and underscores" in summary
    assert "Say where the council has decided this" in summary


def test_standing_orders_and_settings_are_typed(made: tuple[Browser, str]) -> None:
    browser, path = made
    page = browser.get_page(f"{path}/settings")
    given = {
        field["name"]: field["value"]
        for field in page.select("input[checked], input[type=text]")
    }
    assert given["order_prosecution"] == "authorising_officer"
    assert given["setting_harm_matrix"] == "yes"

    send(
        browser,
        f"{path}/settings",
        given | {"order_prosecution": "committee", "setting_harm_threshold": "6"},
    )

    text = browser.client.get(f"{path}/download/{COUNCIL}").get_data(as_text=True)
    assert "  prosecution: committee\n" in text
    assert "  harm_threshold: 6            # 6.2\n" in text
    assert "withdrawal" not in text, "What is as for all councils is not repeated."
    wrong = send(
        browser, f"{path}/settings", given | {"setting_harm_threshold": "six"}, 400
    )
    assert wrong.select_one(".govuk-error-summary")


def test_bank_holidays_are_shown_with_their_source(made: tuple[Browser, str]) -> None:
    browser, path = made

    page = browser.get_page(f"{path}/bank-holidays")

    assert "25 December 2025, Christmas Day" in words(page)
    assert "GOV.UK" in words(page)


def test_periods_that_cannot_be_read_lead_to_their_file(
    shared_studio: Web, manager: Manager
) -> None:
    person, browser = manager
    draft = small_changes.draft(
        shared_studio, person, {"periods.yaml": b"statutory: ["}
    )

    page = browser.get_page(f"/studio/drafts/{draft}/periods")

    assert "cannot be read, so they cannot be listed" in words(page)
    assert page.select_one(f'a[href="/studio/drafts/{draft}/files/periods.yaml"]')
    browser.get_page(f"/studio/drafts/{draft}/settings", 409)


def test_only_managers_get_in(shared_studio: Web, made: tuple[Browser, str]) -> None:
    _, path = made
    legal = shared_studio.sign_in(shared_studio.hire("legal", "Lee Moss"))

    for place in ("periods", "settings", "forms/visit_site", "tables/priority"):
        legal.get_page(f"{path}/{place}", 403)
