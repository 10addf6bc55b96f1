"""Changes of the small procedure, made by short ways through the studio's doors."""

from __future__ import annotations

from collections.abc import Mapping

from browsing import Browser, Web
from small_procedure import second_visit

import engine


def hire(web: Web, role: str, name: str, council: str = "maldon") -> engine.Officer:
    """Somebody without a password, which would cost every test its while."""
    return web.office.casework.add_officer(
        council,
        name.lower().replace(" ", "."),
        name,
        email="someone@council.example",
        roles=[role],
        password=None,
    )


def visit(web: Web, person: engine.Officer) -> Browser:
    """The browser of somebody who has signed in, with a page open."""
    browser = web.browser()
    now = engine.Clock().now().isoformat()
    with browser.client.session_transaction() as session:
        session.update(officer=person.id, since=now, seen=now)
    browser.get_page("/periods")
    return browser


def draft(
    web: Web,
    manager: engine.Officer,
    changes: Mapping[str, bytes | None] | None = None,
    title: str = "A second site visit",
) -> str:
    """A draft that adds the second visit, or changes other files. Returns its id."""
    made = web.office.drafts.open(title, "Neighbours report again.", manager)
    wanted = second_visit() if changes is None else changes
    web.office.drafts.save(made, wanted, 1, manager)
    return made


def rehearse(web: Web, draft_id: str, manager: engine.Officer) -> None:
    """Tell every story on the draft."""
    web.office.rehearsals.ask(draft_id, "stories", manager)
    while web.office.rehearsals.carry_on():
        pass


def approve(web: Web, draft_id: str, manager: engine.Officer) -> None:
    """Rehearsed, sent in and approved by somebody else: ready to be published."""
    legal = hire(web, "legal", "Lola Reed")
    rehearse(web, draft_id, manager)
    web.office.drafts.submit(draft_id, manager)
    web.office.drafts.approve(draft_id, "As agreed.", legal)


def publish(
    web: Web,
    manager: engine.Officer,
    changes: Mapping[str, bytes | None] | None = None,
) -> int:
    """The second visit, or other changes, published. Returns the release's number."""
    made = draft(web, manager, changes)
    approve(web, made, manager)
    number = web.office.drafts.publish(made, manager)
    assert number is not None
    return number
