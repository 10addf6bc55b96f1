"""Chromium, and applications served to it."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator

import pytest
from browsing import SECRET
from flask import Flask
from playwright.sync_api import Browser, sync_playwright
from visiting import ARGUMENTS, DESK, Site, Visitor, watched
from werkzeug.serving import make_server

from engine import library
from webui import create_app
from webui.config import Config


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Chromium of this machine. Without it journeys fail; they are never skipped."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.fail("Chromium is missing. Install it: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def serve(chromium: Browser) -> Iterator[Callable[..., Site]]:
    """Serves applications and opens browsers on them; closes both at the end."""
    closing: list[Callable[[], None]] = []

    def start(app: Flask) -> Site:
        server = make_server("127.0.0.1", 0, app, threaded=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        office = app.extensions["office"]
        closing.append(office.engine.dispose)
        closing.append(thread.join)
        closing.append(server.server_close)
        closing.append(server.shutdown)
        home = f"http://127.0.0.1:{server.port}"

        def visit(
            *, viewport: dict[str, int] = DESK, with_script: bool = True
        ) -> Visitor:
            context = chromium.new_context(
                viewport=viewport, java_script_enabled=with_script
            )
            closing.append(context.close)
            return watched(Visitor(context.new_page(), home))

        return Site(app=app, office=office, home=home, visit=visit)

    yield start
    for close in reversed(closing):
        close()


@pytest.fixture
def demonstration(
    serve: Callable[..., Site],
    new_sqlite: Callable[[], str],
    shipped_files: dict[str, bytes],
) -> Site:
    """Maldon with the shipped diagrams, and a date that can be moved."""
    config = Config(
        secret_key=SECRET,
        database_url=new_sqlite(),
        is_demonstration=True,
        is_secure=False,
    )
    site = serve(create_app(config))
    site.office.casework.add_council("maldon")
    files = library.for_council(shipped_files, "maldon")
    site.office.casework.publish(files, "maldon")
    return site
