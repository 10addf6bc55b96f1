"""Which elements belong to the branch of a boundary event, and to nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from engine.bpmn import branches, definitions
from engine.bpmn.definitions import Diagram
from tests.engine_models import (
    Node,
    boundary,
    diagram,
    end,
    start,
    sub,
    user,
    xor,
)

LATE = boundary("late", "work", timer='deadline("record_service", on)')
WORK = [start(), user("work"), LATE, end()]


def _drawn(nodes: Sequence[Node], flows: Sequence[str]) -> Diagram:
    content = diagram("main", nodes, flows)
    return definitions.read_diagram("main.bpmn", content)


def test_a_branch_reaches_to_its_own_end() -> None:
    inner = sub("part", [start("i"), user("inner"), end("o")], ["i > inner > o"])
    again = boundary("later", "chase", timer='deadline("record_service", on)')
    drawn = _drawn(
        [*WORK, user("chase"), again, user("chase_again"), end("z"), inner, end("y")],
        [
            "begin > work > done",
            "late > chase > part > y",
            "later > chase_again > z",
        ],
    )
    assert branches.only_through(drawn, "late") == {
        "chase", "later", "chase_again", "z", "part", "i", "inner", "o", "y",
    }  # fmt: skip


def test_a_branch_ends_where_it_meets_the_main_way() -> None:
    drawn = _drawn(
        [*WORK, user("chase"), xor("merge"), user("after")],
        ["begin > work > merge > after > done", "late > chase > merge"],
    )
    assert branches.only_through(drawn, "late") == {"chase"}


def test_tasks_may_share_what_their_delay_brings_in() -> None:
    other = boundary("late_too", "more", timer='deadline("record_service", on)')
    drawn = _drawn(
        [*WORK, user("more"), other, xor("either"), user("chase"), end("chased")],
        [
            "begin > work > more > done",
            "late > either > chase > chased",
            "late_too > either",
        ],
    )
    shared = {"either", "chase", "chased"}
    assert branches.only_through(drawn, "late") == shared
    assert branches.only_through(drawn, "late_too") == shared
