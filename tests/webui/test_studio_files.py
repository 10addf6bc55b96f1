"""The files of a draft: chosen, uploaded, downloaded, taken out, put back."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
import small_changes
from browsing import Browser, Web, heading, words
from small_procedure import other_question, procedure
from werkzeug.datastructures import FileStorage

import engine


@pytest.fixture(scope="module")
def manager(shared_studio: Web) -> engine.Officer:
    return small_changes.hire(shared_studio, "manager", "Max Field")


@pytest.fixture
def made(shared_studio: Web, manager: engine.Officer) -> tuple[Browser, str]:
    """A manager's browser, and the address of a draft with the second visit."""
    draft = small_changes.draft(shared_studio, manager)
    return small_changes.visit(shared_studio, manager), f"/studio/drafts/{draft}"


def revision(browser: Browser) -> str:
    assert browser.page is not None
    return str(browser.page.select_one("input[name=revision]")["value"])


def send(
    browser: Browser, path: str, name: str, content: bytes, status: int = 200
) -> Any:
    """Send a file from the form on the page that is open."""
    file = FileStorage(BytesIO(content), filename=name)
    data = {"file": file, "revision": revision(browser)}
    return browser.post(path, data, status)


def test_the_changed_files_are_listed_with_the_way_to_their_editors(
    made: tuple[Browser, str],
) -> None:
    browser, path = made

    page = browser.get_page(f"{path}/files")

    rows = [words(row) for row in page.select(".app-row")]
    assert "Diagram “Enforcement” Changed Max Field" in rows[0]
    assert "Form “Visit again” New" in rows[1]
    assert page.select_one(f'a[href="{path}/diagrams/enforcement"]')
    assert page.select_one(f'a[href="{path}/forms/visit_again"]')
    assert page.select_one(f'a[href="{path}/periods"]')


@pytest.mark.parametrize(
    ("kind", "title"),
    [
        ("diagrams", "Enforcement"),
        ("forms", "Visit site"),
        ("tables", "0 of 0"),
        ("periods", "Periods"),
        ("stories", "0 of 0"),
    ],
)
def test_every_kind_of_file_can_be_chosen(
    made: tuple[Browser, str], kind: str, title: str
) -> None:
    browser, path = made

    assert title in words(browser.get_page(f"{path}/choose/{kind}"))


def test_a_kind_of_that_name_must_exist(made: tuple[Browser, str]) -> None:
    browser, path = made

    browser.get_page(f"{path}/choose/spells", 404)
    browser.get_page(f"{path}/choose/forms")
    browser.post(f"{path}/choose/stories", {"title": "x"}, 404)


def test_files_are_found_by_a_part_of_their_name(made: tuple[Browser, str]) -> None:
    browser, path = made

    found = browser.get_page(f"{path}/choose/forms?q=CHASE")
    none = browser.get_page(f"{path}/choose/forms?q=zebra")

    assert [words(a) for a in found.select(".app-choice a")][0] == "Chase visit"
    assert "Visit again" not in words(found.select_one("main"))
    assert "Nothing has that name" in words(none)


def test_diagrams_are_found_by_the_name_of_a_step(made: tuple[Browser, str]) -> None:
    browser, path = made
    steps = '.app-choice a[href*="?element="]'
    all_of_them = browser.get_page(f"{path}/choose/diagrams")

    found = browser.get_page(f"{path}/choose/diagrams?q=visit")

    assert all_of_them.select(steps) == []
    assert found.select(steps)
    assert all("visit" in words(step).lower() for step in found.select(steps))


def test_a_new_diagram_begins_with_what_it_is_called(
    made: tuple[Browser, str],
) -> None:
    browser, path = made
    browser.get_page(f"{path}/choose/diagrams")
    token = {"csrf_token": browser.token()}
    address = f"{path}/choose/diagrams"

    answer = browser.client.post(address, data={"title": "Night visit!"} | token)
    empty = browser.post(address, {"title": "…"}, 400)
    taken = browser.post(address, {"title": "Enforcement"}, 400)

    assert answer.status_code == 302
    assert answer.location == f"{path}/diagrams/night_visit?title=Night+visit%21"
    assert "Enter what it is called" in words(empty)
    assert "“Enforcement” exists already" in words(taken)


