"""Every template compiles and imports only what it uses."""

from __future__ import annotations

import re
from pathlib import Path

from browsing import Web

import webui

TEMPLATES = Path(webui.__file__).parent / "templates"


def test_every_template_compiles(web: Web) -> None:
    names = [str(p.relative_to(TEMPLATES)) for p in TEMPLATES.rglob("*.html")]

    assert len(names) > 15
    for name in names:
        web.app.jinja_env.get_template(name)


def test_no_template_imports_a_macro_that_it_does_not_use() -> None:
    unused = [
        f"{path.name}: {name}"
        for path in TEMPLATES.rglob("*.html")
        for names in re.findall(r"{% from \S+ import (.+?) %}", path.read_text())
        for name in (each.split(" as ")[-1] for each in names.split(", "))
        if path.read_text().count(name) < 2
    ]

    assert not unused


def test_static_files_come_with_their_licences() -> None:
    static = TEMPLATES.parent / "static"

    assert "bpmn.io" in (static / "licences" / "bpmn-js.txt").read_text()
    assert "MIT" in (static / "licences" / "govuk-frontend.txt").read_text()
    css = (static / "page.css").read_text()
    assert "GDS Transport" not in css
    assert "@font-face" not in css


def test_the_watermark_of_the_diagrams_stays_visible() -> None:
    static = TEMPLATES.parent / "static"

    assert "bjs-powered-by" in (static / "diagram.js").read_text()
    assert ".bjs-powered-by{position:absolute" in (static / "page.css").read_text()
