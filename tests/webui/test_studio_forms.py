"""The page of a form: begun, seen as officers see it, listed without JavaScript."""

from __future__ import annotations

import json
from typing import Any

import pytest
import small_changes
from browsing import Browser, Web, heading, words

from engine import Officer

Manager = tuple[Officer, Browser]


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


FIRST = {
    "title": "Visit a third time",
    "label": "When did you visit?",
    "kind": "datetime",
    "key": "third_visit_on",
}


def in_json(
    browser: Browser, path: str, body: dict[str, Any], status: int = 200
) -> Any:
    answer = browser.client.post(
        path, json=body, headers={"X-CSRFToken": browser.token()}
    )
    assert answer.status_code == status, answer.get_data(as_text=True)
    return answer.get_json()


def saved(browser: Browser, path: str, name: str) -> Any:
    return json.loads(browser.client.get(f"{path}/download/{name}").get_data())


def test_the_page_has_the_form_its_users_and_the_ways_to_its_file(
    made: tuple[Browser, str],
) -> None:
    browser, path = made

    page = browser.get_page(f"{path}/forms/visit_again")

    assert heading(page) == "Form: Visit again"
    assert page.select_one(f'a[href="{path}/diagrams/enforcement?element=visit_again"]')
    assert page.select_one(f'a[href="{path}/download/forms/visit_again.json"]')
    assert page.select_one("[data-shown] input[name=visit_again_note]")
    listed = words(page.select_one(".app-without-script ol"))
    assert "visit_again_note Short text, the fact visit_again_note" in listed
    source = page.select_one("script[type='application/json']")
    text = json.loads(json.loads(source.get_text()))
    assert text["id"] == "visit_again"


def test_a_new_form_begins_with_one_question(made: tuple[Browser, str]) -> None:
    browser, path = made
    page = browser.get_page(f"{path}/forms/visit_third?title=Visit+a+third+time")
    assert heading(page) == "New form"
    assert "deemed_service" in words(page.select_one("details"))

    page = browser.post(f"{path}/forms/visit_third", FIRST)

    assert heading(page) == "Form: Visit a third time"
    form = saved(browser, path, "forms/visit_third.json")
    assert (form["id"], form["title"]) == ("visit_third", "Visit a third time")
    assert form["components"] == [
        {
            "type": "datetime",
            "id": "field_third_visit_on",
            "key": "third_visit_on",
            "label": "When did you visit?",
            "validate": {"required": True},
            "subtype": "date",
        }
    ]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"label": " "}, "Enter the first question"),
        ({"kind": "table"}, "Choose how it is answered"),
        ({"key": "Visit on"}, "Enter the name of the fact in small letters"),
        ({"key": "today"}, "“today” is taken"),
        ({"key": "case"}, "“case” is taken"),
        ({"key": "reason"}, "“reason” is taken"),
    ],
)
def test_what_a_new_form_lacks_is_said_and_the_rest_is_kept(
    made: tuple[Browser, str], given: dict[str, str], says: str
) -> None:
    browser, path = made
    browser.get_page(f"{path}/forms/visit_third")

    page = browser.post(f"{path}/forms/visit_third", FIRST | given, 400)

    assert says in words(page.select_one(".govuk-error-summary"))
    assert page.select_one("input[name=title]")["value"] == "Visit a third time"


def test_a_form_needs_a_name_that_a_task_can_use(made: tuple[Browser, str]) -> None:
    browser, path = made
    browser.get_page(f"{path}/forms/Third-visit")

    page = browser.post(f"{path}/forms/Third-visit", FIRST, 400)
    again = browser.post(f"{path}/forms/visit_again", FIRST, 400)

    assert "“Third-visit” cannot be the name of a form" in words(page)
    assert "There is a form “visit_again” already" in words(again)


def test_the_unsaved_form_is_drawn_as_on_the_page_of_a_task(
    made: tuple[Browser, str],
) -> None:
    browser, path = made
    browser.get_page(f"{path}/forms/visit_again")
    text = json.dumps(
        {
            "id": "visit_again",
            "components": [
                {
                    "type": "radio",
                    "id": "seen",
                    "key": "seen",
                    "label": "Was it seen?",
                    "values": [{"value": "yes", "label": "Yes"}],
                },
                {
                    "type": "textarea",
                    "id": "what",
                    "key": "what",
                    "label": "What?",
                    "conditional": {"hide": '=seen != "yes"'},
                },
            ],
        }
    )

    html = in_json(browser, f"{path}/forms/visit_again/preview", {"text": text})["html"]

    assert 'class="govuk-radios' in html
    assert "data-hide=" in html
    assert saved(browser, path, "forms/visit_again.json") != json.loads(text)


def test_answers_are_tried_as_officers_would_give_them(
    made: tuple[Browser, str],
) -> None:
    browser, path = made
    browser.get_page(f"{path}/forms/visit_again")
    text = json.dumps(
        {
            "components": [
                {
                    "type": "textfield",
                    "id": "a",
                    "key": "a",
                    "label": "A",
                    "validate": {"required": True},
                }
            ]
        }
    )
    address = f"{path}/forms/visit_again/preview"

    wrong = in_json(browser, address, {"text": text, "answers": {"a": [""]}})
    right = in_json(browser, address, {"text": text, "answers": {"a": ["Seen"]}})

    assert "Enter an answer to “A”" in wrong["html"]
    assert "These answers would be taken" in right["html"]


def test_the_editor_gets_a_sentence_for_what_is_no_form(
    made: tuple[Browser, str],
) -> None:
    browser, path = made
    browser.get_page(f"{path}/forms/visit_again")
    address = f"{path}/forms/visit_again/preview"

    html = in_json(browser, address, {"text": "[" * 5000})["html"]

    assert "Nothing can be shown yet" in html
    in_json(browser, address, {"text": 5}, 400)
    in_json(browser, address, {}, 400)


def test_without_javascript_the_saved_form_can_be_tried(
    made: tuple[Browser, str],
) -> None:
    browser, path = made
    browser.get_page(f"{path}/forms/visit_again")

    page = browser.post(
        f"{path}/forms/visit_again/preview", {"visit_again_note": "x" * 60_000}, 400
    )
    fine = browser.post(
        f"{path}/forms/visit_again/preview", {"visit_again_note": "A wall"}
    )

    assert page.select_one(".govuk-error-summary")
    assert "These answers would be taken" in words(fine)


def test_a_broken_form_is_shown_with_its_problems(
    shared_studio: Web, manager: Manager
) -> None:
    person, browser = manager
    broken = {"forms/visit_site.json": b'{"components": [}'}
    draft = small_changes.draft(shared_studio, person, broken)

    page = browser.get_page(f"/studio/drafts/{draft}/forms/visit_site")

    assert "Nothing can be shown yet" in words(page)
    assert page.select("[data-problems] li")
