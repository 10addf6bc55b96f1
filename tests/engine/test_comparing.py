"""The difference between two sets of files, in words that a planner reads."""

from __future__ import annotations

import json

import pytest
import small_studio
import small_visit
from small_studio import COUNCIL_FILE, DIAGRAM, FORM

from engine.studio import comparing
from engine.studio.draft_views import FileComparison

FILES = {**small_visit.files(), DIAGRAM: small_visit.DIAGRAM.encode()}
STORY = "scenarios/visit_finds_breach.yaml"
SECOND = """    <bpmn:userTask id="second_visit" name="Record a second site visit">
      <bpmn:extensionElements><spiffworkflow:properties>
        <spiffworkflow:property name="form" value="second_visit"/>
      </spiffworkflow:properties></bpmn:extensionElements>
    </bpmn:userTask>
    <bpmn:boundaryEvent id="second_late" name="The second visit is late"
        cancelActivity="false" attachedToRef="second_visit">
      <bpmn:timerEventDefinition id="second_late_timer">
        <bpmn:timeDate xsi:type="bpmn:tFormalExpression"
          >deadline("visit_priority_2", received_on)</bpmn:timeDate>
      </bpmn:timerEventDefinition>
    </bpmn:boundaryEvent>
    <bpmn:sequenceFlow id="g1" sourceRef="record_visit" targetRef="second_visit"/>
    <bpmn:sequenceFlow id="g2" sourceRef="second_visit" targetRef="rate"/>
    <bpmn:sequenceFlow id="g3" sourceRef="second_late" targetRef="chase_visit"/>
  </bpmn:process>"""


def with_second_visit() -> str:
    text = small_visit.DIAGRAM
    flow = '<bpmn:sequenceFlow id="f2" sourceRef="record_visit" targetRef="rate"/>'
    assert flow in text
    text = text.replace(flow, "").replace("  </bpmn:process>", SECOND)
    place = "<bpmn:flowNodeRef>record_visit</bpmn:flowNodeRef>"
    return text.replace(
        place,
        f"{place}<bpmn:flowNodeRef>second_visit</bpmn:flowNodeRef>"
        "<bpmn:flowNodeRef>second_late</bpmn:flowNodeRef>",
    )


def compared(name: str, after: bytes, **more: bytes) -> FileComparison:
    """How one file differs from the small set's, where it alone is changed."""
    found = comparing.compare(FILES, {**FILES, name: after, **more})
    [file] = [each for each in found.files if each.name == name]
    return file


def says(name: str, after: bytes) -> list[str]:
    return [sentence.text for sentence in compared(name, after).words]


def says_of_diagram(old: str, new: str) -> list[str]:
    assert old in small_visit.DIAGRAM
    return says(DIAGRAM, small_visit.DIAGRAM.replace(old, new).encode())


def test_the_same_files_do_not_differ() -> None:
    assert comparing.compare(FILES, dict(FILES)).files == ()


# Diagrams


def test_a_new_step_is_told_with_who_does_it_and_where_it_stands() -> None:
    file = compared(DIAGRAM, with_second_visit().encode())

    assert [(s.element, s.text) for s in file.words if s.element] == [
        (
            "second_visit",
            "“Record a second site visit” is new, for the Enforcement officer, "
            "between “Record the visit” and “Rate the harm”. Its form is "
            "‘second visit’.",
        ),
        (
            "second_late",
            "The wait “The second visit is late” on “Record a second site visit” is "
            "new: the period ‘visit priority 2’ (15 working days) from ‘received on’. "
            "It leaves the task as it is.",
        ),
    ]
    assert file.added == ("second_visit", "second_late", "g1", "g2", "g3")
    assert file.removed == ("f2",)
    assert file.label == "Diagram “Visit a site”"
    assert file.before is not None and file.after is not None


