"""The diagram editor's page, the file itself, and what the editor asks for."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from browsing import SECRET, Browser, Web, heading, words
from conftest import STARTS
from small_procedure import procedure, second_visit

import engine
from webui import create_app
from webui.config import Config

NAME = "enforcement.bpmn"


class Editor:
    """A manager at the editor of a new draft."""

    def __init__(self, web: Web, manager: engine.Officer, browser: Browser) -> None:
        self.manager, self.browser = manager, browser
        self.draft = web.office.drafts.open("A second visit", "", self.manager)
        self.here = f"/studio/drafts/{self.draft}"
        self.diagram = f"{self.here}/diagrams/enforcement"
        self.browser.get_page(self.diagram)

    def ask(self, path: str, body: Any, status: int = 200) -> Any:
        answer = self.browser.client.post(
            path, json=body, headers={"X-CSRFToken": self.browser.token()}
        )
        assert answer.status_code == status, answer.get_data(as_text=True)[-2000:]
        return answer.get_json()

    def given(self) -> Any:
        """What the page hands to the editor."""
        assert self.browser.page is not None
        found = self.browser.page.select_one("#studio-editor")
        assert found is not None
        return json.loads(str(found["data-editor"]))


@pytest.fixture(scope="module")
def studio(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    """One application for all these tests: each opens a draft of its own."""
    file = tmp_path_factory.mktemp("diagrams") / "studio.db"
    shutil.copy(published, file)
    config = Config(
        secret_key=SECRET,
        database_url=f"sqlite:///{file}",
        is_secure=False,
        is_testing=True,
    )
    app = create_app(config, clock=engine.VirtualClock(STARTS))
    web = Web(app, app.extensions["office"])
    web.office.casework.publish_all(procedure(), "maldon", note="A fresh start")
    yield web
    web.office.engine.dispose()


@pytest.fixture(scope="module")
def max_field(studio: Web) -> tuple[engine.Officer, Browser]:
    manager = studio.hire("manager", "Max Field")
    return manager, studio.sign_in(manager)


@pytest.fixture
def editor(studio: Web, max_field: tuple[engine.Officer, Browser]) -> Editor:
    return Editor(studio, *max_field)


def text(name: str) -> str:
    return procedure()[name].decode()


def test_the_editor_is_given_the_file_its_revision_and_what_is_published(
    editor: Editor,
) -> None:
    given = editor.given()

    assert given["xml"] == text(NAME)
    assert given["revision"] == 1
    assert "visit_site" in given["published"]
    assert not given["isNew"]
    assert given["urls"]["save"] == f"{editor.here}/save"


def test_without_javascript_the_page_has_the_picture_the_steps_and_the_file(
    editor: Editor,
) -> None:
    page = editor.browser.get_page(editor.diagram)

    step = words(page.select_one("#visit_site"))
    assert step.startswith("Visit site (user task, Enforcement officer)")
    assert "form: visit_site" in step
    assert page.select_one(f'img[src="{editor.diagram}.svg"]')
    assert page.select_one(f'a[href="{editor.diagram}.bpmn"]')
    assert "Nothing to mend in this diagram" in words(page)
    picture = editor.browser.client.get(f"{editor.diagram}.svg")
    assert picture.mimetype == "image/svg+xml"
    assert "unsafe-inline" in picture.headers["Content-Security-Policy"]


def test_the_file_is_downloaded_byte_for_byte_and_uploaded(editor: Editor) -> None:
    client = editor.browser.client
    answer = client.get(f"{editor.diagram}.bpmn")
    assert answer.data == procedure()[NAME]
    assert answer.headers["Content-Disposition"].endswith('filename="enforcement.bpmn"')

    changed = second_visit()[NAME]
    client.post(
        f"{editor.diagram}.bpmn",
        data={
            "file": (BytesIO(changed), NAME),
            "revision": "1",
            "csrf_token": editor.browser.token(),
        },
    )

    assert client.get(f"{editor.diagram}.bpmn").data == changed
    assert "names the form “visit_again”, which does not exist" in words(
        editor.browser.get_page(editor.diagram)
    )


def test_an_upload_of_nothing_changes_nothing(editor: Editor) -> None:
    page = editor.browser.post(f"{editor.diagram}.bpmn", {"revision": "1"})

    assert "Choose a file to upload. Nothing was changed." in words(page)
    assert editor.given()["revision"] == 1


def test_what_is_wrong_with_unsaved_work_is_told_and_nothing_is_kept(
    editor: Editor,
) -> None:
    broken = text(NAME).replace(
        'name="form" value="visit_site"', 'name="form" value=""'
    )

    found = editor.ask(f"{editor.here}/check", {"files": {NAME: broken}})["problems"]
    problem = next(each for each in found if "has no form" in each["problem"])

    assert problem["file"] == NAME
    assert problem["element"] == "visit_site"
    assert problem["remedy"]
    assert problem["drawing"] is False
    assert editor.ask(f"{editor.here}/check", {"files": {}})["problems"] == []


def test_saving_gives_the_next_revision_and_what_is_still_wrong(
    editor: Editor,
) -> None:
    both = {name: content.decode() for name, content in second_visit().items()}
    only_diagram = {"files": {NAME: both[NAME]}, "revision": 1}

    first = editor.ask(f"{editor.here}/save", only_diagram)
    second = editor.ask(f"{editor.here}/save", {"files": both, "revision": 2})

    assert (first["revision"], second["revision"]) == (2, 3)
    assert "which does not exist" in str(first["problems"])
    assert "which does not exist" not in str(second["problems"])


def test_whoever_saves_second_is_told_who_was_first(
    studio: Web, editor: Editor
) -> None:
    other = studio.hire("manager", "Ina Reed")
    studio.office.drafts.save(editor.draft, second_visit(), 1, other)

    refused = editor.ask(
        f"{editor.here}/save", {"files": {NAME: text(NAME)}, "revision": 1}, 409
    )

    assert "Ina Reed" in refused["message"]
    assert refused["revision"] == 2


def test_a_published_change_cannot_be_saved_any_more(
    studio: Web, editor: Editor
) -> None:
    studio.office.drafts.withdraw(editor.draft, editor.manager)

    refused = editor.ask(
        f"{editor.here}/save", {"files": {NAME: text(NAME)}, "revision": 1}, 409
    )

    assert "withdrawn" in refused["message"]
    page = editor.browser.get_page(editor.diagram)
    assert "cannot be saved" in words(page)
    assert not page.select("input[type=file]")


def test_what_makes_no_sense_is_refused_in_words_and_nothing_is_kept(
    editor: Editor,
) -> None:
    bodies: list[Any] = [
        [],
        "text",
        {"files": []},
        {"files": {NAME: 5}, "revision": 1},
        {"files": {NAME: "x"}},
        {"files": {NAME: "x"}, "revision": "first"},
    ]
    names = ["../secret", "forms/x.html", "notes.txt", ""]
    bodies += [{"files": {name: "x"}, "revision": 1} for name in names]

    for body in bodies:
        assert editor.ask(f"{editor.here}/save", body, 400)["message"]

    editor.browser.get_page(editor.diagram)
    assert editor.given()["revision"] == 1


def test_without_its_token_an_editor_is_refused_in_words(editor: Editor) -> None:
    answer = editor.browser.client.post(f"{editor.here}/save", json={})

    assert answer.status_code == 400
    assert "Nothing was saved" in answer.get_json()["message"]


def test_the_catalogue_offers_what_the_draft_has(editor: Editor) -> None:
    both = {name: content.decode() for name, content in second_visit().items()}
    editor.ask(f"{editor.here}/save", {"files": both, "revision": 1})

    found = editor.browser.client.get(f"{editor.here}/catalogue.json").get_json()

    assert {"visit_again", "visit_site"} <= {each["id"] for each in found["forms"]}
    assert found["roles"][0] == {"role": "officer", "lane": "Enforcement officer"}
    assert any(each["key"] == "further_visit" for each in found["periods"])


def test_what_is_known_at_a_step_counts_unsaved_work(editor: Editor) -> None:
    files = {name: content.decode() for name, content in second_visit().items()}

    found = editor.ask(
        f"{editor.diagram}/facts",
        {"files": files, "element": "visit_again__visited"},
    )["facts"]

    own = {each["name"]: each for each in found if each["is_own"]}
    assert own["visit_again_note"]["set_by"] == "“Visit again”"
    assert own["visit_again_note"]["kind"] == "text"
    assert "chase_visit_note" not in own


def test_a_drawing_is_tidied_without_being_kept(editor: Editor) -> None:
    pushed = text(NAME).replace('<dc:Bounds x="1', '<dc:Bounds x="2')

    tidied = editor.ask(f"{editor.diagram}/tidy", {"files": {NAME: pushed}})["xml"]

    assert tidied == text(NAME)
    saved = editor.browser.client.get(f"{editor.diagram}.bpmn").get_data(as_text=True)
    assert saved == text(NAME)


def test_what_cannot_be_tidied_is_told_in_words(editor: Editor) -> None:
    refused = editor.ask(f"{editor.diagram}/tidy", {"files": {NAME: "<no>"}}, 409)

    assert "cannot be tidied" in refused["message"]


def test_a_new_diagram_begins_with_a_pool_and_is_kept_when_it_is_saved(
    editor: Editor,
) -> None:
    address = f"{editor.here}/diagrams/site_clearance"

    page = editor.browser.get_page(f"{address}?title=Clear+a+site")
    given = editor.given()

    assert heading(page) == "Clear a site"
    assert given["isNew"]
    assert given["published"] == []
    assert 'name="Clear a site"' in given["xml"]
    assert editor.browser.client.get(f"{address}.bpmn").status_code == 404
    editor.ask(
        f"{editor.here}/save",
        {"files": {"site_clearance.bpmn": given["xml"]}, "revision": 1},
    )
    editor.browser.get_page(address)
    assert not editor.given()["isNew"]


def test_a_diagram_that_cannot_be_read_still_has_a_page(editor: Editor) -> None:
    editor.ask(f"{editor.here}/save", {"files": {NAME: "<not-closed>"}, "revision": 1})

    page = editor.browser.get_page(editor.diagram)

    assert "What is to mend" in words(page)
    assert page.select_one(f'a[href="{editor.diagram}.bpmn"]')
    assert editor.browser.client.get(f"{editor.diagram}.svg").status_code == 404


def test_an_id_that_no_process_can_have_is_not_found(editor: Editor) -> None:
    editor.browser.get_page(f"{editor.here}/diagrams/Clear%20it", 404)
    editor.browser.get_page(editor.diagram)


def test_legal_and_officers_cannot_draw(studio: Web, editor: Editor) -> None:
    for role, name in (("legal", "Lee Moss"), ("officer", "Ann Bell")):
        browser: Browser = studio.sign_in(studio.hire(role, name))
        browser.get_page(editor.diagram, 403)


def test_another_councils_draft_is_not_found(studio: Web, editor: Editor) -> None:
    theirs = studio.hire("manager", "Nell Marsh", council="east_herts")
    browser = studio.sign_in(theirs)
    browser.get_page(editor.diagram, 404)
    with pytest.raises(engine.NotFound):
        studio.office.drafts.files(editor.draft, theirs)
