"""The pages on which a change is rehearsed: stories, plays and replays."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
import small_changes
import small_procedure
from browsing import Web, heading, words
from bs4 import BeautifulSoup
from small_office import form_file

REPORT = {
    "title": "A fence by the road",
    "process": "enforcement",
    "address": "1 Example Lane",
    "breach_type": "alter.boundary",
    "description": "A fence",
    "harm_described": "It hides the road",
}
STORY = b"""
title: A visit in time
process: enforcement
starts: 2026-03-02T09:00
case: {address: 1 Mill Lane, breach_type: other, description: A shed, harm_described: x}
steps:
  - do: visit_site
    as: officer
    answers: {visit_site_note: Seen}
ends: visited
"""
MUST = {"type": "textfield", "key": "seen", "validate": {"required": True}}
LIST = {
    "type": "dynamiclist",
    "key": "owners",
    "components": [{"type": "textfield", "key": "name", "id": "name", "label": "Name"}],
}
ASKED = {"forms/visit_site.json": form_file("visit_site", MUST)}


class Studio:
    """A manager's browser at a draft."""

    def __init__(self, web: Web, changes: Mapping[str, bytes | None]) -> None:
        self.web = web
        self.manager = web.hire("manager", "Max Field")
        self.draft_id = small_changes.draft(web, self.manager, changes)
        self.here = f"/studio/drafts/{self.draft_id}"
        self.browser = web.sign_in(self.manager)

    def play(self) -> str:
        """Begin a play; the address of its page."""
        self.browser.get_page(f"{self.here}/plays")
        self.browser.post(f"{self.here}/plays", REPORT)
        [line] = self.web.office.rehearsals.plays(self.draft_id, self.manager)
        return f"{self.here}/plays/{line.id}"

    def carry_on(self) -> None:
        while self.web.office.rehearsals.carry_on():
            pass


@pytest.fixture
def at_change(studio: Web) -> Studio:
    return Studio(studio, small_procedure.second_visit())


def errors(page: BeautifulSoup) -> list[str]:
    return [words(each) for each in page.select(".govuk-error-summary li")]


def happened(page: BeautifulSoup) -> list[str]:
    """The steps told so far, the first one first."""
    return [words(each) for each in page.select(".app-chronology__title")][::-1]


def open_tasks(page: BeautifulSoup) -> list[str]:
    return [words(e) for e in page.select(".app-play-tasks strong, .app-play-tasks a")]


# Plays


def test_a_play_shows_the_form_the_clock_and_the_diagram_without_a_script(
    at_change: Studio,
) -> None:
    play = at_change.play()

    page = at_change.browser.get_page(play)
    client = at_change.browser.client
    picture = page.select_one("#picture img")
    canvas = page.select_one("[data-diagram]")

    assert heading(page) == "A fence by the road"
    assert "It is 2 March 2026 at 9am in this play" in words(page)
    assert open_tasks(page) == ["Visit site"]
    assert page.select_one("#visit_site_note") is not None
    assert [o["value"] for o in page.select("#as option")][:2] == [
        "officer",
        "officer#2",
    ]
    assert picture is not None and canvas is not None
    assert "The case stands at: Visit site" in str(picture["alt"])
    drawn = client.get(str(picture["src"]))
    assert (drawn.status_code, drawn.mimetype) == (200, "image/svg+xml")
    assert b"<bpmn:process" in client.get(str(canvas["data-xml"])).data
    state = json.loads(client.get(str(canvas["data-state"])).data)
    assert state["current"] == ["visit_site"]


def test_steps_are_done_and_undone_and_the_clock_moves(at_change: Studio) -> None:
    play = at_change.play()
    browser = at_change.browser
    browser.get_page(play)

    late = browser.post(f"{play}/time", {"to": "due"})
    chased = open_tasks(late)
    browser.post(f"{play}/time", {"to": "day"})
    task = str(late.select_one("input[name=task]")["value"])
    again = browser.post(
        play, {"task": task, "as": "officer", "visit_site_note": "Seen"}
    )
    undone = browser.post(f"{play}/undo")

    assert chased == ["Visit site", "Chase visit"]
    assert "Then by itself: Visit late." in words(late)
    assert open_tasks(again) == ["Visit again"]
    assert happened(again)[1:] == [
        "Time passes until 00:00 on Thursday 5 March 2026",
        "1 day passes",
        "Enforcement officer completed “Visit site”",
    ]
    assert "visit_site_note: Seen" in words(again)
    assert open_tasks(undone) == chased


