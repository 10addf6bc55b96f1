"""What `enforce check` finds in broken files, and that good ones have no faults."""

from __future__ import annotations

import json

import pytest
from small_visit import DIAGRAM, FORM, STORY, TABLE, drawn, files

from engine import checks
from engine.errors import Problem


def problems_of(changed: dict[str, bytes]) -> list[Problem]:
    found = [p for p in checks.check(files() | changed) if not _is_about_picture(p)]
    for problem in found:
        assert problem.file
        assert problem.problem.endswith(".")
        assert problem.remedy.endswith(".")
    return found


def _is_about_picture(problem: Problem) -> bool:
    """The tests' own drawing is not a good one: its faults are tested elsewhere."""
    return "enforce draw" in problem.remedy


def one(found: list[Problem], element: str, says: str) -> Problem:
    """The problem of that element with those words."""
    fitting = [p for p in found if p.element == element and says in p.problem]
    assert fitting, [(p.element, p.problem) for p in found]
    return fitting[0]


def test_good_files_have_no_problems() -> None:
    assert problems_of({}) == []


BROKEN_DIAGRAMS = [
    pytest.param(
        'id="visit" name',
        'id="visits" name',
        "visits",
        "file is called",
        "visit",
        id="process id is not the file's name",
    ),
    pytest.param(
        'isExecutable="true"',
        'isExecutable="false"',
        "visit",
        "not marked",
        "Tick",
        id="process not executable",
    ),
    pytest.param(
        'id="f3"', 'id="f2"', "f2", "used twice", "another id", id="an id twice"
    ),
    pytest.param(
        '<bpmn:endEvent id="visit_chased" name="Chased"/>',
        '<bpmn:endEvent id="End" name="Chased"/>',
        "End",
        "reserved",
        "another id",
        id="a reserved id",
    ),
    pytest.param(
        '<bpmn:endEvent id="visit_chased" name="Chased"/>',
        '<bpmn:endEvent id="Event_0x7" name="Chased"/>',
        "Event_0x7",
        "plain words",
        "record_site_visit",
        id="an editor's own id",
    ),
    pytest.param(
        'targetRef="record_visit"/>',
        'targetRef="gone"/>',
        "f1",
        "not in the diagram",
        "again",
        id="a flow to nowhere",
    ),
    pytest.param(
        ' name="Record the visit"',
        "",
        "record_visit",
        "no label",
        "Write",
        id="a task without a label",
    ),
    pytest.param(
        'id="to_tell" name="Yes"',
        'id="to_tell"',
        "to_tell",
        "no label",
        "answer",
        id="an answer without a label",
    ),
    pytest.param(
        '<bpmn:endEvent id="visit_chased" name="Chased"/>',
        '<bpmn:complexGateway id="visit_chased" name="Chased"/>',
        "visit_chased",
        "not supported",
        "exclusive",
        id="a complex gateway",
    ),
    pytest.param(
        '<bpmn:endEvent id="visit_chased" name="Chased"/>',
        '<bpmn:endEvent id="visit_chased" name="Chased"/><bpmn:dataObject id="paper"/>',
        "paper",
        "not supported",
        "facts",
        id="a data object",
    ),
    pytest.param(
        '<bpmn:endEvent id="visit_chased" name="Chased"/>',
        '<bpmn:endEvent id="visit_chased" name="Chased"/>'
        '<bpmn:subProcess id="aside" name="Aside" triggeredByEvent="true"/>',
        "aside",
        "event sub-process",
        "boundary event",
        id="an event sub-process",
    ),
    pytest.param(
        '<bpmn:endEvent id="visit_chased" name="Chased"/>',
        '<bpmn:manualTask id="visit_chased" name="Chased"/>',
        "visit_chased",
        "not supported",
        "user task",
        id="a manual task",
    ),
    pytest.param(
        "<bpmn:script>",
        "<bpmn:standardLoopCharacteristics/><bpmn:script>",
        "note_visit",
        "standard loop",
        "leads back",
        id="a loop marker",
    ),
    pytest.param(
        "<bpmn:script>",
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>3"
        "</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics><bpmn:script>",
        "note_visit",
        "which list",
        "recipients",
        id="a number of rounds",
    ),
    pytest.param(
        "<bpmn:script>",
        "<bpmn:multiInstanceLoopCharacteristics>"
        "<bpmn:loopDataInputRef>owners</bpmn:loopDataInputRef>"
        "<bpmn:loopDataOutputRef>results</bpmn:loopDataOutputRef>"
        '<bpmn:inputDataItem id="owner_item" name="owner"/>'
        "</bpmn:multiInstanceLoopCharacteristics><bpmn:script>",
        "note_visit",
        "writes “results”",
        "Use owners",
        id="another list coming out",
    ),
    pytest.param(
        '<bpmn:endEvent id="visit_chased" name="Chased"/>',
        '<bpmn:endEvent id="visit_chased" name="Chased">'
        '<bpmn:errorEventDefinition id="oops"/></bpmn:endEvent>',
        "visit_chased",
        "error",
        "gateway",
        id="an error end",
    ),
    pytest.param(
        '<bpmn:endEvent id="visit_chased" name="Chased"/>',
        '<bpmn:endEvent id="visit_chased" name="Chased">'
        '<bpmn:messageEventDefinition id="told"/></bpmn:endEvent>',
        "visit_chased",
        "which message",
        "appeal_lodged",
        id="a message without a name",
    ),
    pytest.param(
        'bpmn:timeDate xsi:type="bpmn:tFormalExpression"\n          '
        '>deadline("visit_priority_1", received_on)</bpmn:timeDate',
        'bpmn:timeDuration xsi:type="bpmn:tFormalExpression">P21D</bpmn:timeDuration',
        "visit_late",
        "P21D",
        "Choose a period",
        id="a length in a timer",
    ),
    pytest.param(
        'bpmn:timeDate xsi:type="bpmn:tFormalExpression"\n          '
        '>deadline("visit_priority_1", received_on)</bpmn:timeDate',
        'bpmn:timeCycle xsi:type="bpmn:tFormalExpression">R3/P1D</bpmn:timeCycle',
        "visit_late",
        "R3/P1D",
        "loop",
        id="a repeating timer",
    ),
    pytest.param(
        'deadline("visit_priority_1", received_on)',
        "received_on + 21",
        "visit_late",
        "holds the number 21",
        "Choose a period",
        id="a period typed as a number",
    ),
    pytest.param(
        'deadline("visit_priority_1", received_on)',
        'deadline("visit_priority_9", received_on)',
        "visit_late",
        "no period “visit_priority_9”",
        "periods.yaml",
        id="an unknown period",
    ),
    pytest.param(
        'deadline("visit_priority_1", received_on)',
        'deadline("visit_" + breach_found, received_on)',
        "visit_late",
        "worked out",
        "in quotes",
        id="a period's name put together",
    ),
    pytest.param(
        ' default="to_nothing"',
        "",
        "is_it_a_breach",
        "no default flow",
        "Mark one",
        id="a gateway without a default",
    ),
    pytest.param(
        'sourceRef="is_it_a_breach" targetRef="nothing_seen"/>',
        'sourceRef="is_it_a_breach" targetRef="nothing_seen"/>'
        '<bpmn:sequenceFlow id="f9" name="Perhaps" sourceRef="is_it_a_breach" '
        'targetRef="note_visit"/>',
        "f9",
        "no condition",
        "breach_found",
        id="a flow without a condition",
    ),
    pytest.param(
        'default="to_nothing"',
        'default="to_tell"',
        "to_tell",
        "never asked",
        "Remove the condition",
        id="a default with a condition",
    ),
    pytest.param(
        '<bpmn:sequenceFlow id="f4"',
        '<bpmn:sequenceFlow id="f9" sourceRef="tell_people" targetRef="nothing_seen"/>'
        '<bpmn:sequenceFlow id="f4"',
        "tell_people",
        "2 flows lead out",
        "gateway",
        id="two flows out of a task",
    ),
    pytest.param(
        '<bpmn:sequenceFlow id="f4"',
        '<bpmn:sequenceFlow id="f9" sourceRef="note_visit" targetRef="breach_seen"/>'
        '<bpmn:sequenceFlow id="f4"',
        "f5",
        "Two flows lead from",
        "Keep one",
        id="two flows between two nodes",
    ),
    pytest.param(
        '<bpmn:sequenceFlow id="f5" sourceRef="note_visit" targetRef="breach_seen"/>',
        "",
        "note_visit",
        "leads nowhere",
        "end event",
        id="a task that leads nowhere",
    ),
    pytest.param(
        '<bpmn:sequenceFlow id="f5" sourceRef="note_visit" targetRef="breach_seen"/>',
        "",
        "breach_seen",
        "Nothing leads to",
        "Draw a flow",
        id="an unreachable end",
    ),
    pytest.param(
        'sourceRef="note_visit" targetRef="breach_seen"/>',
        'sourceRef="note_visit" targetRef="tell_people"/>',
        "note_visit",
        "No path leads",
        "way out",
        id="a loop without a way out",
    ),
    pytest.param(
        'name="form" value="record_visit"',
        'name="note" value="x"',
        "record_visit",
        "has no form",
        "under “Form”",
        id="a task without a form",
    ),
    pytest.param(
        'name="form" value="record_visit"',
        'name="form" value="record_vist"',
        "record_visit",
        "“record_vist”, which does not exist",
        "Make the form",
        id="a form that does not exist",
    ),
    pytest.param(
        "<bpmn:flowNodeRef>record_visit</bpmn:flowNodeRef>",
        "",
        "record_visit",
        "in no lane",
        "Drag",
        id="a task in no lane",
    ),
    pytest.param(
        'name="Enforcement manager"',
        'name="The boss"',
        "chase_visit",
        "no role",
        "Enforcement manager",
        id="a lane that is no role",
    ),
    pytest.param(
        'attachedToRef="chase_visit"',
        'attachedToRef="record_visit"',
        "chase_visit",
        "no due date",
        "timer",
        id="a task that is never due",
    ),
    pytest.param(
        'breach_found == "yes"',
        "breach_found.upper()",
        "to_tell",
        "cannot be called",
        "words that diagrams may use",
        id="an expression beyond the wall",
    ),
    pytest.param(
        'visits = value("visits", 0) + 1',
        "import os",
        "note_visit",
        "an import",
        "words that diagrams may use",
        id="a script beyond the wall",
    ),
    pytest.param(
        'breach_found == "yes"',
        'breech_found == "yes"',
        "to_tell",
        "“breech_found”, which nothing sets",
        "Correct the name",
        id="a name mistyped",
    ),
    pytest.param(
        'breach_found == "yes"',
        "days_between(received_on, today()) > 28",
        "to_tell",
        "types a period as a number",
        "deadline",
        id="a number of days in a condition",
    ),
    pytest.param(
        'serviceTaskOperator id="send_letter"',
        'serviceTaskOperator id="send_fax"',
        "tell_people",
        "no operation “send_fax”",
        "send_letter",
        id="an unknown operation",
    ),
    pytest.param(
        '<spiffworkflow:parameter id="to" type="str" value="\'complainants\'"/>',
        "",
        "tell_people",
        "not told “to”",
        "Add the parameter to",
        id="a parameter missing",
    ),
    pytest.param(
        "'complainants'",
        "'everybody'",
        "tell_people",
        "“everybody” is not",
        "complainants",
        id="a letter to nobody",
    ),
    pytest.param(
        'name="form" value="record_visit"/>',
        'name="form" value="record_visit"/>'
        '<spiffworkflow:property name="not_bye" value="x"/>',
        "record_visit",
        "“not_bye”, which means nothing",
        "not_by",
        id="a property mistyped",
    ),
    pytest.param(
        ">rating<",
        ">ratings<",
        "rate",
        "“ratings”, which does not exist",
        "ratings.dmn",
        id="a table that does not exist",
    ),
]


