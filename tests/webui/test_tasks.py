"""The task page: its form, drafts, completing, and coming second."""

from __future__ import annotations

from datetime import datetime

from browsing import Browser, Web, heading, words

import engine

VISIT = {
    "visited_on-day": "2",
    "visited_on-month": "3",
    "visited_on-year": "2026",
    "breach_found": "yes",
    "what_seen": "A wall of brick",
    "people_met-count": "0",
}


def open_visit(web: Web) -> tuple[engine.Officer, Browser, str]:
    officer = web.hire("officer", "Ann Bell")
    web.report()
    browser = web.sign_in(officer)
    return officer, browser, f"/tasks/{web.task(officer, 'record_site_visit').id}"


def test_the_page_shows_the_case_why_it_is_due_and_guidance(web: Web) -> None:
    _, browser, path = open_visit(web)

    page = browser.get_page(path)

    text = words(page)
    assert heading(page) == "Record the site visit"
    assert "4 Mill Lane, Heybridge" in text
    assert "Due 23 March 2026" in text
    assert "Why this date" in text
    assert "Saturdays and Sundays are not counted" in text
    assert words(page.select_one("main strong:-soup-contains('alone')"))
    assert "What may come next" in text


def test_a_completed_task_says_what_comes_next(web: Web) -> None:
    _, browser, path = open_visit(web)
    browser.get_page(path)

    page = browser.post(path, VISIT | {"action": "complete"})

    assert "Completed by you on 2 March 2026" in words(page)
    assert "Review the findings" in words(page)
    assert "A wall of brick" in words(page)


def test_wrong_answers_are_explained_and_what_was_typed_is_kept(web: Web) -> None:
    _, browser, path = open_visit(web)
    browser.get_page(path)

    page = browser.post(
        path,
        {
            "visited_on-day": "31",
            "visited_on-month": "2",
            "visited_on-year": "2026",
            "height": "tall",
            "people_met-count": "2",
            "people_met-0-name": "Mo Sands",
            "people_met-1-met_on-day": "5",
            "weather": "wet",
            "photographs_taken": "true",
        },
        status=400,
    )

    assert page.title is not None
    assert page.title.get_text().startswith("Error: ")
    links = page.select(".govuk-error-summary__list a")
    assert [(words(link), link["href"]) for link in links] == [
        ("“When did you visit?” must be a real date", "#visited_on-day"),
        ("Select an answer to “Is there a breach?”", "#breach_found"),
        ("“How high is it?” must be a number", "#height"),
        ("Enter an answer to “Name”", "#people_met-1-name"),
        (
            "“When did you meet?” must include a month and year",
            "#people_met-1-met_on-day",
        ),
    ]
    for link in links:
        assert page.select_one(str(link["href"])) is not None
    assert page.select_one("#visited_on-day")["value"] == "31"
    assert page.select_one("#height")["value"] == "tall"
    assert page.select_one("#people_met-0-name")["value"] == "Mo Sands"
    assert page.select_one("#weather option[selected]")["value"] == "wet"
    assert page.select_one("#photographs_taken").has_attr("checked")


def test_a_rule_of_the_form_is_told_in_its_own_words(web: Web) -> None:
    _, browser, path = open_visit(web)
    browser.get_page(path)

    page = browser.post(path, VISIT | {"visited_on-day": "3"}, status=400)

    assert "The visit must be today or in the past" in words(page)


def test_a_question_that_hangs_on_an_answer_appears_without_javascript(
    web: Web,
) -> None:
    _, browser, path = open_visit(web)

    before = browser.get_page(path)
    after = browser.post(path, {"breach_found": "yes", "action": "show"})

    def is_hidden(page: object) -> bool:
        return page.select_one("#what_seen").find_parent(hidden=True) is not None

    assert is_hidden(before)
    assert not is_hidden(after)


