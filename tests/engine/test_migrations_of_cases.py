"""Running cases are moved to a newer version of their process, and back."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import engine_models as draw
import pytest
import small_office as small
import sqlalchemy as sa

import engine
from engine import library
from engine.errors import InvalidAnswers, NotFound, NotPermitted, TaskNotReady
from engine.models import Instance
from engine.views import Officer

TESTS = Path(__file__).parents[1]
LATE = 'deadline("validate_report", case.received_on)'
LATER = 'deadline("pcn_response", case.received_on)'


def visits(
    *, steps: tuple[str, ...] = ("record_visit", "review_visit"), late: str = LATE
) -> dict[str, bytes]:
    """One step after the other; the first has a date that a manager chases."""
    return small.drawn(
        "visits",
        [
            draw.start(),
            *(draw.user(step, form=step) for step in steps),
            draw.boundary("visit_late", steps[0], timer=late),
            draw.user("chase_visit", form="chase_visit"),
            draw.end("chased"),
            draw.end(),
        ],
        [
            f"begin > {' > '.join(steps)} > done",
            "visit_late > chase_visit > chased",
        ],
        managers=["chase_visit", "chased"],
    )


LONGER = ("record_visit", "second_visit", "review_visit")
OTHER = ("record_visit", "write_it_up")
"""Without the review: whoever stands there cannot move."""


@pytest.fixture
def either(database_url: str) -> Iterator[engine.Office]:
    """An office on each kind of database, for what depends on locks."""
    opened = small.open_small(database_url, visits())
    yield opened
    opened.engine.dispose()


@pytest.fixture
def office(new_sqlite: Callable[[], str]) -> Iterator[engine.Office]:
    opened = small.open_small(new_sqlite(), visits())
    yield opened
    opened.engine.dispose()


def manager(office: engine.Office) -> Officer:
    return small.hire(office, "Mary Quay", "manager", "officer")


@pytest.fixture
def mary(office: engine.Office) -> Officer:
    return manager(office)


def carried_on(office: engine.Office, limit: int = 50) -> int:
    """Carry on until nothing is left. Returns how many cases were done."""
    total = 0
    while done := office.migrations.carry_on(limit):
        total += done
    return total


def move_all(office: engine.Office, mary: Officer, process: str = "visits") -> str:
    """A dry run and the move after it. Returns the migration's id."""
    migration = office.migrations.plan(process, mary)
    carried_on(office)
    office.migrations.start(migration, "The procedure has changed.", mary)
    carried_on(office)
    return migration


def test_cases_move_to_the_newest_version_and_keep_their_dates(
    office: engine.Office, mary: Officer
) -> None:
    references = [small.report(office, "visits") for _ in range(3)]
    small.do(office, references[0], mary, "record_visit")
    before = office.records.case(references[1], mary)
    office.casework.publish(visits(steps=LONGER), "maldon")

    affected = office.migrations.affected("visits", mary)
    assert (affected.version, affected.to_move, affected.total) == (2, 3, 3)
    migration = office.migrations.plan("visits", mary)
    assert office.migrations.get(migration, mary).state == "checking"
    assert carried_on(office) == 3
    view = office.migrations.get(migration, mary)
    assert (view.state, view.can, view.cannot) == ("checked", 3, 0)
    office.migrations.start(migration, "A second visit is made now.", mary)
    assert carried_on(office) == 3

    view = office.migrations.get(migration, mary)
    assert (view.state, view.of("moved"), view.by) == ("finished", 3, "Mary Quay")
    assert office.migrations.affected("visits", mary).to_move == 0
    after = office.records.case(references[1], mary)
    assert after.tasks == before.tasks
    assert after.deadlines == before.deadlines
    [event] = [e for e in after.events if e.kind == "version_changed"]
    assert (event.title, event.detail, event.by) == (
        "Moved to version 2 of ‘Visits’",
        "A second visit is made now.",
        "Mary Quay",
    )
    small.do(office, references[1], mary, "record_visit")
    assert small.tasks(office, references[1], mary) == ["second_visit"]
    assert small.tasks(office, references[0], mary) == ["review_visit"]


