"""Scopes and items: who sees which fact, and where what is set is kept."""

from __future__ import annotations

from datetime import date

import pytest

from engine.errors import NotFound, WorkflowFailed
from tests.engine_models import (
    Node,
    Running,
    call,
    end,
    files,
    parallel,
    script,
    start,
    sub,
    user,
)

A, B = {"name": "Ann"}, {"name": "Ben"}


def _each(*nodes: Node, many: str = "people person") -> dict[str, bytes]:
    [node] = nodes
    return files(
        main=(
            [start(), user("list_them"), node, user("after"), end()],
            [f"begin > list_them > {node.id} > after > done"],
        ),
        part=(
            [
                start("p"),
                user("p_ask"),
                script("p_set", "size = count(name)"),
                end("q"),
            ],
            ["p > p_ask > p_set > q"],
        ),
    )


def test_a_called_process_reads_its_callers_facts_and_keeps_its_own() -> None:
    running = Running(
        files(
            main=(
                [start(), call("part", outputs="b"), user("x"), end()],
                ["begin > part > x > done"],
            ),
            part=(
                [
                    start("p"),
                    script("set_it", "b = a + 1\nc = 9"),
                    user("ask"),
                    end("q"),
                ],
                ["p > set_it > ask > q"],
            ),
        ),
        a=1,
    )
    [task] = running.flow.open_tasks()
    assert running.flow.facts == {"": {"a": 1}, task.scope: {"b": 2, "c": 9}}
    assert running.flow.visible(task.scope, task.id) == {"a": 1, "b": 2, "c": 9}
    assert running.flow.visible(task.scope) == {"a": 1, "b": 2, "c": 9}
    running.do("ask", a=5)
    assert running.flow.facts == {"": {"a": 1, "b": 2}}


def test_two_calls_of_one_process_never_share_what_they_set() -> None:
    running = Running(
        files(
            main=(
                [
                    start(),
                    parallel("s"),
                    call("one", called="part"),
                    call("two", called="part"),
                    parallel("j"),
                    end(),
                ],
                ["begin > s > one > j > done", "s > two > j"],
            ),
            part=([start("p"), user("a"), user("b"), end("q")], ["p > a > b > q"]),
        )
    )
    first, second = running.flow.open_tasks()
    running.flow.complete(first.id, {"served_on": date(2026, 3, 2)})
    running.restart()
    seen = {
        t.element: running.flow.visible(t.scope, t.id)
        for t in running.flow.open_tasks()
    }
    assert seen == {"b": {"served_on": date(2026, 3, 2)}, "a": {}}
    assert second.scope in {t.scope for t in running.flow.open_tasks()}


def test_changing_part_of_the_callers_fact_changes_an_own_copy() -> None:
    running = Running(
        files(
            main=(
                [start(), call("part"), user("x"), end()],
                ["begin > part > x > done"],
            ),
            part=(
                [
                    start("p"),
                    script("set_it", 'notice.status = "served"'),
                    user("a"),
                    end("q"),
                ],
                ["p > set_it > a > q"],
            ),
        ),
        notice={"status": "draft"},
    )
    [task] = running.flow.open_tasks()
    assert running.flow.facts[""]["notice"] == {"status": "draft"}
    assert running.flow.facts[task.scope]["notice"] == {"status": "served"}


def test_an_embedded_sub_process_shares_the_facts_around_it() -> None:
    running = Running(
        files(
            main=(
                [
                    start(),
                    sub("main_in", [start("i"), user("a"), end("o")], ["i > a > o"]),
                    user("x"),
                    end(),
                ],
                ["begin > main_in > x > done"],
            )
        )
    )
    running.do("a", seen="yes")
    assert running.flow.facts == {"": {"seen": "yes"}}


def test_answers_about_an_item_become_its_fields() -> None:
    running = Running(_each(user("serve", many="people person")))
    running.do("list_them", people=[A, B])
    running.restart()
    first, second = running.flow.open_tasks()
    assert (first.item, first.item_index) == (A, "people/0")
    assert running.flow.evaluate("person.name", first.scope, first.id) == "Ann"
    assert running.flow.evaluate("name", second.scope, second.id) == "Ben"
    running.do("serve", at="people/1", by="post")
    running.restart()
    running.do("serve", at="people/0", by="hand")
    assert running.open() == ["after"]
    assert running.flow.facts[""]["people"] == [
        {"name": "Ann", "by": "hand"},
        {"name": "Ben", "by": "post"},
    ]


