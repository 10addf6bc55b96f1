"""Reviewing a change and publishing it: who may, when, and what stands in the way."""

from __future__ import annotations

from datetime import timedelta

import small_changes
from browsing import Web, heading, words
from small_procedure import other_question, procedure

import engine


def test_legal_reads_a_change_and_approves_it(studio: Web) -> None:
    manager = small_changes.hire(studio, "manager", "Max Field")
    made = small_changes.draft(studio, manager)
    path = f"/studio/drafts/{made}"
    browser = small_changes.visit(studio, manager)
    browser.get_page(f"{path}/review")
    sent = browser.post(f"{path}/submit")
    legal = small_changes.visit(studio, small_changes.hire(studio, "legal", "Lee Moss"))

    waiting = legal.get_page("/studio/review")
    draft = legal.get_page(path)
    legal.get_page(f"{path}/review")
    approved = legal.post(f"{path}/approve", {"note": "As agreed."})

    assert "The change is in review" in words(sent)
    assert "A second site visit" in words(waiting)
    assert "1. Change" in words(draft)
    assert not draft.select(f'a[href="{path}/files"], a[href="{path}/publish"]')
    assert draft.select_one(f'a[href="{path}/compare"]')
    assert "You have approved the change" in words(approved)
    assert "Approved by Lee Moss" in words(approved)


def test_the_worklist_says_whose_review_is_waited_for(studio: Web) -> None:
    manager = small_changes.hire(studio, "manager", "Max Field")
    made = small_changes.draft(studio, manager)
    studio.office.drafts.submit(made, manager)
    legal = small_changes.visit(studio, small_changes.hire(studio, "legal", "Lee Moss"))

    theirs = legal.get_page("/worklist")
    own = small_changes.visit(studio, manager).get_page("/worklist")

    said = "The change “ A second site visit ” by Max Field waits for your review."
    assert said in words(theirs)
    assert theirs.select_one(f'a[href="/studio/drafts/{made}/review"]')
    assert "waits for your review" not in words(own)


def test_a_change_is_sent_back_with_what_should_be_different(studio: Web) -> None:
    manager = small_changes.hire(studio, "manager", "Max Field")
    made = small_changes.draft(studio, manager)
    studio.office.drafts.submit(made, manager)
    path = f"/studio/drafts/{made}"
    legal = small_changes.visit(studio, small_changes.hire(studio, "legal", "Lee Moss"))
    legal.get_page(f"{path}/review")

    refused = legal.post(f"{path}/send-back", {"note": " "}, 400)
    legal.post(f"{path}/send-back", {"note": "Give the visit a target."})
    author = small_changes.visit(studio, manager).get_page(path)

    assert "Say what has to be changed" in words(
        refused.select_one(".govuk-error-summary")
    )
    assert "The review sent it back: Give the visit a target." in words(author)
    assert "Sent back" in words(author.select_one(".govuk-task-list"))


def test_the_author_cannot_approve_their_own_change(studio: Web) -> None:
    manager = small_changes.hire(studio, "manager", "Max Field")
    made = small_changes.draft(studio, manager)
    studio.office.drafts.submit(made, manager)
    path = f"/studio/drafts/{made}"
    browser = small_changes.visit(studio, manager)

    page = browser.get_page(f"{path}/review")
    refused = browser.post(f"{path}/approve", {}, 403)

    assert "Another person must" in words(page.select_one("main"))
    assert not page.select(f'form[action="{path}/approve"]')
    assert "Another person must" in words(refused)


def test_nothing_to_review_is_said_in_words(studio: Web) -> None:
    manager = small_changes.hire(studio, "manager", "Max Field")
    empty = studio.office.drafts.open("Nothing yet", "", manager)
    path = f"/studio/drafts/{empty}"
    browser = small_changes.visit(studio, manager)

    page = browser.get_page(f"{path}/review")
    refused = browser.post(f"{path}/submit", {}, 400)
    legal = small_changes.visit(studio, small_changes.hire(studio, "legal", "Lee Moss"))
    legal.get_page("/studio/review")
    unasked = legal.post(f"{path}/approve", {}, 400)

    assert "Change something first" in words(page)
    assert "Nothing has been changed yet" in words(refused)
    assert "Nobody has asked for a review" in words(unasked)


def test_a_lost_safeguard_needs_a_reason(studio: Web) -> None:
    manager = small_changes.hire(studio, "manager", "Max Field")
    law = procedure()["periods.yaml"]
    before, after = law.split(b"  pcn_response:", 1)
    later = after.replace(b"length: 21", b"length: 22", 1)
    assert later != after
    changed = before + b"  pcn_response:" + later
    made = small_changes.draft(studio, manager, {"periods.yaml": changed})
    path = f"/studio/drafts/{made}"
    browser = small_changes.visit(studio, manager)

    page = browser.get_page(f"{path}/review")
    refused = browser.post(f"{path}/submit", {}, 400)
    sent = browser.post(f"{path}/submit", {"safeguard_reason": "The Act was amended."})

    assert "takes out or alters something that the law asks for" in words(page)
    assert page.select_one("textarea#safeguard_reason")
    assert "Give the reason" in words(refused.select_one(".govuk-error-summary"))
    assert "The reason given: The Act was amended." in words(sent)


