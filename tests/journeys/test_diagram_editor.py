"""A manager changes a diagram in a real browser; nothing of any diagram is lost."""

from __future__ import annotations

import ast
from collections.abc import Callable

import pytest
from browsing import SECRET
from lxml import etree
from playwright.sync_api import Locator, Page, expect
from small_office import form_file
from small_procedure import procedure
from visiting import PHONE, Site, Visitor

import engine
from engine.bpmn import diagrams
from webui import create_app
from webui.config import Config

TO_MEND = "#problems h2"


@pytest.fixture
def site(serve: Callable[..., Site], new_sqlite: Callable[[], str]) -> Site:
    """Maldon on a small procedure that nothing is wrong with."""
    config = Config(secret_key=SECRET, database_url=new_sqlite(), is_secure=False)
    served = serve(create_app(config))
    served.office.casework.add_council("maldon")
    files = procedure() | {"forms/respond_to_delay.json": form_file("respond_to_delay")}
    served.office.casework.publish_all(files, "maldon", note="A fresh start")
    return served


def open_editor(site: Site, visitor: Visitor, manager: engine.Officer) -> str:
    """A new draft, with its diagram in the editor. Returns the draft."""
    draft = site.office.drafts.open("A second visit", "", manager)
    visitor.go(f"/studio/drafts/{draft}/diagrams/enforcement")
    visitor.page.locator("[data-ready]").wait_for()
    return draft


def shape(page: Page, element: str) -> Locator:
    return page.locator(f'.djs-shape[data-element-id="{element}"] .djs-hit').first


def pick(page: Page, typed: str) -> None:
    """Take what the menu of the drawing finds for what is typed."""
    page.locator(".djs-popup input").wait_for()
    page.keyboard.type(typed)
    expect(page.locator(".djs-popup .entry")).to_have_count(1)
    page.locator(".djs-popup .entry.selected").wait_for()
    page.keyboard.press("Enter")


def choose(page: Page, button: str, typed: str) -> None:
    """Take the first that a dialog finds for what was typed."""
    page.get_by_role("button", name=button, exact=True).click()
    page.get_by_role("searchbox", name="Search").fill(typed)
    page.keyboard.press("Enter")


def test_a_step_is_drawn_its_mistakes_are_marked_mended_and_saved(site: Site) -> None:
    manager = site.hire("manager", "Max Field")
    visitor = site.visit()
    visitor.sign_in(manager.username)
    draft = open_editor(site, visitor, manager)
    page = visitor.page
    expect(page.locator(TO_MEND)).to_have_text("Nothing to mend")

    shape(page, "visit_site").click()
    page.locator(".djs-context-pad .app-append").first.click()
    pick(page, "the manager is told")
    expect(page.locator(TO_MEND)).to_have_text("3 things to mend")
    expect(page.locator(".app-mark")).to_have_count(3)

    page.get_by_label("Name", exact=True).fill("Visit a second time")
    expect(page.get_by_label("Id", exact=True)).to_have_value("visit_a_second_time")
    page.get_by_role("button", name="New form").click()
    expect(page.locator(TO_MEND)).to_have_text("2 things to mend")
    expect(page.locator("#studio-status")).to_have_text("2 things to mend.")

    page.locator("#problems").get_by_role("button", name="The step is overdue").click()
    choose(page, "Choose a period", "further site visit")
    page.get_by_label("Counts from").select_option("received_on")
    expect(page.locator(TO_MEND)).to_have_text("Nothing to mend")

    mark = page.get_by_role("link", name="Powered by bpmn.io")
    mark.scroll_into_view_if_needed()
    mark.hover()  # Fails where anything covers it.

    page.keyboard.press("Control+s")
    expect(page.locator("#studio-saved")).to_contain_text("Saved at")
    visitor.check()
    files = site.office.drafts.files(draft, manager)
    xml = files["enforcement.bpmn"].decode()
    assert 'deadline("further_visit", received_on)' in xml
    assert 'deadline("escalation_response", deadline("further_visit"' in xml
    assert "forms/visit_a_second_time.json" in files
    assert all(
        problem.is_advice or engine.drawing_board.is_of_drawing(problem)
        for problem in site.office.drafts.check(draft, manager)
    )

    page.goto(page.url + "?element=visit_a_second_time")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Visit a second time")
    page.set_viewport_size(PHONE)
    visitor.check()


