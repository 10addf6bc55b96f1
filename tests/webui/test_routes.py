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
MANAGERS = {
    # The studio
    "GET /studio",
    "GET /studio/drafts/new",
    "POST /studio/drafts",
    "GET /studio/drafts",
    "GET /studio/drafts/<draft_id>/rename",
    "POST /studio/drafts/<draft_id>/rename",
    "GET /studio/drafts/<draft_id>/withdraw",
    "POST /studio/drafts/<draft_id>/withdraw",
    "GET /studio/drafts/<draft_id>/rebase",
    "POST /studio/drafts/<draft_id>/rebase",
    "POST /studio/drafts/<draft_id>/submit",
    "GET /studio/drafts/<draft_id>/publish",
    "POST /studio/drafts/<draft_id>/publish",
    "POST /studio/drafts/<draft_id>/unschedule",
    "GET /studio/releases",
    "GET /studio/releases/<int:number>",
    "GET /studio/releases/<int:number>/files.zip",
    "GET /studio/releases/<int:number>/files/<path:name>",
    "GET /studio/releases/<int:number>/compare/<side>/<process>.<ending>",
    "GET /studio/releases/<int:number>/roll-back",
    "POST /studio/releases/<int:number>/roll-back",
    # The files of a change
    "GET /studio/drafts/<draft_id>/files",
    "GET /studio/drafts/<draft_id>/files/<path:name>",
    "GET /studio/drafts/<draft_id>/choose/<kind_of>",
    "POST /studio/drafts/<draft_id>/choose/<kind_of>",
    "GET /studio/drafts/<draft_id>/download/<path:name>",
    "GET /studio/drafts/<draft_id>/upload",
    "POST /studio/drafts/<draft_id>/upload",
    "POST /studio/drafts/<draft_id>/replace/<path:name>",
    "POST /studio/drafts/<draft_id>/take-out/<path:name>",
    "POST /studio/drafts/<draft_id>/put-back/<path:name>",
    # Forms, decision tables, periods and settings
    "GET /studio/drafts/<draft_id>/forms/<form>",
    "POST /studio/drafts/<draft_id>/forms/<form>",
    "POST /studio/drafts/<draft_id>/forms/<form>/preview",
    "GET /studio/drafts/<draft_id>/tables/<decision>",
    "POST /studio/drafts/<draft_id>/tables/<decision>",
    "POST /studio/drafts/<draft_id>/tables/<decision>/try",
    "GET /studio/drafts/<draft_id>/periods",
    "GET /studio/drafts/<draft_id>/periods/<key>",
    "POST /studio/drafts/<draft_id>/periods/<key>",
    "GET /studio/drafts/<draft_id>/new-standard",
    "POST /studio/drafts/<draft_id>/new-standard",
    "GET /studio/drafts/<draft_id>/settings",
    "POST /studio/drafts/<draft_id>/settings",
    "GET /studio/drafts/<draft_id>/bank-holidays",
    # Drawing, and what every editor asks for
    "GET /studio/drafts/<draft_id>/diagrams/<process>",
    "GET /studio/drafts/<draft_id>/diagrams/<process>.bpmn",
    "POST /studio/drafts/<draft_id>/diagrams/<process>.bpmn",
    "GET /studio/drafts/<draft_id>/diagrams/<process>.svg",
    "POST /studio/drafts/<draft_id>/diagrams/<process>/facts",
    "POST /studio/drafts/<draft_id>/diagrams/<process>/tidy",
    "POST /studio/drafts/<draft_id>/save",
    "POST /studio/drafts/<draft_id>/check",
    "GET /studio/drafts/<draft_id>/catalogue.json",
    # Rehearsing a change
    "POST /studio/drafts/<draft_id>/rehearsals",
    "POST /studio/drafts/<draft_id>/rehearsals/<rehearsal_id>/stop",
    "GET /studio/drafts/<draft_id>/rehearsals/<rehearsal_id>/steps/<step>",
    "POST /studio/drafts/<draft_id>/rehearsals/<rehearsal_id>/steps/<step>",
    "POST /studio/drafts/<draft_id>/rehearsals/<rehearsal_id>/steps/<step>/take-out",
    "GET /studio/drafts/<draft_id>/answers/<rehearsal_id>",
    "POST /studio/drafts/<draft_id>/replays",
    "GET /studio/drafts/<draft_id>/plays",
    "POST /studio/drafts/<draft_id>/plays",
    "GET /studio/drafts/<draft_id>/plays/<play_id>",
    "POST /studio/drafts/<draft_id>/plays/<play_id>",
    "POST /studio/drafts/<draft_id>/plays/<play_id>/time",
    "POST /studio/drafts/<draft_id>/plays/<play_id>/send",
    "POST /studio/drafts/<draft_id>/plays/<play_id>/start",
    "POST /studio/drafts/<draft_id>/plays/<play_id>/undo",
    "POST /studio/drafts/<draft_id>/plays/<play_id>/discard",
    "GET /studio/drafts/<draft_id>/plays/<play_id>/picture.svg",
    "GET /studio/drafts/<draft_id>/plays/<play_id>/diagram.bpmn",
    "GET /studio/drafts/<draft_id>/plays/<play_id>/diagram.json",
    "GET /studio/drafts/<draft_id>/plays/<play_id>/record",
    "POST /studio/drafts/<draft_id>/plays/<play_id>/record",
    # Import, the work, and what waits for repair
    "GET /studio/import",
    "POST /studio/import",
    "GET /studio/processes/<process>/work",
    "GET /studio/processes/<process>/work.bpmn",
    "GET /studio/processes/<process>/work.svg",
    "GET /incidents",
    "POST /incidents/retry",
    "POST /incidents/<incident_id>/retry",
    # Running cases move
    "GET /studio/processes/<process>/migrate",
    "POST /studio/processes/<process>/migrate",
    "GET /studio/migrations",
    "GET /studio/migrations/<migration_id>",
    "GET /studio/migrations/<migration_id>/cases",
    "POST /studio/migrations/<migration_id>/start",
    "POST /studio/migrations/<migration_id>/stop",
    "POST /studio/migrations/<migration_id>/resume",
    "POST /studio/migrations/<migration_id>/undo",
    "POST /studio/migrations/<migration_id>/carry-on",
    "GET /cases/<reference:reference>/move/<instance_id>",
    "POST /cases/<reference:reference>/move/<instance_id>",
}
"""For managers only. Officers, legal and administrators are turned away."""
REVIEWERS = {
    # The studio: legal reads a change and reviews it
    "GET /studio/review",
    "GET /studio/drafts/<draft_id>",
    "GET /studio/drafts/<draft_id>/problems",
    "GET /studio/drafts/<draft_id>/history",
    "GET /studio/drafts/<draft_id>/compare",
    "GET /studio/drafts/<draft_id>/compare/<side>/<process>.<ending>",
    "GET /studio/drafts/<draft_id>/review",
    "POST /studio/drafts/<draft_id>/approve",
    "POST /studio/drafts/<draft_id>/send-back",
    "GET /studio/drafts/<draft_id>/rehearsals",
    "GET /studio/drafts/<draft_id>/rehearsals/<rehearsal_id>",
    "GET /studio/drafts/<draft_id>/rehearsals/<rehearsal_id>/<process>.svg",
    "GET /studio/drafts/<draft_id>/replays",
    "GET /studio/drafts/<draft_id>/replays/<rehearsal_id>",
}
"""For managers and legal."""
DEMONSTRATION = {
    "POST /demonstration/day",
    "POST /demonstration/deadline",
    "POST /demonstration/date",
}
STUDIO = MANAGERS | REVIEWERS


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
        "<draft_id>": "1",
        "<kind_of>": "forms",
        "<side>": "after",
        "<ending>": "svg",
        "<rehearsal_id>": "1",
        "<play_id>": "1",
        "<step>": "record_visit",
        "<form>": "record_site_visit",
        "<decision>": "priority",
        "<key>": "pcn_response",
        "<migration_id>": "1",
        "<int:number>": "999",
        "<path:name>": "enforcement.bpmn",
    } | parts
    for name, value in given.items():
        path = path.replace(name, value)
    return path


