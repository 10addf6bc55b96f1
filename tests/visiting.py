"""A real browser on a real server, and a check of accessibility on each page."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from browsing import PASSWORD, Web
from playwright.sync_api import Page

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
RULES = "wcag2a wcag2aa wcag21a wcag21aa wcag22aa best-practice".split()
ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-background-networking --no-first-run"
).split()
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}


@dataclass
class Visitor:
    """Somebody at a real browser. Errors of the page itself are collected."""

    page: Page
    home: str
    troubles: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        self.page.goto(self.home + path)
        return self.page

    def sign_in(self, username: str, password: str = PASSWORD) -> None:
        self.go("/sign-in")
        self.page.get_by_label("Username", exact=True).fill(username)
        self.page.get_by_label("Password", exact=True).fill(password)
        self.page.get_by_role("button", name="Sign in").click()
        self.page.get_by_role("heading", level=1, name="Worklist").wait_for()

    def sign_out(self) -> None:
        self.page.get_by_role("button", name="Sign out").click()
        self.page.get_by_text("You have signed out").wait_for()

    def check(self) -> None:
        """No accessibility fault, nothing wider than the screen, no trouble so far.

        With SCREENSHOTS=folder in the environment each page is also photographed."""
        self.page.wait_for_load_state("networkidle")
        if folder := os.environ.get("SCREENSHOTS"):
            self._photograph(Path(folder))
        found = violations(self.page)
        assert not found, f"{self.page.url}: {found}"
        width = self.page.evaluate("document.documentElement.scrollWidth")
        assert width <= self.page.viewport_size["width"], f"{self.page.url} is too wide"
        assert not self.troubles, self.troubles

    def _photograph(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        name = re.sub(r"\W+", "-", self.page.title().split(" – ")[0]).strip("-").lower()
        width = self.page.viewport_size["width"]
        self.page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)


def violations(page: Page) -> list[str]:
    """What axe finds wrong. Put in by the debugger: our policy lets no script in."""
    session = page.context.new_cdp_session(page)
    session.send("Runtime.evaluate", {"expression": AXE})
    session.detach()
    return page.evaluate(
        """async (rules) => (await axe.run(document, {runOnly: rules})).violations.map(
        (v) => v.id + ': ' + v.nodes.map((n) => n.target.join(' ')).join(', '))""",
        RULES,
    )


@dataclass
class Site(Web):
    """An application that is served, and its visitors."""

    home: str
    visit: Callable[..., Visitor]


def watched(visitor: Visitor) -> Visitor:
    """Errors of scripts, of the security policy and of the server count; refusals of
    ours do not."""
    visitor.page.on(
        "response",
        lambda answer: (
            visitor.troubles.append(f"{answer.status} {answer.url}")
            if answer.status >= 500
            else None
        ),
    )
    visitor.page.on("pageerror", lambda error: visitor.troubles.append(str(error)))
    visitor.page.on(
        "console",
        lambda message: (
            visitor.troubles.append(message.text)
            if message.type == "error" and "Failed to load" not in message.text
            else None
        ),
    )
    return visitor
