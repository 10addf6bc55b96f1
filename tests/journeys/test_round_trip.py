"""What the studio saves, any BPMN editor opens and saves, and it runs the same."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from browsing import SECRET
from lxml import etree
from playwright.sync_api import Page
from small_procedure import procedure
from visiting import Site

from engine.rehearsing import rehearsal
from webui import create_app
from webui.config import Config

STOCK = Path(__file__).parents[1] / "vendor" / "bpmn-modeler.production.min.js"
STORY = "scenarios/direct_action_yard_cleared_and_charged.yaml"
DIAGRAMS = (
    "works_in_default",
    "enforcement",
    "notice_service",
    "information_recipient",
)
OURS = """async ([xml, element, name]) => {
  const modeler = window.studioModeler
  await modeler.importXML(xml)
  if (name) {
    const changed = modeler.get('elementRegistry').get(element)
    modeler.get('modeling').updateProperties(changed, { name })
  }
  return await modeler.get('studioOffice').xml()
}"""
THEIRS = """async (xml) => {
  const modeler = new BpmnJS({ container: document.body })
  const { warnings } = await modeler.importXML(xml)
  const saved = await modeler.saveXML({ format: true })
  modeler.destroy()
  return [saved.xml, warnings.map(String)]
}"""


@pytest.fixture
def editor(serve: Callable[..., Site], new_sqlite: Callable[[], str]) -> Page:
    """The studio's editor, open on some diagram."""
    config = Config(secret_key=SECRET, database_url=new_sqlite(), is_secure=False)
    site = serve(create_app(config))
    site.office.casework.add_council("maldon")
    site.office.casework.publish_all(procedure(), "maldon")
    manager = site.hire("manager", "Max Field")
    visitor = site.visit()
    visitor.sign_in(manager.username)
    draft = site.office.drafts.open("A round trip", "", manager)
    page = visitor.go(f"/studio/drafts/{draft}/diagrams/enforcement")
    page.locator("[data-ready]").wait_for()
    return page


def canonical(xml: str) -> bytes:
    """The same for two files that say and draw the same. A stock editor writes the
    shapes of the picture in an order of its own, which means nothing."""
    parser = etree.XMLParser(remove_blank_text=True)
    root = etree.fromstring(xml.encode(), parser)
    [plane] = root.iter("{*}BPMNPlane")
    plane[:] = sorted(plane, key=lambda shape: shape.get("bpmnElement", ""))
    found: bytes = etree.tostring(root, method="c14n2", strip_text=True)
    return found


def test_a_stock_editor_opens_what_ours_saved_and_it_runs_the_same(
    editor: Page, shipped_files: dict[str, bytes], tmp_path: Path
) -> None:
    stock = editor.context.new_page()
    stock.add_script_tag(path=STOCK)
    back = dict(shipped_files)

    for name in DIAGRAMS:
        content = shipped_files[f"{name}.bpmn"].decode()
        changed = (
            [content, "supervise_works", "Oversee the works"]
            if name == "works_in_default"
            else [content, "", ""]
        )
        ours = editor.evaluate(OURS, changed)
        theirs, warnings = stock.evaluate(THEIRS, ours)
        again = editor.evaluate(OURS, [theirs, "", ""])
        assert not [w for w in warnings if "unresolved" not in w], (name, warnings)
        assert canonical(theirs) == canonical(ours), name
        assert canonical(again) == canonical(ours), name
        back[f"{name}.bpmn"] = again.encode()

    told = rehearsal.rehearse(back, f"sqlite:///{tmp_path}/told.db", only=[STORY])
    assert [story.message for story in told.told] == [""]
