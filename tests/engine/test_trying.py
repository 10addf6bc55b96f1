"""Forms and tables that are not saved yet, tried by what runs the saved ones."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from engine import FORMS, PROCESSES, library
from engine.errors import DefinitionError
from engine.law import periods
from engine.studio import trying
from engine.studio.trying import FormPreview, TriedTable

FILES = library.read(PROCESSES, FORMS)
LAW = periods.parse(FILES).for_council("maldon")
EVALUATE = trying.evaluator(LAW, datetime(2026, 3, 2, 9, tzinfo=UTC))
TABLES = [name for name in FILES if name.endswith(".dmn")]


def form(*questions: dict[str, Any]) -> str:
    components = [{"id": q["key"], "label": q["key"], **q} for q in questions]
    return json.dumps({"id": "x", "components": components})


def preview(text: str, answers: dict[str, Any] | None = None) -> FormPreview:
    return trying.preview("forms/x.json", text, EVALUATE, answers)


def table(*rows: str, policy: str = "UNIQUE") -> bytes:
    """One column `size`, one result `risk`, and a row `cell -> result` each."""
    rules = ""
    for number, row in enumerate(rows, start=1):
        cell, result = row.split(" -> ")
        rules += (
            f'<rule id="row_{number}"><inputEntry id="i{number}"><text>{cell}</text>'
            f'</inputEntry><outputEntry id="o{number}"><text>{result}</text>'
            "</outputEntry></rule>"
        )
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" '
        'name="d" namespace="n"><decision id="risk" name="Risk">'
        f'<decisionTable id="t" hitPolicy="{policy}"><input id="i" label="Size">'
        '<inputExpression id="e" typeRef="number"><text>size</text>'
        '</inputExpression></input><output id="o" label="The risk" name="risk"/>'
        f"{rules}</decisionTable></decision></definitions>"
    ).encode()


def tried(content: bytes, **answers: Any) -> TriedTable:
    return trying.try_table("risk.dmn", content, FILES, answers, EVALUATE)


# Forms


@pytest.mark.parametrize("name", [n for n in FILES if n.endswith(".json")])
def test_every_shipped_form_can_be_seen(name: str) -> None:
    seen = trying.preview(name, FILES[name].decode(), EVALUATE)

    assert not seen.problems
    assert seen.form.components


def test_a_form_shows_the_first_answers_that_need_no_case() -> None:
    text = form(
        {"key": "on", "type": "datetime", "properties": {"default_from": "today()"}},
        {"key": "costs", "type": "number", "properties": {"default_from": "total"}},
    )

    seen = preview(text)

    assert seen.answers == {"on": date(2026, 3, 2)}


def test_choices_of_the_case_are_named_by_where_they_come_from() -> None:
    text = form(
        {
            "key": "who",
            "type": "radio",
            "properties": {"options_from": "pick(recipients, 'name')"},
        }
    )

    [choice] = preview(text).choices["who"]

    assert choice.label == "(from the case: pick(recipients, 'name'))"


def test_answers_are_tried_by_the_rules_of_the_form() -> None:
    must = {"must": "on <= today()", "must_message": "It cannot be in the future."}
    text = form(
        {"key": "on", "type": "datetime", "properties": must},
        {"key": "why", "type": "textfield", "validate": {"required": True}},
    )

    late = preview(text, {"on": "2026-03-03", "why": "So"})
    short = preview(text, {"on": "2026-03-02"})
    right = preview(text, {"on": "2026-03-02", "why": "So"})

    assert late.errors == {"on": "It cannot be in the future."}
    assert list(short.errors) == ["why"]
    assert right.is_accepted and not right.errors


def test_a_rule_that_needs_the_case_is_said_not_guessed() -> None:
    must = {"must": "on >= served_on", "must_message": "Not before service."}
    text = form({"key": "on", "type": "datetime", "properties": must})

    seen = preview(text, {"on": "2026-03-02"})

    assert "“served_on” is not known here" in seen.note
    assert not seen.is_accepted


def test_half_a_form_is_shown_with_what_is_wrong_with_the_rest() -> None:
    seen = preview(form({"key": "a", "type": "textfield"}, {"key": "b", "type": "map"}))

    assert [field.key for field in seen.form.components] == ["a"]
    assert "type “map” cannot be shown" in seen.problems[0].problem


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", "3", '{"components": [1, "a", null]}', "[" * 100_000],
)
def test_what_is_no_form_is_a_problem_and_no_more(text: str) -> None:
    seen = preview(text, {"a": "b"})

    assert seen.problems
    assert not seen.form.components


# Decision tables


@pytest.mark.parametrize("name", TABLES)
def test_every_shipped_table_can_be_tried(name: str) -> None:
    asked = trying.ask_table(name, FILES[name], FILES).form
    found = trying.try_table(name, FILES[name], FILES, {}, EVALUATE)

    assert asked.fields
    assert not found.errors


def test_columns_are_asked_as_the_forms_ask_them() -> None:
    asked = trying.ask_table("priority.dmn", FILES["priority.dmn"], FILES).form

    what, features, immune, urgent = asked.fields
    assert (what.type, what.label) == ("select", "What is alleged")
    assert "Protected tree or hedgerow" in [option.label for option in what.options]
    assert features.type == "checklist"
    assert [option.value for option in immune.options] == ["yes", "no"]
    assert "complainant_relation" in urgent.hint


def test_the_row_that_decides_and_those_below_it_are_named() -> None:
    found = trying.try_table(
        "priority.dmn", FILES["priority.dmn"], FILES, {"column_0": "tree"}, EVALUATE
    )

    assert found.fitting == ("enf1_protected_tree", "enf1_other")
    assert found.counted == ("enf1_protected_tree",)
    assert found.outputs == (("Category", 1), ("Why", "Works to protected trees"))


def test_yes_and_no_stand_for_true_and_false() -> None:
    content = FILES["priority.dmn"]
    answers = {"column_0": "other", "column_2": "yes"}

    found = trying.try_table("priority.dmn", content, FILES, answers, EVALUATE)

    assert dict(found.outputs)["Why"] == "Immune from action within six months"


def test_several_features_are_a_list() -> None:
    answers = {"column_0": "operations", "column_1": ["conservation_area"]}

    found = trying.try_table(
        "priority.dmn", FILES["priority.dmn"], FILES, answers, EVALUATE
    )

    assert dict(found.outputs)["Category"] == 2


def test_rows_that_overlap_are_both_shown_and_the_remedy_is_said() -> None:
    found = tried(table('&lt; 5 -> "low"', '&lt; 9 -> "mid"'), column_0="3")

    assert found.fitting == ("row_1", "row_2")
    assert not found.counted
    assert "Rows 1 and 2 of the table “Risk” both fit" in found.why_not


def test_no_fitting_row_is_said_with_the_values() -> None:
    found = tried(table('&lt; 5 -> "low"'), column_0="7")

    assert found.fitting == ()
    assert "No row of the table “Risk” fits (size = 7)" in found.why_not


def test_all_fitting_rows_are_collected() -> None:
    found = tried(table("&lt; 5 -> 1", "- -> 2", policy="COLLECT"), column_0="3")

    assert found.counted == ("row_1", "row_2")
    assert found.outputs == (("The risk", [1, 2]),)


def test_a_fact_that_only_a_cell_reads_is_asked_as_well() -> None:
    content = table('? &lt; limit_of_size -> "low"', '- -> "high"', policy="FIRST")

    asked = trying.ask_table("risk.dmn", content, {}).form
    found = tried(content, column_0="3", limit_of_size="x")
    same = table("limit_of_size -> 1", "- -> 2", policy="FIRST")

    assert [field.key for field in asked.fields] == ["column_0", "limit_of_size"]
    assert "cannot compare a number with a text" in found.why_not
    assert tried(same, column_0="3", limit_of_size="4").counted == ("row_2",)


def test_a_wrong_answer_is_an_error_at_its_question() -> None:
    found = tried(table('&lt; 5 -> "low"'), column_0="three")

    assert list(found.errors) == ["column_0"]


def test_a_cell_outside_the_wall_is_refused_in_words() -> None:
    found = tried(table('? in [x.__class__] -> "low"'), column_0="3")

    assert "__class__" in found.why_not


def test_a_table_that_cannot_be_read_cannot_be_tried() -> None:
    with pytest.raises(DefinitionError, match="PRIORITY"):
        tried(table('- -> "a"', policy="PRIORITY"))
