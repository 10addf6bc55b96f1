"""The journal, and escalation: what completing a task closes beside it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.engine_models import (
    NOON,
    Node,
    Running,
    boundary,
    call,
    end,
    files,
    inclusive,
    parallel,
    script,
    service,
    start,
    sub,
    user,
    xor,
)

OVERDUE = 'deadline("record_service", on)'
ON = date(2026, 3, 2)
LONG_AFTER = NOON + timedelta(days=60)

WORK: dict[str, Node] = {
    "task": user("work"),
    "call": call("work", called="part"),
    "sub-process": sub(
        "work", [start("i"), user("inner"), end("o")], ["i > inner > o"]
    ),
    "items": user("work", many="people person"),
}
INNER = {"task": "work", "call": "inner", "sub-process": "inner", "items": "work"}


def _escalating(kind: str, **options: str) -> Running:
    running = Running(
        files(
            main=(
                [
                    start(),
                    WORK[kind],
                    boundary("overdue", "work", timer=OVERDUE, **options),
                    parallel("s"),
                    user("chase"),
                    user("tell"),
                    parallel("j"),
                    end("chased"),
                    user("after"),
                    end(),
                ],
                [
                    "begin > work > after > done",
                    "overdue > s > chase > j > chased",
                    "s > tell > j",
                ],
            ),
            part=([start("p"), user("inner"), end("q")], ["p > inner > q"]),
        ),
        on=ON,
        people=[{"name": "Ann"}],
    )
    running.until(LONG_AFTER)
    running.restart()
    return running


@pytest.mark.parametrize("kind", WORK)
def test_completing_the_overdue_work_closes_what_it_had_brought_in(kind: str) -> None:
    running = _escalating(kind)
    assert running.open() == sorted([INNER[kind], "chase", "tell"])
    running.do("tell")
    running.restart()
    running.do(INNER[kind])
    assert running.open() == ["after"]
    assert ("chase", "cancelled") in running.went()
    running.restart()
    running.do("after")
    assert running.flow.ended


@pytest.mark.parametrize("kind", WORK)
def test_a_boundary_that_keeps_open_leaves_its_work(kind: str) -> None:
    running = _escalating(kind, keeps_open="true")
    running.do(INNER[kind])
    running.restart()
    assert running.open() == ["after", "chase", "tell"]
    for element in ("after", "chase"):
        running.do(element)
    assert not running.flow.ended
    running.do("tell")
    assert running.flow.ended


@pytest.mark.parametrize("kind", WORK)
def test_escalated_work_names_what_it_was_brought_in_for(kind: str) -> None:
    running = _escalating(kind)
    tasks = {task.element: task for task in running.flow.open_tasks()}
    late = tasks[INNER[kind]]
    assert tasks["chase"].escalates == tasks["tell"].escalates
    assert tasks["chase"].escalates in {late.id, *late.within}
    assert late.escalates is None


def test_work_kept_open_no_longer_escalates_what_is_done() -> None:
    running = _escalating("task", keeps_open="true")
    running.do("work")
    assert {task.escalates for task in running.flow.open_tasks()} == {None}


def test_an_interrupting_date_closes_the_escalation_too() -> None:
    running = Running(
        files(
            main=(
                [
                    start(),
                    user("work"),
                    boundary("overdue", "work", timer=OVERDUE),
                    user("chase"),
                    end("chased"),
                    boundary(
                        "too_late",
                        "work",
                        timer='deadline("pcn_response", on)',
                        interrupting=True,
                    ),
                    user("act"),
                    xor("merge"),
                    end(),
                ],
                [
                    "begin > work > merge > done",
                    "overdue > chase > chased",
                    "too_late > act > merge",
                ],
            )
        ),
        on=ON,
    )
    running.until(NOON + timedelta(days=14))
    assert running.open() == ["chase", "work"]
    running.restart()
    running.until(LONG_AFTER)
    assert running.open() == ["act"]
    assert {("work", "cancelled"), ("chase", "cancelled")} <= set(running.went())
    running.do("act")
    assert running.flow.ended


def test_a_branch_that_joined_the_main_way_is_not_closed() -> None:
    running = Running(
        files(
            main=(
                [
                    start(),
                    user("work"),
                    boundary("overdue", "work", timer=OVERDUE),
                    user("chase"),
                    xor("merge"),
                    user("finish"),
                    end(),
                ],
                ["begin > work > merge > finish > done", "overdue > chase > merge"],
            )
        ),
        on=ON,
    )
    running.until(LONG_AFTER)
    running.do("chase")
    assert running.open() == ["finish", "work"]
    running.do("work")
    assert running.open() == ["finish", "finish"]


def test_the_journal_tells_every_element_and_every_flow_taken() -> None:
    running = Running(
        files(
            main=(
                [
                    start(),
                    inclusive("which", default="no"),
                    call("part"),
                    boundary("overdue", "part", timer=OVERDUE),
                    end("late"),
                    sub("inside", [start("i"), user("b"), end("o")], ["i > b > o"]),
                    end("no"),
                    inclusive("both"),
                    end(),
                ],
                [
                    "begin > which > no",
                    "which > part : on != None",
                    "which > inside : on != None",
                    "part > both > done",
                    "inside > both",
                    "overdue > late",
                ],
            ),
            part=([start("p"), user("a"), end("q")], ["p > a > q"]),
        ),
        on=ON,
    )
    running.until(LONG_AFTER)
    running.restart()
    running.do("a")
    running.do("b")
    assert running.flow.ended
    flows = {
        (drawn.process, flow)
        for drawn in running.definition.diagrams.values()
        for flow in drawn.flows
    }
    taken = {
        (step.process, flow) for step in running.flow.journal for flow in step.flows
    }
    assert flows - taken == {("main", "which__no")}
    elements = {
        (drawn.process, element)
        for drawn in running.definition.diagrams.values()
        for element in drawn.elements
    }
    done = {
        (step.process, step.element)
        for step in running.flow.journal
        if step.what in ("completed", "fired")
    }
    assert elements - done == {("main", "no")}


def test_the_journal_tells_the_scope_of_each_called_process() -> None:
    running = Running(
        files(
            main=([start(), call("part"), end()], ["begin > part > done"]),
            part=([start("p"), user("a"), end("q")], ["p > a > q"]),
        )
    )
    [task] = running.flow.open_tasks()
    scopes = {step.scope for step in running.flow.journal if step.process == "part"}
    assert scopes == {task.scope}
    assert ("a", "entered") in running.went()


def test_the_journal_tells_which_item_a_step_was_about() -> None:
    running = _escalating("items")
    running.do("work")
    about = [
        step.item_index
        for step in running.flow.journal
        if step.element == "work" and step.what == "completed"
    ]
    assert about == ["people/0", None]


def test_two_late_tasks_that_bring_in_the_same_person_are_closed_one_by_one() -> None:
    running = Running(
        files(
            main=(
                [
                    start(),
                    parallel("s"),
                    user("a"),
                    boundary("a_late", "a", timer=OVERDUE),
                    user("b"),
                    boundary("b_late", "b", timer=OVERDUE),
                    xor("either"),
                    user("chase"),
                    end("chased"),
                    parallel("j"),
                    end(),
                ],
                [
                    "begin > s > a > j > done",
                    "s > b > j",
                    "a_late > either > chase > chased",
                    "b_late > either",
                ],
            )
        ),
        on=ON,
    )
    running.until(LONG_AFTER)
    running.restart()
    assert running.open() == ["a", "b", "chase", "chase"]
    running.do("a")
    running.restart()
    assert running.open() == ["b", "chase"]
    [late, chase] = sorted(running.flow.open_tasks(), key=lambda task: task.element)
    assert chase.escalates == late.id
    running.do("b")
    assert running.flow.ended


def test_an_effect_keeps_what_was_true_when_it_was_asked_for() -> None:
    running = Running(
        files(
            main=(
                [
                    start(),
                    user("ask"),
                    service("tell", "send_letter", about="people"),
                    script("change", "people[0].name = 'Ben'"),
                    user("after"),
                    end(),
                ],
                ["begin > ask > tell > change > after > done"],
            )
        ),
        people=[{"name": "Ann"}],
    )
    running.do("ask")
    [effect] = running.flow.effects
    assert effect.parameters == {"about": [{"name": "Ann"}]}