@pytest.mark.parametrize(("old", "new", "element", "says", "remedy"), BROKEN_DIAGRAMS)
def test_a_broken_diagram_is_refused_with_element_and_remedy(
    old: str, new: str, element: str, says: str, remedy: str
) -> None:
    assert old in DIAGRAM
    broken = drawn(DIAGRAM.replace(old, new, 1))

    problem = one(problems_of({"visit.bpmn": broken}), element, says)

    assert problem.file == "visit.bpmn"
    assert remedy in problem.remedy


def test_what_only_the_engine_refuses_is_found_beside_advice() -> None:
    taken = DIAGRAM.replace("visit_chased", "end")
    given = files() | {"visit.bpmn": drawn(taken)}

    found = checks.check(given)

    assert any(problem.is_advice for problem in found)
    assert "taken by the engine" in one(found, "end", "taken").problem


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param(b"<bpmn:definitions", "not a well-formed", id="not XML"),
        pytest.param(b"", "not a well-formed", id="empty"),
        pytest.param(
            b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>',
            "DOCTYPE",
            id="an entity",
        ),
        pytest.param(
            b"<a>" * 100 + b"</a>" * 100, "more than 60 levels", id="too deep"
        ),
        pytest.param(b"<a/>" + b" " * 2_000_001, "2,000 kilobytes", id="too large"),
        pytest.param(b"<html/>", "not BPMN", id="another kind of XML"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(content: bytes, says: str) -> None:
    found = problems_of({"visit.bpmn": content})

    assert any(p.file == "visit.bpmn" and says in p.problem for p in found)


def test_what_the_schema_forbids_is_told_with_its_line() -> None:
    broken = DIAGRAM.replace('cancelActivity="false"', 'cancelActivity="perhaps"')

    problem = one(problems_of({"visit.bpmn": drawn(broken)}), "visit_late", "Line")

    assert "follow the standard" in problem.problem


def test_a_missing_picture_is_told() -> None:
    found = checks.check(files() | {"visit.bpmn": DIAGRAM.encode()})

    assert any("Nothing of the diagram is drawn" in p.problem for p in found)


def call(called: str, outputs: str = "") -> str:
    return (
        f'<bpmn:callActivity id="{called}" name="Call it" calledElement="{called}">'
        "<bpmn:extensionElements><spiffworkflow:properties>"
        f'<spiffworkflow:property name="outputs" value="{outputs}"/>'
        "</spiffworkflow:properties></bpmn:extensionElements></bpmn:callActivity>"
    )


def caller(process: str, called: str, outputs: str = "") -> bytes:
    text = DIAGRAM[: DIAGRAM.index("  <bpmn:collaboration")] + (
        f'<bpmn:process id="{process}" name="Calls" isExecutable="true">'
        '<bpmn:startEvent id="begun" name="Begun"/>'
        + call(called, outputs)
        + '<bpmn:endEvent id="done" name="Done"/>'
        f'<bpmn:sequenceFlow id="c1" sourceRef="begun" targetRef="{called}"/>'
        f'<bpmn:sequenceFlow id="c2" sourceRef="{called}" targetRef="done"/>'
        "</bpmn:process></bpmn:definitions>"
    )
    return drawn(text)


def test_a_call_of_a_process_that_does_not_exist_is_refused() -> None:
    found = problems_of({"calls.bpmn": caller("calls", "nothing")})

    assert "nothing.bpmn" in one(found, "nothing", "does not exist").remedy


def test_processes_that_call_each_other_in_a_circle_are_refused() -> None:
    circle = {"first.bpmn": caller("first", "second")}
    circle["second.bpmn"] = caller("second", "first")

    problem = one(problems_of(circle), "second", "circle")

    assert "first → second → first" in problem.problem


def test_an_output_that_the_called_process_never_sets_is_refused() -> None:
    found = problems_of({"calls.bpmn": caller("calls", "visit", "visits, visitz")})

    assert [p.problem for p in found if "outputs" in p.problem] == [
        "The property “outputs” names “visitz”, which nothing in the process “visit” "
        "sets."
    ]


def form(**changes: object) -> dict[str, bytes]:
    component = {**FORM["components"][0], **changes}  # type: ignore[index,dict-item]
    schema = {**FORM, "components": [component, FORM["components"][1]]}  # type: ignore[index]
    return {"forms/record_visit.json": json.dumps(schema).encode()}


@pytest.mark.parametrize(
    ("changes", "element", "says"),
    [
        pytest.param({"type": "iframe"}, "breach_found", "iframe", id="unsupported"),
        pytest.param({"key": "deadline"}, "deadline", "word", id="a word as a key"),
        pytest.param({"key": "case"}, "case", "word", id="case as a key"),
        pytest.param({"key": "Breach found"}, "Breach found", "key", id="a bad key"),
        pytest.param({"key": "harm_seen"}, "harm_seen", "Two", id="a key twice"),
        pytest.param(
            {"conditional": {"hide": "=breach_found.x("}},
            "breach_found",
            "condition",
            id="a condition that cannot be read",
        ),
        pytest.param(
            {"properties": {"default_from": "__import__('os')"}},
            "breach_found",
            "cannot be used",
            id="a default beyond the wall",
        ),
    ],
)
def test_a_broken_form_is_refused_with_component_and_remedy(
    changes: dict[str, object], element: str, says: str
) -> None:
    problem = one(problems_of(form(**changes)), element, says)

    assert problem.file == "forms/record_visit.json"


def test_a_form_that_no_task_uses_is_told() -> None:
    orphan = json.dumps({**FORM, "id": "lonely"}).encode()

    found = problems_of({"forms/lonely.json": orphan})

    assert one(found, "lonely", "No user task").file == "forms/lonely.json"


def test_a_form_that_is_not_json_is_refused() -> None:
    found = problems_of({"forms/record_visit.json": b"{"})

    assert one(found, "record_visit", "not valid JSON")
    assert len(found) == 1, "its absence is not told a second time"


@pytest.mark.parametrize(
    ("old", "new", "element", "says"),
    [
        pytest.param(
            '<decision id="rating"',
            '<decision id="rate_it"',
            "rate_it",
            "file is called",
            id="another id",
        ),
        pytest.param(
            'hitPolicy="FIRST"',
            'hitPolicy="PRIORITY"',
            "rating_table",
            "“PRIORITY” is not supported",
            id="a hit policy",
        ),
        pytest.param(
            'hitPolicy="FIRST"',
            'hitPolicy="COLLECT" aggregation="SUM"',
            "rating_table",
            "adds its results up",
            id="a sum",
        ),
        pytest.param(
            "<text>harm_seen</text>",
            "<text>harm_seen.lower()</text>",
            "rating_harm",
            "cannot be used",
            id="a column beyond the wall",
        ),
        pytest.param(
            "<text>harm_seen</text>",
            "<text></text>",
            "rating_harm",
            "which fact",
            id="a column without a fact",
        ),
        pytest.param(
            'name="rating" typeRef',
            'name="count" typeRef',
            "rating_result",
            "cannot be the name of a fact",
            id="a word as a result",
        ),
        pytest.param(
            '? in ["severe", "high"]',
            "? in (x for x in y)",
            "rating_high_in",
            "cannot be used",
            id="a cell beyond the wall",
        ),
        pytest.param(
            "<text>1</text>",
            "<text></text>",
            "rating_high_out",
            "empty result",
            id="an empty result",
        ),
        pytest.param(
            '<outputEntry id="rating_low_out"><text>3</text></outputEntry>',
            '<outputEntry id="rating_low_out"><text>3</text></outputEntry>'
            '<outputEntry id="rating_low_more"><text>3</text></outputEntry>',
            "rating_low",
            "2 results for 1 columns",
            id="a cell too many",
        ),
    ],
)
def test_a_broken_table_is_refused(old: str, new: str, element: str, says: str) -> None:
    assert old in TABLE
    found = problems_of({"rating.dmn": TABLE.replace(old, new, 1).encode()})

    assert one(found, element, says).file == "rating.dmn"


def test_a_broken_period_is_refused() -> None:
    good = files()["periods.yaml"].decode()
    broken = good.replace("unit: calendar_days", "unit: fortnights", 1)
    assert broken != good

    found = problems_of({"periods.yaml": broken.encode()})

    assert [p.file for p in found] == ["periods.yaml"]
    assert "fortnights" in found[0].problem


def test_missing_periods_are_told() -> None:
    without = files()
    del without["periods.yaml"]

    assert any(p.file == "periods.yaml" for p in checks.check(without))


def test_a_councils_target_that_is_no_period_is_refused() -> None:
    council = (
        b"title: Anyshire\ntargets:\n  visit_on_the_moon: {length: 1, unit: weeks}\n"
    )

    found = problems_of({"councils/anyshire/council.yaml": council})

    problem = next(p for p in found if "visit_on_the_moon" in p.element)
    assert problem.file == "councils/anyshire/council.yaml"


@pytest.mark.parametrize(
    ("old", "new", "element", "says"),
    [
        pytest.param("steps:", "steps: [", "line", "not valid YAML", id="not YAML"),
        pytest.param(
            "process: visit",
            "process: vist",
            "process",
            "no process",
            id="no such process",
        ),
        pytest.param(
            "do: record_visit",
            "do: record_vist",
            "step 1",
            "no user task",
            id="no such task",
        ),
        pytest.param("as: officer", "as: boss", "step 1", "no role", id="no such role"),
        pytest.param("    as: officer\n", "", "step 1", "who does it", id="nobody"),
        pytest.param(
            "breach_found:",
            "breach_fond:",
            "step 1",
            "does not ask",
            id="no such question",
        ),
        pytest.param("expect:", "expct:", "step 2", "not clear", id="no such step"),
        pytest.param(
            "{ended: true",
            "{finished: true",
            "step 2",
            "cannot be expected",
            id="no such expectation",
        ),
        pytest.param(
            "starts: 2026-03-02T09:00",
            "starts: soon",
            "",
            "when it starts",
            id="no start",
        ),
        pytest.param(
            "harm_described: Noise",
            "noise: yes",
            "case",
            "no “noise”",
            id="no such part of a report",
        ),
    ],
)
def test_a_broken_story_is_refused(old: str, new: str, element: str, says: str) -> None:
    assert old in STORY
    name = "scenarios/visit_finds_breach.yaml"

    found = problems_of({name: STORY.replace(old, new, 1).encode()})

    fitting = [p for p in found if says in p.problem and element in p.element]
    assert fitting, found
    assert fitting[0].file == name