def test_those_that_cannot_move_say_why_and_stay(
    office: engine.Office, mary: Officer
) -> None:
    stays, *moves = [small.report(office, "visits") for _ in range(3)]
    small.do(office, stays, mary, "record_visit")
    office.casework.publish(visits(steps=OTHER), "maldon")

    view = office.migrations.get(move_all(office, mary), mary)

    [why] = view.reasons
    assert why.cases == 1
    assert why.reason == (
        "It stands at “Review visit”, which the new version no longer has."
    )
    assert (view.of("moved"), view.of("cannot_move")) == (2, 1)
    [line] = office.migrations.cases(view.id, mary, ("cannot_move",)).rows
    assert (line.reference, line.from_version) == (stays, 1)
    small.do(office, stays, mary, "review_visit")
    assert office.records.case(stays, mary).status == "closed"
    small.do(office, moves[0], mary, "record_visit")
    assert small.tasks(office, moves[0], mary) == ["write_it_up"]


def test_it_needs_a_manager_a_reason_and_something_to_move(
    office: engine.Office, mary: Officer
) -> None:
    tom = small.hire(office, "Tom Creek")
    small.report(office, "visits")
    with pytest.raises(InvalidAnswers, match="already follows the newest version"):
        office.migrations.plan("visits", mary)
    office.casework.publish(visits(steps=LONGER), "maldon")
    for ask in (office.migrations.affected, office.migrations.plan):
        with pytest.raises(NotPermitted):
            ask("visits", tom)
        with pytest.raises(NotFound):
            ask("nowhere", mary)
    migration = office.migrations.plan("visits", mary)
    with pytest.raises(NotPermitted, match="has not finished"):
        office.migrations.start(migration, "Because", mary)
    carried_on(office)
    with pytest.raises(InvalidAnswers, match="Say why"):
        office.migrations.start(migration, " ", mary)
    with pytest.raises(NotPermitted, match="has not been started"):
        office.migrations.undo(migration, mary)

    office.casework.add_council("east_herts")
    stranger = small.hire(office, "Sam Wold", "manager", council="east_herts")
    migrations = office.migrations
    for attempt in (
        lambda: migrations.get(migration, stranger),
        lambda: migrations.cases(migration, stranger),
        lambda: migrations.start(migration, "Because", stranger),
        lambda: migrations.stop(migration, stranger),
        lambda: migrations.resume(migration, stranger),
        lambda: migrations.undo(migration, stranger),
    ):
        with pytest.raises(NotFound):
            attempt()
    for attempt in (
        lambda: migrations.get(migration, tom),
        lambda: migrations.all(tom),
        lambda: migrations.cases(migration, tom),
        lambda: migrations.start(migration, "Because", tom),
        lambda: migrations.stop(migration, tom),
        lambda: migrations.resume(migration, tom),
        lambda: migrations.undo(migration, tom),
    ):
        with pytest.raises(NotPermitted):
            attempt()
    assert migrations.all(stranger) == ()
    assert migrations.get(migration, mary).state == "checked"


def test_a_dry_run_that_another_version_has_overtaken_cannot_start(
    office: engine.Office, mary: Officer
) -> None:
    small.report(office, "visits")
    office.casework.publish(visits(steps=LONGER), "maldon")
    migration = office.migrations.plan("visits", mary)
    carried_on(office)
    office.casework.publish(visits(steps=OTHER), "maldon")

    with pytest.raises(NotPermitted, match="Version 3 has been published since"):
        office.migrations.start(migration, "Because", mary)

    again = office.migrations.plan("visits", mary)
    assert [m.id for m in office.migrations.all(mary)] == [again]


