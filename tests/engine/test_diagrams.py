"""What is read from a BPMN file."""

from __future__ import annotations

from engine.bpmn import definitions
from tests.engine_models import (
    boundary,
    call,
    diagram,
    end,
    rule,
    script,
    service,
    start,
    sub,
    throw,
    user,
    xor,
)

DRAWN = definitions.read_diagram(
    "main.bpmn",
    diagram(
        "main",
        [
            start("heard", message="news", variable="said"),
            user("ask", form="ask_them", many="people person in turn"),
            boundary("late", "ask", timer='deadline("x", on)', keeps_open="true"),
            end("late_end"),
            script("note", "a = 1"),
            rule("rank", "priority"),
            service("tell", "send_letter", "sent", to="'owners'"),
            call("part", called="other", outputs="a, b"),
            throw("say", "said_so", '{"a": a}'),
            sub("inside", [start("i"), user("deep"), end("o")], ["i > deep > o"]),
            xor("which", default="done"),
            end(),
            end("other_end"),
        ],
        [
            "heard > ask > note > rank > tell > part > say > inside > which > done",
            'which > other_end : a == "<no>"',
            "late > late_end",
        ],
        start_roles="officer, legal",
    ),
)


def test_elements_say_what_they_are() -> None:
    seen = DRAWN.elements
    assert (seen["heard"].message, seen["heard"].variable) == ("news", "said")
    assert seen["ask"].form == "ask_them"
    assert (seen["ask"].multi, seen["ask"].is_sequential) == (
        ("people", "person"),
        True,
    )
    late = seen["late"]
    assert (late.attached_to, late.interrupting, late.keeps_open) == (
        "ask",
        False,
        True,
    )
    assert late.timer == 'deadline("x", on)'
    assert seen["note"].script == "a = 1"
    assert seen["rank"].decision == "priority"
    assert (seen["tell"].operation, seen["tell"].result) == ("send_letter", "sent")
    assert seen["tell"].parameters == {"to": "'owners'"}
    assert (seen["part"].called, seen["part"].outputs) == ("other", ("a", "b"))
    assert (seen["say"].message, seen["say"].payload) == ("said_so", '{"a": a}')
    assert (seen["deep"].parent, seen["ask"].parent) == ("inside", "")
    assert seen["which"].default == "which__done"


def test_lanes_reach_into_sub_processes() -> None:
    assert DRAWN.elements["ask"].lane == "Enforcement officer"
    assert DRAWN.elements["deep"].lane == "Enforcement officer"
    assert DRAWN.lanes == ("Enforcement officer",)


def test_flows_are_found_by_their_ends() -> None:
    assert DRAWN.flow_between("i", "deep") == "i__deep"
    assert DRAWN.flow_between("ask", "deep") is None
    assert DRAWN.flows["which__other_end"].condition == 'a == "<no>"'


def test_the_process_has_a_title_and_properties() -> None:
    assert (DRAWN.process, DRAWN.title, DRAWN.file) == ("main", "Main", "main.bpmn")
    assert DRAWN.properties == {"start_roles": "officer, legal"}
    assert [element.id for element in DRAWN.boundaries("ask")] == ["late"]
