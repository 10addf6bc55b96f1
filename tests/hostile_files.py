"""Hostile and broken files: what somebody might bring, by mistake or on purpose.

Each is one file beside the good ones of `small_visit`. The big ones are made here
rather than kept."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from small_visit import COUNCIL, DIAGRAM, FORM, STORY, TABLE, drawn, few_periods


@dataclass(frozen=True)
class Hostile:
    """A file that must be refused, and the element that the refusal must name.

    `element` is empty where the file as a whole is at fault. `harms` tells that it may
    not even be kept in a draft; the others may, until somebody mends them."""

    title: str
    file: str
    content: bytes
    element: str = ""
    harms: bool = False


CONDITION = 'breach_found == "yes"'
SCRIPT = 'visits = value("visits", 0) + 1'
TIMER = 'deadline("visit_priority_1", received_on)'
CELL = '? in ["severe", "high"]'
DOCTYPE = "<!DOCTYPE bpmn:definitions [{}]>"
LAUGHS = '<!ENTITY a0 "ha">' + "".join(
    f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)
)


def diagram(before: str, after: str) -> bytes:
    """The good diagram with one thing changed."""
    assert before in DIAGRAM, before
    return drawn(DIAGRAM.replace(before, after, 1))


def raw(before: str, after: str) -> bytes:
    """The same without being read, and so without a picture."""
    assert before in DIAGRAM, before
    return DIAGRAM.replace(before, after, 1).encode()


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def condition(expression: str) -> bytes:
    return diagram(CONDITION, escaped(expression))


def script(text: str) -> bytes:
    return diagram(SCRIPT, escaped(text))


def table(before: str, after: str) -> bytes:
    assert before in TABLE, before
    return TABLE.replace(before, after, 1).encode()


def form(change: Callable[[dict[str, Any]], None]) -> bytes:
    changed = copy.deepcopy(FORM)
    change(changed)
    return json.dumps(changed).encode()


def with_doctype(text: str, inside: str) -> bytes:
    head, rest = text.split("?>", 1)
    return f"{head}?>{inside}{rest}".encode()


def nested_subprocesses(depth: int) -> str:
    opening = "".join(
        f'<bpmn:subProcess id="deep_{n}" name="Deeper">' for n in range(depth)
    )
    return opening + "</bpmn:subProcess>" * depth


END = '<bpmn:endEvent id="visit_chased" name="Chased"/>'
TASK = '<bpmn:userTask id="record_visit" name="Record the visit">'


def expressions() -> Iterator[Hostile]:
    """Escapes through the wall around expressions, at a flow of the diagram."""
    for title, text in (
        ("an escape by attributes", "().__class__.__bases__[0].__subclasses__()"),
        ("an escape by a text's attributes", '"".__class__.__mro__'),
        ("an escape by a fact's attributes", "case.__class__"),
        ("an escape by a subscript", 'case["__class__"] == getattr(case, "x")'),
        ("a format string", 'f"{breach_found.__class__}"'),
        ("the method format", '"{0.__class__}".format(breach_found) == ""'),
        ("a percent format of attributes", '"%s".__mod__(breach_found)'),
        ("a comprehension", "[x for x in breach_found]"),
        ("a generator", "any_where(x for x in breach_found)"),
        ("a huge power", "9 ** 9 ** 9 > 1"),
        ("a number beyond all bounds", "1" + "0" * 300 + " > 1"),
        ("a number that is infinite", "1e999 > 1"),
        ("a shift", "1 << 4000000000 > 1"),
        ("a lambda that calls itself", "(lambda f: f(f))(lambda f: f(f))"),
        ("a walrus", "(visits := 1) == 1"),
        ("the import of a module", '__import__("os").system("true") == 0'),
        ("an evaluation", 'eval("1") == 1'),
        ("an open file", 'open("/etc/passwd") == 1'),
        ("brackets a thousand levels deep", "(" * 1000 + "1" + ")" * 1000),
        ("a thousand signs before a number", "-" * 1000 + "1 > 0"),
        ("a sum of two thousand terms", " + ".join(["1"] * 1200) + " > 1"),
        ("an expression a hundred thousand long", '"' + "a" * 90_000 + '" == "b"'),
        ("a call with names", "max(1, key=len) > 1"),
        ("stars before a list", "max(*breach_found) > 1"),
        ("a name of bytes", "b'yes' == breach_found"),
        ("an ellipsis", "... == breach_found"),
        ("two statements", "1; import os"),
        ("a line continued into a statement", "1\nimport os"),
    ):
        yield Hostile(title, "visit.bpmn", condition(text), "to_tell")


def scripts() -> Iterator[Hostile]:
    for title, text in (
        ("a loop for ever", "while True: pass"),
        ("a loop over a list", "for x in breach_found: visits = x"),
        ("a function that calls itself", "def f(): return f()"),
        ("a class", "class Case: pass"),
        ("an import", "import os"),
        ("the word for today set anew", "today = 1"),
        ("a hidden name set", "__builtins__ = 1"),
        ("a deletion", "del breach_found"),
    ):
        yield Hostile(f"{title} in a script", "visit.bpmn", script(text), "note_visit")
    power = diagram(TIMER, "9 ** 9 ** 9")
    yield Hostile("a huge power in a timer", "visit.bpmn", power, "visit_late")
    cell = table(CELL, "().__class__")
    yield Hostile("an escape in a table", "rating.dmn", cell, "rating_high_in")
    comprehension = table("<text>1</text>", "<text>[x for x in (1, 2)]</text>")
    yield Hostile(
        "a comprehension in a table", "rating.dmn", comprehension, "rating_high_out"
    )


def documents() -> Iterator[Hostile]:
    """Files that are hostile before anybody asks what they say."""
    laughs = DOCTYPE.format(LAUGHS)
    secret = '<!ENTITY secret SYSTEM "file:///etc/passwd">'
    remote = '<!ENTITY % remote SYSTEM "http://127.0.0.1:9/x.dtd"> %remote;'
    for title, name, content in (
        ("a billion laughs", "visit.bpmn", with_doctype(DIAGRAM, laughs)),
        (
            "a billion laughs that are used",
            "visit.bpmn",
            with_doctype(DIAGRAM, laughs).replace(b"Chased", b"&a9;"),
        ),
        (
            "an entity that reads a file",
            "visit.bpmn",
            with_doctype(DIAGRAM, DOCTYPE.format(secret)).replace(
                b"Chased", b"&secret;"
            ),
        ),
        (
            "a declaration from the network",
            "visit.bpmn",
            with_doctype(DIAGRAM, DOCTYPE.format(remote)),
        ),
        (
            "an empty document type",
            "visit.bpmn",
            with_doctype(DIAGRAM, "<!DOCTYPE x>"),
        ),
        (
            "a billion laughs in a table",
            "rating.dmn",
            with_doctype(TABLE, DOCTYPE.format(LAUGHS)).replace(b"How bad", b"&a9;"),
        ),
        ("UTF-16", "visit.bpmn", DIAGRAM.replace("UTF-8", "UTF-16").encode("utf-16")),
        (
            "UTF-7 that hides its signs",
            "visit.bpmn",
            DIAGRAM.replace("UTF-8", "UTF-7").encode(),
        ),
        ("bytes that are no text", "visit.bpmn", b"\x80\x81\x82" * 100),
        ("a null byte", "visit.bpmn", DIAGRAM.replace("Chased", "Cha\x00sed").encode()),
        ("a zip file", "visit.bpmn", b"PK\x03\x04" + bytes(2000)),
        ("a file of many megabytes", "visit.bpmn", b"<a>" + b" " * 5_000_000),
        ("a null byte in a form", "forms/record_visit.json", b'{"id": "\x00"}'),
        ("a form in UTF-16", "forms/record_visit.json", "{}".encode("utf-16")),
    ):
        yield Hostile(title, name, content, harms=True)
    yield Hostile("a file of nothing", "visit.bpmn", b"")
    yield Hostile("a file that breaks off", "visit.bpmn", DIAGRAM.encode()[:900])
    yield Hostile("a web page", "visit.bpmn", b"<html><body/></html>")
    yield Hostile("an empty table", "rating.dmn", b"<definitions/>", "")


def large_diagrams() -> Iterator[Hostile]:
    deep = raw(END, END + nested_subprocesses(1000))
    yield Hostile("sub-processes a thousand levels deep", "visit.bpmn", deep)
    deep = raw(END, END + nested_subprocesses(80))
    yield Hostile(
        "sub-processes eighty levels deep", "visit.bpmn", deep, "deep_58", harms=True
    )
    long_name = raw('name="Record the visit"', f'name="{"a" * 600_000}"')
    yield Hostile(
        "a gigantic attribute", "visit.bpmn", long_name, "record_visit", harms=True
    )
    text = f"<bpmn:documentation>{'a' * 600_000}</bpmn:documentation>"
    yield Hostile(
        "a gigantic text", "visit.bpmn", raw(TASK, TASK + text), "record_visit", True
    )
    many = "".join(f'<bpmn:task id="step_{n}" name="Step"/>' for n in range(2_000))
    yield Hostile(
        "two thousand steps", "visit.bpmn", raw(END, END + many), "step_494", harms=True
    )
    attributes = " ".join(f'a{n}="1"' for n in range(5_000))
    odd = raw(
        '<bpmn:endEvent id="nothing_seen"',
        f'<bpmn:endEvent {attributes} id="nothing_seen"',
    )
    yield Hostile(
        "five thousand attributes", "visit.bpmn", odd, "nothing_seen", harms=True
    )


def broken_diagrams() -> Iterator[Hostile]:
    """Well-formed, and yet no procedure that could be followed."""

    def made(title: str, before: str, after: str, element: str) -> Hostile:
        return Hostile(title, "visit.bpmn", diagram(before, after), element)

    yield made("an id twice", 'id="f3"', 'id="f2"', "f2")
    yield made("a flow to nowhere", 'targetRef="rate"', 'targetRef="gone"', "f2")
    yield made("a flow from nowhere", 'sourceRef="rate"', 'sourceRef="gone"', "f3")
    yield made(
        "a lane that names a missing step",
        "<bpmn:flowNodeRef>rate</bpmn:flowNodeRef>",
        "<bpmn:flowNodeRef>gone</bpmn:flowNodeRef>",
        "lane_officer",
    )
    yield made(
        "a date at the edge of nothing",
        'attachedToRef="record_visit"',
        'attachedToRef="gone"',
        "visit_late",
    )
    call = '<bpmn:callActivity id="rate" name="Again" calledElement="visit"/>'
    whole = DIAGRAM[DIAGRAM.index("<bpmn:businessRuleTask") :]
    whole = whole[: whole.index("</bpmn:businessRuleTask>") + 24]
    yield made("a process that calls itself", whole, call, "rate")
    missing = call.replace('"visit"', '"gone"')
    yield made("a call of a missing process", whole, missing, "rate")
    traversal = call.replace('"visit"', '"../../etc/passwd"')
    yield made("a call of a file elsewhere", whole, traversal, "rate")
    many = (
        '<bpmn:userTask id="rate" name="Ask a million"><bpmn:'
        'multiInstanceLoopCharacteristics isSequential="false"><bpmn:loopCardinality '
        'xsi:type="bpmn:tFormalExpression">1000000</bpmn:loopCardinality>'
        "</bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>"
    )
    yield made("a step a million times", whole, many, "rate")
    yield made(
        "a form elsewhere",
        'value="record_visit"',
        'value="../../../etc/passwd"',
        "record_visit",
    )
    yield made(
        "a table elsewhere",
        ">rating<",
        ">../../periods.yaml<",
        "rate",
    )
    yield made(
        "a script in another language",
        '<bpmn:scriptTask id="note_visit" name="Note the visit">',
        '<bpmn:scriptTask id="note_visit" name="Note the visit" '
        'scriptFormat="javascript">',
        "note_visit",
    )
    yield made(
        "an operation that does not exist",
        'id="send_letter"',
        'id="system"',
        "tell_people",
    )
    round_and_round = diagram(
        'sourceRef="tell_people" targetRef="note_visit"',
        'sourceRef="tell_people" targetRef="tell_people"',
    )
    yield Hostile(
        "a loop that nothing breaks", "visit.bpmn", round_and_round, "tell_people"
    )
    yield made(
        "a process of another name",
        '<bpmn:process id="visit"',
        '<bpmn:process id="visitation"',
        "visitation",
    )
    yield made(
        "an id that is markup",
        'id="nothing_seen"',
        'id="&lt;script&gt;"',
        "<script>",
    )


def forms() -> Iterator[Hostile]:
    name, stem = "forms/record_visit.json", "record_visit"
    deep = b'{"id": "record_visit", "components": ' + b"[" * 100_000
    yield Hostile("a form a hundred thousand levels deep", name, deep, stem, True)
    text = json.dumps(FORM)
    twice = text.replace('"id": "harm_seen"', '"id": "harm_seen", "key": "other"')
    yield Hostile("a key twice", name, twice.encode(), "harm_seen", True)
    for title, number in (
        ("no number", "NaN"),
        ("infinity", "-Infinity"),
        ("a number beyond all", "1e999"),
        ("a number of a million digits", "9" * 500_000),
    ):
        wrong = text.replace('"schemaVersion": 18', f'"schemaVersion": {number}')
        yield Hostile(f"{title} in a form", name, wrong.encode(), "", True)

    def must(expression: str) -> bytes:
        def change(made: dict[str, Any]) -> None:
            made["components"][1]["properties"] = {
                "must": expression,
                "must_message": "No.",
            }

        return form(change)

    yield Hostile("an escape in a rule", name, must("().__class__"), "harm_seen")
    yield Hostile("a huge power in a rule", name, must("9 ** 9 ** 9"), "harm_seen")

    def hide(expression: str) -> bytes:
        def change(made: dict[str, Any]) -> None:
            made["components"][1]["conditional"] = {"hide": expression}

        return form(change)

    yield Hostile(
        "a loop in a condition", name, hide("=for x in 1..9 return x"), "harm_seen"
    )
    yield Hostile(
        "brackets without end in a condition",
        name,
        hide("=" + "(" * 5_000 + "breach_found" + ")" * 5_000),
        "harm_seen",
    )

    def pattern(made: dict[str, Any]) -> None:
        made["components"][1]["validate"] = {"pattern": "(a+)+$"}

    yield Hostile("a pattern that never ends", name, form(pattern), "harm_seen")

    def unknown(made: dict[str, Any]) -> None:
        made["components"][1]["type"] = "iframe"

    yield Hostile("a frame of another site", name, form(unknown), "harm_seen")

    def word(made: dict[str, Any]) -> None:
        made["components"][1]["key"] = "today"

    yield Hostile("a question called like a word", name, form(word), "today")
    yield Hostile("a form that is a list", name, b"[]", "the form")
    yield Hostile("a form that is no JSON", name, b"{'id': 1}", "record_visit")


def yaml_files() -> Iterator[Hostile]:
    story = "scenarios/visit_finds_breach.yaml"
    laughs = "a0: &a0 [x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 10)
    )
    yield Hostile("aliases that laugh", "periods.yaml", laughs.encode(), "line 2", True)
    alias = STORY.replace("1 Mill Lane", "&a 1 Mill Lane").replace("A shop", "*a")
    yield Hostile("one alias in a story", story, alias.encode(), "line 8", True)
    deep = STORY + "given: " + "[" * 5_000
    yield Hostile("a story without bottom", story, deep.encode(), "line 16", True)
    python = STORY.replace("1 Mill Lane", "!!python/object/apply:os.system [true]")
    yield Hostile("a story that builds an object", story, python.encode(), "line 6")
    huge = STORY.replace("2026-03-02T09:00", "9999999-03-02T09:00")
    yield Hostile("a story in the year ten million", story, huge.encode(), "")
    council = COUNCIL.replace("length: 3", "length: 1.0e+308")
    yield Hostile(
        "a target without end",
        "councils/maldon/council.yaml",
        council.encode(),
        "targets: visit_priority_1",
    )
    twice = few_periods().decode() + "\nstatutory: {}\n"
    yield Hostile(
        "a section of periods twice", "periods.yaml", twice.encode(), "line 332"
    )


def everything() -> list[Hostile]:
    return [
        *documents(),
        *large_diagrams(),
        *broken_diagrams(),
        *expressions(),
        *scripts(),
        *forms(),
        *yaml_files(),
    ]
