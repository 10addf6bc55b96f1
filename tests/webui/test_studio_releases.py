"""Releases: what was published, what it changed, and the way back."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO

import pytest
import small_changes
from browsing import Web, heading, words
from small_procedure import procedure


def test_the_releases_say_who_published_what_and_who_reviewed_it(studio: Web) -> None:
    manager = small_changes.hire(studio, "manager", "Max Field")
    small_changes.publish(studio, manager)

    page = small_changes.visit(studio, manager).get_page("/studio/releases")

    rows = [words(row) for row in page.select(".app-row")]
    assert len(rows) == 3
    assert "Release 3 Neighbours report again." in rows[0]
    assert "published by Max Field, reviewed by Lola Reed" in rows[0]
    assert "In use for new cases" in rows[0]
    assert "A fresh start" in rows[1]


def test_a_release_shows_what_it_changed_in_words_and_on_two_diagrams(
    studio: Web,
) -> None:
    manager = small_changes.hire(studio, "manager", "Max Field")
    small_changes.publish(studio, manager)

    page = small_changes.visit(studio, manager).get_page("/studio/releases/3")

    assert "Before: release 2" in words(page)
    assert "“Visit again” is new" in words(page)
    pictures = [image["src"] for image in page.select("figure img")]
    assert pictures == [
        "/studio/releases/3/compare/before/enforcement.svg",
        "/studio/releases/3/compare/after/enforcement.svg",
    ]
    assert "1 process has a new version" in words(page)
    assert "Written by Max Field" in words(page)


def test_the_first_release_has_nothing_before_it(studio: Web) -> None:
    browser = small_changes.visit(
        studio, small_changes.hire(studio, "manager", "Max Field")
    )

    page = browser.get_page("/studio/releases/1")
    picture = browser.client.get("/studio/releases/1/compare/after/enforcement.svg")

    assert not page.select("figure")
    assert picture.status_code == 404


def test_the_files_of_a_release_go_out_byte_for_byte(studio: Web) -> None:
    browser = small_changes.visit(
        studio, small_changes.hire(studio, "manager", "Max Field")
    )
    files = procedure()

    one = browser.client.get("/studio/releases/2/files/enforcement.bpmn")
    none = browser.client.get("/studio/releases/2/files/spell.bpmn")
    packed = browser.client.get("/studio/releases/2/files.zip")

    assert one.data == files["enforcement.bpmn"]
    assert none.status_code == 404
    with zipfile.ZipFile(BytesIO(packed.data)) as archive:
        found = {name: archive.read(name) for name in archive.namelist()}
    assert found == {
        (name if name.startswith("forms/") else f"processes/{name}"): content
        for name, content in files.items()
    }


def test_going_back_needs_a_reason_and_makes_a_new_release(studio: Web) -> None:
    manager = small_changes.hire(studio, "manager", "Max Field")
    small_changes.publish(studio, manager)
    browser = small_changes.visit(studio, manager)
    path = "/studio/releases/2/roll-back"

    asked = browser.get_page(path)
    refused = browser.post(path, {"note": " "}, 400)
    page = browser.post(path, {"note": "The second visit was too much."})

    assert "Release 4 is published at once" in words(asked)
    assert "Say why you go back" in words(refused.select_one(".govuk-error-summary"))
    assert heading(page) == "Release 4"
    assert "Release 2" in words(page.select_one(".govuk-summary-list"))
    assert "“Visit again” is gone" in words(page) or "taken out" in words(page)
    files = studio.office.drafts.release_files(4, manager)
    assert files == studio.office.drafts.release_files(2, manager)


def test_the_release_in_use_has_no_way_back_to_itself(studio: Web) -> None:
    browser = small_changes.visit(
        studio, small_changes.hire(studio, "manager", "Max Field")
    )

    page = browser.get_page("/studio/releases/2/roll-back")
    refused = browser.post("/studio/releases/2/roll-back", {"note": "Why not"}, 400)

    assert "There is nothing to go back to" in words(page)
    assert "is what is in use now" in words(refused)


def test_a_change_can_start_from_an_older_release(studio: Web) -> None:
    manager = small_changes.hire(studio, "manager", "Max Field")
    small_changes.publish(studio, manager)
    browser = small_changes.visit(studio, manager)

    page = browser.get_page("/studio/drafts/new?of_release=2")
    draft = browser.post(
        "/studio/drafts", {"title": "As before", "note": "", "of_release": "2"}
    )

    assert "starts with the files of release 2" in words(page)
    assert "2 files changed" in words(draft)


@pytest.mark.parametrize("number", ["0", "99", "-1", "x"])
def test_a_release_of_that_number_must_exist(studio: Web, number: str) -> None:
    browser = small_changes.visit(
        studio, small_changes.hire(studio, "manager", "Max Field")
    )

    browser.get_page(f"/studio/releases/{number}", 404)


def test_a_draft_is_compared_in_words_and_on_two_diagrams(studio: Web) -> None:
    manager = small_changes.hire(studio, "manager", "Max Field")
    made = small_changes.draft(studio, manager)
    path = f"/studio/drafts/{made}/compare"
    browser = small_changes.visit(studio, manager)

    page = browser.get_page(path)
    before = browser.client.get(f"{path}/before/enforcement.svg")
    after = browser.client.get(f"{path}/after/enforcement.svg")
    xml = browser.client.get(f"{path}/after/enforcement.bpmn")

    assert "“Visit again” is new" in words(page)
    assert "Form “Visit again” New" in words(page)
    marks = json.loads(page.select_one("[data-compare]")["data-compare"])
    assert marks["visit_again"] == "added"
    assert marks["visit_site__visited"] == "removed"
    assert "−" in before.get_data(as_text=True)
    assert 'id="visit_again"' in after.get_data(as_text=True)
    assert "style-src 'unsafe-inline'" in after.headers["Content-Security-Policy"]
    assert xml.data == studio.office.drafts.files(made, manager)["enforcement.bpmn"]


@pytest.mark.parametrize(
    "tail",
    [
        "between/enforcement.svg",
        "before/enforcement.txt",
        "before/spell.svg",
        "before/night_visit.bpmn",
    ],
)
def test_only_the_diagrams_that_differ_have_pictures(studio: Web, tail: str) -> None:
    manager = small_changes.hire(studio, "manager", "Max Field")
    new = procedure()["enforcement.bpmn"].replace(b"enforcement", b"night_visit")
    made = small_changes.draft(
        studio,
        manager,
        small_changes.second_visit() | {"night_visit.bpmn": new},
    )
    browser = small_changes.visit(studio, manager)

    answer = browser.client.get(f"/studio/drafts/{made}/compare/{tail}")

    assert answer.status_code == 404


def test_a_diagram_that_cannot_be_drawn_breaks_no_page(studio: Web) -> None:
    manager = small_changes.hire(studio, "manager", "Max Field")
    made = small_changes.draft(studio, manager, {"enforcement.bpmn": b"<not xml"})
    browser = small_changes.visit(studio, manager)

    for page in ("", "/files", "/problems", "/compare", "/review", "/publish"):
        browser.get_page(f"/studio/drafts/{made}{page}")
    path = f"/studio/drafts/{made}/compare/after/enforcement.svg"
    assert browser.client.get(path).status_code == 404


def test_a_draft_that_changes_nothing_says_so(studio: Web) -> None:
    manager = small_changes.hire(studio, "manager", "Max Field")
    made = studio.office.drafts.open("Nothing yet", "", manager)

    page = small_changes.visit(studio, manager).get_page(
        f"/studio/drafts/{made}/compare"
    )

    assert "Nothing is different from release 2" in words(page)