def test_a_step_taken_out_is_told_with_where_it_stood() -> None:
    before = {**FILES, DIAGRAM: with_second_visit().encode()}

    [file] = comparing.compare(before, FILES).files

    assert [s.text for s in file.words if s.element] == [
        "“Record a second site visit” is taken out; it stood between “Record the "
        "visit” and “Rate the harm”.",
        "The wait “The second visit is late” on “Record a second site visit” is "
        "taken out.",
    ]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            'deadline("visit_priority_1", received_on)',
            'deadline("visit_priority_2", received_on)',
            "The wait “Target passed” on “Record the visit” now uses the period "
            "‘visit priority 2’ (15 working days) instead of the period "
            "‘visit priority 1’ (3 working days).",
        ),
        (
            'deadline("visit_priority_1", received_on)',
            'deadline("visit_priority_1", case.received_on)',
            "The wait “Target passed” on “Record the visit” now counts from "
            "“case.received_on” instead of ‘received on’.",
        ),
        (
            'breach_found == "yes"',
            'breach_found != "no"',
            "The condition on “Yes” of “Is it a breach?” changed from "
            '“breach_found == "yes"” to “breach_found != "no"”.',
        ),
        (
            'name="Record the visit"',
            'name="Note the visit"',
            "“Record the visit” is now called “Note the visit”.",
        ),
        (
            'name="Enforcement manager"',
            'name="Legal"',
            "“Chase the visit” is now for Legal instead of the Enforcement manager.",
        ),
        (
            'value="record_visit"/>',
            'value="other_form"/>',
            "The form of “Record the visit” is now ‘other_form’ instead of "
            "‘record_visit’.",
        ),
        (
            "\"'visited'\"",
            "\"'seen'\"",
            "“template” of “Tell the complainant” changed from “'visited'” to "
            "“'seen'”.",
        ),
        (
            'value("visits", 0) + 1',
            'value("visits", 0) + 2',
            'The script of “Note the visit” changed from “visits = value("visits", 0) '
            '+ 1” to “visits = value("visits", 0) + 2”.',
        ),
        (
            'cancelActivity="false"\n',
            'cancelActivity="true"\n',
            "“Target passed” now ends the task that it stands on.",
        ),
        (
            'sourceRef="chase_late" targetRef="visit_chased"',
            'sourceRef="chase_late" targetRef="nothing_seen"',
            "The flow from “Target passed again” to “Chased” now leads from “Target "
            "passed again” to “No breach was seen”.",
        ),
        (
            'sourceRef="is_it_a_breach" targetRef="nothing_seen"',
            'sourceRef="is_it_a_breach" targetRef="breach_seen"',
            "“No” of “Is it a breach?” now leads to “A breach was seen” instead of “No "
            "breach was seen”.",
        ),
        (
            'default="to_nothing"',
            'default="to_tell"',
            "What “Is it a breach?” takes where nothing else fits changed from “No” to "
            "“Yes”.",
        ),
        (
            'name="No"\n',
            'name="Not at all"\n',
            "The answer of “Is it a breach?” changed from “No” to “Not at all”.",
        ),
        (
            'name="Visit a site" isExecutable',
            'name="See a site" isExecutable',
            "The process is now called “See a site” instead of “Visit a site”.",
        ),
        (
            '<bpmn:endEvent id="breach_seen" name="A breach was seen"/>',
            '<bpmn:endEvent id="breach_seen" name="A breach was seen"/>'
            '<bpmn:sequenceFlow id="n1" sourceRef="chase_visit" targetRef="rate"/>',
            "A new flow leads from “Chase the visit” to “Rate the harm”.",
        ),
    ],
)
def test_each_change_of_a_diagram_is_a_sentence(
    old: str, new: str, sentence: str
) -> None:
    assert sentence in says_of_diagram(old, new)


def test_guidance_and_safeguards_are_told() -> None:
    task = '<bpmn:userTask id="record_visit" name="Record the visit">'
    assert says_of_diagram(
        task, f"{task}<bpmn:documentation>Look.</bpmn:documentation>"
    ) == ["The guidance of “Record the visit” has changed."]
    found = says_of_diagram(
        '<spiffworkflow:property name="form" value="record_visit"/>',
        '<spiffworkflow:property name="form" value="record_visit"/>'
        '<spiffworkflow:property name="safeguard" value="3 days (s1)"/>'
        '<spiffworkflow:property name="not_by" value="chase_visit"/>',
    )
    assert found[:2] == [
        "What the law requires at “Record the visit” is new: “3 days (s1)”.",
        "The property “not_by” of “Record the visit” is new: “chase_visit”.",
    ]


def test_a_new_id_of_the_same_step_is_told_for_those_who_wait_there() -> None:
    renamed = small_visit.DIAGRAM.replace('"note_visit"', '"keep_visit"')
    renamed = renamed.replace(">note_visit<", ">keep_visit<")

    file = compared(DIAGRAM, renamed.encode())

    assert ("note_visit" in file.removed, "keep_visit" in file.added) == (True, True)
    assert (
        "“Note the visit” has the id ‘keep_visit’ instead of ‘note_visit’. Cases that "
        "wait there do not know it under that id."
    ) in [sentence.text for sentence in file.words]


