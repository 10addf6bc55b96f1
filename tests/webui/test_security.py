"""Signing in, sessions, headers, and what the server refuses to start with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from browsing import PASSWORD, SECRET, Web, heading, words

from webui import security
from webui.config import Config, ConfigurationError, require_local
from webui.throttle import ATTEMPTS, Throttle


def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(web: Web) -> None:
    web.hire("officer", "Ann Bell")
    browser = web.browser()
    browser.get_page("/sign-in")

    texts = [
        words(browser.post("/sign-in", {"username": name, "password": "wrong"}, 401))
        for name in ("ann.bell", "nobody")
    ]

    assert texts[0] == texts[1]
    assert "Enter a correct username and password" in texts[0]


def test_signing_in_leads_to_the_page_that_was_asked_for(web: Web) -> None:
    officer = web.hire("officer", "Ann Bell")
    browser = web.browser()

    asked = browser.get_page("/periods")
    hidden = {"next": asked.select_one("input[name=next]")["value"]}
    person = {"username": officer.username, "password": PASSWORD}
    page = browser.post("/sign-in", person | hidden)

    assert heading(page) == "Time limits"


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x"],
)
def test_signing_in_never_leads_to_another_site(web: Web, elsewhere: str) -> None:
    officer = web.hire("officer", "Ann Bell")
    browser = web.browser()
    browser.get_page("/sign-in")
    data = {
        "username": officer.username,
        "password": PASSWORD,
        "next": elsewhere,
        "csrf_token": browser.token(),
    }

    answer = browser.client.post("/sign-in", data=data)

    assert answer.location == "/worklist"


def test_a_disabled_person_is_signed_out_at_once(web: Web) -> None:
    officer = web.hire("officer", "Ann Bell")
    browser = web.sign_in(officer)
    web.office.casework.set_active(officer.username, "maldon", False)

    page = browser.get_page("/worklist")

    assert heading(page) == "Sign in"


class Hands:
    """A machine's clock whose hands are moved."""

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 2, 9, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def hands(monkeypatch: pytest.MonkeyPatch) -> Hands:
    hands = Hands()
    monkeypatch.setattr(security, "_machine", hands)
    return hands


def test_a_session_ends_after_half_an_hour_unused(web: Web, hands: Hands) -> None:
    browser = web.sign_in(web.hire("officer", "Ann Bell"))

    hands.at += timedelta(minutes=29)
    assert heading(browser.get_page("/worklist")) == "Worklist"
    hands.at += timedelta(minutes=31)
    page = browser.get_page("/worklist")

    assert heading(page) == "Sign in"
    assert "You were signed out" in words(page)


def test_a_session_ends_after_ten_hours_of_use(web: Web, hands: Hands) -> None:
    browser = web.sign_in(web.hire("officer", "Ann Bell"))

    for _ in range(30):
        hands.at += timedelta(minutes=20)
        browser.get_page("/worklist")
    hands.at += timedelta(minutes=1)

    assert heading(browser.get_page("/worklist")) == "Sign in"


def test_signing_out_ends_the_session(web: Web) -> None:
    browser = web.sign_in(web.hire("officer", "Ann Bell"))

    page = browser.post("/sign-out")

    assert "You have signed out" in words(page)
    assert heading(browser.get_page("/worklist")) == "Sign in"


def test_a_forged_session_is_nobody(web: Web) -> None:
    browser = web.browser()
    browser.client.set_cookie("enforce", "eyJvZmZpY2VyIjoiMSJ9.x.y")

    assert heading(browser.get_page("/worklist")) == "Sign in"


def test_an_address_that_guesses_is_stopped(web: Web) -> None:
    web.hire("officer", "Ann Bell")
    browser = web.browser()
    browser.get_page("/sign-in")
    web.app.extensions["throttle"] = Throttle(lambda: datetime.now(UTC))
    for _ in range(ATTEMPTS):
        web.app.extensions["throttle"].failed("127.0.0.1")

    right = {"username": "ann.bell", "password": PASSWORD}
    page = browser.post("/sign-in", right, 429)

    assert "Too many wrong passwords" in words(page)


def test_failures_are_forgotten_after_a_while() -> None:
    hands = Hands()
    throttle = Throttle(hands.now)
    for _ in range(ATTEMPTS):
        throttle.failed("192.0.2.1")

    blocked = throttle.is_blocked("192.0.2.1")
    hands.at += timedelta(minutes=16)

    assert blocked
    assert not throttle.is_blocked("192.0.2.1")
    assert not throttle.is_blocked("192.0.2.2")


def test_every_answer_carries_a_strict_policy(web: Web) -> None:
    for path in ("/sign-in", "/health", "/nothing-here", "/static/page.css"):
        answer = web.browser().client.get(path)
        policy = answer.headers["Content-Security-Policy"]

        assert "default-src 'none'" in policy
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        answer.close()


def test_no_page_has_inline_script_or_style(web: Web) -> None:
    web.report()
    officer = web.hire("officer", "Ann Bell")
    browser = web.sign_in(officer)
    task = web.task(officer, "record_site_visit").id

    for path in (f"/tasks/{task}", "/cases/ENF-2026-0001", "/reports/new"):
        page = browser.get_page(path)
        assert not page.select("[style], style, [onclick]")
        assert all(script.has_attr("src") for script in page.select("script"))


def test_pages_are_not_kept_by_caches(web: Web) -> None:
    assert web.browser().client.get("/sign-in").headers["Cache-Control"] == "no-store"


def test_cookies_are_secure_in_production(make_web: Callable[..., Web]) -> None:
    answer = make_web(is_secure=True).browser().client.get("/sign-in")

    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-enforce=")
    for flag in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert flag in cookie
    assert "Domain" not in cookie
    assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]


@pytest.mark.parametrize("secret", ["", "dev", "changeme" * 3, "a" * 60])
def test_production_refuses_a_missing_or_easy_secret(secret: str) -> None:
    with pytest.raises(ConfigurationError, match="SECRET_KEY"):
        Config.from_environment("sqlite://", environment={"SECRET_KEY": secret})


def test_production_takes_a_good_secret() -> None:
    config = Config.from_environment("sqlite://", environment={"SECRET_KEY": SECRET})

    assert config.is_secure
    assert not config.is_demonstration


@pytest.mark.parametrize(
    "host",
    ["0.0.0.0", "::", "192.168.1.4", "council.example"],
)
def test_a_demonstration_is_not_served_in_public(host: str) -> None:
    with pytest.raises(ConfigurationError, match="127.0.0.1"):
        require_local(host)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "[::1]"])
def test_a_demonstration_is_served_on_this_machine(host: str) -> None:
    require_local(host)


@pytest.mark.parametrize("path", ["/sign-in?next=%00", "/cases?text=a%00b", "/%00"])
def test_a_null_character_is_refused_in_words(
    make_web: Callable[..., Web], path: str
) -> None:
    answer = make_web().app.test_client().get(path)

    assert answer.status_code == 400
    assert "Traceback" not in answer.get_data(as_text=True)