def test_entries_of_a_list_are_added_and_removed_by_the_server(web: Web) -> None:
    _, browser, path = open_visit(web)
    browser.get_page(path)

    two = browser.post(
        path,
        {
            "people_met-count": "1",
            "people_met-0-name": "Mo Sands",
            "action": "add:people_met",
        },
    )
    one = browser.post(
        path,
        {
            "people_met-count": "2",
            "people_met-0-name": "Mo Sands",
            "people_met-1-name": "Jo Pike",
            "action": "remove:people_met:0",
        },
    )

    assert two.select_one("#people_met-0-name")["value"] == "Mo Sands"
    assert two.select_one("#people_met-1-name").has_attr("autofocus")
    assert one.select_one("#people_met-0-name")["value"] == "Jo Pike"
    assert one.select_one("#people_met-1-name") is None


def test_a_draft_is_kept_as_it_was_typed(web: Web) -> None:
    _, browser, path = open_visit(web)
    browser.get_page(path)

    browser.post(
        path,
        {
            "visited_on-day": "31",
            "visited_on-month": "2",
            "people_met-count": "1",
            "people_met-0-name": "Mo Sands",
            "action": "draft",
        },
    )
    page = browser.get_page(path)

    assert page.select_one("#visited_on-day")["value"] == "31"
    assert page.select_one("#people_met-0-name")["value"] == "Mo Sands"


def test_sending_the_same_answers_twice_does_it_once(web: Web) -> None:
    officer, browser, path = open_visit(web)
    browser.get_page(path)
    token = browser.token()

    browser.post(path, VISIT | {"csrf_token": token})
    page = browser.post(path, VISIT | {"csrf_token": token})

    assert "Completed by you" in words(page)
    case = web.office.records.case("ENF/2026/0001", officer)
    assert len(case.completed_tasks) == 1


def test_the_second_officer_is_told_who_was_first_and_sees_their_own_words(
    web: Web,
) -> None:
    _, first, path = open_visit(web)
    second = web.sign_in(web.hire("officer", "Cal Dunn"))
    first.get_page(path)
    second.get_page(path)

    first.post(path, VISIT)
    page = second.post(path, VISIT | {"what_seen": "A hedge"}, status=409)

    assert "Ann Bell completed this task before you" in words(page)
    assert "A hedge" in words(page)


def test_nobody_checks_their_own_findings(web: Web) -> None:
    senior = web.hire("senior_officer", "Sam Carter")
    web.report()
    browser = web.sign_in(senior)
    path = f"/tasks/{web.task(senior, 'record_site_visit').id}"
    browser.get_page(path)
    browser.post(path, VISIT)
    review = f"/tasks/{web.task(senior, 'review_findings').id}"

    page = browser.get_page(review)
    refused = browser.post(review, {"decision": "yes"}, status=403)

    assert "second person" in words(page)
    assert page.select_one("form[data-conditions]") is None
    assert heading(refused) == "You do not have permission to do this"


def test_an_answer_is_corrected_with_a_reason(web: Web) -> None:
    _, browser, path = open_visit(web)
    browser.get_page(path)
    browser.post(path, VISIT)
    page = browser.get_page(f"{path}/correct")
    assert page.select_one("#what_seen").get_text().strip() == "A wall of brick"

    corrected = VISIT | {"what_seen": "A wall of flint"}
    refused = browser.post(f"{path}/correct", corrected, status=400)
    case = browser.post(f"{path}/correct", corrected | {"reason": "Misread my notes"})

    assert "Say why the answers are corrected" in words(refused)
    assert "Misread my notes" in words(case)
    assert "A wall of flint (before: A wall of brick)" in words(case)


def test_only_completed_answers_can_be_corrected(web: Web) -> None:
    _, browser, path = open_visit(web)

    page = browser.get_page(f"{path}/correct", status=409)

    assert "Only completed answers can be corrected" in words(page)


def test_an_overdue_task_brings_in_the_manager(web: Web) -> None:
    manager = web.hire("manager", "Max Field")
    _, browser, path = open_visit(web)
    assert isinstance(web.office.clock, engine.VirtualClock)
    web.office.clock.move_to(datetime(2026, 3, 24, 9, tzinfo=engine.LONDON))
    web.office.casework.sweep()

    page = browser.get_page(path)
    worklist = web.sign_in(manager).get_page("/worklist?show=team")

    assert "Overdue" in words(page)
    assert "Escalated" in words(page)
    assert "Chase the site visit" in words(worklist)