def test_what_is_only_drawn_elsewhere_is_counted_apart() -> None:
    before = small_visit.drawn(small_visit.DIAGRAM)
    shape = before.index(b'bpmnElement="record_visit"')
    place = before.index(b'x="0"', shape)
    moved = before[:place] + b'x="9"' + before[place + 5 :]

    [file] = comparing.compare({DIAGRAM: before}, {DIAGRAM: moved}).files

    assert (file.added, file.removed, file.changed) == ((), (), ())
    assert file.moved_only == ("record_visit",)
    assert [s.text for s in file.words] == ["1 element is only drawn elsewhere."]


def test_a_period_that_became_longer_is_told_where_a_diagram_waits_for_it() -> None:
    changed = FILES[DIAGRAM].replace(b'name="Chased"', b'name="It was chased"')
    file = compared(DIAGRAM, changed, **{COUNCIL_FILE: small_studio.LONGER})

    assert (
        "The wait “Target passed” on “Record the visit” is as it was, but its period "
        "‘visit priority 1’ is now 8 working days instead of 3 working days."
    ) in [sentence.text for sentence in file.words]


def test_a_file_that_cannot_be_read_is_compared_by_lines() -> None:
    assert says(DIAGRAM, b"<broken>") == [
        f"The file cannot be read. 1 line is new, {len(FILES[DIAGRAM].splitlines())} "
        "gone."
    ]
    assert says(FORM, b"[" * 100_000)[0].startswith("The file cannot be read.")
    assert says(COUNCIL_FILE, b"a: [")[0].startswith("The file cannot be read.")


def test_new_files_and_files_taken_out_are_told_in_a_sentence() -> None:
    after = {k: v for k, v in FILES.items() if k not in (FORM, STORY)}
    after |= {"forms/second.json": FILES[FORM], "second.bpmn": _second_process()}

    found = {f.name: f for f in comparing.compare(FILES, after).files}

    assert list(found) == ["second.bpmn", FORM, "forms/second.json", STORY]
    assert found["second.bpmn"].words[0].text == (
        "This process is new: 12 elements, 2 tasks for people."
    )
    assert found["forms/second.json"].words[0].text == (
        "This form is new: 2 questions, “Did you find a breach?” and "
        "“What harm does it cause?”."
    )
    assert found[FORM].words[0].text == "Form “Record visit” is taken out."
    assert (found[FORM].after, found["second.bpmn"].before) == (None, None)
    assert found[STORY].label == "Story “A visit finds a breach”"


def _second_process() -> bytes:
    text = small_visit.DIAGRAM.replace('process id="visit"', 'process id="second"')
    return text.replace('processRef="visit"', 'processRef="second"').encode()


# Forms


def form(**changes: object) -> bytes:
    """The small form, with its first question changed."""
    schema = json.loads(FILES[FORM])
    schema["components"][0].update(changes)
    return json.dumps(schema).encode()


@pytest.mark.parametrize(
    ("changes", "sentences"),
    [
        (
            {"label": "Was there a breach?"},
            ["“Did you find a breach?” is now asked as “Was there a breach?”."],
        ),
        (
            {"validate": {}},
            ["“Did you find a breach?” need no longer be answered."],
        ),
        (
            {"properties": {"must": 'breach_found == "no"'}},
            ['The rule of “Did you find a breach?” is new: “breach_found == "no"”.'],
        ),
        (
            {"description": "Look well."},
            ["The hint of “Did you find a breach?” is new: “Look well.”."],
        ),
        (
            {"conditional": {"hide": "=a"}},
            ["The condition that hides “Did you find a breach?” is new: “=a”."],
        ),
        (
            {
                "values": [
                    {"label": "Surely", "value": "yes"},
                    {"label": "?", "value": "x"},
                ]
            },
            [
                "The choice “Yes” of “Did you find a breach?” is now “Surely”.",
                "The choice “?” of “Did you find a breach?” is new.",
                "The choice “No” of “Did you find a breach?” is taken out.",
            ],
        ),
        (
            {"type": "textfield", "values": None},
            [
                "“Did you find a breach?” is now a short text; before it was a choice "
                "of one.",
                "The choice “Yes” of “Did you find a breach?” is taken out.",
                "The choice “No” of “Did you find a breach?” is taken out.",
            ],
        ),
    ],
)
def test_each_change_of_a_question_is_a_sentence(
    changes: dict[str, object], sentences: list[str]
) -> None:
    assert says(FORM, form(**changes)) == sentences