def test_it_can_be_stopped_resumed_and_undone(
    office: engine.Office, mary: Officer
) -> None:
    references = [small.report(office, "visits") for _ in range(4)]
    before = [office.records.case(each, mary) for each in references]
    office.casework.publish(visits(steps=LONGER, late=LATER), "maldon")
    migration = office.migrations.plan("visits", mary)
    carried_on(office)
    office.migrations.start(migration, "Because", mary)
    assert office.migrations.carry_on(1) == 1
    office.migrations.stop(migration, mary)
    assert carried_on(office) == 0
    view = office.migrations.get(migration, mary)
    assert (view.state, view.done, view.to_do) == ("stopped", 1, 4)

    office.migrations.resume(migration, mary)
    with pytest.raises(NotPermitted, match="being moved now"):
        office.migrations.plan("visits", mary)
    assert carried_on(office) == 3
    moved = office.records.case(references[0], mary)
    assert moved.deadlines[0].on != before[0].deadlines[0].on
    assert "date_moved" in [event.kind for event in moved.events]

    office.migrations.undo(migration, mary)
    assert carried_on(office) == 4
    assert office.migrations.get(migration, mary).state == "undone"
    after = [office.records.case(each, mary) for each in references]
    assert [case.tasks for case in after] == [case.tasks for case in before]
    dates = [[d.on for d in case.deadlines] for case in after]
    assert dates == [[d.on for d in case.deadlines] for case in before]
    titles = [e.title for e in after[0].events if e.kind == "version_changed"]
    assert sorted(titles) == [
        "Moved back to version 1 of ‘Visits’",
        "Moved to version 2 of ‘Visits’",
    ]


def test_a_case_that_went_on_moves_back_by_the_rules_or_says_why_not(
    office: engine.Office, mary: Officer
) -> None:
    stands_new, stands_old, ended = [small.report(office, "visits") for _ in range(3)]
    office.casework.publish(visits(steps=LONGER), "maldon")
    migration = move_all(office, mary)
    small.do(office, stands_new, mary, "record_visit")
    for step in LONGER[:2]:
        small.do(office, stands_old, mary, step)
    for step in LONGER:
        small.do(office, ended, mary, step)

    office.migrations.undo(migration, mary)
    carried_on(office)

    view = office.migrations.get(migration, mary)
    assert (view.of("undone"), view.of("cannot_undo")) == (1, 2)
    assert sorted(why.reason for why in view.reasons) == [
        "It stands at “Second visit”, which the older version does not have.",
        "The case has ended since.",
    ]
    assert small.tasks(office, stands_old, mary) == ["review_visit"]
    small.do(office, stands_old, mary, "review_visit")
    assert office.records.case(stands_old, mary).status == "closed"


def test_what_has_changed_meanwhile_is_looked_at_again(
    office: engine.Office, mary: Officer
) -> None:
    ends, went_on, moves = [small.report(office, "visits") for _ in range(3)]
    office.casework.publish(visits(steps=OTHER), "maldon")
    migration = office.migrations.plan("visits", mary)
    carried_on(office)
    small.do(office, went_on, mary, "record_visit")
    for step in ("record_visit", "review_visit"):
        small.do(office, ends, mary, step)

    office.migrations.start(migration, "Because", mary)
    carried_on(office)

    view = office.migrations.get(migration, mary)
    assert [view.of(s) for s in ("moved", "cannot_move", "ended")] == [1, 1, 1]
    assert small.tasks(office, moves, mary) == ["record_visit"]


def test_a_date_that_has_passed_stays_passed(
    office: engine.Office, mary: Officer
) -> None:
    reference = small.report(office, "visits")
    small.go_to(office, date(2026, 3, 5))
    office.casework.sweep()
    assert small.tasks(office, reference, mary) == ["chase_visit", "record_visit"]
    due = small.task(office, reference, mary, "record_visit").due_on
    office.casework.publish(visits(steps=LONGER, late=LATER), "maldon")

    move_all(office, mary)
    office.casework.sweep()

    assert small.tasks(office, reference, mary) == ["chase_visit", "record_visit"]
    task = small.task(office, reference, mary, "record_visit")
    assert (task.due_on, task.is_escalated) == (due, True)
    small.do(office, reference, mary, "record_visit")
    assert small.tasks(office, reference, mary) == ["second_visit"]


