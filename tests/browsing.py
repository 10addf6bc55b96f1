"""How tests of the pages browse: an application, its people, and their browsers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

import engine
from engine import drawing

SMALL = Path(__file__).parent / "webui" / "small"
PASSWORD = "a long enough password"
SECRET = "a secret of the tests that is long enough to be accepted"


@dataclass
class Browser:
    """A person at a browser without JavaScript: fetches pages and sends their forms."""

    client: FlaskClient
    page: BeautifulSoup | None = None

    def get_page(self, path: str, status: int = 200) -> BeautifulSoup:
        """The page, after redirects. Every page has a title and one level 1 heading."""
        answer = self.client.get(path, follow_redirects=True)
        return self._read(answer, status)

    def post(
        self, path: str, data: Mapping[str, Any] | None = None, status: int = 200
    ) -> BeautifulSoup:
        """Send a form with the token of the page that is open."""
        fields: MultiDict[str, Any] = MultiDict(data or {})
        fields.setdefault("csrf_token", self.token())
        answer = self.client.post(path, data=fields, follow_redirects=True)
        return self._read(answer, status)

    def token(self) -> str:
        assert self.page is not None
        field = self.page.select_one("input[name=csrf_token]")
        return str(field["value"]) if field else ""

    def _read(self, answer: Any, status: int) -> BeautifulSoup:
        assert answer.status_code == status, answer.get_data(as_text=True)[-3000:]
        self.page = BeautifulSoup(answer.get_data(as_text=True), "html.parser")
        assert self.page.title is not None
        assert self.page.title.get_text().endswith("– Planning enforcement")
        assert len(self.page.select("h1")) == 1
        return self.page


def words(element: Tag | BeautifulSoup | None) -> str:
    """The text as a person reads it."""
    assert element is not None
    return re.sub(r"\s+", " ", element.get_text(" ")).strip()


def heading(page: BeautifulSoup) -> str:
    return words(page.select_one("h1"))


@dataclass
class Web:
    """The application, its engine, and its people."""

    app: Flask
    office: engine.Office

    def hire(self, role: str, name: str, council: str = "maldon") -> engine.Officer:
        return self.office.casework.add_officer(
            council,
            name.lower().replace(" ", "."),
            name,
            email="someone@council.example",
            roles=[role],
            password=PASSWORD,
        )

    def browser(self) -> Browser:
        return Browser(self.app.test_client())

    def sign_in(self, person: engine.Officer) -> Browser:
        browser = self.browser()
        browser.get_page("/sign-in")
        browser.post("/sign-in", {"username": person.username, "password": PASSWORD})
        return browser

    def report(self, council: str = "maldon", **settings: Any) -> str:
        """A case; returns its reference."""
        given = {
            "address": "4 Mill Lane, Heybridge",
            "description": "A wall two and a half metres high",
            "breach_type": "alter.boundary",
            "harm_described": "It blocks the view of the road",
            "complainant_name": "Olwen Secretperson",
            "council": council,
        }
        return self.office.casework.report_breach(engine.Report(**(given | settings)))

    def task(self, person: engine.Officer, element: str) -> engine.TaskLine:
        """The first ready task of that element that the person may do."""
        rows = self.office.records.worklist(person, "team").rows
        return next(task for task in rows if task.element == element)


def small_files() -> dict[str, bytes]:
    """The diagrams of these tests, drawn, and their forms."""
    files = {p.name: drawing.layout(p.read_bytes()) for p in SMALL.glob("*.bpmn")}
    forms = {f"forms/{p.name}": p.read_bytes() for p in SMALL.glob("forms/*.json")}
    return files | forms