def test_a_refusal_is_shown_at_its_question_and_can_be_kept(studio: Web) -> None:
    at = Studio(studio, ASKED)
    play = at.play()
    page = at.browser.get_page(play)
    task = {"task": str(page.select_one("input[name=task]")["value"]), "as": "officer"}

    refused = at.browser.post(play, task, status=400)
    not_them = at.browser.post(play, task | {"as": "legal"}, status=400)
    kept = at.browser.post(play, task | {"action": "keep"})

    assert errors(refused) == ["Enter an answer to “seen”"]
    assert refused.select_one("#seen-error") is not None
    assert "This task is for the role" in errors(not_them)[0]
    assert happened(refused) == happened(not_them)
    assert happened(kept)[1] == "Enforcement officer tried “Visit site” and was refused"


def test_entries_of_a_list_are_added_without_a_step(studio: Web) -> None:
    at = Studio(studio, {"forms/visit_site.json": form_file("visit_site", LIST)})
    play = at.play()
    page = at.browser.get_page(play)
    task = {"task": str(page.select_one("input[name=task]")["value"]), "as": "officer"}

    more = at.browser.post(
        play,
        task | {"action": "add:owners", "owners-count": "1", "owners-0-name": "Ann"},
    )

    assert [field["value"] for field in more.select("input[id$=-name]")][:1] == ["Ann"]
    assert len(more.select("input[id$=-name]")) == 2
    assert len(happened(more)) == 1