def test_a_file_goes_out_and_comes_back_byte_for_byte(
    made: tuple[Browser, str],
) -> None:
    browser, path = made
    changed = b" " + other_question()["forms/visit_site.json"]
    browser.get_page(f"{path}/upload")

    page = send(browser, f"{path}/upload", "visit_site.json", changed)
    back = browser.client.get(f"{path}/download/forms/visit_site.json")

    assert "visit_site.json is now part of this change" in words(page)
    assert "Form “Visit site” Changed" in words(page)
    assert back.data == changed
    assert back.headers["Content-Disposition"] == "attachment; filename=visit_site.json"


def test_an_upload_of_nothing_or_of_another_kind_is_refused_in_words(
    made: tuple[Browser, str],
) -> None:
    browser, path = made
    browser.get_page(f"{path}/upload")

    nothing = browser.post(f"{path}/upload", {}, 400)
    picture = send(browser, f"{path}/upload", "photo.png", b"\x89PNG", 400)
    odd = send(browser, f"{path}/upload", "...bpmn", b"<x/>", 400)

    assert "Select a file" in words(nothing.select_one(".govuk-error-summary"))
    assert "photo.png is not a diagram" in words(picture)
    assert "cannot be called" in words(odd)


def test_a_file_takes_the_place_of_another_whatever_its_name_was(
    made: tuple[Browser, str],
) -> None:
    browser, path = made
    content = procedure()["enforcement.bpmn"] + b"\n"
    browser.get_page(f"{path}/files/enforcement.bpmn")
    address = f"{path}/replace/enforcement.bpmn"

    nothing = browser.post(address, {}, 400)
    send(browser, address, "enforcement (2).bpmn", content)

    back = browser.client.get(f"{path}/download/enforcement.bpmn")
    assert "Select a file" in words(nothing)
    assert back.data == content


def test_a_file_is_taken_out_and_put_back(made: tuple[Browser, str]) -> None:
    browser, path = made
    page = f"{path}/files/forms/chase_visit.json"
    browser.get_page(page)

    out = browser.post(
        f"{path}/take-out/forms/chase_visit.json", {"revision": revision(browser)}
    )
    gone = browser.get_page(page)
    back = browser.post(
        f"{path}/put-back/forms/chase_visit.json", {"revision": revision(browser)}
    )

    assert "Form “Chase visit” Taken out" in words(out)
    assert "Put it back" in words(gone)
    assert browser.client.get(f"{path}/download/forms/chase_visit.json").data
    assert "Chase visit" not in words(back.select_one("main"))


def test_a_file_that_is_new_disappears_when_it_is_put_back(
    made: tuple[Browser, str],
) -> None:
    browser, path = made
    page = f"{path}/files/forms/visit_again.json"
    assert heading(browser.get_page(page)) == "Form “Visit again”"

    browser.post(
        f"{path}/put-back/forms/visit_again.json", {"revision": revision(browser)}
    )

    browser.get_page(page, 404)


def test_a_file_that_is_not_there_is_not_found(made: tuple[Browser, str]) -> None:
    browser, path = made

    browser.get_page(f"{path}/files/forms/spell.json", 404)
    assert browser.client.get(f"{path}/download/spell.bpmn").status_code == 404


def test_a_page_that_is_out_of_date_overwrites_nothing(
    made: tuple[Browser, str],
) -> None:
    browser, path = made
    browser.get_page(f"{path}/upload")
    old = revision(browser)
    send(browser, f"{path}/upload", "visit_site.json", b"{}")
    file = FileStorage(BytesIO(b"[]"), filename="visit_site.json")
    data = {"file": file, "revision": old}

    page = browser.post(f"{path}/upload", data, 409)

    assert "Max Field changed this at 09:00" in words(page)
    assert browser.client.get(f"{path}/download/forms/visit_site.json").data == b"{}"


def test_a_published_change_can_be_read_and_not_changed(studio: Web) -> None:
    manager = small_changes.hire(studio, "manager", "Max Field")
    made = small_changes.draft(studio, manager)
    small_changes.approve(studio, made, manager)
    studio.office.drafts.publish(made, manager)
    browser = small_changes.visit(studio, manager)

    files = browser.get_page(f"/studio/drafts/{made}/files")
    file = browser.get_page(f"/studio/drafts/{made}/files/enforcement.bpmn")
    put = browser.post(f"/studio/drafts/{made}/put-back/enforcement.bpmn", {}, 409)

    assert "What do you want to change?" not in words(files)
    assert not file.select("main form")
    assert "has been published" in words(put)