def test_a_step_is_added_by_keyboard_and_undone(site: Site) -> None:
    manager = site.hire("manager", "Max Field")
    visitor = site.visit()
    visitor.sign_in(manager.username)
    open_editor(site, visitor, manager)
    page = visitor.page

    page.locator("#studio-canvas svg").first.focus()
    page.keyboard.press("Control+f")
    page.keyboard.type("Visit site")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Visit site")
    expect(page.locator(".djs-search-container")).to_be_hidden()
    page.keyboard.press("a")
    pick(page, "note a fact")
    page.keyboard.type("Count the visits")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Id", exact=True)).to_have_value("count_the_visits")
    expect(page.locator("#studio-saved")).to_have_text("Not saved yet")
    page.get_by_label("The facts that it notes").fill("visits = 1")
    page.locator("#studio-canvas svg").first.focus()
    page.keyboard.press("Tab")
    inside = "document.activeElement.closest('#studio-canvas svg') !== null"
    assert not page.evaluate(inside), "the drawing keeps the focus"
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_label("The facts that it notes")).to_have_value("")
    visitor.check()


REWRITTEN = """([conditions, dates]) => {
  const its = window.studioModeler.get('expressions')
  const again = (read, write) => (text) => {
    const found = read(text)
    return found && write(found)
  }
  return [
    conditions.map(again(its.parseCondition, its.writeCondition)),
    dates.map(again(its.parseDeadline, its.writeDeadline)),
  ]
}"""


def test_every_shipped_condition_and_date_is_read_and_written_alike(
    site: Site, shipped_files: dict[str, bytes]
) -> None:
    manager = site.hire("manager", "Max Field")
    visitor = site.visit()
    visitor.sign_in(manager.username)
    open_editor(site, visitor, manager)
    drawn = [
        diagrams.read(name, content)
        for name, content in shipped_files.items()
        if name.endswith(".bpmn")
    ]
    given = [
        [flow.condition for each in drawn for flow in each.flows.values()],
        [element.timer for each in drawn for element in each.elements.values()],
    ]
    texts = [[text for text in kind if text] for kind in given]

    rewritten = visitor.page.evaluate(REWRITTEN, texts)

    for kind, again in zip(texts, rewritten, strict=True):
        pairs = [(a, b) for a, b in zip(kind, again, strict=True) if b is not None]
        assert len(pairs) > len(kind) / 2, "most can be chosen from lists"
        assert [normal(a) for a, _ in pairs] == [normal(b) for _, b in pairs]


def normal(text: str) -> str:
    """The expression without what spaces, quotes and brackets differ in."""
    return ast.unparse(ast.parse(text.strip(), mode="eval"))


ROUND = """async (xml) => {
  const modeler = window.studioModeler
  const { warnings } = await modeler.importXML(xml)
  return [await modeler.get('studioOffice').xml(), warnings.map(String)]
}"""


def canonical(xml: bytes) -> bytes:
    """The same for two files that say and draw the same."""
    parser = etree.XMLParser(remove_blank_text=True)
    found: bytes = etree.tostring(
        etree.fromstring(xml, parser), method="c14n2", strip_text=True
    )
    return found


def test_every_shipped_diagram_is_opened_and_saved_without_a_difference(
    site: Site, shipped_files: dict[str, bytes]
) -> None:
    manager = site.hire("manager", "Max Field")
    visitor = site.visit()
    visitor.sign_in(manager.username)
    open_editor(site, visitor, manager)
    names = [name for name in shipped_files if name.endswith(".bpmn")]
    assert len(names) > 40

    wrong = []
    for name in names:
        content = shipped_files[name]
        saved, warnings = visitor.page.evaluate(ROUND, content.decode())
        if warnings or canonical(saved.encode()) != canonical(content):
            wrong.append((name, warnings))

    assert wrong == []
