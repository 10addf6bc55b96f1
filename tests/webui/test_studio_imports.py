"""Importing another tool's diagram: a draft with it, and a page of what was lost."""

from __future__ import annotations

from io import BytesIO

import foreign_files
import pytest
from browsing import Browser, Web, heading, words


@pytest.fixture
def manager(web: Web) -> Browser:
    browser = web.sign_in(web.hire("manager", "Max Field"))
    browser.get_page("/studio/import")
    return browser


def send(browser: Browser, content: bytes, status: int = 200) -> str:
    data = {"file": [(BytesIO(content), "complaint.bpmn")]}
    return words(browser.post("/studio/import", data, status))


def test_a_diagram_opens_as_a_draft_and_the_page_tells_what_was_lost(
    web: Web, manager: Browser
) -> None:
    said = send(manager, foreign_files.CAMUNDA_7.encode())

    assert manager.page is not None
    assert heading(manager.page) == "What was imported"
    assert "embedded:app:forms/visit.html" in said
    assert "Choose the form of the task" in said
    assert "the kind “signal” is not supported" in said
    link = manager.page.select_one('a[href$="/diagrams/noise_complaint"]')
    assert link is not None
    draft = str(link["href"]).split("/")[3]
    kept = web.office.drafts.get(draft, web.hire("manager", "Mia Dale"))
    assert [change.name for change in kept.changes] == ["noise_complaint.bpmn"]
    assert "org.example.Tell" in kept.note
    assert "Visit the house" in words(manager.get_page(str(link["href"])))
    picture = manager.client.get(f"{link['href']}.svg")
    assert 'id="visit_the_house"' in picture.get_data(as_text=True)


def test_several_pools_are_several_diagrams(manager: Browser) -> None:
    said = send(manager, foreign_files.BIZAGI.encode())

    assert "2 diagrams were made of it" in said
    assert "The inspector" in said


def test_what_cannot_be_read_is_refused_on_the_page(manager: Browser) -> None:
    for content, says in (
        (b"", "Select a file"),
        (b"<html/>", "not BPMN 2.0"),
        (b"PK\x03\x04\x00", "null character"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', "DOCTYPE"),
    ):
        send(manager, content, 400)
        assert manager.page is not None
        assert says in words(manager.page.select_one(".govuk-error-summary"))

    page = manager.post("/studio/import", {}, 400)
    assert "Select a file" in words(page.select_one(".govuk-error-summary"))
