"""What a manager does with the mouse in the studio's editors."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

_ON_FLOW = """([flow, part]) => {
    const path = document.querySelector(
        `.djs-connection[data-element-id="${flow}"] .djs-visual > path`)
    const at = path.getPointAtLength(path.getTotalLength() * part)
    const { a, d, e, f } = path.getScreenCTM()
    return [at.x * a + e, at.y * d + f]
}"""
Point = tuple[float, float]


def open_editor(page: Page) -> None:
    """Wait until the diagram has been drawn, and bring it into view."""
    page.locator("#studio-editor[data-ready=true]").wait_for()
    page.locator("#studio-canvas").scroll_into_view_if_needed()


def find(page: Page, name: str) -> None:
    """Select what the search finds first, and bring it into view."""
    page.get_by_role("button", name="Search", exact=True).click()
    box = page.locator(".djs-search-container input")
    box.press_sequentially(name)
    page.locator(".djs-search-result").first.wait_for()
    box.press("Enter")
    expect(box).to_be_hidden()
    expect(page.locator("#studio-panel input").first).to_have_value(re.compile(name))


def choose(page: Page, button: str, name: str) -> None:
    """Take the first that a dialog finds."""
    page.get_by_role("button", name=button).click()
    page.get_by_role("searchbox", name="Search").fill(name)
    page.keyboard.press("Enter")


def delete(page: Page) -> None:
    """Press the bin beside what is selected."""
    page.locator(".djs-context-pad [data-action=delete]").click()


def drag(page: Page, start: Point, *way: Point) -> None:
    """Press at a point, move the mouse on its way, and let go."""
    page.mouse.move(*start)
    page.mouse.down()
    for point in way:
        page.mouse.move(*point, steps=6)
    page.mouse.up()


def middle(page: Page, selector: str) -> Point:
    """The middle of what is first found."""
    box = page.locator(selector).first.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def on_flow(page: Page, flow: str, part: float) -> Point:
    """The point of a flow at that part of its length."""
    x, y = page.evaluate(_ON_FLOW, [flow, part])
    return x, y


def expect_to_mend(page: Page, number: int) -> None:
    """Wait until so many things are to mend."""
    said = {0: "Nothing to mend", 1: "1 thing to mend"}
    count = page.locator("#studio-problems")
    expect(count).to_have_text(said.get(number, f"{number} things to mend"))


def drop_question(page: Page, kind: str) -> None:
    """Drag a kind of question behind the last one of a form."""
    page.locator(".fjs-palette-field").first.wait_for()
    page.locator("[data-form-editor]").scroll_into_view_if_needed()
    start = middle(page, f".fjs-palette-field[data-field-type={kind}]")
    box = page.locator(".fjs-children .fjs-element").last.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"]
    drag(page, start, (start[0] + 40, start[1] + 10), (x, y + 30), (x, y + 4))
