"""Tells a story through the pages: what a person does is done in a real browser.

Time, messages and expectations stay with `engine.scenarios`; reports, tasks and
processes started from a case go through forms, buttons and links."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from browsing import PASSWORD
from playwright.sync_api import Locator, Page
from visiting import Site, Visitor

import engine
from engine import Field, Form, InvalidAnswers, NotPermitted, Report
from engine.clock import LONDON
from engine.views import Officer


@dataclass
class ByHand:
    """The commands as people give them: stands in for the engine's `Casework`."""

    site: Site
    clerk: Officer
    visitors: dict[str, Visitor] = field(default_factory=dict)
    checked: set[str] = field(default_factory=set)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.site.office.casework, name)

    def visitor(self, officer: Officer) -> Visitor:
        """The officer's own browser, signed in."""
        if officer.id not in self.visitors:
            visitor = self.site.visit()
            visitor.sign_in(officer.username)
            self.visitors[officer.id] = visitor
        return self.visitors[officer.id]

    def report_breach(self, report: Report, officer: Officer | None = None) -> str:
        """Take the report on its page; returns the reference of the case."""
        page = self.visitor(officer or self.clerk).go("/reports/new")
        for name in ("address", "description", "harm_described"):
            page.locator(f"#{name}").fill(getattr(report, name))
        page.locator("#breach_type").select_option(report.breach_type)
        page.locator("#channel").select_option("phone")
        choose(page, "how_known", report.how_known)
        choose(page, "is_anonymous", "yes" if report.is_anonymous else "no")
        if not report.is_anonymous:
            page.locator("#complainant_name").fill("Nobody Real")
            page.locator("#complainant_relation").select_option(
                report.complainant_relation
            )
        page.get_by_role("button", name="Open a case").click()
        return page.locator(".govuk-caption-l").first.inner_text()

    def complete_task(
        self, task_id: str, answers: Mapping[str, Any], officer: Officer
    ) -> None:
        """Open the task, answer its questions, and complete it."""
        visitor = self.visitor(officer)
        page = visitor.go(f"/tasks/{task_id}")
        may_not = page.locator(".govuk-inset-text")
        if may_not.count():
            raise NotPermitted(may_not.first.inner_text())
        task = self.site.office.records.task(task_id, officer)
        fill(page, Form.parse(task.form).fields, answers)
        if task.element not in self.checked:
            self.checked.add(task.element)
            visitor.check()
        page.get_by_role("button", name="Complete this task").click()
        see(page, "Completed by you on")

    def start_process(
        self,
        reference: str,
        process: str,
        officer: Officer,
        *,
        notice: str | None = None,
        facts: Mapping[str, Any] | None = None,
    ) -> None:
        """Follow the link of the case page and start the process."""
        assert not facts, "A page starts a process without facts of its own."
        page = self.visitor(officer).go(f"/cases/{reference.replace('/', '-')}")
        page.locator(f"a[href$='/start/{process}']").click()
        if notice:
            choose(page, "notice", notice)
        page.get_by_role("button", name="Start").click()
        see(page, "has been started")


def see(page: Page, text: str) -> None:
    """Wait for a sentence; an error summary is raised as the engine would raise it."""
    good, bad = page.get_by_text(text), page.locator(".govuk-error-summary")
    good.or_(bad).or_(page.locator("footer")).first.wait_for()
    links = page.locator(".govuk-error-summary__list a")
    if links.count():
        told = {_key(str(a.get_attribute("href"))): a.inner_text() for a in links.all()}
        raise InvalidAnswers(told)
    if not good.count():
        raise AssertionError(f"{page.url} says: {page.locator('main').inner_text()}")


def _key(href: str) -> str:
    return href.lstrip("#").removesuffix("-day").removesuffix("-add")


def fill(
    page: Page, fields: Sequence[Field], answers: Mapping[str, Any], prefix: str = ""
) -> None:
    """Answer the questions in their order; those that are not shown are left alone."""
    for each in fields:
        if each.type == "dynamiclist":
            _make_rows(page, each, answers.get(each.key) or [{}])
    for each in fields:
        name, value = prefix + each.key, answers.get(each.key)
        if each.type == "dynamiclist":
            for number, row in enumerate(value or ()):
                fill(page, each.fields, row, f"{name}-{number}-")
        else:
            _FILLERS.get(each.type, _type)(page, name, value)


def _make_rows(page: Page, each: Field, rows: Sequence[Any]) -> None:
    """As many entries as there are answers: each press goes to the server and back."""
    add = page.locator(f"#{each.key}-add")
    if not add.is_visible():
        return
    entries = page.locator(f"[data-entry^='{each.key}-']")
    while entries.count() < len(rows):
        with page.expect_navigation():
            add.click()
    while entries.count() > max(len(rows), 1):
        with page.expect_navigation():
            page.locator(f"button[value='remove:{each.key}:0']").click()


def choose(page: Page, name: str, value: str) -> None:
    """Tick one radio button."""
    page.locator(f"input[name='{name}'][value='{value}']").check()


def _shown(page: Page, selector: str) -> Locator | None:
    found = page.locator(selector)
    return found.first if found.count() and found.first.is_visible() else None


def _radio(page: Page, name: str, value: Any) -> None:
    if value is not None:
        button = page.locator(f"input[name='{name}'][value='{value}']")
        if button.count() and _is_shown(page, name):
            button.check()


def _is_shown(page: Page, name: str) -> bool:
    return page.locator(f"[data-hide][hidden] [name='{name}']").count() == 0


def _checklist(page: Page, name: str, value: Any) -> None:
    if _is_shown(page, name):
        for box in page.locator(f"input[name='{name}']").all():
            box.set_checked(box.get_attribute("value") in (value or []))


def _checkbox(page: Page, name: str, value: Any) -> None:
    if _is_shown(page, name):
        page.locator(f"input[name='{name}']").set_checked(bool(value))


def _select(page: Page, name: str, value: Any) -> None:
    if value is not None and (box := _shown(page, f"select[name='{name}']")):
        box.select_option(str(value))


def _date(page: Page, name: str, value: Any) -> None:
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    if isinstance(value, datetime) and value.tzinfo:
        value = value.astimezone(LONDON)
    parts = {"day": "", "month": "", "year": ""}
    if isinstance(value, date):
        parts = {"day": value.day, "month": value.month, "year": value.year}
        if isinstance(value, datetime):
            parts["time"] = f"{value:%H:%M}"
    for part, text in parts.items():
        if box := _shown(page, f"[name='{name}-{part}']"):
            box.fill(str(text))


def _type(page: Page, name: str, value: Any) -> None:
    if box := _shown(page, f"[name='{name}']"):
        box.fill("" if value is None else str(value))


_FILLERS: Mapping[str, Callable[[Page, str, Any], None]] = {
    "radio": _radio,
    "checklist": _checklist,
    "checkbox": _checkbox,
    "select": _select,
    "datetime": _date,
}


def cast_member(office: engine.Office, council: str, role: str, number: int) -> Officer:
    """Somebody of the stories who can sign in."""
    name = f"{role.replace('_', ' ').capitalize()} {number}"
    return office.casework.add_officer(
        council,
        name.lower().replace(" ", "."),
        name,
        email="someone@council.example",
        roles=[role],
        password=PASSWORD,
    )