def test_publishing_waits_for_what_is_missing(studio: Web) -> None:
    manager = small_changes.hire(studio, "manager", "Max Field")
    made = small_changes.draft(studio, manager)
    path = f"/studio/drafts/{made}/publish"
    browser = small_changes.visit(studio, manager)

    page = browser.get_page(path)
    refused = browser.post(path, {"when": "now"})

    assert "It cannot be published yet" in words(page)
    assert "Another person must review it" in words(page)
    assert not page.select("main form")
    assert "see below what is still missing" in words(refused)
    assert len(studio.office.drafts.releases(manager)) == 2


def test_an_approved_change_is_published_and_running_cases_can_be_moved(
    studio: Web,
) -> None:
    manager = small_changes.hire(studio, "manager", "Max Field")
    studio.report()
    made = small_changes.draft(studio, manager)
    small_changes.approve(studio, made, manager)
    path = f"/studio/drafts/{made}/publish"
    browser = small_changes.visit(studio, manager)

    asked = browser.get_page(path)
    page = browser.post(path, {"when": "now"})
    again = browser.get_page(path)

    assert "Enforcement: 1 case running now" in words(asked)
    assert heading(page) == "Release 3"
    assert "Release 3 has been published" in words(page)
    assert page.select_one('a[href="/studio/processes/enforcement/migrate"]')
    assert "has been published as release 3" in words(again)


def test_a_publication_is_planned_and_called_off(studio: Web) -> None:
    manager = small_changes.hire(studio, "manager", "Max Field")
    made = small_changes.draft(studio, manager)
    small_changes.approve(studio, made, manager)
    path = f"/studio/drafts/{made}/publish"
    browser = small_changes.visit(studio, manager)
    browser.get_page(path)
    later = {"when": "later", "at-day": "9", "at-month": "3", "at-year": "2026"}

    unsaid = browser.post(path, {}, 400)
    empty = browser.post(path, {"when": "later"}, 400)
    past = {**later, "at-day": "1", "at-time": "06:00"}
    too_late = browser.post(path, past, 400)
    planned = browser.post(path, {**later, "at-time": "06:00"})
    page = browser.get_page(path)
    off = browser.post(f"/studio/drafts/{made}/unschedule")

    assert "Select when to publish it" in words(unsaid)
    assert "Enter the day and the time" in words(empty)
    assert "must be in the future" in words(too_late)
    assert "by itself on 9 March 2026 at 6am" in words(planned)
    assert "On 9 March 2026 at 6am" in words(planned.select_one(".govuk-task-list"))
    assert "9 March 2026 at 6am" in words(page)
    assert "Ready to publish" in words(off)


def test_a_planned_change_is_published_by_itself(studio: Web) -> None:
    manager = small_changes.hire(studio, "manager", "Max Field")
    made = small_changes.draft(studio, manager)
    small_changes.approve(studio, made, manager)
    clock = studio.office.clock
    assert isinstance(clock, engine.VirtualClock)
    at = clock.now() + timedelta(days=1)
    studio.office.drafts.publish(made, manager, at=at)
    clock.move_to(at)
    studio.office.drafts.publish_scheduled()

    page = small_changes.visit(studio, manager).get_page(f"/studio/drafts/{made}")

    assert "published as release 3" in words(page)


def test_a_change_behind_a_newer_release_is_brought_up_to_date(studio: Web) -> None:
    manager = small_changes.hire(studio, "manager", "Max Field")
    both = small_changes.draft(studio, manager, title="Both visits")
    small_changes.publish(studio, manager, other_question())
    path = f"/studio/drafts/{both}"
    browser = small_changes.visit(studio, manager)

    behind = browser.get_page(path)
    asked = browser.get_page(f"{path}/rebase")
    page = browser.post(f"{path}/rebase")

    assert "Another change has been published" in words(behind)
    assert "Changed in both" not in words(asked)
    assert "now starts from the newest release" in words(page)
    assert "from release 3" in words(page)
    assert "There is nothing to bring up to date" in words(
        browser.get_page(f"{path}/rebase")
    )


def test_where_both_changed_a_file_somebody_chooses(studio: Web) -> None:
    manager = small_changes.hire(studio, "manager", "Max Field")
    name = "forms/visit_site.json"
    spaced = b" " + other_question()[name]
    mine = small_changes.draft(studio, manager, {name: spaced}, title="Mine")
    small_changes.publish(studio, manager, other_question())
    path = f"/studio/drafts/{mine}/rebase"
    browser = small_changes.visit(studio, manager)

    asked = browser.get_page(path)
    refused = browser.post(path, {}, 400)
    browser.post(path, {f"choice:{name}": "ours"})

    assert "Changed in both" in words(asked)
    assert "Choose for each file" in words(refused.select_one(".govuk-error-summary"))
    assert studio.office.drafts.files(mine, manager)[name] == spaced
