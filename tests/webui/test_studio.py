"""The studio's first page, the start of a change, and its steps."""

from __future__ import annotations

import small_changes
from browsing import Browser, Web, heading, words
from bs4 import BeautifulSoup


def steps(page: BeautifulSoup) -> dict[str, str]:
    """Each step of a draft's page with how it stands."""
    return {
        words(row.select_one(".govuk-task-list__name-and-hint > *")): words(
            row.select_one(".govuk-task-list__status")
        )
        for row in page.select(".govuk-task-list__item")
    }


def manager_of(web: Web) -> Browser:
    return small_changes.visit(web, small_changes.hire(web, "manager", "Max Field"))


def test_managers_find_the_studio_and_legal_the_reviews(studio: Web) -> None:
    manager = manager_of(studio).get_page("/worklist")
    legal = small_changes.visit(
        studio, small_changes.hire(studio, "legal", "Lee Moss")
    ).get_page("/worklist")
    officer = small_changes.visit(
        studio, small_changes.hire(studio, "officer", "Ann Bell")
    ).get_page("/worklist")

    assert manager.select_one('nav a[href="/studio"]')
    assert legal.select_one('nav a[href="/studio/review"]')
    assert not legal.select_one('a[href="/studio"]')
    assert not officer.select('a[href^="/studio"]')


def test_the_first_page_shows_the_procedure_and_the_cases_on_it(studio: Web) -> None:
    studio.report()
    studio.report()

    page = manager_of(studio).get_page("/studio")

    assert heading(page) == "Studio"
    row = words(page.select_one("tbody tr"))
    assert "Enforcement" in row
    assert "2, since 2 March 2026" in row
    assert page.select_one('a[href="/studio/processes/enforcement/work"]')
    assert "Release 2" in words(page)
    assert "1 diagram" in words(page)
    assert "Nobody is changing the procedure" in words(page)
    assert "no step has failed" in words(page)


def test_cases_on_an_older_version_can_be_moved_from_the_first_page(
    studio: Web,
) -> None:
    manager = small_changes.hire(studio, "manager", "Max Field")
    studio.report()
    small_changes.publish(studio, manager)

    page = small_changes.visit(studio, manager).get_page("/studio")

    assert "1 case" in words(page.select_one("tbody tr"))
    assert page.select_one('a[href="/studio/processes/enforcement/migrate"]')


def test_a_council_that_has_published_nothing_is_told_so(web: Web) -> None:
    web.office.casework.add_council("two_priority_council")
    person = small_changes.hire(
        web, "manager", "Nell Marsh", council="two_priority_council"
    )

    page = small_changes.visit(web, person).get_page("/studio")

    assert "Nothing has been published yet" in words(page)


def test_a_change_begins_with_a_title_and_why(studio: Web) -> None:
    browser = manager_of(studio)
    browser.get_page("/studio/drafts/new")

    page = browser.post(
        "/studio/drafts", {"title": "A second visit", "note": "Neighbours ask for it."}
    )

    assert heading(page) == "A second visit"
    assert "Neighbours ask for it." in words(page)
    assert steps(page)["1. Change"] == "Nothing changed"
    assert "A second visit" in words(browser.get_page("/studio"))


def test_a_change_without_a_title_is_refused_in_words(studio: Web) -> None:
    browser = manager_of(studio)
    browser.get_page("/studio/drafts/new")

    page = browser.post("/studio/drafts", {"note": "Because."}, status=400)

    assert words(page.select_one(".govuk-error-summary a")) == (
        "Say in a few words what changes."
    )
    assert words(page.select_one("textarea")) == "Because."
    assert page.title is not None
    assert page.title.get_text().startswith("Error: ")


def test_what_changes_and_why_can_be_said_anew(studio: Web) -> None:
    manager = small_changes.hire(studio, "manager", "Max Field")
    path = f"/studio/drafts/{small_changes.draft(studio, manager)}"
    browser = small_changes.visit(studio, manager)
    browser.get_page(f"{path}/rename")

    refused = browser.post(f"{path}/rename", {"title": " ", "note": "x"}, status=400)
    page = browser.post(f"{path}/rename", {"title": "Two visits", "note": "Better."})

    assert "Say in a few words" in words(refused)
    assert heading(page) == "Two visits"
    assert "Better." in words(page)


