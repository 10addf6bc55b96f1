"""Hostile files sent to the studio: refused, or kept to be mended; no page breaks."""

from __future__ import annotations

import time
from io import BytesIO
from typing import Any

import hostile_files
import pytest
import small_visit
from browsing import Browser, Web
from hostile_files import Hostile

PATIENCE_S = 4
"""Of one request: to refuse takes a moment, but the page round it takes some too."""
SAMPLE = 3
"""Every so many; all of them go through the check in tests/engine."""
ALL = hostile_files.everything()
HARMS = [hostile for hostile in ALL if hostile.harms]
KEPT = [hostile for hostile in ALL if not hostile.harms]
EDITORS = {
    "visit.bpmn": ["diagrams/visit", "diagrams/visit.svg", "diagrams/visit.bpmn"],
    "rating.dmn": ["tables/rating"],
    "forms/record_visit.json": ["forms/record_visit"],
}


@pytest.fixture
def draft(web: Web) -> tuple[Browser, str, str]:
    """A manager's browser, a draft on the good files, and its address."""
    web.office.casework.publish(small_visit.files(), "maldon")
    manager = web.hire("manager", "Max Field")
    draft_id = web.office.drafts.open("Hostile", "", manager)
    browser = web.sign_in(manager)
    browser.get_page("/studio/drafts/new")
    return browser, draft_id, f"/studio/drafts/{draft_id}"


def send(browser: Browser, address: str, hostile: Hostile, revision: int) -> Any:
    """As the editor saves it; what is no text, as a file that is uploaded."""
    token = browser.token()
    try:
        text = hostile.content.decode()
    except UnicodeDecodeError:
        name = hostile.file.rsplit("/", 1)[-1]
        data = {
            "file": (BytesIO(hostile.content), name),
            "revision": str(revision),
            "csrf_token": token,
        }
        return browser.client.post(f"{address}/upload", data=data)
    return browser.client.post(
        f"{address}/save",
        json={"files": {hostile.file: text}, "revision": revision},
        headers={"X-CSRFToken": token},
    )


def test_what_does_harm_is_not_kept(draft: tuple[Browser, str, str]) -> None:
    browser, _, address = draft
    assert len(HARMS) > 15
    wrong = []

    for hostile in HARMS:
        begun = time.process_time()
        answer = send(browser, address, hostile, 1)
        took = time.process_time() - begun
        said = answer.get_data(as_text=True)
        if (
            answer.status_code not in (400, 413)
            or (hostile.element not in said)
            or "Traceback" in said
            or took > PATIENCE_S
        ):
            wrong.append((hostile.title, answer.status_code, took, said[-300:]))

    assert not wrong


def test_what_is_only_wrong_is_kept_and_breaks_no_page(
    draft: tuple[Browser, str, str],
) -> None:
    browser, _, address = draft
    revision = 1
    sample = [h for h in KEPT if h.element != "to_tell"][::SAMPLE]
    sample += [h for h in KEPT if h.element == "to_tell"][:: 4 * SAMPLE]
    assert len(sample) > 10
    wrong: list[Any] = []

    for hostile in sample:
        answer = send(browser, address, hostile, revision)
        if answer.status_code != 200:
            wrong.append((hostile.title, answer.status_code))
            continue
        revision = answer.get_json()["revision"]
        named = {problem["element"] for problem in answer.get_json()["problems"]}
        if hostile.element not in named:
            wrong.append((hostile.title, named))
        for page in ["", "/files", "/problems", "/compare", *_editors(hostile)]:
            begun = time.process_time()
            shown = browser.client.get(f"{address}{page}")
            took = time.process_time() - begun
            if shown.status_code >= 500 or took > PATIENCE_S:
                wrong.append((hostile.title, page, shown.status_code, took))
        good = Hostile("", hostile.file, small_visit.files()[hostile.file])
        revision = send(browser, address, good, revision).get_json()["revision"]

    assert not wrong


def _editors(hostile: Hostile) -> list[str]:
    return [f"/{path}" for path in EDITORS.get(hostile.file, ["periods"])]
