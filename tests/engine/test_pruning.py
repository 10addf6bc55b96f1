"""A running process stays small, and everything it still needs stays in it."""

from __future__ import annotations

import json
from datetime import date, timedelta

from tests.engine_models import (
    NOON,
    Running,
    boundary,
    call,
    end,
    files,
    parallel,
    start,
    user,
    xor,
)

LOOP = files(
    main=(
        [
            start(),
            xor("round"),
            user("visit"),
            boundary("late", "visit", timer='deadline("record_service", on)'),
            user("chase"),
            end("chased"),
            call("part"),
            parallel("s"),
            user("a"),
            user("b"),
            user("c"),
            parallel("j"),
            xor("again", default="done"),
            end(),
        ],
        [
            "begin > round > visit > part > s > a > j > again > done",
            "s > b > j",
            "s > c > j",
            'again > round : again == "yes"',
            "late > chase > chased",
        ],
    ),
    part=([start("p"), user("p_ask"), end("q")], ["p > p_ask > q"]),
)


def _round(running: Running) -> list[int]:
    sizes = []
    for element in ("visit", "p_ask", "c", "a", "b"):
        running.do(element, again="yes", on=running.around.now.date())
        sizes.append(len(running.flow.dump()[0]))
        running.until(running.around.now + timedelta(days=3))
    return sizes


def test_the_hundredth_round_costs_no_more_than_the_second() -> None:
    running = Running(LOOP, on=date(2026, 3, 2))
    _round(running)
    second = _round(running)
    for _ in range(97):
        _round(running)
        running.flow.journal.clear()
    assert _round(running) == second
    assert max(second) < 4_000
    assert set(running.flow.facts) == {""}


def test_a_join_remembers_who_has_arrived_and_nothing_older() -> None:
    running = Running(LOOP, on=date(2026, 3, 2))
    for _ in range(3):
        for element in ("visit", "p_ask", "c"):
            running.do(element, again="yes")
            running.restart()
        assert running.open() == ["a", "b"]
        running.do("a", again="yes")
        running.restart()
        assert running.open() == ["b"]
        running.do("b", again="yes")
        assert running.open() == ["visit"]


def test_a_fired_boundary_stays_known_until_its_task_is_done() -> None:
    running = Running(LOOP, on=date(2026, 3, 2))
    running.until(NOON + timedelta(days=100))
    for _ in range(3):
        running.restart()
    assert running.open() == ["chase", "visit"]
    assert running.due() == {}


def test_the_state_holds_no_diagram_and_no_facts() -> None:
    running = Running(LOOP, on=date(2026, 3, 2), secret="a fact")
    state, facts = running.flow.dump()
    assert "a fact" not in state and "a fact" in facts
    assert set(json.loads(state)) == {"v", "end", "main", "inner"}
    assert len(state) < 2_000