def test_a_step_that_has_become_another_roles_leaves_its_person(
    office: engine.Office, mary: Officer
) -> None:
    reference = small.report(office, "visits")
    office.casework.claim_task(
        small.task(office, reference, mary, "record_visit").id, mary
    )
    files = visits(steps=LONGER)
    name = b'"record_visit" name="Record visit"'
    files["visits.bpmn"] = (
        files["visits.bpmn"]
        .replace(name, b'"record_visit" name="Look at the site"')
        .replace(b"<bpmn:flowNodeRef>record_visit</bpmn:flowNodeRef>", b"")
        .replace(
            b"<bpmn:flowNodeRef>chase_visit</bpmn:flowNodeRef>",
            b"<bpmn:flowNodeRef>chase_visit</bpmn:flowNodeRef>"
            b"<bpmn:flowNodeRef>record_visit</bpmn:flowNodeRef>",
        )
    )
    office.casework.publish(files, "maldon")

    move_all(office, mary)

    task = small.task(office, reference, mary, "record_visit")
    assert (task.title, task.role, task.assignee_id) == (
        "Look at the site",
        "manager",
        None,
    )


class Cut(Exception):
    """The power fails."""


def test_what_was_cut_off_in_the_middle_of_a_case_is_done_again(
    office: engine.Office, mary: Officer
) -> None:
    references = [small.report(office, "visits") for _ in range(3)]
    office.casework.publish(visits(steps=LONGER), "maldon")
    migration = office.migrations.plan("visits", mary)
    carried_on(office)
    office.migrations.start(migration, "Because", mary)
    commits = iter(range(10))

    def cut(_connection: object) -> None:
        if next(commits) == 1:
            raise Cut

    sa.event.listen(office.engine, "commit", cut)
    with pytest.raises(Cut):
        office.migrations.carry_on()
    sa.event.remove(office.engine, "commit", cut)
    assert office.migrations.get(migration, mary).of("moved") == 1

    carried_on(office)

    assert office.migrations.get(migration, mary).of("moved") == 3
    for reference in references:
        kinds = [e.kind for e in office.records.case(reference, mary).events]
        assert kinds.count("version_changed") == 1


def test_one_that_cannot_be_read_fails_and_the_rest_go_on(
    office: engine.Office, mary: Officer
) -> None:
    broken, sound = [small.report(office, "visits") for _ in range(2)]
    office.casework.publish(visits(steps=LONGER), "maldon")
    migration = office.migrations.plan("visits", mary)
    carried_on(office)
    instance = office.records.case(broken, mary).instances[0].id
    with office.engine.connect().execution_options(writing=True) as connection:
        with connection.begin():
            connection.execute(
                sa.update(Instance).where(Instance.id == instance).values(state="{}")
            )

    office.migrations.start(migration, "Because", mary)
    carried_on(office)

    view = office.migrations.get(migration, mary)
    assert (view.state, view.of("moved"), view.of("failed")) == ("finished", 1, 1)
    assert view.reasons[0].reason.startswith("Its stored state could not be read")
    assert small.tasks(office, sound, mary) == ["record_visit"]


def test_two_workers_at_once_move_no_case_twice(either: engine.Office) -> None:
    office, mary = either, manager(either)
    references = [small.report(office, "visits") for _ in range(12)]
    office.casework.publish(visits(steps=LONGER), "maldon")
    migration = office.migrations.plan("visits", mary)
    workers = [
        engine.connect(office.engine, clock=office.clock, migrate=False)
        for _ in range(2)
    ]
    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(carried_on, workers, (2, 3))) == 12
        office.migrations.start(migration, "Because", mary)
        assert sum(pool.map(carried_on, workers, (2, 3))) == 12
    carried_on(office)

    view = office.migrations.get(migration, mary)
    assert (view.state, view.of("moved")) == ("finished", 12)
    for reference in references:
        case = office.records.case(reference, mary)
        assert [e.kind for e in case.events].count("version_changed") == 1


