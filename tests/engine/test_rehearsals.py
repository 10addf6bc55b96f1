"""Stories told on a draft, in a process of their own: what failed, what none took, and
whether the draft may be published."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import small_studio
from small_studio import COUNCIL_FILE, DIAGRAM, FORM, LONGER, Studio

import engine
from engine import database
from engine.clock import Clock
from engine.errors import NotFound, NotPermitted
from engine.rehearsing import touching
from engine.studio import rehearsal_runs, rehearsing_gate
from engine.studio.tables import Draft, RehearsalRun

FILES = small_studio.files()
STORY = "scenarios/visit_finds_breach.yaml"
RENAMED = FILES[DIAGRAM].replace(b"Record the visit", b"Note the visit")
OTHER_WAY = FILES[DIAGRAM].replace(b'breach_found == "yes"', b'breach_found == "no"')
UNREADABLE = b"title: [unfinished"


def rehearsed(studio: Studio, draft_id: str, **options: object) -> engine.RehearsalView:
    """Ask for the stories, and carry on until they are told."""
    rehearsals = studio.office.rehearsals
    asked = rehearsals.ask(draft_id, "stories", studio.mark, options)
    while rehearsals.carry_on():
        pass
    return rehearsals.get(asked, studio.mark)


def standing(studio: Studio, draft_id: str) -> rehearsing_gate.Standing:
    with database.reading(studio.office.engine) as session:
        return rehearsing_gate.standing(session, session.get_one(Draft, draft_id))


# Told


def test_stories_that_pass_let_the_draft_be_published(both_studio: Studio) -> None:
    studio = both_studio
    draft_id = studio.draft({DIAGRAM: RENAMED})
    assert standing(studio, draft_id).sentence == (
        "The stories have not been told on this draft yet."
    )

    done = rehearsed(studio, draft_id)

    assert (done.state, done.total, done.done, done.failed) == ("finished", 1, 1, 0)
    assert [(s.title, s.passed) for s in done.stories] == [
        ("A visit finds a breach", True)
    ]
    assert standing(studio, draft_id).passed
    assert studio.office.drafts.get(draft_id, studio.mark).rehearsal is not None
    studio.office.drafts.save(draft_id, {DIAGRAM: OTHER_WAY}, 2, studio.mark)
    changed = standing(studio, draft_id)
    assert not changed.passed
    assert changed.sentence.startswith("The draft was changed after its rehearsal.")


def test_what_failed_says_where_and_what_no_story_took_is_drawn(
    studio: Studio,
) -> None:
    draft_id = studio.draft({DIAGRAM: OTHER_WAY, "scenarios/odd.yaml": UNREADABLE})

    done = rehearsed(studio, draft_id)

    results = {story.file: story for story in done.stories}
    assert (done.total, done.failed, results[STORY].step) == (2, 2, 2)
    assert "Expected visits to be 1; it has not been set." in results[STORY].message
    assert "not valid YAML" in results["scenarios/odd.yaml"].message
    assert standing(studio, draft_id) == rehearsing_gate.Standing(
        False, "2 of 2 stories failed. Look at the rehearsal."
    )
    [diagram] = done.coverage
    assert (diagram.name, diagram.title) == ("visit", "Diagram “Visit a site”")
    assert 0 < diagram.percent < 100
    named = dict(diagram.missing)
    assert named["chase_visit"] == "“Chase the visit”"
    assert named["to_tell"] == (
        "the way from “Is it a breach?” to “Tell the complainant”, Yes"
    )
    assert "record_visit" not in named
    picture = studio.office.rehearsals.picture(done.id, "visit", studio.lee)
    assert picture.startswith("<svg")
    with pytest.raises(NotFound):
        studio.office.rehearsals.picture(done.id, "enforcement", studio.lee)


def test_only_stories_that_go_through_the_change_are_told(studio: Studio) -> None:
    other = FILES | {
        "other.bpmn": FILES[DIAGRAM].replace(b'id="visit"', b'id="other"'),
    }

    def told(changes: dict[str, bytes]) -> tuple[str, ...]:
        return touching.touched(other, other | changes, "maldon").stories

    assert told({"other.bpmn": other["other.bpmn"] + b" "}) == ()
    assert told({DIAGRAM: RENAMED}) == (STORY,)
    assert told({FORM: FILES[FORM] + b" "}) == (STORY,)
    assert told({"rating.dmn": FILES["rating.dmn"] + b" "}) == (STORY,)
    assert told({"councils/maldon/rating.dmn": FILES["rating.dmn"] + b" "}) == (STORY,)
    assert told({COUNCIL_FILE: LONGER}) == (STORY,)
    assert told({STORY: FILES[STORY] + b" "}) == (STORY,)


def test_a_draft_that_no_story_goes_through_says_so(studio: Studio) -> None:
    draft_id = studio.office.drafts.open("Nothing", "", studio.mark)

    done = rehearsed(studio, draft_id)
    whole = rehearsed(studio, draft_id, all=True)

    assert (done.state, done.total) == ("finished", 0)
    assert standing(studio, draft_id).passed
    assert (whole.is_whole, whole.total) == (True, 1)
    assert {each.name for each in whole.coverage} == {"visit", "rating"}


def test_files_that_cannot_be_run_at_all_are_told_in_words(studio: Studio) -> None:
    draft_id = studio.draft({FORM: b"{"})

    done = rehearsed(studio, draft_id)

    assert done.state == "failed"
    assert "The form is not valid JSON" in done.message
    assert "broke off" in standing(studio, draft_id).sentence


# Under way


def test_progress_is_kept_and_a_rehearsal_can_be_stopped(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    rehearsals = studio.office.rehearsals
    draft_id = studio.draft({DIAGRAM: RENAMED})
    asked = rehearsals.ask(draft_id, "stories", studio.mark)
    assert standing(studio, draft_id).sentence == "The rehearsal waits to begin."

    assert rehearsals.carry_on(seconds=0.01) == 1
    begun = rehearsals.get(asked, studio.mark)
    [folder] = tmp_path.glob("enforce-rehearsal-*")
    mode = folder.stat().st_mode & 0o777
    rehearsals.stop(asked, studio.mark)
    assert rehearsals.carry_on(seconds=0.01) == 1

    assert (begun.state, begun.total, begun.done) == ("running", 1, 0)
    assert mode == 0o700
    assert list(tmp_path.glob("enforce-rehearsal-*")) == []
    assert rehearsals.get(asked, studio.mark).state == "stopped"
    assert rehearsals.carry_on() == 0
    assert standing(studio, draft_id).sentence.startswith("The rehearsal was stopped.")


def test_two_workers_never_run_the_same_and_a_silent_one_is_taken_over(
    studio: Studio,
) -> None:
    second = small_studio.meet(small_studio.connect(str(studio.office.engine.url)))
    draft_id = studio.draft({DIAGRAM: RENAMED})
    asked = studio.office.rehearsals.ask(draft_id, "stories", studio.mark)
    assert studio.office.rehearsals.carry_on(seconds=0.01) == 1

    assert second.office.rehearsals.carry_on(seconds=0.01) == 0
    with database.writing(studio.office.engine) as session:
        run = session.get_one(RehearsalRun, asked)
        run.beat_at = Clock().now() - rehearsal_runs.SILENT_AFTER - timedelta(1)
    assert second.office.rehearsals.carry_on(seconds=0.01) == 1
    assert studio.office.rehearsals.carry_on(seconds=0.01) == 1
    assert studio.office.rehearsals.carry_on(seconds=0.01) == 0
    while second.office.rehearsals.carry_on():
        pass

    assert second.office.rehearsals.get(asked, second.mark).state == "finished"
    second.office.engine.dispose()


def test_the_same_is_not_asked_for_twice(studio: Studio) -> None:
    rehearsals = studio.office.rehearsals
    draft_id = studio.draft({DIAGRAM: RENAMED})

    first = rehearsals.ask(draft_id, "stories", studio.mark)

    assert rehearsals.ask(draft_id, "stories", studio.mia) == first
    assert rehearsals.ask(draft_id, "stories", studio.mark, {"all": True}) != first
    assert len(rehearsals.of_draft(draft_id, "stories", studio.lee)) == 2


# Who


def test_managers_ask_and_legal_reads(studio: Studio) -> None:
    rehearsals = studio.office.rehearsals
    draft_id = studio.draft({DIAGRAM: RENAMED})
    asked = rehearsals.ask(draft_id, "stories", studio.mark)

    assert rehearsals.get(asked, studio.lee).state == "waiting"
    assert rehearsals.latest(draft_id, "replay", studio.lee) is None
    for work in (
        lambda: rehearsals.ask(draft_id, "stories", studio.lee),
        lambda: rehearsals.stop(asked, studio.lee),
        lambda: rehearsals.get(asked, studio.olive),
    ):
        with pytest.raises(NotPermitted):
            work()
    studio.office.casework.add_council("east_herts")
    neighbour = studio.office.casework.add_officer(
        "east_herts", "nell", "Nell", email="", roles=["manager"], password=None
    )
    with pytest.raises(NotFound):
        rehearsals.get(asked, neighbour)
    with pytest.raises(NotFound):
        rehearsals.ask(draft_id, "stories", neighbour)
