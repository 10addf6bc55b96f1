"""A draft: changed, reviewed by another, never lost; what others save is not undone."""

from __future__ import annotations

import threading

import pytest
import small_office as small
import small_studio
import small_visit
from small_studio import COUNCIL_FILE, DIAGRAM, FORM, LONGER, Studio

from engine.errors import (
    DraftChanged,
    DraftClosed,
    DraftConflict,
    DraftNotReady,
    EngineError,
    InvalidAnswers,
    NotFound,
    NotPermitted,
)

FILES = small_studio.files()
RENAMED = FILES[DIAGRAM].replace(b"Record the visit", b"Note the visit")
BROKEN = FILES[DIAGRAM].replace(b"visit_priority_1", b"visit_priority_9")
NO_REVIEW = (
    small_visit.COUNCIL.replace("settings: {}", "settings: {review_by_another: false}")
).encode()
OTHER_LAW = small_visit.few_periods().replace(b"length: 21", b"length: 28")


# Files


def test_a_draft_has_the_files_of_the_release_with_its_own_in_front(
    studio: Studio,
) -> None:
    drafts = studio.office.drafts
    draft_id = studio.draft(
        {DIAGRAM: RENAMED, "scenarios/visit_finds_breach.yaml": None}
    )

    expected = FILES | {DIAGRAM: RENAMED}
    del expected["scenarios/visit_finds_breach.yaml"]
    assert drafts.files(draft_id, studio.mark) == expected
    shown = drafts.get(draft_id, studio.mark)
    assert (shown.state, shown.revision, shown.base_number) == ("open", 2, 1)
    assert [(c.label, c.kind, c.changed_by) for c in shown.changes] == [
        ("Story “A visit finds a breach”", "removed", "Mark Dyke"),
        ("Diagram “Visit a site”", "changed", "Mark Dyke"),
    ]
    [line] = drafts.all(studio.lee)
    assert (line.title, line.files_changed, line.is_stale) == ("Longer", 2, False)
    assert studio.office.records.export("maldon") == FILES


def test_a_file_changed_back_is_no_change(studio: Studio) -> None:
    drafts = studio.office.drafts
    draft_id = studio.draft({DIAGRAM: RENAMED, FORM: None})

    original = FILES
    revision = drafts.save(
        draft_id, {DIAGRAM: original[DIAGRAM], FORM: original[FORM]}, 2, studio.mia
    )

    assert drafts.get(draft_id, studio.mark).changes == ()
    assert (
        drafts.save(draft_id, {DIAGRAM: original[DIAGRAM]}, 3, studio.mia) == revision
    )


def test_check_looks_at_what_is_not_saved_yet_and_keeps_nothing(
    studio: Studio,
) -> None:
    drafts = studio.office.drafts
    draft_id = studio.draft({COUNCIL_FILE: LONGER})

    assert drafts.check(draft_id, studio.mark) == ()
    found = drafts.check(draft_id, studio.mark, {DIAGRAM: BROKEN})
    assert {problem.element for problem in found} == {"visit_late"}
    assert drafts.check(draft_id, studio.mark, {FORM: None}) != ()
    assert drafts.check(draft_id, studio.mark) == ()


STRANGE_NAMES = (
    "councils/east_herts/council.yaml",
    "councils/maldon/../east_herts/council.yaml",
    "../visit.bpmn",
    "/etc/visit.bpmn",
    "C:\\visit.bpmn",
    "forms\\visit.json",
    "visit.txt",
    "visit.bpmn\n",
    "visit.bpmn\x00",
    "scenarios/../visit.bpmn",
    "forms/a b.json",
    "forms/.json",
    "visité.bpmn",
    "",
    "x" * 300 + ".bpmn",
)


def test_a_file_of_another_council_or_kind_is_not_taken(studio: Studio) -> None:
    drafts = studio.office.drafts
    draft_id = drafts.open("A change", "", studio.mark)

    for name in STRANGE_NAMES:
        for content in (b"x", None):
            with pytest.raises(InvalidAnswers, match="cannot be called"):
                drafts.save(draft_id, {FORM: b"{}", name: content}, 1, studio.mark)
    assert drafts.files(draft_id, studio.mark) == FILES


def test_the_files_that_dates_are_counted_by_stay(studio: Studio) -> None:
    draft_id = studio.office.drafts.open("A change", "", studio.mark)

    with pytest.raises(InvalidAnswers, match="dates are counted by it"):
        studio.office.drafts.save(draft_id, {COUNCIL_FILE: None}, 1, studio.mark)
    with pytest.raises(InvalidAnswers, match="kilobytes long"):
        studio.office.drafts.save(draft_id, {FORM: b"x" * 1_000_001}, 1, studio.mark)


