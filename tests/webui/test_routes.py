"""Who may ask for which page: every route is listed here with the access it needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from browsing import Browser, Web

import engine

ANYONE = {
    "GET /static/<path:filename>",
    "GET /health",
    "GET /sign-in",
    "POST /sign-in",
    "POST /sign-out",
}
SIGNED_IN = {
    "GET /",
    "GET /worklist",
    "GET /cases",
    "GET /cases/<reference:reference>",
    "GET /cases/<reference:reference>/start/<process>",
    "POST /cases/<reference:reference>/start/<process>",
    "GET /cases/<reference:reference>/reopen",
    "POST /cases/<reference:reference>/reopen",
    "POST /incidents/<incident_id>/retry",
    "GET /tasks/<task_id>",
    "POST /tasks/<task_id>",
    "GET /tasks/<task_id>/correct",
    "POST /tasks/<task_id>/correct",
    "POST /tasks/<task_id>/claim",
    "POST /tasks/<task_id>/release",
    "GET /tasks/<task_id>/reassign",
    "POST /tasks/<task_id>/reassign",
    "GET /diagrams/<instance_id>",
    "GET /diagrams/<instance_id>.bpmn",
    "GET /diagrams/<instance_id>.json",
    "GET /diagrams/<instance_id>.svg",
    "GET /reports/new",
    "POST /reports/new",
    "GET /periods",
    "GET /deadline",
}
DEMONSTRATION = {
    "POST /demonstration/day",
    "POST /demonstration/deadline",
    "POST /demonstration/date",
}


def routes(web: Web) -> set[str]:
    return {
        f"{method} {rule.rule}"
        for rule in web.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def address(rule: str, **parts: str) -> str:
    """A route with something put where its variables are."""
    path = rule.split(" ", 1)[1]
    given = {
        "<reference:reference>": "ENF-2026-0001",
        "<process>": "prosecution",
        "<task_id>": "1",
        "<incident_id>": "1",
        "<instance_id>": "1",
    } | parts
    for name, value in given.items():
        path = path.replace(name, value)
    return path


def test_every_route_is_listed_here(web: Web) -> None:
    assert routes(web) == ANYONE | SIGNED_IN


def test_demonstration_routes_exist_in_demonstration_mode_only(
    make_web: Callable[..., Web],
) -> None:
    demonstration = make_web(is_demonstration=True)

    assert routes(demonstration) == ANYONE | SIGNED_IN | DEMONSTRATION


@pytest.mark.parametrize("rule", sorted(SIGNED_IN))
def test_nobody_gets_past_the_sign_in_page_without_signing_in(
    web: Web, rule: str
) -> None:
    method = rule.split(" ", 1)[0]
    browser = web.browser()
    browser.get_page("/sign-in")

    answer = browser.client.open(
        address(rule), method=method, data={"csrf_token": browser.token()}
    )

    assert answer.status_code == 302
    assert answer.location.startswith("/sign-in")


@pytest.mark.parametrize("rule", sorted(r for r in SIGNED_IN if r[:4] == "POST"))
def test_no_form_is_accepted_without_its_token(web: Web, rule: str) -> None:
    browser = web.sign_in(web.hire("manager", "Max Field"))

    answer = browser.client.post(address(rule), data={"reason": "x"})

    assert answer.status_code == 400
    assert "open for too long" in answer.get_data(as_text=True)


BY_ID = sorted(r for r in SIGNED_IN if "<" in r)


@pytest.mark.parametrize("rule", BY_ID)
def test_what_does_not_exist_is_not_found(web: Web, rule: str) -> None:
    browser = web.sign_in(web.hire("manager", "Max Field"))
    ask(browser, rule, address(rule), 404)


@pytest.mark.parametrize("rule", [r for r in BY_ID if "incident" not in r])
def test_what_another_council_has_is_not_found(web: Web, rule: str) -> None:
    neighbour = web.hire("manager", "Nell Marsh", council="east_herts")
    reference = web.report(council="east_herts")
    task = web.task(neighbour, "record_site_visit")
    case = web.office.records.case(reference, neighbour)
    theirs = {
        "<reference:reference>": reference.replace("/", "-"),
        "<task_id>": task.id,
        "<instance_id>": case.instances[0].id,
    }
    browser = web.sign_in(web.hire("manager", "Max Field"))

    ask(browser, rule, address(rule, **theirs), 404)


@pytest.mark.parametrize(
    ("rule", "data"),
    [
        ("GET /cases/<reference:reference>", {}),
        ("GET /tasks/<task_id>", {}),
        ("GET /diagrams/<instance_id>", {}),
        ("POST /tasks/<task_id>/claim", {}),
        ("POST /tasks/<task_id>/reassign", {"to": "1"}),
    ],
)
def test_what_ones_own_council_has_is_forbidden_without_permission(
    web: Web, rule: str, data: dict[str, str]
) -> None:
    officer = web.hire("officer", "Ann Bell")
    reference = web.report()
    case = web.office.records.case(reference, officer)
    ours = {
        "<reference:reference>": reference.replace("/", "-"),
        "<task_id>": web.task(officer, "record_site_visit").id,
        "<instance_id>": case.instances[0].id,
    }
    browser = web.sign_in(web.hire("administrator", "Ada Quill"))

    ask(browser, rule, address(rule, **ours), 403, data)


def ask(
    browser: Browser,
    rule: str,
    path: str,
    status: int,
    data: dict[str, str] | None = None,
) -> None:
    browser.get_page("/reports/new")
    if rule.startswith("POST"):
        browser.post(path, data, status)
    elif path.endswith((".bpmn", ".json", ".svg")):
        assert browser.client.get(path).status_code == status
    else:
        browser.get_page(path, status)


@contextmanager
def no_writing(office: engine.Office) -> Iterator[None]:
    def refuse(*arguments: Any) -> None:
        statement = str(arguments[2]).lstrip().upper()
        assert statement.startswith(("SELECT", "PRAGMA", "BEGIN")), statement

    sa.event.listen(office.engine, "before_cursor_execute", refuse)
    yield
    sa.event.remove(office.engine, "before_cursor_execute", refuse)


def test_looking_never_writes(web: Web) -> None:
    officer = web.hire("officer", "Ann Bell")
    reference = web.report()
    instance = web.office.records.case(reference, officer).instances[0].id
    ours = {
        "<task_id>": web.task(officer, "record_site_visit").id,
        "<instance_id>": instance,
    }
    browser = web.sign_in(officer)
    looked = sorted(r for r in SIGNED_IN if r.startswith("GET"))

    with no_writing(web.office):
        answers = {
            rule: browser.client.get(address(rule, **ours)).status_code
            for rule in looked
        }

    may_be = {200, 302, 403, 404, 409}
    assert set(answers.values()) <= may_be, answers
    assert sum(status == 200 for status in answers.values()) > len(answers) / 2
