"""Nothing that was confirmed is lost, and nothing is done twice."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import engine_models as draw
import pytest
import small_office as small
import sqlalchemy as sa

import engine
from engine.errors import CaseChanged, TaskNotReady, WorkflowFailed

TESTS = Path(__file__).parents[1]
WEDNESDAY = date(2026, 3, 4)
THURSDAY = date(2026, 3, 5)
FRIDAY = date(2026, 3, 6)
PATIENCE_S = 10
NOT_ON_THURSDAY = "share = 10 / (days_between(case.received_on, today()) - 3)"
"""A script that breaks on the third day after the report and works on others."""


def diagrams() -> dict[str, bytes]:
    """Small processes that loop, break at a script, or break at a date."""
    ask = draw.user("ask", form="ask")
    ask_number = draw.user("ask_number", form="ask_number")
    number = {"type": "number", "key": "people"}
    drawn = [
        small.visits(),
        small.drawn(
            "rounds",
            [draw.start(), draw.script("count_up", 'rounds = value("rounds", 0) + 1')]
            + [ask, draw.xor("go_on", "ask"), draw.end()],
            ["begin > ask > count_up > go_on > ask", "go_on > done : rounds == -1"],
        ),
        small.drawn(
            "shares",
            [draw.start(), ask_number, draw.script("divide", "share = 10 / people")]
            + [draw.service("tell", "notify_role", role='"legal"', about='"shares"')]
            + [ask, draw.end()],
            ["begin > ask_number > divide > tell > ask > done"],
        ),
        small.drawn(
            "waits",
            [draw.start(), ask_number, draw.catch("two_days_passed", timer=small.LATE)]
            + [draw.script("divide", "share = 10 / people"), ask, draw.end()],
            ["begin > ask_number > two_days_passed > divide > ask > done"],
        ),
        small.drawn(
            "breaks_on_thursday",
            [draw.start(), draw.catch("two_days_passed", timer=small.LATE)]
            + [draw.script("divide", NOT_ON_THURSDAY), ask, draw.end()],
            ["begin > two_days_passed > divide > ask > done"],
        ),
        small.drawn(
            "breaks_at_once",
            [
                draw.start(),
                draw.script(
                    "divide", "share = 10 / days_between(case.received_on, today())"
                ),
                ask,
                draw.end(),
            ],
            ["begin > divide > ask > done"],
        ),
        small.drawn(
            "bad_date",
            [draw.start(), ask, draw.user("act", form="act"), draw.end()]
            + [draw.user("act_again", form="act_again"), draw.end("chased")]
            + [
                draw.boundary(
                    "act_late", "act", timer='deadline("validate_report", ask_note)'
                )
            ],
            ["begin > ask > act > act_again > done", "act_late > chased"],
        ),
    ]
    both = draw.parallel("both")
    act_late = draw.boundary(
        "act_late", "act", timer='deadline("validate_report", trigger)'
    )
    drawn += [
        small.drawn(
            "beside",
            [draw.start(), both, draw.catch("two_days_passed", timer=small.LATE)]
            + [draw.script("divide", NOT_ON_THURSDAY), draw.user("act", form="act")]
            + [draw.user("act_again", form="act_again"), draw.end("shared")]
            + [draw.end()],
            [
                "begin > both > two_days_passed > divide > shared",
                "both > act > act_again > done",
            ],
        ),
        small.drawn(
            "spoilt",
            [draw.start(), draw.script("set", "trigger = case.received_on"), both]
            + [draw.user("act", form="act"), act_late, draw.end("chased"), draw.end()]
            + [draw.catch("spoilt", message="spoil", variable="trigger")]
            + [draw.end("heard")],
            [
                "begin > set > both > act > done",
                "both > spoilt > heard",
                "act_late > chased",
            ],
        ),
    ]
    files = {name: content for each in drawn for name, content in each.items()}
    return files | {"forms/ask_number.json": small.form_file("ask_number", number)}


@pytest.fixture
def office(database_url: str) -> Iterator[engine.Office]:
    """An office with these small diagrams, on either kind of database."""
    opened = small.open_small(database_url, diagrams())
    yield opened
    opened.engine.dispose()


def at_the_same_instant(
    office: engine.Office, first: Callable[[], Any], second: Callable[[], Any]
) -> tuple[Any, Any]:
    """Run two commands so that the second has begun before the first commits.

    Returns what each gave: its result, or the error that it raised."""
    second_begins = threading.Event()
    first_has_work = threading.Event()
    names = threading.local()

    def before_statement(*_: object) -> None:
        if getattr(names, "is_second", False):
            second_begins.set()

    def before_commit(_connection: object) -> None:
        if getattr(names, "is_second", False):
            return
        first_has_work.set()
        assert second_begins.wait(PATIENCE_S)
        _wait_for_the_lock(office.engine)

    def run_second() -> Any:
        assert first_has_work.wait(PATIENCE_S)
        names.is_second = True
        return second()

    sa.event.listen(office.engine, "before_cursor_execute", before_statement)
    sa.event.listen(office.engine, "commit", before_commit)
    try:
        with ThreadPoolExecutor(2) as pool:
            running = pool.submit(first), pool.submit(run_second)
            one, two = (r.exception() or r.result() for r in running)
            return one, two
    finally:
        sa.event.remove(office.engine, "before_cursor_execute", before_statement)
        sa.event.remove(office.engine, "commit", before_commit)


def _wait_for_the_lock(made: sa.Engine) -> None:
    """Until somebody waits for a lock. (On SQLite nobody can have begun to read.)"""
    if made.dialect.name == "sqlite":
        return
    waiting = sa.text(
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    looker = sa.create_engine(made.url, isolation_level="AUTOCOMMIT")
    with looker.connect() as connection:
        for _ in range(2000):
            if connection.scalar(waiting):
                break
    looker.dispose()


def test_two_officers_complete_one_task_at_the_same_instant(
    office: engine.Office,
) -> None:
    """It is done once, and the second person is told who did it."""
    olive, tom = small.hire(office, "Olive Marsh"), small.hire(office, "Tom Creek")
    reference = small.report(office, "visits")
    visit = small.task(office, reference, olive, "record_visit")

    first, second = at_the_same_instant(
        office,
        lambda: office.casework.complete_task(visit.id, {}, olive),
        lambda: office.casework.complete_task(visit.id, {}, tom),
    )

    assert first.case_reference == reference
    assert isinstance(second, TaskNotReady)
    assert second.done_by == "Olive Marsh"
    assert small.tasks(office, reference, olive) == ["review_visit"]
    events = office.records.case(reference, olive).events
    assert [e.kind for e in events].count("task_completed") == 1


def test_two_people_complete_different_tasks_of_one_case_at_the_same_instant(
    office: engine.Office,
) -> None:
    """The late visit and the chasing of it: both are confirmed, both are kept."""
    olive, mark = small.hire(office, "Olive Marsh"), small.hire(office, "M", "manager")
    reference = small.report(office, "visits")
    small.go_to(office, THURSDAY)
    office.casework.sweep()
    visit = small.task(office, reference, mark, "record_visit")
    chase = small.task(office, reference, mark, "chase_visit")

    first, second = at_the_same_instant(
        office,
        lambda: office.casework.complete_task(
            chase.id, {"chase_visit_note": "a"}, mark
        ),
        lambda: office.casework.complete_task(
            visit.id, {"record_visit_note": "b"}, olive
        ),
    )

    assert first.case_reference == second.case_reference == reference
    assert small.tasks(office, reference, olive) == ["review_visit"]
    (facts,) = office.records.facts(reference).values()
    assert facts[""]["chase_visit_note"] == "a"
    assert facts[""]["record_visit_note"] == "b"


def test_a_sweep_beside_a_completed_task_undoes_nothing(office: engine.Office) -> None:
    """The visit is completed in the very moment in which its date passes."""
    olive = small.hire(office, "Olive Marsh")
    reference = small.report(office, "visits")
    visit = small.task(office, reference, olive, "record_visit")
    small.go_to(office, THURSDAY)

    first, _fired = at_the_same_instant(
        office,
        lambda: office.casework.complete_task(visit.id, {}, olive),
        office.casework.sweep,
    )

    assert first.case_reference == reference
    assert small.tasks(office, reference, olive) == ["review_visit"]


def test_two_sweeps_at_once_fire_a_date_once(office: engine.Office) -> None:
    mark = small.hire(office, "Mark Dyke", "manager")
    reference = small.report(office, "visits")
    small.go_to(office, THURSDAY)

    at_the_same_instant(office, office.casework.sweep, office.casework.sweep)

    assert small.tasks(office, reference, mark) == ["chase_visit", "record_visit"]
    events = office.records.case(reference, mark).events
    assert [e.kind for e in events].count("timer_fired") == 1


def test_the_same_command_twice_is_done_once(office: engine.Office) -> None:
    """The second click on ‘Complete’ learns that it was done, and by whom."""
    olive = small.hire(office, "Olive Marsh")
    reference = small.report(office, "rounds")
    ask = small.task(office, reference, olive, "ask")
    office.casework.complete_task(ask.id, {}, olive)

    with pytest.raises(TaskNotReady) as refused:
        office.casework.complete_task(ask.id, {}, olive)

    assert refused.value.done_by == "Olive Marsh"
    assert rounds(office, reference) == 1


def rounds(office: engine.Office, reference: str) -> int:
    """How often the loop has been gone through."""
    (facts,) = office.records.facts(reference).values()
    return int(facts[""]["rounds"])


def test_a_killed_process_loses_nothing_that_it_confirmed(
    office: engine.Office, database_url: str
) -> None:
    """Killed without warning at several moments; the case then goes on."""
    olive = small.hire(office, "Olive Marsh")
    reference = small.report(office, "rounds")
    chance = random.Random(4)
    confirmed: list[str] = []

    for _ in range(3):
        confirmed += confirmed_until_killed(
            [database_url, reference, olive.id],
            after=chance.randint(1, 9),
            delay_s=chance.uniform(0, 0.03),
        )

    case = office.records.case(reference, olive)
    completed = {task.id for task in case.completed_tasks}
    assert len(confirmed) >= 3
    assert completed.issuperset(confirmed)
    assert rounds(office, reference) == len(completed)
    assert [e.kind for e in case.events].count("task_completed") == len(completed)
    small.do(office, reference, olive, "ask")
    assert rounds(office, reference) == len(completed) + 1
    assert small.tasks(office, reference, olive) == ["ask"]


def confirmed_until_killed(
    arguments: list[str], *, after: int, delay_s: float
) -> list[str]:
    """The ids that a process confirmed before it was killed: at least `after`."""
    process = subprocess.Popen(
        [sys.executable, str(TESTS / "confirming.py"), *arguments],
        stdout=subprocess.PIPE,
        text=True,
        cwd=TESTS.parent,
        env=os.environ | {"PYTHONPATH": str(TESTS.parent)},
    )
    assert process.stdout is not None
    try:
        lines = [process.stdout.readline() for _ in range(after)]
        threading.Event().wait(delay_s)
    finally:
        process.send_signal(signal.SIGKILL)
        rest, _ = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == -signal.SIGKILL
    said = "".join(lines) + rest
    return [line.strip() for line in said.splitlines(keepends=True) if "\n" in line]


def test_a_step_that_breaks_leaves_the_task_with_its_answers_as_a_draft(
    office: engine.Office,
) -> None:
    olive = small.hire(office, "Olive Marsh")
    reference = small.report(office, "shares")
    ask = small.task(office, reference, olive, "ask_number")
    facts = office.records.facts(reference)

    for _ in range(2):
        with pytest.raises(WorkflowFailed, match="divide"):
            office.casework.complete_task(ask.id, {"people": "0"}, olive)

    case = office.records.case(reference, olive)
    assert [t.id for t in case.tasks] == [ask.id]
    assert office.records.task(ask.id, olive).draft == {"people": "0"}
    assert office.records.facts(reference) == facts
    assert [(i.element, i.is_resolved) for i in case.incidents] == [("divide", False)]
    assert "task_completed" not in [e.kind for e in case.events]
    assert office.casework.carry_out_effects() == 0


def test_completing_the_task_after_all_closes_its_incident(
    office: engine.Office,
) -> None:
    olive = small.hire(office, "Olive Marsh")
    reference = small.report(office, "shares")
    ask = small.task(office, reference, olive, "ask_number")
    with pytest.raises(WorkflowFailed):
        office.casework.complete_task(ask.id, {"people": "0"}, olive)

    office.casework.complete_task(ask.id, {"people": "4"}, olive)

    case = office.records.case(reference, olive)
    assert [i.is_resolved for i in case.incidents] == [True]
    assert small.tasks(office, reference, olive) == ["ask"]
    assert office.casework.carry_out_effects() == 1
    assert office.casework.carry_out_effects() == 0


def test_a_step_that_breaks_at_its_date_does_not_block_the_other_cases(
    office: engine.Office,
) -> None:
    """It is held with one incident, however often the sweep runs."""
    olive = small.hire(office, "Olive Marsh")
    broken = small.report(office, "breaks_on_thursday")
    sound = small.report(office, "visits")
    small.go_to(office, THURSDAY)

    fired = [office.casework.sweep() for _ in range(3)]

    assert fired == [1, 0, 0]
    assert small.tasks(office, sound, olive) == ["chase_visit", "record_visit"]
    case = office.records.case(broken, olive)
    assert [(i.element, i.is_resolved) for i in case.incidents] == [("divide", False)]
    assert case.tasks == ()


def test_trying_again_goes_on_where_it_broke_and_only_when_it_is_mended(
    office: engine.Office,
) -> None:
    mark = small.hire(office, "Mark Dyke", "manager")
    reference = small.report(office, "breaks_on_thursday")
    small.go_to(office, THURSDAY)
    office.casework.sweep()
    (incident,) = office.records.case(reference, mark).incidents

    with pytest.raises(WorkflowFailed):
        office.casework.retry_incident(incident.id, mark)
    (incident,) = office.records.case(reference, mark).incidents
    assert not incident.is_resolved

    small.go_to(office, FRIDAY)
    assert office.casework.sweep() == 0
    office.casework.retry_incident(incident.id, mark)
    case = office.records.case(reference, mark)
    assert [i.is_resolved for i in case.incidents] == [True]
    assert small.tasks(office, reference, mark) == ["ask"]


def test_a_corrected_answer_mends_a_step_that_broke(office: engine.Office) -> None:
    mark = small.hire(office, "Mark Dyke", "manager")
    reference = small.report(office, "waits")
    ask = small.task(office, reference, mark, "ask_number")
    office.casework.complete_task(ask.id, {"people": "0"}, mark)
    small.go_to(office, THURSDAY)
    office.casework.sweep()
    (incident,) = office.records.case(reference, mark).incidents

    office.casework.correct_answers(ask.id, {"people": "5"}, "Miscounted.", mark)
    office.casework.retry_incident(incident.id, mark)

    assert small.tasks(office, reference, mark) == ["ask"]
    (incident,) = office.records.case(reference, mark).incidents
    assert incident.is_resolved


def test_a_report_is_kept_though_the_first_step_breaks(office: engine.Office) -> None:
    mark = small.hire(office, "Mark Dyke", "manager")

    reference = small.report(office, "breaks_at_once")

    case = office.records.case(reference, mark)
    assert case.address == "Saltings Barn, Creek Lane, Goldhanger"
    (incident,) = case.incidents
    small.go_to(office, date(2026, 3, 3))
    office.casework.retry_incident(incident.id, mark)
    assert small.tasks(office, reference, mark) == ["ask"]


def test_a_date_that_cannot_be_worked_out_is_one_incident(
    office: engine.Office,
) -> None:
    """The timer wants a date and finds a text. The task can be done all the same."""
    mark = small.hire(office, "Mark Dyke", "manager")
    reference = small.report(office, "bad_date")

    small.do(office, reference, mark, "ask", ask_note="next week")
    small.go_to(office, FRIDAY)
    office.casework.sweep()
    act = small.task(office, reference, mark, "act")
    office.casework.save_draft(act.id, {"act_note": "x"}, mark)
    office.casework.send_message(reference, "nobody_waits", {}, mark)
    (incident,) = office.records.case(reference, mark).incidents
    assert incident.element == "act_late"
    assert "date" in incident.message

    with pytest.raises(WorkflowFailed, match="date"):
        office.casework.retry_incident(incident.id, mark)
    (incident,) = office.records.case(reference, mark).incidents
    assert not incident.is_resolved

    small.do(office, reference, mark, "act")
    assert small.tasks(office, reference, mark) == ["act_again"]
    office.casework.retry_incident(incident.id, mark)
    assert len(office.records.case(reference, mark).incidents) == 1


def test_a_database_that_stays_busy_is_told_plainly_and_nothing_changes(
    new_sqlite: Callable[[], str],
) -> None:
    """Another process writes for longer than anybody waits."""
    office = small.open_small(new_sqlite(), small.visits())
    olive = small.hire(office, "Olive Marsh")
    reference = small.report(office, "visits")
    visit = small.task(office, reference, olive, "record_visit")
    office.engine.dispose()
    sa.event.listen(
        office.engine,
        "connect",
        lambda connection, _record: connection.execute("PRAGMA busy_timeout=20"),
    )
    writer = office.engine.connect().execution_options(writing=True)

    with writer, writer.begin():
        with pytest.raises(CaseChanged, match="Try again"):
            office.casework.complete_task(visit.id, {}, olive)

    office.casework.complete_task(visit.id, {}, olive)
    assert small.tasks(office, reference, olive) == ["review_visit"]
    office.engine.dispose()


def test_a_date_whose_step_breaks_does_not_stop_the_work_beside_it(
    office: engine.Office,
) -> None:
    """The officer's own task on the same case can still be completed."""
    olive = small.hire(office, "Olive Marsh")
    reference = small.report(office, "beside")
    small.go_to(office, THURSDAY)
    office.casework.sweep()
    assert len(office.records.case(reference, olive).incidents) == 1

    small.do(office, reference, olive, "act")

    assert small.tasks(office, reference, olive) == ["act_again"]


def test_a_date_that_can_no_longer_be_worked_out_stays_as_it_was(
    office: engine.Office,
) -> None:
    """A message spoils the fact: the task keeps the due date that it had."""
    olive = small.hire(office, "Olive Marsh")
    reference = small.report(office, "spoilt")
    assert small.task(office, reference, olive, "act").due_on == WEDNESDAY

    office.casework.send_message(reference, "spoil", {}, olive)

    assert small.task(office, reference, olive, "act").due_on == WEDNESDAY
    (incident,) = office.records.case(reference, olive).incidents
    assert incident.element == "act_late"
