"""Starting, completing, delivering, ending: what a running process does."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from engine.bpmn.workflow import Flow
from engine.errors import NotFound, TaskNotReady, WorkflowFailed
from tests.engine_models import (
    NOON,
    Running,
    boundary,
    call,
    catch,
    end,
    events,
    files,
    parallel,
    script,
    service,
    start,
    sub,
    surroundings,
    terminate,
    throw,
    user,
    xor,
)

ONE_TASK = files(main=([start(), user("ask"), end()], ["begin > ask > done"]))


def test_a_process_waits_for_people_and_ends_where_it_is_drawn() -> None:
    running = Running(ONE_TASK)
    assert running.open() == ["ask"]
    assert not running.flow.ended
    running.do("ask", answer="yes")
    assert running.flow.ended
    assert running.flow.end_event == "done"
    assert running.flow.facts == {"": {"answer": "yes"}}


def test_a_process_can_be_stored_before_it_has_run() -> None:
    running = Running(ONE_TASK)
    flow = Flow.start(running.definition, {"a": 1}, surroundings())
    again = Flow.restore(running.definition, *flow.dump(), surroundings())
    again.run()
    assert [task.element for task in again.open_tasks()] == ["ask"]


def test_a_task_says_what_the_diagram_says_about_it() -> None:
    running = Running(
        files(
            main=([start(), user("ask", not_by="other"), end()], ["begin > ask > done"])
        )
    )
    [task] = running.flow.open_tasks()
    assert (task.process, task.element, task.name) == ("main", "ask", "Ask")
    assert task.lane == "Enforcement officer"
    assert task.properties == {"not_by": "other"}
    assert (task.scope, task.item, task.item_index) == ("", None, None)


def test_a_task_keeps_its_id_through_storage_and_is_done_once() -> None:
    running = Running(ONE_TASK)
    [before] = running.flow.open_tasks()
    running.restart()
    [after] = running.flow.open_tasks()
    assert before == after
    running.flow.complete(after.id, {})
    with pytest.raises(TaskNotReady):
        running.flow.complete(after.id, {})


def test_two_branches_see_each_others_answers() -> None:
    running = Running(
        files(
            main=(
                [start(), parallel("s"), user("a"), user("b"), parallel("j"), end()],
                ["begin > s > a > j > done", "s > b > j"],
            )
        )
    )
    running.do("a", seen="yes")
    [task] = running.flow.open_tasks()
    assert running.flow.visible(task.scope, task.id) == {"seen": "yes"}


def test_a_gateway_without_a_way_out_says_so_plainly() -> None:
    running = Running(
        files(
            main=(
                [start(), user("ask"), xor("which"), end("a"), end("b")],
                ["begin > ask > which > a : x == 1", "which > b : x == 2"],
            )
        )
    )
    with pytest.raises(
        WorkflowFailed, match="None of the ways out of “which” fits"
    ) as e:
        running.do("ask", x=3)
    assert (e.value.process, e.value.element) == ("main", "which")


@pytest.mark.parametrize("upside_down", [False, True])
def test_the_first_condition_in_the_file_decides_however_it_is_drawn(
    upside_down: bool,
) -> None:
    nodes = [
        start(),
        user("ask"),
        xor("which", default="c"),
        end("a"),
        end("b"),
        end("c"),
    ]
    flows = ["begin > ask > which > c", "which > a : x > 1", "which > b : x > 0"]
    running = Running(
        files(main=(list(reversed(nodes)) if upside_down else nodes, flows))
    )
    running.do("ask", x=2)
    assert running.flow.end_event == "a"


def test_a_failed_script_names_the_element_and_the_unknown_name() -> None:
    running = Running(
        files(
            main=(
                [
                    start(),
                    user("ask"),
                    script("add_up", "total = first + secnd"),
                    end(),
                ],
                ["begin > ask > add_up > done"],
            )
        )
    )
    with pytest.raises(WorkflowFailed, match="“secnd” is not known here") as e:
        running.do("ask", first=1)
    assert (e.value.process, e.value.element) == ("main", "add_up")


def test_a_diagram_that_goes_round_without_waiting_is_stopped() -> None:
    running = Running(
        files(
            main=(
                [
                    start(),
                    user("ask"),
                    xor("in"),
                    script("s", "n = 1"),
                    xor("out"),
                    end(),
                ],
                ["begin > ask > in > s > out > done : n == 2", "out > in : n == 1"],
            )
        )
    )
    with pytest.raises(WorkflowFailed, match="round and round"):
        running.do("ask")


def test_a_long_run_of_scripts_is_not_lost_from_sight() -> None:
    """SpiffWorkflow stops looking for work below 1,000 tasks."""
    count_up = script("count_up", "n = n + 1")
    running = Running(
        files(
            main=(
                [
                    start(),
                    xor("in"),
                    count_up,
                    xor("out", default="ask"),
                    user("ask"),
                    end(),
                ],
                ["begin > in > count_up > out > ask > done", "out > in : n < 700"],
            )
        ),
        n=0,
    )
    assert running.open() == ["ask"]
    assert running.flow.facts[""]["n"] == 700


def test_a_terminate_end_stops_everything_else() -> None:
    running = Running(
        files(
            main=(
                [
                    start(),
                    parallel("s"),
                    user("a"),
                    call("part"),
                    end(),
                    terminate("stop"),
                ],
                ["begin > s > a > stop", "s > part > done"],
            ),
            part=([start("p"), user("b"), end("q")], ["p > b > q"]),
        )
    )
    running.restart()
    running.do("a")
    assert running.flow.ended
    assert running.flow.end_event == "stop"
    assert running.open() == []
    assert ("b", "cancelled") in running.went()


def test_cancelling_ends_the_process_with_its_called_processes_and_timers() -> None:
    running = Running(
        files(
            main=([start(), call("part"), end()], ["begin > part > done"]),
            part=(
                [
                    start("p"),
                    user("b"),
                    boundary("late", "b", timer='deadline("record_service", on)'),
                    user("c"),
                    end("r"),
                    end("q"),
                ],
                ["p > b > q", "late > c > r"],
            ),
        ),
        on=date(2026, 3, 2),
    )
    running.restart()
    running.flow.cancel()
    running.restart()
    assert running.flow.ended
    assert (running.open(), running.due()) == ([], {})


def test_a_service_task_only_records_what_it_wants_done() -> None:
    running = Running(
        files(
            main=(
                [
                    start(),
                    user("ask"),
                    service(
                        "tell", "send_letter", "sent", template="'ack'", on="seen_on"
                    ),
                    end(),
                ],
                ["begin > ask > tell > done"],
            )
        )
    )
    running.do("ask", seen_on=date(2026, 3, 2))
    [effect] = running.flow.effects
    assert (effect.operation, effect.process, effect.element) == (
        "send_letter",
        "main",
        "tell",
    )
    assert effect.parameters == {"template": "ack", "on": date(2026, 3, 2)}
    assert running.flow.facts[""]["sent"] == effect.parameters


def test_a_notice_gets_the_next_reference_of_its_kind() -> None:
    running = Running(
        files(
            main=(
                [
                    start(),
                    script("name", 'notice = new_notice("EN")'),
                    user("a"),
                    end(),
                ],
                ["begin > name > a > done"],
            )
        )
    )
    assert running.flow.facts[""]["notice"] == "EN1"
    assert running.around.counters == {"EN": 1}


MESSAGES = files(
    main=(
        [
            start(),
            user("ask"),
            throw("tell", "appealed", '{"on": on}'),
            events("which"),
            catch("withdrawn", message="withdrawn"),
            catch("decided", message="decided", variable="decision"),
            end("a"),
            end("b"),
        ],
        ["begin > ask > tell > which > withdrawn > a", "which > decided > b"],
    )
)


def test_a_thrown_message_carries_its_payload_and_its_notice() -> None:
    running = Running(MESSAGES, notice="EN1")
    running.do("ask", on=date(2026, 3, 2))
    [message] = running.flow.thrown
    assert (message.name, message.notice) == ("appealed", "EN1")
    assert message.payload == {"on": date(2026, 3, 2)}


def test_each_message_of_an_event_gateway_is_awaited_by_itself() -> None:
    running = Running(MESSAGES, notice="EN1")
    running.do("ask", on=None)
    before = running.flow.awaited()
    running.restart()
    after = running.flow.awaited()
    assert before == after
    assert [(m.element, m.name, m.notice) for m in after] == [
        ("withdrawn", "withdrawn", "EN1"),
        ("decided", "decided", "EN1"),
    ]
    running.send("decided", {"outcome": "quashed"})
    assert running.flow.end_event == "b"
    assert running.flow.facts[""]["decision"] == {"outcome": "quashed"}


def test_a_message_for_nobody_is_refused() -> None:
    running = Running(MESSAGES)
    running.do("ask", on=None)
    [first, _] = running.flow.awaited()
    with pytest.raises(NotFound):
        running.flow.deliver(first.id, "decided", {})


def test_a_message_start_event_lets_the_process_begin_with_what_it_brought() -> None:
    drawn = files(
        main=(
            [start("heard", message="appealed", variable="appeal"), user("ask"), end()],
            ["heard > ask > done"],
        )
    )
    definition = Running(drawn).definition
    flow = Flow.start(definition, {}, surroundings(), payload={"grounds": ["a", "d"]})
    flow.run()
    assert [task.element for task in flow.open_tasks()] == ["ask"]
    assert flow.facts[""]["appeal"] == {"grounds": ["a", "d"]}


def test_positions_show_where_tokens_stand_in_every_diagram() -> None:
    running = Running(
        files(
            main=(
                [
                    start(),
                    parallel("s"),
                    call("part"),
                    sub("main_in", [start("i"), user("b"), end("o")], ["i > b > o"]),
                    parallel("j"),
                    end(),
                ],
                ["begin > s > part > j > done", "s > main_in > j"],
            ),
            part=([start("p"), user("a"), end("q")], ["p > a > q"]),
        )
    )
    running.do("b")
    assert {(p.process, p.element, p.state) for p in running.flow.positions()} == {
        ("main", "part", "waiting"),
        ("main", "j", "waiting"),
        ("part", "a", "ready"),
    }


def test_an_expression_is_evaluated_as_a_task_sees_it() -> None:
    running = Running(ONE_TASK, on=date(2026, 3, 2))
    [task] = running.flow.open_tasks()
    found = running.flow.evaluate(
        "days_between(on, then)", task.scope, task.id, extra={"then": date(2026, 3, 5)}
    )
    assert found == 3
    running.until(NOON + timedelta(days=1))
    assert running.flow.evaluate("today()") == date(2026, 3, 3)
