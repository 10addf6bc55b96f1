"""Demonstration mode: accounts on the sign-in page and a date that moves."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from browsing import Browser, Web, words

from webui.config import Config


@pytest.fixture
def demonstration(make_web: Callable[..., Web]) -> Web:
    """A demonstration with its own, moving clock."""
    return make_web(is_demonstration=True, clock=None)


def signed_in(web: Web) -> Browser:
    return web.sign_in(web.hire("officer", "Ann Bell"))


def test_the_sign_in_page_shows_an_account_for_each_role(demonstration: Web) -> None:
    page = demonstration.browser().get_page("/sign-in")

    text = words(page)
    for role in ("Enforcement officer", "Enforcement manager", "Legal"):
        assert role in text
    assert "demonstration only" in text


def test_outside_demonstration_mode_no_account_and_no_bar_is_shown(web: Web) -> None:
    text = words(web.browser().get_page("/sign-in"))

    assert "demonstration" not in text.lower()


def test_the_bar_moves_the_date_on(demonstration: Web) -> None:
    browser = signed_in(demonstration)
    browser.get_page("/worklist")
    today = demonstration.office.clock.today()

    browser.post("/demonstration/day", {"page": "/worklist"})

    assert (demonstration.office.clock.today() - today).days == 1


def test_moving_to_the_next_deadline_fires_it(demonstration: Web) -> None:
    demonstration.report()
    manager = demonstration.sign_in(demonstration.hire("manager", "Max Field"))
    manager.get_page("/worklist")

    page = manager.post("/demonstration/deadline", {"page": "/worklist?show=team"})

    assert "1 deadline passed" in words(page)
    assert "Chase the site visit" in words(page)


@pytest.mark.parametrize("date", ["", "yesterday", "1999-01-01", "2999-01-01"])
def test_the_date_only_moves_forward_and_not_too_far(
    demonstration: Web, date: str
) -> None:
    browser = signed_in(demonstration)
    browser.get_page("/worklist")
    today = demonstration.office.clock.today()

    page = browser.post("/demonstration/date", {"date": date})

    assert "Enter a date" in words(page)
    assert demonstration.office.clock.today() == today


def test_a_demonstration_answers_this_machine_only(demonstration: Web) -> None:
    client = demonstration.app.test_client()

    other = client.get("/sign-in", environ_base={"REMOTE_ADDR": "192.0.2.7"})
    rebound = client.get("/sign-in", headers={"Host": "evil.example"})

    assert other.status_code == 403
    assert rebound.status_code == 400


def test_a_demonstration_needs_no_secret() -> None:
    config = Config.from_environment("sqlite://", is_demonstration=True, environment={})

    assert config.is_demonstration
    assert not config.is_secure