def test_the_steps_say_how_each_stands_until_it_is_published(studio: Web) -> None:
    manager = small_changes.hire(studio, "manager", "Max Field")
    made = small_changes.draft(studio, manager)
    browser = small_changes.visit(studio, manager)

    new = steps(browser.get_page(f"/studio/drafts/{made}"))
    small_changes.rehearse(studio, made, manager)
    rehearsed = steps(browser.get_page(f"/studio/drafts/{made}"))
    studio.office.drafts.submit(made, manager)
    submitted = steps(browser.get_page(f"/studio/drafts/{made}"))
    legal = small_changes.hire(studio, "legal", "Lee Moss")
    studio.office.drafts.approve(made, "", legal)
    approved = steps(browser.get_page(f"/studio/drafts/{made}"))
    studio.office.drafts.publish(made, manager)
    published = steps(browser.get_page(f"/studio/drafts/{made}"))

    assert new == {
        "1. Change": "2 files changed",
        "2. Check": "No problems",
        "3. Rehearse": "Not rehearsed",
        "4. Compare": "Ready to read",
        "5. Review": "Not sent for review",
        "6. Publish": "Cannot be published yet",
    }
    assert rehearsed["3. Rehearse"] == "No story goes through it"
    assert submitted["5. Review"] == "Waiting for a review"
    assert approved["5. Review"] == "Approved by Lee Moss"
    assert approved["6. Publish"] == "Ready to publish"
    assert published["6. Publish"] == "Published"


def test_what_stands_in_the_way_is_listed(studio: Web) -> None:
    manager = small_changes.hire(studio, "manager", "Max Field")
    broken = {"forms/visit_site.json": b"{}"}
    made = small_changes.draft(studio, manager, broken)

    page = small_changes.visit(studio, manager).get_page(f"/studio/drafts/{made}")

    assert steps(page)["2. Check"] == "1 problem"
    assert "1 problem found by the check" in words(page)
    assert "Another person must review it" in words(page)


def test_problems_come_with_their_remedy_and_the_way_to_them(studio: Web) -> None:
    manager = small_changes.hire(studio, "manager", "Max Field")
    files = small_changes.second_visit()
    shaky = files["enforcement.bpmn"].replace(b"validate_report", b"a_fortnight")
    made = small_changes.draft(studio, manager, {"enforcement.bpmn": shaky})
    legal = small_changes.visit(studio, small_changes.hire(studio, "legal", "Lee Moss"))
    path = f"/studio/drafts/{made}/problems"

    page = small_changes.visit(studio, manager).get_page(path)

    assert "a_fortnight" in words(page)
    editor = f"/studio/drafts/{made}/diagrams/enforcement?element="
    assert len(page.select(f'a[href^="{editor}"]')) >= 2
    assert not legal.get_page(path).select(f'a[href^="{editor}"]')


def test_a_draft_without_problems_says_so(studio: Web) -> None:
    manager = small_changes.hire(studio, "manager", "Max Field")
    made = small_changes.draft(studio, manager)

    page = small_changes.visit(studio, manager).get_page(
        f"/studio/drafts/{made}/problems"
    )

    assert "No problems were found" in words(page)


def test_the_history_says_who_did_what_and_when(studio: Web) -> None:
    manager = small_changes.hire(studio, "manager", "Max Field")
    made = small_changes.draft(studio, manager)

    page = small_changes.visit(studio, manager).get_page(
        f"/studio/drafts/{made}/history"
    )

    entries = [words(item) for item in page.select(".app-chronology li")]
    assert entries[0].startswith("Changed Diagram “Enforcement”")
    assert "2 March 2026 at 9am, Max Field" in entries[0]
    assert entries[-1].startswith("Started")


def test_a_change_can_be_withdrawn(studio: Web) -> None:
    manager = small_changes.hire(studio, "manager", "Max Field")
    made = small_changes.draft(studio, manager)
    browser = small_changes.visit(studio, manager)
    asked = browser.get_page(f"/studio/drafts/{made}/withdraw")

    page = browser.post(f"/studio/drafts/{made}/withdraw")
    again = browser.post(f"/studio/drafts/{made}/withdraw", status=409)

    assert "Nothing of it takes effect" in words(asked)
    assert "Nobody is changing the procedure" in words(page)
    assert "has been withdrawn" in words(again)
    assert "A second site visit" in words(browser.get_page("/studio/drafts"))
    assert "cannot be withdrawn" in words(
        browser.get_page(f"/studio/drafts/{made}/withdraw")
    )


def test_another_councils_change_is_not_found(studio: Web) -> None:
    manager = small_changes.hire(studio, "manager", "Max Field")
    made = small_changes.draft(studio, manager)
    stranger = small_changes.visit(
        studio,
        small_changes.hire(studio, "manager", "Nell Marsh", council="east_herts"),
    )

    for page in ("", "/files", "/problems", "/compare", "/review", "/publish"):
        stranger.get_page(f"/studio/drafts/{made}{page}", 404)
    assert "A second site visit" not in words(stranger.get_page("/studio"))