def test_a_change_needs_a_title(studio: Studio) -> None:
    with pytest.raises(InvalidAnswers, match="Say in a few words"):
        studio.office.drafts.open("  ", "", studio.mark)


# Who


def test_another_council_does_not_see_a_draft(studio: Studio) -> None:
    drafts = studio.office.drafts
    draft_id = studio.draft({DIAGRAM: RENAMED})
    studio.office.casework.add_council("east_herts")
    studio.office.casework.publish_all(FILES, "east_herts")
    eve = small.hire(studio.office, "Eve", "manager", council="east_herts")

    for attempt in (
        lambda: drafts.get(draft_id, eve),
        lambda: drafts.files(draft_id, eve),
        lambda: drafts.check(draft_id, eve),
        lambda: drafts.compare(draft_id, eve),
        lambda: drafts.save(draft_id, {DIAGRAM: b"x"}, 2, eve),
        lambda: drafts.submit(draft_id, eve),
        lambda: drafts.approve(draft_id, "", eve),
        lambda: drafts.send_back(draft_id, "No.", eve),
        lambda: drafts.publish(draft_id, eve),
        lambda: drafts.withdraw(draft_id, eve),
        lambda: drafts.rebase(draft_id, eve),
        lambda: drafts.rename(draft_id, "Theirs", "", eve),
        lambda: drafts.unschedule(draft_id, eve),
        lambda: drafts.open("A change", "", eve, of_release=2),
        lambda: drafts.roll_back(2, "Back.", eve),
        lambda: drafts.release_files(2, eve),
        lambda: drafts.compare_releases(1, 2, eve),
        lambda: drafts.release(2, eve),
        lambda: drafts.exported(draft_id, "east_herts"),
    ):
        with pytest.raises(NotFound):
            attempt()
    assert drafts.all(eve) == ()
    assert [line.number for line in drafts.releases(eve)] == [1]
    assert drafts.get(draft_id, studio.mark).revision == 2


def test_an_officer_sees_no_draft_and_legal_changes_none(studio: Studio) -> None:
    drafts = studio.office.drafts
    draft_id = studio.draft({DIAGRAM: RENAMED})

    for attempt in (
        lambda: drafts.get(draft_id, studio.olive),
        lambda: drafts.all(studio.olive),
        lambda: drafts.releases(studio.olive),
        lambda: drafts.release_files(1, studio.olive),
        lambda: drafts.processes(studio.olive),
        lambda: drafts.open("A change", "", studio.lee),
        lambda: drafts.save(draft_id, {DIAGRAM: b"x"}, 2, studio.lee),
        lambda: drafts.submit(draft_id, studio.lee),
        lambda: drafts.publish(draft_id, studio.lee),
        lambda: drafts.roll_back(1, "Back.", studio.lee),
        lambda: drafts.rename(draft_id, "Other", "", studio.lee),
        lambda: drafts.withdraw(draft_id, studio.lee),
        lambda: drafts.rebase(draft_id, studio.lee),
        lambda: drafts.unschedule(draft_id, studio.lee),
        lambda: drafts.files(draft_id, studio.olive),
        lambda: drafts.check(draft_id, studio.olive),
        lambda: drafts.compare(draft_id, studio.olive),
        lambda: drafts.compare_releases(1, 1, studio.olive),
        lambda: drafts.release(1, studio.olive),
        lambda: drafts.approve(draft_id, "", studio.olive),
        lambda: drafts.send_back(draft_id, "No.", studio.olive),
    ):
        with pytest.raises(NotPermitted):
            attempt()
    assert drafts.get(draft_id, studio.lee).title == "Longer"


# Two at once


