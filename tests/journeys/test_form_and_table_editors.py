"""The editors of forms and tables in a real browser: nothing lost, nothing added."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from browsing import SECRET
from lxml import etree
from playwright.sync_api import Page, expect
from small_procedure import procedure
from visiting import Site, Visitor

from engine import FORMS, PROCESSES
from webui import create_app
from webui.config import Config

TABLES = sorted(PROCESSES.rglob("*.dmn"))
ALL_FORMS = sorted(FORMS.glob("*.json"))
# Opens each file in the editor and gives it back as it would be saved.
THROUGH_THE_EDITOR = """async ([module, opener, files]) => {
    const open = (await import(module))[opener]
    const place = document.createElement('div')
    document.body.append(place)
    const saved = {}
    for (const [name, text] of Object.entries(files)) {
        const editor = await open(place, text)
        saved[name] = await editor.text()
        editor.close()
        place.replaceChildren()
    }
    return saved
}"""
IS_UNCOVERED = """(mark) => {
    const box = mark.getBoundingClientRect()
    const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)
    return top !== null && (mark.contains(top) || top.contains(mark))
}"""


@pytest.fixture
def draft(serve: Callable[..., Site], tmp_path: Path) -> tuple[Visitor, str, Site]:
    """A manager at a real browser, and the address of a draft with two tables."""
    config = Config(
        secret_key=SECRET,
        database_url=f"sqlite:///{tmp_path}/studio.db",
        is_demonstration=True,
        is_secure=False,
    )
    site = serve(create_app(config))
    site.office.casework.add_council("maldon")
    site.office.casework.publish_all(procedure(), "maldon")
    manager = site.hire("manager", "Max Field")
    made = site.office.drafts.open("Trees", "", manager)
    table = (PROCESSES / "priority.dmn").read_bytes()
    site.office.drafts.save(made, {"priority.dmn": table}, 1, manager)
    visitor = site.visit()
    visitor.sign_in(manager.username)
    return visitor, f"/studio/drafts/{made}", site


def ready(visitor: Visitor, path: str) -> Page:
    page = visitor.go(path)
    page.locator("[data-ready]").wait_for()
    return page


def canonical(xml: str) -> bytes:
    parser = etree.XMLParser(remove_blank_text=True)
    return etree.tostring(etree.fromstring(xml.encode(), parser), method="c14n")


def through_the_editor(page: Page, kind: str, files: dict[str, str]) -> dict[str, str]:
    module = page.locator(f"script[src*=studio_{kind}]").get_attribute("src")
    opener = {"form": "openForm", "table": "openTable"}[kind]
    return page.evaluate(THROUGH_THE_EDITOR, [module, opener, files])


def test_a_form_is_changed_seen_checked_and_saved(
    draft: tuple[Visitor, str, Site],
) -> None:
    visitor, path, _ = draft
    page = ready(visitor, f"{path}/forms/visit_site")
    shipped = {form.name: form.read_text() for form in ALL_FORMS}
    assert through_the_editor(page, "form", shipped) == shipped
    visitor.check()

    page = ready(visitor, f"{path}/forms/visit_site")
    seen, status = page.locator("[data-shown]"), page.locator("[data-status]")
    expect(page.locator(".fjs-palette-field")).to_have_count(13)
    page.get_by_title("Create a One of several element").press("Enter")
    page.locator("#studio-label").fill("Was anybody on the site?")
    expect(page.locator("[data-entry-id=key] input")).to_have_value("anybody_site")
    expect(seen.get_by_text("Was anybody on the site?")).to_be_visible()
    page.get_by_title("Create a Long text element").press("Enter")
    page.locator("#studio-label").fill("Who was it?")
    page.locator("[data-group-id=group-condition] [title=Toggle]").or_(
        page.locator("[data-group-id=group-condition] button")
    ).first.click()
    page.locator("#studio-asked-if").select_option("anybody_site")
    expect(page.locator("#studio-hide")).to_have_value('=anybody_site != "value"')
    expect(seen.get_by_text("Who was it?")).to_be_hidden()
    expect(status).to_have_text("Not saved yet.")
    mark = page.locator(".fjs-powered-by-link")
    mark.scroll_into_view_if_needed()
    assert mark.evaluate(IS_UNCOVERED), "The bpmn.io watermark is covered."
    visitor.check()

    page.locator("#studio-hide").fill("=anybody_site is nice")
    expect(page.locator("[data-problems]")).to_contain_text("cannot be used")
    page.locator("#studio-hide").fill('=anybody_site != "value"')
    expect(page.locator("[data-count]")).to_have_text("0 problems")
    page.get_by_role("button", name="Save").press("Enter")
    expect(status).to_have_text("Saved.")
    saved = page.request.get(f"{visitor.home}{path}/download/forms/visit_site.json")
    text = saved.text()
    form = json.loads(text)
    assert [each["key"] for each in form["components"]][1:] == [
        "anybody_site",
        "who_was_it",
    ]
    assert form["components"][2]["conditional"] == {"hide": '=anybody_site != "value"'}
    assert text == json.dumps(form, indent=2, ensure_ascii=False) + "\n"
    visitor.check()


def test_a_table_is_changed_tried_checked_and_saved(
    draft: tuple[Visitor, str, Site],
) -> None:
    visitor, path, site = draft
    page = ready(visitor, f"{path}/tables/priority")
    shipped = {str(table): table.read_text() for table in TABLES}
    saved = through_the_editor(page, "table", shipped)
    assert {n: canonical(x) for n, x in saved.items()} == {
        n: canonical(x) for n, x in shipped.items()
    }
    visitor.check()

    page = ready(visitor, f"{path}/tables/priority")
    page.locator(".hit-policy-edit-policy-select").click()
    policies = page.locator(".dms-select-options .option")
    expect(policies).to_have_count(3)
    page.get_by_label("What is alleged (optional)").select_option("tree")
    page.get_by_role("button", name="Ask the table").click()
    expect(page.locator("[data-answer]")).to_contain_text("Works to protected trees")
    counts = page.locator("td.app-rule--counts").first
    expect(counts).to_have_attribute("data-row-id", "enf1_protected_tree")
    mark = page.locator(".bjs-powered-by")
    mark.scroll_into_view_if_needed()
    assert mark.evaluate(IS_UNCOVERED), "The bpmn.io watermark is covered."

    cell = page.locator("[data-row-id=enf1_protected_tree] [contenteditable]").nth(5)
    cell.fill("")
    expect(page.locator("[data-problems]")).to_contain_text("has an empty result")
    cell.fill('"A tree that is protected"')
    expect(page.locator("[data-answer]")).to_contain_text("A tree that is protected")
    page.locator(".add-rule").first.click()
    new = page.locator("[data-row-id=rule_1] [contenteditable]")
    new.nth(4).fill("3")
    new.nth(5).fill('"Last of all"')
    visitor.check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("[data-status]")).to_have_text("Saved.")
    text = page.request.get(f"{visitor.home}{path}/download/priority.dmn").text()
    assert '<rule id="rule_1">' in text
    assert "A tree that is protected" in text


def test_what_another_saved_is_not_overwritten_and_nothing_is_lost(
    draft: tuple[Visitor, str, Site],
) -> None:
    visitor, path, site = draft
    page = ready(visitor, f"{path}/tables/priority")
    colleague = site.hire("manager", "Mona Reeve")
    other = (PROCESSES / "time_limit.dmn").read_bytes()
    draft_id = path.rsplit("/", 1)[-1]
    site.office.drafts.save(draft_id, {"time_limit.dmn": other}, 2, colleague)

    cell = page.locator("[data-row-id=enf1_protected_tree] [contenteditable]").nth(5)
    cell.fill('"A tree"')
    page.get_by_role("button", name="Save").click()

    expect(page.locator("[data-status]")).to_contain_text("Mona Reeve")
    expect(cell).to_have_text('"A tree"')
