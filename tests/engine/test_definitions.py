"""Loading: one definition per content; plain refusals that name file and element."""

from __future__ import annotations

import pytest

from engine.bpmn import definitions
from engine.errors import DefinitionError, Problem
from tests.engine_models import (
    Node,
    boundary,
    call,
    catch,
    diagram,
    end,
    files,
    parallel,
    rule,
    script,
    service,
    start,
    sub,
    user,
    xor,
)

FORM = b'{"type": "default", "id": "ask", "components": []}'
TABLE = b"""<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/">
<decision id="priority" name="Priority"><decisionTable id="t" hitPolicy="FIRST">
<input id="i"><inputExpression id="e"><text>score</text></inputExpression></input>
<output id="o" name="priority" />
<rule id="r1"><inputEntry id="a"><text>&gt;= 5</text></inputEntry>
<outputEntry id="b"><text>1</text></outputEntry></rule>
</decisionTable></decision></definitions>"""

WHOLE = {
    **files(
        main=(
            [
                start(),
                user("ask", form="ask"),
                call("part"),
                rule("rank", "priority"),
                end(),
            ],
            ["begin > ask > part > rank > done"],
        ),
        part=([start("p"), end("q")], ["p > q"]),
        other=([start("x"), end("y")], ["x > y"]),
    ),
    "priority.dmn": TABLE,
    "forms/ask.json": FORM,
    "forms/unused.json": FORM,
}


def _problems(drawn: dict[str, bytes]) -> tuple[Problem, ...]:
    with pytest.raises(DefinitionError) as refused:
        definitions.load(drawn, "main")
    assert all(
        p.problem.endswith((".", "!")) and p.remedy for p in refused.value.problems
    )
    return refused.value.problems


def _says(drawn: dict[str, bytes], element: str, text: str) -> None:
    found = _problems(drawn)
    assert any(p.element == element and text in p.problem for p in found), found


def _main(*nodes: Node, flows: list[str]) -> dict[str, bytes]:
    return files(main=([start(), end(), *nodes], flows))


def test_a_definition_holds_the_files_that_the_process_needs_and_no_others() -> None:
    found = definitions.load(WHOLE, "main")
    assert sorted(found.files) == [
        "forms/ask.json",
        "main.bpmn",
        "part.bpmn",
        "priority.dmn",
    ]
    assert definitions.closure(WHOLE, "main") == dict(found.files)
    assert (found.process, found.title) == ("main", "Main")
    assert list(found.forms) == ["ask"]
    assert set(found.diagrams) == {"main", "part"}


def test_the_same_content_is_parsed_once_and_addressed_by_its_hash() -> None:
    first = definitions.load(WHOLE, "main")
    assert definitions.load(dict(first.files), "main") is first
    changed = definitions.load({**WHOLE, "forms/ask.json": FORM + b" "}, "main")
    assert changed.hash != first.hash
    unrelated = definitions.load({**WHOLE, "other.bpmn": b"changed"}, "main")
    assert unrelated is first
    definitions.forget()
    again = definitions.load(WHOLE, "main")
    assert again is not first
    assert again.hash == first.hash


def test_a_process_called_in_a_circle_is_still_a_closure() -> None:
    drawn = files(
        main=([start(), call("part"), end()], ["begin > part > done"]),
        part=([start("p"), call("main"), end("q")], ["p > main > q"]),
    )
    assert sorted(definitions.closure(drawn, "main")) == ["main.bpmn", "part.bpmn"]


def test_a_missing_process_table_or_form_is_named() -> None:
    for missing, element in (
        ("part.bpmn", "part"),
        ("priority.dmn", "rank"),
        ("forms/ask.json", "ask"),
    ):
        drawn = {name: content for name, content in WHOLE.items() if name != missing}
        _says(drawn, element, "does not exist")
    with pytest.raises(DefinitionError, match="There is no diagram"):
        definitions.load({}, "main")


def test_every_problem_is_reported_at_once() -> None:
    drawn = _main(
        script("a", "import os"),
        user("b", form="nowhere"),
        flows=["begin > a > b > done"],
    )
    assert {p.element for p in _problems(drawn)} == {"a", "b"}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"<bpmn", "not well-formed"),
        (b"", "not well-formed"),
        (b"<a/>", "one process with the id"),
        (
            b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
            "document type declaration",
        ),
        (
            diagram("wrong", [start(), end()], ["begin > done"]),
            "one process with the id",
        ),
    ],
)
def test_a_file_that_is_no_diagram_is_refused(content: bytes, says: str) -> None:
    [problem] = _problems({"main.bpmn": content})
    assert problem.file == "main.bpmn"
    assert says in problem.problem


