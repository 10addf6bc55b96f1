"""Dates that a process waits for: when they fire, when they move, when they do not."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from engine.errors import TaskNotReady
from engine.law.dates import Deadline
from tests.engine_models import (
    NOON,
    Running,
    boundary,
    call,
    catch,
    end,
    events,
    files,
    start,
    sub,
    user,
)

SERVED = date(2026, 3, 2)
REPLY = 'deadline("pcn_response", value("served_on", None))'
LAST_MOMENT = datetime(2026, 3, 22, 23, 59, tzinfo=UTC)
MIDNIGHT = datetime(2026, 3, 23, tzinfo=UTC)


def _overdue(timer: str = REPLY, **options: bool) -> dict[str, bytes]:
    return files(
        main=(
            [
                start(),
                user("ask"),
                boundary("overdue", "ask", timer=timer, **options),
                user("chase"),
                end("chased"),
                end(),
            ],
            ["begin > ask > done", "overdue > chase > chased"],
        )
    )


def test_a_last_day_passes_at_midnight_in_london_and_not_before() -> None:
    running = Running(_overdue(), served_on=SERVED)
    [timer] = running.flow.timers()
    assert (timer.element, timer.name, timer.due_at) == ("overdue", "Overdue", MIDNIGHT)
    assert isinstance(timer.deadline, Deadline)
    assert timer.deadline == date(2026, 3, 22)
    assert timer.on_task == running.flow.open_tasks()[0].id
    running.until(LAST_MOMENT)
    assert running.open() == ["ask"]
    running.until(MIDNIGHT)
    assert running.open() == ["ask", "chase"]


def test_midnight_is_londons_in_summer_too() -> None:
    running = Running(_overdue(), served_on=date(2026, 4, 2))
    assert running.due() == {"overdue": datetime(2026, 4, 22, 23, tzinfo=UTC)}


def test_a_date_that_is_not_known_yet_never_fires_and_is_not_listed() -> None:
    running = Running(_overdue())
    assert running.due() == {}
    running.until(NOON + timedelta(days=1000))
    assert running.open() == ["ask"]
    assert running.flow.failures == []


def test_a_corrected_fact_moves_the_date_earlier_and_later() -> None:
    running = Running(_overdue(), served_on=SERVED)
    running.flow.correct("", {"served_on": SERVED + timedelta(days=10)})
    running.restart()
    assert running.due() == {"overdue": datetime(2026, 4, 1, 23, tzinfo=UTC)}
    running.flow.correct("", {"served_on": SERVED - timedelta(days=1)})
    assert running.due() == {"overdue": datetime(2026, 3, 22, tzinfo=UTC)}


def test_a_correction_into_the_past_fires_at_once_and_what_fired_stays() -> None:
    running = Running(_overdue(), served_on=SERVED)
    running.flow.correct("", {"served_on": SERVED - timedelta(days=60)})
    assert running.open() == ["ask", "chase"]
    running.flow.correct("", {"served_on": SERVED})
    running.restart()
    assert running.open() == ["ask", "chase"]
    assert running.due() == {}


def test_an_answer_after_the_last_day_is_late_even_if_no_sweep_ran() -> None:
    running = Running(_overdue(interrupting=True), served_on=SERVED)
    [task] = running.flow.open_tasks()
    running.around.now = MIDNIGHT
    with pytest.raises(TaskNotReady):
        running.flow.complete(task.id, {})
    assert running.open() == ["chase"]


def test_of_two_dates_that_passed_meanwhile_the_earlier_fires_first() -> None:
    running = Running(
        files(
            main=(
                [
                    start(),
                    events("which"),
                    catch("later", timer='deadline("pcn_response", on)'),
                    catch("sooner", timer='deadline("record_service", on)'),
                    end("a"),
                    end("b"),
                ],
                ["begin > which > later > a", "which > sooner > b"],
            )
        ),
        on=SERVED,
    )
    before = running.flow.timers()
    running.restart()
    assert running.flow.timers() == before
    assert [timer.element for timer in before] == ["sooner", "later"]
    assert len({timer.id for timer in before}) == 2
    running.until(NOON + timedelta(days=365))
    assert running.flow.end_event == "b"


def test_a_timer_that_cannot_be_worked_out_is_reported_and_stops_nothing() -> None:
    running = Running(_overdue('deadline("pcn_response", servd_on)'))
    [failure] = running.flow.failures
    assert (failure.process, failure.element) == ("main", "overdue")
    assert "“servd_on” is not known here" in failure.message
    running.do("ask")
    assert running.flow.ended
    assert running.flow.failures == []


@pytest.mark.parametrize("timer", ["5", '"tomorrow"', 'deadline("no_such", on)'])
def test_a_timer_that_is_not_a_date_is_reported(timer: str) -> None:
    running = Running(_overdue(timer), on=SERVED)
    assert len(running.flow.failures) == 1


def test_a_mended_fact_starts_a_timer_that_had_failed() -> None:
    running = Running(_overdue('deadline("pcn_response", served_on)'))
    assert len(running.flow.failures) == 1
    running.flow.correct("", {"served_on": SERVED})
    assert running.flow.failures == []
    assert running.due() == {"overdue": MIDNIGHT}


def test_a_new_round_starts_its_own_timer() -> None:
    running = Running(
        files(
            main=(
                [
                    start(),
                    call("part"),
                    boundary("slow", "part", timer=REPLY),
                    user("hurry"),
                    end("hurried"),
                    user("next_one"),
                    end(),
                ],
                ["begin > part > next_one > done", "slow > hurry > hurried"],
            ),
            part=([start("p"), user("a"), end("q")], ["p > a > q"]),
        ),
        served_on=SERVED,
    )
    [timer] = running.flow.timers()
    [task] = running.flow.open_tasks()
    assert timer.on_task in task.within
    running.do("a")
    assert running.due() == {}


def test_each_item_has_its_own_date_that_moves_by_itself() -> None:
    each = sub(
        "each",
        [
            start("i"),
            user("serve"),
            boundary("slow", "serve", timer='deadline("pcn_response", served_on)'),
            user("hurry"),
            end("hurried"),
            end("o"),
        ],
        ["i > serve > o", "slow > hurry > hurried"],
        many="people person",
    )
    running = Running(
        files(main=([start(), each, end()], ["begin > each > done"])),
        people=[{"served_on": SERVED}, {"served_on": None}],
    )
    assert [(t.item_index, t.due_at) for t in running.flow.timers()] == [
        ("people/0", MIDNIGHT)
    ]
    running.flow.correct("", {"served_on": SERVED + timedelta(days=1)}, "people/1")
    running.restart()
    assert [(t.item_index, t.due_at) for t in running.flow.timers()] == [
        ("people/0", MIDNIGHT),
        ("people/1", MIDNIGHT + timedelta(days=1)),
    ]
    running.until(MIDNIGHT)
    [chase] = [t for t in running.flow.open_tasks() if t.element == "hurry"]
    assert chase.item_index == "people/0"


def test_a_pause_of_the_case_stops_the_clock_of_a_local_target_only() -> None:
    pauses = [{"from_on": date(2026, 3, 3), "to_on": date(2026, 3, 10)}]
    local = _overdue('deadline("record_service", on)')
    law = _overdue('deadline("pcn_response", on)')
    without = [Running(drawn, on=SERVED).due()["overdue"] for drawn in (local, law)]
    paused = [
        Running(drawn, on=SERVED, pauses=pauses).due()["overdue"]
        for drawn in (local, law)
    ]
    assert paused[0] > without[0]
    assert paused[1] == without[1]
