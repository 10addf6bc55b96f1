"""Stories that stop at a step which a change adds or takes out, changed all at once."""

from __future__ import annotations

import pytest
import small_changes
import small_procedure
from browsing import Browser, Web, heading, words
from bs4 import BeautifulSoup
from small_office import form_file

import engine

SEEN = {"type": "textfield", "key": "seen", "validate": {"required": True}}
ON = {
    "type": "datetime",
    "subtype": "date",
    "dateLabel": "Seen on",
    "key": "seen_on",
    "properties": {"default_from": "today()"},
}
STORY = """title: A visit on {day}
process: enforcement
starts: {day}T09:00
case: {{address: 1 Lane, breach_type: other, description: A shed, harm_described: x}}
steps:
  # The officer goes there.
  - do: visit_site
    as: officer
    answers: {{visit_site_note: Seen}}  # at once
# That is all.
ends: visited
"""
DAYS = ("2026-03-02", "2026-03-03", "2026-03-09")
STORIES = {
    f"scenarios/visit_{number}.yaml": STORY.format(day=day).encode()
    for number, day in enumerate(DAYS)
}
ADDED = (
    small_procedure.second_visit()
    | {"forms/visit_again.json": form_file("visit_again", SEEN, ON)}
    | STORIES
)


class Change:
    """A manager's browser at a change whose stories have been told."""

    def __init__(self, web: Web, manager: engine.Officer, draft_id: str) -> None:
        self.web = web
        self.manager = manager
        self.draft_id = draft_id
        self.here = f"/studio/drafts/{draft_id}"
        self.browser: Browser = small_changes.visit(web, manager)

    def rehearse(self) -> BeautifulSoup:
        """Tell the stories again; the page of what came of it."""
        small_changes.rehearse(self.web, self.draft_id, self.manager)
        return self.browser.get_page(self.latest)

    @property
    def latest(self) -> str:
        rehearsals = self.web.office.rehearsals
        told = rehearsals.of_draft(self.draft_id, "stories", self.manager)
        run = next(each for each in told if each.is_current)
        return f"{self.here}/rehearsals/{run.id}"

    def carry_on(self) -> None:
        while self.web.office.rehearsals.carry_on():
            pass

    def story(self, name: str) -> str:
        files = self.web.office.drafts.files(self.draft_id, self.manager)
        return files[f"scenarios/{name}.yaml"].decode()


@pytest.fixture
def change(studio: Web) -> Change:
    manager = small_changes.hire(studio, "manager", "Max Field")
    return Change(studio, manager, small_changes.draft(studio, manager, ADDED))


def test_a_new_step_is_answered_once_for_all_stories_that_stop_at_it(
    change: Change,
) -> None:
    failed = change.rehearse()
    group = failed.select_one('section[aria-labelledby="stopped-visit_again"]')
    step = str(group.select_one("a.govuk-button")["href"])
    page = change.browser.get_page(step)
    refused = change.browser.post(step, {"as": "officer", "action": "answer"}, 400)
    nobody = change.browser.post(step, {"as": "gardener", "seen": "x"}, 400)
    legal = change.browser.post(step, {"as": "legal", "seen": "x"}, 400)
    filled = {"as": "officer", "seen": "Gone: nothing left", "action": "answer"}
    for part, value in (("day", "2"), ("month", "3"), ("year", "2026")):
        filled[f"seen_on-{part}"] = value
    waiting = change.browser.post(step, filled)
    change.carry_on()
    run = change.web.office.rehearsals.latest(
        change.draft_id, "answers", change.manager
    )
    assert run is not None
    done = change.browser.get_page(f"{change.here}/answers/{run.id}")
    change.browser.post(f"{change.here}/rehearsals", {})
    change.carry_on()
    again = change.browser.get_page(change.latest)

    assert words(group.h2) == (
        "3 stories stop at “Visit again”, which they do not know."
    )
    assert heading(page) == "Answer “Visit again” in 3 stories"
    assert "As it opens in the story “A visit on 2026-03-02”" in words(page)
    assert refused.select_one("#seen-error") is not None
    assert "Choose who does it" in words(nobody.select_one(".govuk-error-summary"))
    assert "is for the role" in words(legal.select_one(".govuk-error-summary"))
    assert "It waits to begin" in words(waiting)
    assert "3 of 3 stories gone through" in words(done)
    assert "The step now stands in 3 stories" in words(done)
    assert "Stories that passed (3)" in words(again)
    assert not again.select(".app-problem")
    assert change.story("visit_2") == STORY.format(day=DAYS[2]).replace(
        "# at once\n",
        "# at once\n"
        "  - do: visit_again\n"
        "    as: officer\n"
        "    answers:\n"
        "      seen: 'Gone: nothing left'\n",
    )
    saved = change.web.office.drafts.get(change.draft_id, change.manager)
    assert saved.revision == 3
    assert {event.by for event in saved.events} == {"Max Field"}


def test_a_step_that_is_gone_is_taken_out_of_its_stories(studio: Web) -> None:
    manager = small_changes.hire(studio, "manager", "Max Field")
    both = STORY.replace(
        "# That is all.\n",
        "  - expect: {{only_ready: [visit_again], status: open}}\n"
        "  # And again.\n"
        "  - do: visit_again\n"
        "    as: officer\n"
        "# That is all.\n",
    )
    stories = {name: both.format(day="2026-03-02").encode() for name in STORIES}
    studio.office.casework.publish_all(
        small_procedure.procedure() | small_procedure.second_visit() | stories,
        "maldon",
        note="Twice",
    )
    once = {"enforcement.bpmn": small_procedure.procedure()["enforcement.bpmn"]}
    change = Change(studio, manager, small_changes.draft(studio, manager, once))

    failed = change.rehearse()
    group = failed.select_one('section[aria-labelledby="stopped-visit_again"]')
    take_out = f"{change.latest}/steps/visit_again/take-out"
    taken = change.browser.post(take_out)
    stale = change.browser.post(take_out, status=409)

    assert words(group.h2) == (
        "3 stories do “Visit again”, which the change no longer has."
    )
    assert "taken out of 3 stories" in words(taken)
    assert "Rehearse it again" in words(stale)
    assert change.story("visit_0").endswith(
        "# at once\n"
        "  - expect:\n"
        "      status: open\n"
        "  # And again.\n"
        "# That is all.\n"
        "ends: visited\n"
    )
