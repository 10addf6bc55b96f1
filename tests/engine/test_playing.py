"""A case played by hand: each step told at once, refusals as an officer sees them, and
a story recorded that passes when it is rehearsed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
import small_studio
from small_studio import COUNCIL_FILE, DIAGRAM, FORM, LONGER, Studio

import engine
from engine import library
from engine.errors import (
    CannotPlay,
    CaseChanged,
    DraftClosed,
    InvalidAnswers,
    NotFound,
    NotPermitted,
)
from engine.rehearsing import rehearsal, stories
from engine.rehearsing.playing import MOST_STAGES, Stages
from engine.rehearsing.rehearsal import Stage

FILES = small_studio.files()
RENAMED = FILES[DIAGRAM].replace(b"Record the visit", b"Note the visit")
GONE = FILES[DIAGRAM].replace(b"chase_visit", b"hurry_visit")
BROKEN = FILES[DIAGRAM].replace(b'value("visits", 0) + 1', b"1 / (visits_before)")
CASE = {
    "address": "1 Mill Lane",
    "breach_type": "changeOfUse",
    "description": "A shop",
    "harm_described": "Noise",
}
CHASED = {"do": "chase_visit", "as": "manager", "answers": {"breach_found": "no"}}
YES = {"do": "record_visit", "as": "officer", "answers": {"breach_found": "yes"}}


def begin(
    studio: Studio, changes: Mapping[str, bytes | None] | None = None
) -> tuple[str, str]:
    """(the draft, a play on it)."""
    draft_id = studio.draft(changes or {DIAGRAM: RENAMED})
    play_id = studio.office.rehearsals.start_play(
        draft_id, "A shop", "visit", CASE, studio.mark
    )
    return draft_id, play_id


def scene(studio: Studio, play_id: str, **look: Any) -> engine.Scene:
    return studio.office.rehearsals.play(play_id, studio.mark, **look).scene


def act(studio: Studio, play_id: str, *steps: Mapping[str, Any]) -> engine.Scene:
    for step in steps:
        studio.office.rehearsals.act(play_id, step, studio.mark)
    return scene(studio, play_id)


# Where it stands


def test_a_play_shows_the_open_task_with_its_form_and_where_the_case_stands(
    studio: Studio,
) -> None:
    _, play_id = begin(studio)

    seen = scene(studio, play_id)

    assert seen.problem == ""
    assert [task.line.title for task in seen.tasks] == ["Note the visit"]
    assert seen.asked is not None
    assert seen.asked.task.form["id"] == "record_visit"
    assert seen.asked.task.initial["harm_seen"] == "Noise"
    assert [(p.value, p.because) for p in seen.asked.players] == [
        ("officer", ""),
        ("officer#2", ""),
        ("senior_officer", ""),
        ("manager", ""),
    ]
    assert seen.diagram is not None
    assert seen.diagram.current == ("record_visit",)
    assert seen.next_due is not None
    assert seen.next_due.on == date(2026, 3, 5)
    assert [step.text for step in seen.steps] == [
        "The report was received: “Visit a site” began"
    ]


def test_time_passes_and_what_is_late_is_escalated(studio: Studio) -> None:
    _, play_id = begin(studio, {COUNCIL_FILE: LONGER})

    early = act(studio, play_id, {"wait": "1 week"})
    late = act(studio, play_id, {"until": "2026-03-13T00:00"})

    assert [task.key for task in early.tasks] == ["record_visit~~"]
    assert sorted(task.line.element for task in late.tasks) == [
        "chase_visit",
        "record_visit",
    ]
    assert late.diagram is not None
    assert set(late.diagram.current) == {"chase_visit", "record_visit"}
    assert [step.text for step in late.steps][1:] == [
        "1 week passes",
        "Time passes until 00:00 on Friday 13 March 2026",
    ]
    assert late.steps[2].followed == ("Target passed",)
    other = scene(studio, play_id, task="chase_visit~~").asked
    assert other is not None
    assert other.task.element == "chase_visit"
    assert [player.value for player in other.players] == ["manager", "manager#2"]


def test_an_answer_leads_on_and_is_kept_as_it_was_understood(studio: Studio) -> None:
    _, play_id = begin(studio)

    seen = act(studio, play_id, YES | {"answers": {"breach_found": "yes", "odd": ""}})

    assert (seen.status, seen.outcome) == ("closed", "A breach was seen")
    assert seen.tasks == ()
    assert seen.steps[1].text == "Enforcement officer completed “Note the visit”"
    assert seen.steps[1].detail == (
        "Did you find a breach?: yes",
        "What harm does it cause?: Noise",
    )
    assert "Visit a site: A breach was seen" in seen.steps[1].followed
    text = studio.office.rehearsals.play(play_id, studio.mark).story
    assert "breach_found: 'yes'" in text
    assert "odd" not in text


# Refused


def test_a_refusal_is_shown_as_the_officer_sees_it_and_not_kept(
    studio: Studio,
) -> None:
    _, play_id = begin(studio)

    with pytest.raises(InvalidAnswers) as refused:
        act(studio, play_id, YES | {"answers": {}})
    with pytest.raises(NotPermitted, match="Enforcement officer"):
        act(studio, play_id, YES | {"as": "legal"})
    with pytest.raises(InvalidAnswers, match="is not a length of time"):
        act(studio, play_id, {"wait": "a while"})

    assert refused.value.errors == {
        "breach_found": "Select an answer to “Did you find a breach?”"
    }
    assert len(scene(studio, play_id).steps) == 1
    assert act(studio, play_id, YES).status == "closed"


def test_a_refusal_can_be_kept_as_part_of_the_story(studio: Studio) -> None:
    _, play_id = begin(studio)
    rehearsals = studio.office.rehearsals

    rehearsals.act(play_id, YES | {"answers": {}}, studio.mark, keep_refusal=True)
    with pytest.raises(InvalidAnswers, match="not refused any more"):
        rehearsals.act(play_id, YES, studio.mark, keep_refusal=True)

    seen = act(studio, play_id, YES)
    assert seen.status == "closed"
    assert seen.steps[1].text == (
        "Enforcement officer tried “Note the visit” and was refused"
    )
    assert seen.steps[1].detail == ("Select an answer to “Did you find a breach?”",)


# Back, and on after a change


def test_the_last_step_is_taken_back_or_all_from_one_on(studio: Studio) -> None:
    _, play_id = begin(studio)
    act(studio, play_id, {"wait": "1 day"}, {"wait": "4 days"}, YES)
    rehearsals = studio.office.rehearsals

    rehearsals.undo(play_id, studio.mark)
    before = scene(studio, play_id)
    rehearsals.undo(play_id, studio.mark, step=1)

    assert sorted(t.line.element for t in before.tasks) == [
        "chase_visit",
        "record_visit",
    ]
    assert len(scene(studio, play_id).steps) == 1
    with pytest.raises(InvalidAnswers, match="no step to take back"):
        rehearsals.undo(play_id, studio.mark)


def test_after_a_change_the_story_is_told_anew_on_the_new_files(
    studio: Studio,
) -> None:
    draft_id, play_id = begin(studio)
    act(studio, play_id, {"wait": "4 days"}, CHASED)
    studio.office.drafts.save(draft_id, {DIAGRAM: GONE}, 2, studio.mark)

    seen = scene(studio, play_id)

    assert seen.broken_step == 2
    assert "The task chase_visit is not ready." in seen.problem
    assert len(seen.steps) == 2
    assert sorted(t.line.element for t in seen.tasks) == ["hurry_visit", "record_visit"]
    with pytest.raises(CannotPlay):
        act(studio, play_id, YES)
    studio.office.rehearsals.undo(play_id, studio.mark, step=2)
    assert scene(studio, play_id).problem == ""


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({FORM: b"{"}, "The form is not valid JSON"),
        ({DIAGRAM: b"<no"}, "not well-formed"),
        ({DIAGRAM: None}, "has not been published"),
    ],
)
def test_a_draft_that_cannot_run_says_why_and_never_breaks(
    studio: Studio, changes: dict[str, bytes | None], says: str
) -> None:
    draft_id, play_id = begin(studio)
    studio.office.drafts.save(draft_id, changes, 2, studio.mark)

    seen = scene(studio, play_id)

    assert says in seen.problem
    assert (seen.tasks, seen.diagram) == ((), None)


def test_a_step_that_breaks_is_told_in_words_and_can_be_undone(
    studio: Studio,
) -> None:
    _, play_id = begin(studio, {DIAGRAM: BROKEN})

    with pytest.raises(engine.EngineError, match="visits_before"):
        act(studio, play_id, YES)

    seen = scene(studio, play_id)
    assert [task.line.element for task in seen.tasks] == ["record_visit"]
    assert act(studio, play_id, {"wait": "1 day"}).problem == ""


# Recorded


def test_a_recorded_play_is_a_story_that_passes(studio: Studio, tmp_path: Any) -> None:
    draft_id, play_id = begin(studio)
    act(studio, play_id, {"wait": "4 days"})
    act(studio, play_id, CHASED)
    act(studio, play_id, YES | {"as": "officer#2"})

    name = studio.office.rehearsals.record(
        play_id, "late_visit", "A late visit", studio.mark
    )

    files = studio.office.drafts.files(draft_id, studio.mark)
    story = stories.read(name, files[name])
    assert (name, story.title, story.ends) == (
        "scenarios/late_visit.yaml",
        "A late visit",
        "breach_seen",
    )
    assert [step.verb for step in story.steps] == ["wait", "expect", "do", "expect"] + [
        "do",
        "expect",
    ]
    assert story.steps[1].what == {
        "only_ready": ["chase_visit", "record_visit"],
        "due": {"chase_visit": date(2026, 3, 23), "record_visit": date(2026, 3, 5)},
    }
    library.write(files, tmp_path)
    stage = Stage.open(files, f"sqlite:///{tmp_path}/told.db", tmp_path, ["maldon"])
    assert stage.tell(story).message == ""
    slower = FILES[COUNCIL_FILE].replace(b"length: 3", b"length: 9")
    told = rehearsal.rehearse(
        files | {COUNCIL_FILE: slower}, f"sqlite:///{tmp_path}/slow.db", only=[name]
    )
    assert "Expected only these to be ready" in told.told[0].message
    stage.office.engine.dispose()


@pytest.mark.parametrize(
    ("name", "title", "key"),
    [
        ("visit_finds_breach", "Again", "file_name"),
        ("../periods", "Up", "file_name"),
        ("Late Visit", "Late", "file_name"),
        ("late_visit", " ", "title"),
    ],
)
def test_a_story_needs_a_title_and_a_name_of_its_own(
    studio: Studio, name: str, title: str, key: str
) -> None:
    _, play_id = begin(studio)
    act(studio, play_id, YES)

    with pytest.raises(InvalidAnswers) as refused:
        studio.office.rehearsals.record(play_id, name, title, studio.mark)

    assert set(refused.value.errors) == {key}


def test_nothing_played_is_nothing_to_record(studio: Studio) -> None:
    _, play_id = begin(studio)

    with pytest.raises(InvalidAnswers, match="Do a step first"):
        studio.office.rehearsals.record(play_id, "empty", "Empty", studio.mark)


# Begun, and by whom


def test_a_play_needs_a_report_and_a_process_of_the_draft(studio: Studio) -> None:
    draft_id = studio.draft({DIAGRAM: RENAMED})
    rehearsals = studio.office.rehearsals

    with pytest.raises(InvalidAnswers) as empty:
        rehearsals.start_play(draft_id, " ", "visit", {}, studio.mark)
    with pytest.raises(InvalidAnswers) as unknown:
        rehearsals.start_play(draft_id, "A shop", "moon", CASE, studio.mark)

    assert set(empty.value.errors) == {"title", *CASE}
    assert set(unknown.value.errors) == {"process"}


def test_plays_are_for_managers_of_the_council_and_of_open_drafts(
    studio: Studio,
) -> None:
    draft_id, play_id = begin(studio)
    rehearsals = studio.office.rehearsals

    for person in (studio.lee, studio.olive):
        with pytest.raises(NotPermitted):
            rehearsals.play(play_id, person)
        with pytest.raises(NotPermitted):
            rehearsals.start_play(draft_id, "A shop", "visit", CASE, person)
    assert [line.title for line in rehearsals.plays(draft_id, studio.lee)] == ["A shop"]
    studio.office.drafts.withdraw(draft_id, studio.mark)
    assert rehearsals.play(play_id, studio.mia).is_closed
    with pytest.raises(DraftClosed):
        rehearsals.act(play_id, YES, studio.mark)
    rehearsals.discard_play(play_id, studio.mark)
    with pytest.raises(NotFound):
        rehearsals.play(play_id, studio.mark)


def test_a_play_gone_on_with_elsewhere_is_not_overwritten(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, play_id = begin(studio)
    rehearsals = studio.office.rehearsals
    told = type(rehearsals)._keep

    def late(self: Any, kept: Any, text: str, officer: Any) -> None:
        monkeypatch.undo()
        self.act(play_id, {"wait": "1 day"}, officer)
        told(self, kept, text, officer)

    monkeypatch.setattr(type(rehearsals), "_keep", late)
    with pytest.raises(CaseChanged, match="another window"):
        rehearsals.act(play_id, {"wait": "2 days"}, studio.mark)

    assert [step.text for step in scene(studio, play_id).steps][1:] == ["1 day passes"]


def test_only_a_few_stages_are_kept_and_their_files_are_gone_with_them(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    kept = Stages()

    for number in range(MOST_STAGES + 2):
        with kept.at(f"play {number}", FILES, "maldon") as stage:
            assert not stage.is_closed
            assert stage.teller is None

    folders = list(tmp_path.glob("enforce-play-*"))
    assert len(folders) == MOST_STAGES
    assert {folder.stat().st_mode & 0o777 for folder in folders} == {0o700}


def test_a_task_taken_by_time_is_refused_in_words(studio: Studio) -> None:
    _, play_id = begin(studio)
    act(studio, play_id, {"wait": "4 weeks"})

    with pytest.raises(engine.EngineError, match="chase_visit is not ready"):
        act(studio, play_id, CHASED)