def test_questions_new_gone_and_in_another_order_are_told() -> None:
    schema = json.loads(FILES[FORM])
    schema["components"].reverse()
    extra = {"id": "f9", "key": "seen_on", "type": "datetime", "label": "When?"}
    schema["components"].append({**extra, "validate": {"required": True}})
    after = json.dumps(schema).encode()

    file = compared(FORM, after)
    assert [s.text for s in file.words] == [
        "The question “When?” is new (date or time). It must be answered.",
        "The questions stand in another order.",
    ]
    assert file.added == ("f9",)
    back = comparing.compare({**FILES, FORM: after}, FILES).files[0]
    assert back.words[0].text == "The question “When?” is taken out."


def test_a_form_written_otherwise_but_the_same_is_said_to_be_so() -> None:
    assert says(FORM, json.dumps(json.loads(FILES[FORM]), indent=4).encode()) == [
        "Only the notation of the file has changed, not what it asks."
    ]


# Tables


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            "<text>1</text>",
            "<text>2</text>",
            "In row 1, “rating” is now 2 instead of 1.",
        ),
        (
            '<text>? in ["severe", "high"]</text>',
            "<text>-</text>",
            'In row 1, “Harm” is now anything instead of ? in ["severe", "high"].',
        ),
        (
            'hitPolicy="FIRST"',
            'hitPolicy="UNIQUE"',
            "Which rows count is now UNIQUE instead of FIRST.",
        ),
        ('label="Harm"', 'label="The harm"', "The column “Harm” is now “The harm”."),
        (
            "<text>harm_seen</text>",
            "<text>harm</text>",
            "What the column “Harm” reads or sets changed from “harm_seen” to “harm”.",
        ),
        (
            'id="rating_low">',
            'id="rating_other">',
            "Row 2 is taken out; it said rating 3.",
        ),
    ],
)
def test_each_change_of_a_table_is_a_sentence(
    old: str, new: str, sentence: str
) -> None:
    assert old in small_visit.TABLE
    found = says("rating.dmn", small_visit.TABLE.replace(old, new).encode())

    assert sentence in found


# Periods, policy, stories


def test_a_period_is_told_with_its_length_before_and_after() -> None:
    before = FILES["periods.yaml"]
    longer = before.replace(b"length: 21", b"length: 28")
    assert longer != before

    file = compared("periods.yaml", longer)

    assert [(s.element, s.text) for s in file.words] == [
        (
            "pcn_response",
            "“Reply to a planning contravention notice” (‘pcn_response’) is now 28 "
            "days instead of 21 days.",
        )
    ]
    assert file.changed == ("pcn_response",)


def test_new_periods_and_periods_gone_are_told() -> None:
    without = FILES["periods.yaml"].replace(b"visit_priority_2:", b"second_visit:")

    found = says("periods.yaml", without)

    assert found[0].endswith(
        "a service standard, source " + found[0].split("source ")[1]
    )
    assert "(‘second_visit’) is new: 15 working days" in found[0]
    assert found[1].endswith("(‘visit_priority_2’) is taken out.")


def test_a_councils_policy_is_told_entry_by_entry() -> None:
    text = small_visit.COUNCIL.replace("length: 3", "length: 8")
    text = text.replace(
        "standing_orders: {}", "standing_orders: {stop_notice: committee}"
    )
    text = text.replace("settings: {}", "settings: {review_by_another: false}")

    assert says(COUNCIL_FILE, text.encode()) == [
        "The council’s own target ‘visit_priority_1’ is now 8 working days instead of "
        "3 working days.",
        "Who authorises ‘stop_notice’ is now committee; before there was none.",
        "The setting ‘review_by_another’ is now no; before there was none.",
    ]


def test_a_story_is_told_by_its_steps() -> None:
    longer = small_visit.STORY.replace("  - expect", "  - wait: 3 days\n  - expect")
    longer = longer.replace("breach_seen", "nothing_seen")
    waits = small_visit.STORY.replace("steps:", "steps:\n  - wait: 3 days")
    turned = comparing.compare({STORY: waits.encode()}, {STORY: longer.encode()})
    assert turned.files[0].words[0].text == "The steps stand in another order."

    assert says(STORY, longer.encode()) == [
        "1 step is new.",
        "“ends” of the story changed from “breach_seen” to “nothing_seen”.",
    ]