def test_no_entity_is_expanded() -> None:
    lol = "".join(
        f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol"}">' for n in range(10)
    )
    [problem] = _problems({"main.bpmn": f"<!DOCTYPE a [{lol}]><a>&l9;</a>".encode()})
    assert problem.file == "main.bpmn"


EMPTY_EVENT = Node("intermediateCatchEvent", "a")
TIMELESS = boundary("late", "a", timer="")


@pytest.mark.parametrize(
    ("element", "says", "nodes", "flows"),
    [
        ("Start", "id is taken", [user("Start")], ["begin > Start > done"]),
        ("a", "More than one", [user("a"), end("b")], ["begin > a > done", "a > b"]),
        ("a", "Nothing follows", [user("a")], ["begin > a"]),
        ("a", "does nothing", [service("a", "")], ["begin > a > done"]),
        (
            "a__done",
            "no condition",
            [xor("a"), end("b")],
            ["begin > a > done", "a > b : x"],
        ),
        (
            "a__done",
            "cannot be used",
            [xor("a"), end("b")],
            ["begin > a > b", "a > done : f(1)"],
        ),
        ("begin__nowhere", "not in the diagram", [], ["begin > nowhere"]),
        (
            "late",
            "must be a date",
            [user("a"), TIMELESS, end("b")],
            ["begin > a > done", "late > b"],
        ),
        ("main", "2 start events", [start("two")], ["begin > done", "two > done"]),
        ("a", "names no list", [user("a", many="1 item")], ["begin > a > done"]),
        ("a", "exactly one start", [sub("a", [user("b")], [])], ["begin > a > done"]),
        ("a", "waits for nothing", [EMPTY_EVENT], ["begin > a > done"]),
        ("a", "cannot be used", [catch("a", timer="1 +")], ["begin > a > done"]),
    ],
)
def test_what_would_not_run_is_refused_with_its_element(
    element: str, says: str, nodes: list[Node], flows: list[str]
) -> None:
    _says(_main(*nodes, flows=flows), element, says)


def test_durations_and_event_sub_processes_are_refused() -> None:
    timer = (
        "<bpmn:timerEventDefinition><bpmn:timeDuration>P21D</bpmn:timeDuration>"
        "</bpmn:timerEventDefinition>"
    )
    _says(
        _main(Node("intermediateCatchEvent", "a", timer), flows=["begin > a > done"]),
        "a",
        "must be a date",
    )
    inside = sub("a", [start("s"), end("e")], ["s > e"])
    inside.attributes["triggeredByEvent"] = "true"
    _says(_main(inside, flows=["begin > done"]), "a", "not run correctly")


def test_two_flows_between_the_same_elements_are_refused() -> None:
    drawn = _main(parallel("a"), flows=["begin > a > done"])
    drawn["main.bpmn"] = drawn["main.bpmn"].replace(
        b"</bpmn:process>",
        b'<bpmn:sequenceFlow id="x" sourceRef="a" targetRef="done" /></bpmn:process>',
    )
    _says(drawn, "a", "Two flows lead")


def test_sub_processes_of_two_files_may_not_share_an_id() -> None:
    inner = sub("each", [start("s"), end("e")], ["s > e"])
    drawn = files(
        main=([start(), inner, call("part"), end()], ["begin > each > part > done"]),
        part=([start("p"), inner, end("q")], ["p > each > q"]),
    )
    _says(drawn, "each", "also used in")


def test_a_form_that_is_not_json_is_refused() -> None:
    [problem] = _problems({**WHOLE, "forms/ask.json": b"{"})
    assert problem.file == "forms/ask.json"


def test_a_cell_of_a_table_stays_behind_the_wall() -> None:
    table = TABLE.replace(b"<text>1</text>", b"<text>open(1)</text>")
    [problem] = _problems({**WHOLE, "priority.dmn": table})
    assert (problem.file, problem.element) == ("priority.dmn", "r1")