def test_a_task_completed_at_the_same_instant_is_not_lost(
    either: engine.Office,
) -> None:
    office, mary = either, manager(either)
    reference = small.report(office, "visits")
    task = small.task(office, reference, mary, "record_visit")
    office.casework.publish(visits(steps=LONGER), "maldon")
    migration = office.migrations.plan("visits", mary)
    carried_on(office)
    office.migrations.start(migration, "Because", mary)

    with ThreadPoolExecutor(2) as pool:
        moving = pool.submit(carried_on, office)
        office.casework.complete_task(task.id, {"record_visit_note": "seen"}, mary)
        moving.result()
    carried_on(office)

    case = office.records.case(reference, mary)
    assert office.migrations.get(migration, mary).of("moved") == 1
    assert [each.element for each in case.completed_tasks] == ["record_visit"]
    assert small.tasks(office, reference, mary) in (["review_visit"], ["second_visit"])


def test_killed_without_warning_it_goes_on_where_it_was(
    office: engine.Office, mary: Officer
) -> None:
    for _ in range(10):
        small.report(office, "visits")
    office.casework.publish(visits(steps=LONGER), "maldon")
    migration = office.migrations.plan("visits", mary)
    carried_on(office)
    office.migrations.start(migration, "Because", mary)
    url = office.engine.url.render_as_string(hide_password=False)
    worker = subprocess.Popen(
        [sys.executable, str(TESTS / "carrying_on.py"), url],
        stdout=subprocess.PIPE,
        text=True,
        cwd=TESTS.parent,
        env=os.environ | {"PYTHONPATH": str(TESTS.parent)},
    )
    assert worker.stdout is not None
    said = [worker.stdout.readline() for _ in range(3)]
    worker.send_signal(signal.SIGKILL)
    worker.communicate()

    confirmed = office.migrations.get(migration, mary).of("moved")
    assert said == ["1\n"] * 3
    assert 3 <= confirmed < 10
    assert carried_on(office) == 10 - confirmed
    moved = office.migrations.cases(migration, mary, ("moved",))
    for line in moved.rows:
        case = office.records.case(line.reference, mary)
        assert [e.kind for e in case.events].count("version_changed") == 1
    assert moved.total == 10


def test_a_case_is_affected_where_a_process_that_it_calls_has_changed(
    new_sqlite: Callable[[], str],
) -> None:
    def drawn(*steps: str) -> dict[str, bytes]:
        inner = [draw.start(), *(draw.user(s, form=s) for s in steps), draw.end()]
        call = [draw.start(), draw.call("intake"), draw.end("over")]
        return {
            **small.drawn("intake", inner, [" > ".join(("begin", *steps, "done"))]),
            **small.drawn("whole", call, ["begin > intake > over"]),
        }

    office = small.open_small(new_sqlite(), drawn("check", "write"))
    mary = manager(office)
    inside, alone = small.report(office, "whole"), small.report(office, "intake")
    office.casework.publish(drawn("check", "ring", "write"), "maldon")

    affected = office.migrations.affected("intake", mary)
    assert [(line.process, line.version, line.cases) for line in affected.lines] == [
        ("intake", 1, 1),
        ("whole", 1, 1),
    ]
    move_all(office, mary, "intake")

    for reference, title in ((inside, "Whole"), (alone, "Intake")):
        small.do(office, reference, mary, "check")
        assert small.tasks(office, reference, mary) == ["ring"]
        [moved] = changes(office, reference, mary)
        assert moved.title == f"Moved to version 2 of ‘{title}’"
    office.engine.dispose()


def changes(
    office: engine.Office, reference: str, officer: Officer
) -> list[engine.EventView]:
    events = office.records.case(reference, officer).events
    return [event for event in events if event.kind == "version_changed"]


def with_law(days: int) -> dict[str, bytes]:
    """The small diagram with the council's periods, one of them this long."""
    law = library.read(engine.PROCESSES, engine.FORMS)
    names = ("periods.yaml", "councils/defaults.yaml", "councils/maldon/council.yaml")
    files = {name: law[name] for name in names}
    head, tail = files["periods.yaml"].split(b"  validate_report:", 1)
    tail = tail.replace(b"length: 2,", b"length: %d," % days, 1)
    return visits() | files | {"periods.yaml": head + b"  validate_report:" + tail}


