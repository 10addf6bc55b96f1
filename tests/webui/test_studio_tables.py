"""The page of a decision table: begun, tried, made the council's own."""

from __future__ import annotations

from typing import Any

import pytest
import small_changes
from browsing import Browser, Web, heading, words

from engine import PROCESSES, Officer

Manager = tuple[Officer, Browser]

PRIORITY = (PROCESSES / "priority.dmn").read_bytes()
OWN = "councils/maldon/priority.dmn"


@pytest.fixture(scope="module")
def manager(shared_studio: Web) -> Manager:
    person = shared_studio.hire("manager", "Max Field")
    return person, shared_studio.sign_in(person)


@pytest.fixture
def made(shared_studio: Web, manager: Manager) -> tuple[Browser, str]:
    """A manager's browser, and the address of a draft of the test's own."""
    person, browser = manager
    draft = small_changes.draft(shared_studio, person, {"priority.dmn": PRIORITY})
    return browser, f"/studio/drafts/{draft}"


def try_json(browser: Browser, path: str, body: Any, status: int = 200) -> Any:
    answer = browser.client.post(
        f"{path}/tables/priority/try",
        json=body,
        headers={"X-CSRFToken": browser.token()},
    )
    assert answer.status_code == status, answer.get_data(as_text=True)
    return answer.get_json()


def test_the_table_is_shown_row_by_row_without_javascript(
    made: tuple[Browser, str],
) -> None:
    browser, path = made

    page = browser.get_page(f"{path}/tables/priority")

    assert heading(page) == "Decision table: Priority of a report (Maldon ENF1)"
    rows = [words(row) for row in page.select(".app-rules tbody tr")]
    assert len(rows) == 15
    assert rows[1].startswith('2 "tree" - - - 1 "Works to protected trees"')
    assert "The first row that fits counts" in words(page)
    assert page.select_one(f'a[href="{path}/download/priority.dmn"]')


def test_a_plain_form_asks_the_table_and_marks_the_rows(
    made: tuple[Browser, str],
) -> None:
    browser, path = made
    browser.get_page(f"{path}/tables/priority")

    page = browser.post(f"{path}/tables/priority/try", {"column_0": "tree"})

    answer = words(page.select_one("[data-answer]"))
    assert "Category 1 Why Works to protected trees" in answer
    assert "Rule enf1_protected_tree" in answer
    marked = [words(row)[:12] for row in page.select("tr.app-rule--fits")]
    assert marked == ['2 decides "t', "15 fits - - "]
    chosen = page.select_one("#column_0 option[selected]")
    assert chosen["value"] == "tree"


def test_the_unsaved_table_is_asked_with_what_decides_cases(
    made: tuple[Browser, str],
) -> None:
    browser, path = made
    browser.get_page(f"{path}/tables/priority")
    unsaved = PRIORITY.decode().replace("Works to protected trees", "A tree")

    saved = try_json(
        browser, path, {"text": PRIORITY.decode(), "answers": {"column_0": ["tree"]}}
    )
    other = try_json(
        browser, path, {"text": unsaved, "answers": {"column_0": ["tree"]}}
    )

    assert saved["counted"] == ["enf1_protected_tree"]
    assert saved["fitting"] == ["enf1_protected_tree", "enf1_other"]
    assert "Works to protected trees" in saved["html"]
    assert ">A tree<" in other["html"]


def test_a_table_that_overlaps_says_which_rows(made: tuple[Browser, str]) -> None:
    browser, path = made
    browser.get_page(f"{path}/tables/priority")
    unique = PRIORITY.decode().replace('hitPolicy="FIRST"', 'hitPolicy="UNIQUE"')

    found = try_json(browser, path, {"text": unique, "answers": {"column_0": ["tree"]}})

    assert found["counted"] == []
    assert "Rows 2 and 15 of the table" in found["html"]


def test_what_cannot_be_read_is_said_in_the_row(made: tuple[Browser, str]) -> None:
    browser, path = made
    browser.get_page(f"{path}/tables/priority")

    found = try_json(browser, path, {"text": "<broken", "answers": None})

    assert "The table cannot be tried yet" in found["html"]
    try_json(browser, path, {"text": None}, 400)
    try_json(browser, path, [], 400)


def test_the_council_gets_its_own_table_and_the_common_one_stays(
    made: tuple[Browser, str],
) -> None:
    browser, path = made
    browser.get_page(f"{path}/tables/priority")

    page = browser.post(f"{path}/tables/priority", {"action": "own"})

    assert "This is Maldon District Council’s own table" in words(page)
    own = browser.client.get(f"{path}/download/{OWN}").get_data()
    assert own == PRIORITY
    common = browser.get_page(f"{path}/tables/priority?file=common")
    assert "This is the common table" in words(common)
    assert common.select_one("[data-table-editor]")["data-name"] == "priority.dmn"


def test_a_new_table_can_be_asked_at_once(made: tuple[Browser, str]) -> None:
    browser, path = made
    page = browser.get_page(f"{path}/tables/risk?title=How+risky+%26+why")
    assert heading(page) == "New decision table"

    given = {"title": "How risky & why", "reads": "nature", "sets": "risk"}
    page = browser.post(f"{path}/tables/risk", given)

    assert heading(page) == "Decision table: How risky & why"
    answered = browser.post(f"{path}/tables/risk/try", {"column_0": ""})
    assert "to_be_decided" in words(answered.select_one("[data-answer]"))
    problems = [words(each) for each in answered.select("[data-problems] li")]
    assert any("No diagram uses this decision table" in each for each in problems)


@pytest.mark.parametrize(
    ("decision", "given", "says"),
    [
        ("risk", {"reads": ""}, "Enter the fact that it looks at"),
        ("risk", {"sets": "The risk"}, "Enter the fact that it sets"),
        ("Risk-2", {}, "“Risk-2” cannot be the name of a table"),
        ("priority", {}, "There is a table “priority” already"),
    ],
)
def test_what_a_new_table_lacks_is_said(
    made: tuple[Browser, str], decision: str, given: dict[str, str], says: str
) -> None:
    browser, path = made
    browser.get_page(f"{path}/tables/risk")
    asked = {"title": "Risk", "reads": "nature", "sets": "risk"} | given

    page = browser.post(f"{path}/tables/{decision}", asked, 400)

    assert says in words(page.select_one(".govuk-error-summary"))


def test_a_broken_table_is_shown_with_its_problems(
    shared_studio: Web, manager: Manager
) -> None:
    person, browser = manager
    draft = small_changes.draft(
        shared_studio, person, {"priority.dmn": b"<definitions>"}
    )

    page = browser.get_page(f"/studio/drafts/{draft}/tables/priority")

    assert "The table cannot be tried yet" in words(page)
    assert page.select("[data-problems] li")