def test_items_in_turn_come_one_by_one_and_new_ones_have_their_turn() -> None:
    running = Running(_each(user("serve", many="people person in turn")))
    running.do("list_them", people=[A, B])
    assert [t.item for t in running.flow.open_tasks()] == [A]
    running.flow.correct("", {"people": [A, B, {"name": "Cy"}]})
    for name in ("Ann", "Ben", "Cy"):
        running.restart()
        [task] = running.flow.open_tasks()
        assert task.item is not None and task.item["name"] == name
        running.do("serve", by="hand")
    assert running.open() == ["after"]


@pytest.mark.parametrize("turn", ["", " in turn"])
@pytest.mark.parametrize("answers", [{}, {"people": []}, {"people": None}])
def test_an_empty_or_missing_list_is_passed_by(
    turn: str, answers: dict[str, object]
) -> None:
    for node in (
        user("each", many=f"people person{turn}"),
        call("each", called="part", many=f"people person{turn}"),
        sub(
            "each",
            [start("i"), user("a"), end("o")],
            ["i > a > o"],
            many=f"people person{turn}",
        ),
    ):
        running = Running(_each(node))
        running.do("list_them", **answers)
        assert running.open() == ["after"]


def test_a_list_of_words_cannot_be_worked_through() -> None:
    running = Running(_each(user("serve", many="people person")))
    with pytest.raises(WorkflowFailed, match="groups of fields"):
        running.do("list_them", people=["Ann", "Ben"])


def test_an_item_taken_away_while_work_on_it_is_open_is_named() -> None:
    running = Running(_each(user("serve", many="people person")))
    running.do("list_them", people=[A, B])
    with pytest.raises(WorkflowFailed, match="Entry 2 of “people” is no longer there"):
        running.flow.correct("", {"people": [A]})


@pytest.mark.parametrize("turn", ["", " in turn"])
def test_a_call_for_each_item_sets_fields_of_the_item(turn: str) -> None:
    running = Running(_each(call("each", called="part", many=f"people person{turn}")))
    running.do("list_them", people=[A, B])
    for _ in range(2):
        running.restart()
        running.flow.complete(running.flow.open_tasks()[0].id, {"asked": "yes"})
    assert running.open() == ["after"]
    assert running.flow.facts == {
        "": {
            "people": [
                {"name": "Ann", "asked": "yes", "size": 3},
                {"name": "Ben", "asked": "yes", "size": 3},
            ]
        }
    }


def test_a_call_inside_an_item_hands_its_outputs_to_the_item() -> None:
    inside = sub(
        "each",
        [start("i"), call("part", outputs="size"), end("o")],
        ["i > part > o"],
        many="people person",
    )
    running = Running(_each(inside))
    running.do("list_them", people=[A])
    [task] = running.flow.open_tasks()
    assert task.scope and task.item_index is None and task.item == A
    running.do("p_ask", private="yes")
    assert running.flow.facts == {"": {"people": [{"name": "Ann", "size": 3}]}}


def test_a_list_of_the_caller_is_copied_before_it_is_worked_through() -> None:
    running = Running(
        files(
            main=(
                [start(), call("part", outputs="people"), user("x"), end()],
                ["begin > part > x > done"],
            ),
            part=(
                [
                    start("p"),
                    user("serve", many="people person"),
                    user("then"),
                    end("q"),
                ],
                ["p > serve > then > q"],
            ),
        ),
        people=[A],
    )
    running.do("serve", by="hand")
    assert running.flow.facts[""]["people"] == [A]
    running.do("then")
    assert running.flow.facts[""]["people"] == [{"name": "Ann", "by": "hand"}]


def test_a_correction_reaches_the_scope_or_the_item_that_was_answered() -> None:
    running = Running(_each(user("serve", many="people person")))
    running.do("list_them", people=[A, B])
    running.flow.correct("", {"name": "Bea"}, "people/1")
    assert running.flow.facts[""]["people"] == [{"name": "Ann"}, {"name": "Bea"}]
    with pytest.raises(NotFound, match="has ended"):
        running.flow.correct("gone", {"a": 1})
    with pytest.raises(NotFound):
        running.flow.correct("", {"a": 1}, "people/7")