@pytest.mark.parametrize(
    ("where", "data", "says"),
    [
        ("time", {"to": "date", "date": ""}, "is not a date"),
        ("time", {"to": "date", "date": "2026-02-01"}, "It is already"),
        ("send", {"message": "moon", "payload": "- odd"}, "one fact on each line"),
        ("start", {"process": "moon~manager"}, "has not been published"),
        ("start", {"process": "enforcement~officer"}, "cannot be started from a case"),
        ("undo", {}, "There is no step to take back"),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    at_change: Studio, where: str, data: dict[str, str], says: str
) -> None:
    play = at_change.play()
    at_change.browser.get_page(play)

    page = at_change.browser.post(f"{play}/{where}", data, status=400)

    assert says in " ".join(errors(page))
    assert len(happened(page)) == 1


def test_a_play_begins_with_a_whole_report(at_change: Studio) -> None:
    browser = at_change.browser
    browser.get_page(f"{at_change.here}/plays")

    page = browser.post(
        f"{at_change.here}/plays", REPORT | {"title": "", "address": " "}, status=400
    )
    odd = browser.post(
        f"{at_change.here}/plays", REPORT | {"given": "nonsense"}, status=400
    )

    assert len(errors(page)) == 2
    assert errors(odd) == [
        "Write one fact on each line, such as served_on: 2026-03-02."
    ]
    assert words(odd.select_one("#given")) == "nonsense"


def test_a_play_becomes_a_story_of_the_change_and_can_be_thrown_away(
    at_change: Studio,
) -> None:
    play, browser = at_change.play(), at_change.browser
    browser.get_page(play)
    browser.post(f"{play}/time", {"to": "week"})
    browser.get_page(f"{play}/record")

    refused = browser.post(f"{play}/record", {"title": "x"}, status=400)
    browser.post(f"{play}/record", {"title": "Left lying", "file_name": "left_lying"})

    files = at_change.web.office.drafts.files(at_change.draft_id, at_change.manager)
    assert "Use small letters" in errors(refused)[0]
    assert b"only_ready" in files["scenarios/left_lying.yaml"]
    browser.post(f"{play}/discard")
    browser.get_page(play, 404)


def test_a_change_that_stops_a_play_is_told_where_it_stops(at_change: Studio) -> None:
    play, browser = at_change.play(), at_change.browser
    page = browser.get_page(play)
    task = str(page.select_one("input[name=task]")["value"])
    browser.post(play, {"task": task, "as": "officer"})
    again = browser.get_page(play)
    task = str(again.select_one("input[name=task]")["value"])
    browser.post(play, {"task": task, "as": "officer"})
    office = at_change.web.office
    office.drafts.save(
        at_change.draft_id,
        {"enforcement.bpmn": small_procedure.procedure()["enforcement.bpmn"]},
        2,
        at_change.manager,
    )

    stopped = browser.get_page(play)
    mended = browser.post(f"{play}/undo", {"step": "2"})

    assert "Step 2 can no longer be told on this change" in words(stopped)
    assert not stopped.select("#as")
    assert "can no longer be told" not in words(mended)


def test_another_councils_play_or_another_drafts_is_not_found(
    at_change: Studio,
) -> None:
    play = at_change.play()
    web = at_change.web
    other = small_changes.draft(web, at_change.manager, {}, title="Other")

    at_change.browser.get_page(play.replace(at_change.draft_id, other), 404)
    neighbour = web.sign_in(web.hire("manager", "Nell Marsh", council="east_herts"))
    neighbour.get_page(play, 404)


# Stories


def test_stories_are_told_and_what_failed_is_explained(studio: Web) -> None:
    at = Studio(
        studio,
        small_procedure.second_visit() | {"scenarios/visit_in_time.yaml": STORY},
    )
    at.browser.get_page(f"{at.here}/rehearsals")

    waiting = at.browser.post(f"{at.here}/rehearsals", {"which": "touched"})
    at.carry_on()
    run = studio.office.rehearsals.latest(at.draft_id, "stories", at.manager)
    assert run is not None
    done = at.browser.get_page(f"{at.here}/rehearsals/{run.id}")
    picture = done.select_one(".app-picture img")

    assert "It waits to begin" in words(waiting)
    assert waiting.select_one('noscript meta[http-equiv="refresh"]') is not None
    assert "1 of 1 stories told , 1 failed" in words(done)
    assert "A visit in time" in words(done.select_one(".app-problem"))
    assert "Expected to end at visited" in words(done.select_one(".app-problem"))
    assert not done.select("noscript meta")
    assert "No story took:" in words(done)
    assert picture is not None
    assert at.browser.client.get(str(picture["src"])).mimetype == "image/svg+xml"
    legal = studio.sign_in(studio.hire("legal", "Lee Moss"))
    assert "1 failed" in words(legal.get_page(f"{at.here}/rehearsals/{run.id}"))
    assert not legal.get_page(f"{at.here}/rehearsals").select(
        "form[action*=rehearsals]"
    )


def test_a_rehearsal_is_stopped_from_its_page(studio: Web) -> None:
    at = Studio(studio, small_procedure.second_visit())
    at.browser.get_page(f"{at.here}/rehearsals")
    at.browser.post(f"{at.here}/rehearsals", {"which": "all"})
    run = studio.office.rehearsals.latest(at.draft_id, "stories", at.manager)
    assert run is not None

    page = at.browser.post(f"{at.here}/rehearsals/{run.id}/stop")

    assert "Stop" not in [words(button) for button in page.select("main button")]
    assert studio.office.rehearsals.carry_on() == 0


# Replays


def test_real_cases_are_replayed_and_those_that_part_are_listed(studio: Web) -> None:
    officer = studio.hire("officer", "Ann Bell")
    done, waiting = studio.report(), studio.report()
    office = studio.office
    task = next(
        t
        for t in office.records.worklist(officer, "team").rows
        if t.case_reference == done
    )
    office.casework.complete_task(task.id, {"visit_site_note": "Seen"}, officer)
    at = Studio(studio, small_procedure.second_visit())
    at.browser.get_page(f"{at.here}/replays")

    wrong = at.browser.post(f"{at.here}/replays", {"limit": "0"}, status=400)
    at.browser.post(f"{at.here}/replays", {"which": "all", "limit": "10"})
    at.carry_on()
    run = office.rehearsals.latest(at.draft_id, "replay", at.manager)
    assert run is not None
    page = at.browser.get_page(f"{at.here}/replays/{run.id}")

    assert "from 1 to 500" in errors(wrong)[0]
    assert "2 of 2 cases replayed , 1 would have gone another way" in words(page)
    [problem] = page.select(".app-problem")
    assert done in words(problem)
    assert "Somebody would have been asked for “Visit again”" in words(problem)
    assert waiting in words(page.select_one("main > .govuk-details"))
    at.browser.get_page(f"{at.here}/rehearsals/{run.id}", 404)


def test_the_first_page_leads_to_all_three(at_change: Studio) -> None:
    page = at_change.browser.get_page(f"{at_change.here}/rehearsals")

    here = at_change.here
    assert page.select_one(f'a[href="{here}/plays"]') is not None
    assert page.select_one(f'a[href="{here}/replays"]') is not None
    assert page.select_one(f'form[action="{here}/rehearsals"]') is not None