def test_dates_are_worked_out_again_when_a_period_has_changed(
    office: engine.Office, mary: Officer
) -> None:
    office.casework.publish(with_law(2), "maldon")
    moves, past = [small.report(office, "visits") for _ in range(2)]
    small.do(office, past, mary, "record_visit")
    before = small.task(office, moves, mary, "record_visit").due_on
    office.casework.publish(with_law(4), "maldon")
    assert small.task(office, moves, mary, "record_visit").due_on == before

    migration = office.migrations.plan("visits", mary, kind="dates")
    carried_on(office)
    view = office.migrations.get(migration, mary)
    assert (view.of("can_move"), view.of("unchanged")) == (1, 1)
    office.migrations.start(migration, "The target is four days now.", mary)
    carried_on(office)

    assert small.task(office, moves, mary, "record_visit").due_on == date(2026, 3, 6)
    kinds = [e.kind for e in office.records.case(moves, mary).events]
    assert {"dates_worked_out", "date_moved"} <= set(kinds)
    with pytest.raises(NotPermitted, match="Publish the old periods"):
        office.migrations.undo(migration, mary)


def test_what_was_answered_at_a_step_that_is_gone_is_still_shown_and_corrected(
    office: engine.Office, mary: Officer
) -> None:
    reference = small.report(office, "visits")
    visit = small.task(office, reference, mary, "record_visit")
    small.do(office, reference, mary, "record_visit", record_visit_note="seen")
    office.casework.publish(visits(steps=("look", "review_visit")), "maldon")
    assert move_all(office, mary)
    office.forget_definitions()

    shown = office.records.task(visit.id, mary)
    assert shown.answers == {"record_visit_note": "seen"}
    office.casework.correct_answers(
        visit.id, {"record_visit_note": "heard"}, "A slip", mary
    )

    assert office.records.task(visit.id, mary).answers["record_visit_note"] == "heard"
    instance = office.records.case(reference, mary).instances[0].id
    assert office.records.diagram(instance, mary).current == ("review_visit",)


def test_a_manager_puts_a_case_at_another_step_by_hand(
    office: engine.Office, mary: Officer
) -> None:
    reference = small.report(office, "visits")
    instance = office.records.case(reference, mary).instances[0].id
    [area] = office.migrations.standing(instance, mary).areas
    asked = {"area": area.id, "leave": [area.places[0].id], "to": "review_visit"}
    tom = small.hire(office, "Tom Creek")

    with pytest.raises(NotPermitted):
        office.migrations.relocate(instance, tom, **asked, reason="Because")
    with pytest.raises(NotPermitted):
        office.migrations.standing(instance, tom)
    office.casework.add_council("east_herts")
    stranger = small.hire(office, "Sam Wold", "manager", council="east_herts")
    with pytest.raises(NotFound):
        office.migrations.relocate(instance, stranger, **asked, reason="Because")
    with pytest.raises(NotFound):
        office.migrations.standing(instance, stranger)
    with pytest.raises(InvalidAnswers, match="Say why"):
        office.migrations.relocate(instance, mary, **asked, reason=" ")
    with pytest.raises(InvalidAnswers, match="“Chase visit” is a side step"):
        office.migrations.relocate(
            instance, mary, **asked | {"to": "chase_visit"}, reason="Because"
        )
    assert small.tasks(office, reference, mary) == ["record_visit"]
    office.migrations.relocate(instance, mary, **asked, reason="It was seen before.")

    case = office.records.case(reference, mary)
    assert small.tasks(office, reference, mary) == ["review_visit"]
    assert case.deadlines == ()
    [event] = [e for e in case.events if e.kind == "moved_by_hand"]
    assert (event.title, event.detail, event.by) == (
        "Moved by hand from ‘Record visit’ to ‘Review visit’",
        "It was seen before.",
        "Mary Quay",
    )
    with pytest.raises(NotFound, match="does not stand at that step any more"):
        office.migrations.relocate(instance, mary, **asked, reason="Again")
    small.do(office, reference, mary, "review_visit")
    with pytest.raises(TaskNotReady):
        office.migrations.standing(instance, mary)