def test_every_route_is_listed_here(web: Web) -> None:
    assert routes(web) == ANYONE | SIGNED_IN | STUDIO


def test_demonstration_routes_exist_in_demonstration_mode_only(
    make_web: Callable[..., Web],
) -> None:
    demonstration = make_web(is_demonstration=True)

    more = routes(demonstration) - routes(make_web())
    assert more == DEMONSTRATION


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


def open_rule(browser: Browser, rule: str, **data: str) -> int:
    """The status that somebody gets for a route of the studio, of what is not there."""
    method = rule.split(" ", 1)[0]
    path = address(rule, **{"<process>": "no_such_process"})
    answer = browser.client.open(path, method=method, data=data)
    return answer.status_code


def test_the_studio_is_for_those_who_are_signed_in(web: Web) -> None:
    browser = web.browser()
    browser.get_page("/sign-in")
    token = browser.token()

    statuses = {rule: open_rule(browser, rule, csrf_token=token) for rule in STUDIO}

    assert statuses == dict.fromkeys(STUDIO, 302)


def test_no_form_of_the_studio_is_accepted_without_its_token(web: Web) -> None:
    browser = web.sign_in(web.hire("manager", "Max Field"))
    forms = [rule for rule in STUDIO if rule.startswith("POST")]

    statuses = {rule: open_rule(browser, rule, reason="x") for rule in forms}

    assert statuses == dict.fromkeys(forms, 400)


def test_what_does_not_exist_in_the_studio_is_not_found(web: Web) -> None:
    """What an editor sends and nobody understands is refused before that."""
    browser = web.sign_in(web.hire("manager", "Max Field"))
    browser.get_page("/studio")
    token = browser.token()
    by_id = {rule for rule in STUDIO if "<" in rule}

    statuses = {rule: open_rule(browser, rule, csrf_token=token) for rule in by_id}

    assert {r for r, s in statuses.items() if s == 404} >= {
        rule for rule in by_id if rule.startswith("GET")
    }
    assert set(statuses.values()) <= {302, 400, 404}


@pytest.mark.parametrize("role", ["officer", "senior_officer", "administrator"])
def test_the_studio_is_closed_to_all_but_managers_and_legal(
    web: Web, role: str
) -> None:
    browser = web.sign_in(web.hire(role, "Ann Bell"))
    browser.get_page("/periods")
    token = browser.token()

    statuses = {rule: open_rule(browser, rule, csrf_token=token) for rule in STUDIO}

    assert statuses == dict.fromkeys(STUDIO, 403)


def test_legal_can_review_and_do_nothing_else_in_the_studio(web: Web) -> None:
    browser = web.sign_in(web.hire("legal", "Lee Moss"))
    browser.get_page("/periods")
    token = browser.token()

    statuses = {rule: open_rule(browser, rule, csrf_token=token) for rule in STUDIO}

    assert {r for r, status in statuses.items() if status == 403} == MANAGERS


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