def test_the_second_of_two_savers_is_told_who_came_first(both_studio: Studio) -> None:
    studio, drafts = both_studio, both_studio.office.drafts
    draft_id = studio.draft({DIAGRAM: RENAMED})
    refused: list[DraftChanged] = []
    saved: list[int] = []
    together = threading.Barrier(2)

    def save(officer: object, content: bytes) -> None:
        together.wait()
        try:
            saved.append(drafts.save(draft_id, {FORM: content}, 2, officer))  # type: ignore[arg-type]
        except DraftChanged as error:
            refused.append(error)

    form = FILES[FORM]
    contents = {"Mark Dyke": form + b"\n", "Mia Fenn": form + b"\n\n"}
    threads = [
        threading.Thread(target=save, args=(who, contents[who.name]))
        for who in (studio.mark, studio.mia)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert saved == [3]
    [error] = refused
    [change] = [c for c in drafts.get(draft_id, studio.mark).changes if c.name == FORM]
    assert str(error).startswith(f"{change.changed_by} changed this at 09:00 on Monday")
    assert drafts.files(draft_id, studio.mark)[FORM] == contents[change.changed_by]


# Review


def test_a_change_is_reviewed_by_somebody_who_did_not_make_it(studio: Studio) -> None:
    drafts = studio.office.drafts
    draft_id = studio.draft({DIAGRAM: RENAMED})
    drafts.save(draft_id, {COUNCIL_FILE: LONGER}, 2, studio.mia)
    with pytest.raises(DraftNotReady, match="Nobody has asked"):
        drafts.approve(draft_id, "", studio.lee)
    drafts.submit(draft_id, studio.mark)

    with pytest.raises(NotPermitted, match="You asked for this review"):
        drafts.approve(draft_id, "", studio.mark)
    with pytest.raises(NotPermitted, match="You changed files"):
        drafts.approve(draft_id, "", studio.mia)
    assert drafts.get(draft_id, studio.lee).why_not_review == ""
    drafts.approve(draft_id, "Agreed.", studio.lee)

    shown = drafts.get(draft_id, studio.mark)
    assert (shown.state, shown.reviewed_by, shown.review_note) == (
        "approved",
        "Lee Law",
        "Agreed.",
    )
    assert [(e.title, e.by) for e in shown.events][-2:] == [
        ("Review asked for", "Mark Dyke"),
        ("Approved", "Lee Law"),
    ]


def test_whoever_changed_a_file_does_not_review_it_though_another_saved_it_since(
    studio: Studio,
) -> None:
    drafts = studio.office.drafts
    draft_id = studio.draft({DIAGRAM: RENAMED})
    drafts.save(draft_id, {DIAGRAM: RENAMED + b"\n"}, 2, studio.mia)
    drafts.submit(draft_id, studio.mia)

    assert "Another person" in drafts.get(draft_id, studio.mark).why_not_review
    with pytest.raises(NotPermitted, match="You changed files"):
        drafts.approve(draft_id, "", studio.mark)


def test_a_change_after_the_review_takes_the_approval_back(studio: Studio) -> None:
    drafts = studio.office.drafts
    draft_id = studio.approved({DIAGRAM: RENAMED})

    drafts.save(draft_id, {COUNCIL_FILE: LONGER}, 2, studio.mark)

    shown = drafts.get(draft_id, studio.mark)
    assert (shown.state, shown.reviewed_by) == ("open", "")
    assert "The approval is taken back: files were changed" in [
        event.title for event in shown.events
    ]
    with pytest.raises(DraftNotReady) as refused:
        drafts.publish(draft_id, studio.mark)
    assert refused.value.needs == (
        "The draft was changed after its rehearsal. Rehearse it again.",
        "Another person must review it. Ask for review.",
    )


def test_a_reviewer_sends_it_back_with_the_reason(studio: Studio) -> None:
    drafts = studio.office.drafts
    draft_id = studio.draft({DIAGRAM: RENAMED})
    drafts.submit(draft_id, studio.mark)

    with pytest.raises(InvalidAnswers, match="Say what has to be changed"):
        drafts.send_back(draft_id, " ", studio.lee)
    drafts.send_back(draft_id, "Keep the old name.", studio.lee)

    shown = drafts.get(draft_id, studio.mark)
    assert (shown.state, shown.review_note) == ("open", "Keep the old name.")
    drafts.submit(draft_id, studio.mark)


def test_nothing_broken_or_empty_is_put_before_a_reviewer(studio: Studio) -> None:
    drafts = studio.office.drafts
    empty = drafts.open("Nothing", "", studio.mark)
    with pytest.raises(DraftNotReady, match="Nothing has been changed yet"):
        drafts.submit(empty, studio.mark)

    with pytest.raises(DraftNotReady, match="The check finds 1 problem"):
        drafts.submit(studio.draft({DIAGRAM: BROKEN}), studio.mark)


def test_a_council_may_do_without_the_second_person_but_not_for_the_law(
    studio: Studio,
) -> None:
    drafts = studio.office.drafts
    studio.publish({COUNCIL_FILE: NO_REVIEW})
    free = studio.draft({DIAGRAM: RENAMED})
    studio.rehearse(free)
    assert drafts.get(free, studio.mark).needs == ()

    law = studio.draft({"periods.yaml": OTHER_LAW})
    studio.rehearse(law)
    shown = drafts.get(law, studio.mark)
    assert [changed.key for changed in shown.law] == ["pcn_response"]
    assert shown.needs_reason and shown.needs_review
    with pytest.raises(InvalidAnswers, match="Reply to a planning contravention"):
        drafts.submit(law, studio.mark)
    drafts.submit(law, studio.mark, "The Act was amended.")
    with pytest.raises(NotPermitted):
        drafts.approve(law, "", studio.mark)
    drafts.approve(law, "I have read it.", studio.lee)
    number = drafts.publish(law, studio.mark)
    assert number == 3
    release = drafts.release(3, studio.mark)
    assert release.safeguard_reason == "The Act was amended."
    assert release.reviewed_by == "Lee Law"


def test_a_draft_that_is_withdrawn_stays_readable_and_as_it_is(studio: Studio) -> None:
    drafts = studio.office.drafts
    draft_id = studio.approved({DIAGRAM: RENAMED})
    drafts.withdraw(draft_id, studio.mark)

    for attempt in (
        lambda: drafts.save(draft_id, {FORM: b"{}"}, 2, studio.mark),
        lambda: drafts.publish(draft_id, studio.mark),
        lambda: drafts.submit(draft_id, studio.mark),
        lambda: drafts.withdraw(draft_id, studio.mark),
    ):
        with pytest.raises(DraftClosed, match="has been withdrawn"):
            attempt()
    shown = drafts.get(draft_id, studio.mark)
    assert (shown.state, shown.is_closed, shown.needs) == ("withdrawn", True, ())


def test_the_title_and_the_reason_can_be_said_anew(studio: Studio) -> None:
    draft_id = studio.draft({DIAGRAM: RENAMED})

    studio.office.drafts.rename(draft_id, "Other words", "Why.", studio.mia)

    shown = studio.office.drafts.get(draft_id, studio.mark)
    assert (shown.title, shown.note, shown.revision) == ("Other words", "Why.", 2)


# Meanwhile another release


def test_a_draft_is_brought_onto_the_newest_release(studio: Studio) -> None:
    drafts = studio.office.drafts
    draft_id = studio.approved({DIAGRAM: RENAMED, COUNCIL_FILE: LONGER})
    same_and_more = {DIAGRAM: RENAMED, FORM: FILES[FORM] + b"\n"}
    assert studio.publish(same_and_more) == 2

    shown = drafts.get(draft_id, studio.mark)
    assert (shown.is_stale, shown.newest_number, shown.conflicts) == (True, 2, ())
    with pytest.raises(DraftNotReady, match="Release 2 was published by Mark Dyke"):
        drafts.publish(draft_id, studio.mark)
    assert drafts.rebase(draft_id, studio.mark) == 3

    shown = drafts.get(draft_id, studio.mark)
    assert (shown.base_number, shown.is_stale, shown.state) == (2, False, "open")
    assert [change.name for change in shown.changes] == [COUNCIL_FILE]
    assert drafts.files(draft_id, studio.mark)[FORM] == same_and_more[FORM]
    assert drafts.rebase(draft_id, studio.mark) == 3


@pytest.mark.parametrize("whose", ["ours", "theirs"])
def test_where_both_changed_a_file_the_manager_chooses(
    studio: Studio, whose: str
) -> None:
    drafts = studio.office.drafts
    theirs = RENAMED.replace(b"Note the visit", b"Write the visit down")
    draft_id = studio.draft({DIAGRAM: RENAMED, COUNCIL_FILE: LONGER})
    studio.publish({DIAGRAM: theirs})

    with pytest.raises(DraftConflict, match="visit.bpmn") as refused:
        drafts.rebase(draft_id, studio.mark)
    assert refused.value.names == (DIAGRAM,)
    assert [c.name for c in drafts.get(draft_id, studio.mark).conflicts] == [DIAGRAM]
    drafts.rebase(draft_id, studio.mark, {DIAGRAM: whose})

    files = drafts.files(draft_id, studio.mark)
    assert files[DIAGRAM] == (RENAMED if whose == "ours" else theirs)
    assert files[COUNCIL_FILE] == LONGER


def test_every_refusal_is_an_error_of_the_engine() -> None:
    for error in (DraftChanged, DraftClosed, DraftConflict, DraftNotReady):
        assert issubclass(error, EngineError)
