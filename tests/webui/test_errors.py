"""What goes wrong is told plainly, with the right status and no trace."""

from __future__ import annotations

import inspect

import pytest
from browsing import Web, heading, words

import engine
from engine import errors as engine_errors
from webui import errors


def engine_error_classes() -> list[type[engine.EngineError]]:
    return [
        kind
        for _, kind in inspect.getmembers(engine_errors, inspect.isclass)
        if issubclass(kind, engine.EngineError)
    ]


def test_every_error_of_the_engine_has_an_entry() -> None:
    kinds = engine_error_classes()

    assert len(kinds) > 8
    missing = [kind.__name__ for kind in kinds if kind not in errors.TABLE]
    assert not missing, f"Add to webui/errors.py: {missing}"


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (engine.NotFound(), 404),
        (engine.NotPermitted("Only a manager can do this."), 403),
        (engine.CaseChanged(), 409),
        (engine.WorkflowFailed("enforcement", "decide", "It broke."), 409),
    ],
)
def test_an_engine_error_becomes_a_page(
    web: Web, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
) -> None:
    browser = web.sign_in(web.hire("officer", "Ann Bell"))

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(web.office.records, "periods", fail)

    page = browser.get_page("/periods", status)

    assert "Traceback" not in words(page)


def test_what_nobody_foresaw_is_told_without_a_trace(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = web.sign_in(web.hire("officer", "Ann Bell"))

    def fail(*_: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(web.office.records, "periods", fail)

    page = browser.get_page("/periods", 500)

    assert heading(page) == "Sorry, there is a problem with the service"
    assert "secret detail" not in words(page)


def test_an_unknown_page_is_not_found(web: Web) -> None:
    browser = web.sign_in(web.hire("officer", "Ann Bell"))

    assert heading(browser.get_page("/nothing", 404)) == "Page not found"


def test_too_much_is_refused(web: Web) -> None:
    browser = web.sign_in(web.hire("officer", "Ann Bell"))
    browser.get_page("/reports/new")

    page = browser.post("/reports/new", {"description": "x" * 3_000_000}, 413)

    assert "too large" in words(page)
