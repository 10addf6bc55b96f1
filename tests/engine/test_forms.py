"""Forms are read, and answers coerced and validated, as the procedure says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import pytest

from engine import forms
from engine.clock import LONDON
from engine.errors import DefinitionError, EngineError, InvalidAnswers
from engine.forms import Form


def form(*components: dict[str, Any]) -> Form:
    return Form.parse(
        {"type": "default", "id": "visit", "components": list(components)},
        file="forms/visit.json",
        reserved={"deadline"},
    )


def component(kind: str, key: str, **settings: Any) -> dict[str, Any]:
    return {"id": key, "type": kind, "key": key, "label": f"The {key}?", **settings}


def yes_no(key: str, **settings: Any) -> dict[str, Any]:
    values = [{"label": "Yes", "value": "yes"}, {"label": "No", "value": "no"}]
    return component("radio", key, values=values, **settings)


REQUIRED = {"validate": {"required": True}}


def answers(form: Form, raw: Mapping[str, Any], **facts: Any) -> dict[str, Any]:
    return forms.validate(form, raw, facts)


def errors(form: Form, raw: Mapping[str, Any], **facts: Any) -> dict[str, str]:
    with pytest.raises(InvalidAnswers) as caught:
        forms.validate(form, raw, facts)
    return caught.value.errors


def problems(*components: dict[str, Any]) -> list[tuple[str, str]]:
    with pytest.raises(DefinitionError) as caught:
        form(*components)
    assert all(p.file == "forms/visit.json" and p.remedy for p in caught.value.problems)
    return [(p.element, p.problem) for p in caught.value.problems]


@pytest.mark.parametrize(
    ("kind", "settings", "typed", "fact"),
    [
        ("textfield", {}, "  two \n words ", "two words"),
        ("textarea", {}, "one\r\ntwo\r\n", "one\ntwo"),
        ("number", {}, "7", 7),
        ("number", {}, "1,234.5", 1234.5),
        ("number", {}, " £12 ", 12),
        ("number", {"properties": {"unit": "m"}}, "3.5 m", 3.5),
        ("number", {}, 0, 0),
        ("datetime", {}, {"day": "2", "month": "3", "year": "2026"}, date(2026, 3, 2)),
        (
            "datetime",
            {},
            {"day": "02", "month": "March", "year": "2026"},
            date(2026, 3, 2),
        ),
        ("datetime", {}, "2026-03-02", date(2026, 3, 2)),
        ("datetime", {}, date(2026, 3, 2), date(2026, 3, 2)),
        (
            "datetime",
            {"subtype": "datetime"},
            {"day": "2", "month": "7", "year": "2026", "time": "2.30pm"},
            datetime(2026, 7, 2, 14, 30, tzinfo=LONDON),
        ),
        ("checkbox", {}, "true", True),
        ("checkbox", {}, False, False),
        ("checkbox", {}, None, False),
        ("checklist", {"values": ["a", "b"]}, ["b", "a", "b"], ["b", "a"]),
        ("checklist", {"values": ["a", "b"]}, None, []),
        ("select", {"values": ["a", "b"]}, "b", "b"),
        ("select", {"values": ["a", "b"]}, "", None),
        ("filepicker", {}, "plan.pdf", "plan.pdf"),
        ("textfield", {}, "   ", None),
    ],
)
def test_what_is_typed_becomes_a_fact_of_its_kind(
    kind: str, settings: dict[str, Any], typed: Any, fact: Any
) -> None:
    assert answers(form(component(kind, "answer", **settings)), {"answer": typed}) == {
        "answer": fact
    }


@pytest.mark.parametrize(
    ("kind", "settings", "typed", "words"),
    [
        ("number", {}, "seven", "must be a number"),
        ("number", {}, "nan", "must be a number"),
        ("number", {}, "9" * 40, "must be a number"),
        ("number", {"decimalDigits": 0}, "1.5", "must be a whole number"),
        ("number", {"validate": {"min": 1}}, "0", "must be 1 or more"),
        ("number", {"validate": {"max": 15}}, "16", "must be 15 or less"),
        ("datetime", {}, {"day": "30", "month": "2", "year": "2026"}, "a real date"),
        ("datetime", {}, {"day": "3", "month": "2", "year": "26"}, "4 numbers"),
        ("datetime", {}, {"day": "3", "month": "", "year": "2026"}, "include a month"),
        ("datetime", {}, {"day": "-3", "month": "1", "year": "2026"}, "a real date"),
        ("datetime", {}, "yesterday", "a real date"),
        (
            "datetime",
            {"subtype": "datetime"},
            {"day": "3", "month": "1", "year": "2026", "time": "25:00"},
            "a real time",
        ),
        ("radio", {"values": ["a"]}, "b", "one of the answers offered"),
        ("checklist", {"values": ["a"]}, ["a", "z"], "one of the answers offered"),
        ("textfield", {"validate": {"maxLength": 3}}, "abcd", "3 characters or fewer"),
        ("textfield", {"validate": {"minLength": 3}}, "ab", "3 characters or more"),
        ("textfield", {"validate": {"pattern": "[A-Z]+"}}, "ab", "right format"),
        ("textarea", {}, "bad\x00byte", "cannot be kept"),
        ("dynamiclist", {"components": [component("textfield", "n")]}, "x", "a list"),
    ],
)
def test_a_wrong_answer_gets_a_sentence_that_names_the_question(
    kind: str, settings: dict[str, Any], typed: Any, words: str
) -> None:
    sentence = errors(form(component(kind, "answer", **settings)), {"answer": typed})

    assert words in sentence["answer"]
    assert "The answer?" in sentence["answer"]


@pytest.mark.parametrize(
    "kind", "textfield textarea number datetime checkbox filepicker".split()
)
def test_a_required_question_must_be_answered(kind: str) -> None:
    assert "answer" in errors(form(component(kind, "answer", **REQUIRED)), {})


def test_a_required_message_of_the_form_replaces_the_usual_one() -> None:
    own = {"required_message": "Say where the breach is"}
    asked = form(component("textfield", "place", properties=own, **REQUIRED))

    assert errors(asked, {}) == {"place": "Say where the breach is"}


def test_answers_that_the_form_does_not_ask_for_are_dropped() -> None:
    assert answers(form(component("textfield", "a")), {"a": "x", "role": "admin"}) == {
        "a": "x"
    }


def test_a_hidden_question_is_neither_required_nor_kept() -> None:
    asked = form(
        yes_no("visited"),
        component(
            "textfield", "seen", conditional={"hide": '=visited != "yes"'}, **REQUIRED
        ),
    )

    assert answers(asked, {"visited": "no", "seen": "a wall"})["seen"] is None
    assert errors(asked, {"visited": "yes"}) == {
        "seen": "Enter an answer to “The seen?”"
    }


def test_hiding_a_question_hides_those_that_hang_on_it() -> None:
    asked = form(
        yes_no("a"),
        yes_no("b", conditional={"hide": '=a != "yes"'}),
        component("textfield", "c", conditional={"hide": '=b != "yes"'}, **REQUIRED),
    )

    assert answers(asked, {"a": "no", "b": "yes", "c": "x"}) == {
        "a": "no",
        "b": None,
        "c": None,
    }


def test_an_earlier_fact_of_the_same_name_does_not_reveal_a_question() -> None:
    asked = form(
        yes_no("a"),
        component("textfield", "c", conditional={"hide": '=a != "yes"'}, **REQUIRED),
    )

    assert answers(asked, {"a": "no"}, a="yes")["c"] is None


def test_a_hidden_group_hides_its_questions() -> None:
    group = {
        "id": "more",
        "type": "group",
        "label": "More",
        "conditional": {"hide": "=big = false"},
        "components": [component("textfield", "why", **REQUIRED)],
    }
    asked = form(component("checkbox", "big"), group)

    assert answers(asked, {})["why"] is None
    assert "why" in errors(asked, {"big": "on"})


def test_a_list_answers_rows_and_names_the_row_of_an_error() -> None:
    people = component(
        "dynamiclist",
        "people",
        components=[
            component("textfield", "name", **REQUIRED),
            component("datetime", "served_on"),
        ],
        **REQUIRED,
    )
    asked = form(people)

    assert answers(
        asked,
        {"people": [{"name": "Ada"}, {"name": " "}]},
    ) == {"people": [{"name": "Ada", "served_on": None}]}
    assert errors(
        asked, {"people": [{"name": "Ada"}, {"served_on": "2026-01-02"}]}
    ) == {"people-1-name": "Enter an answer to “The name?”"}
    assert "people" in errors(asked, {"people": []})


def evaluate(expression: str, names: Mapping[str, Any]) -> Any:
    if expression not in names:
        raise EngineError(f"{expression} is not known")
    return names[expression]


def test_a_rule_is_asked_of_facts_and_answers_and_says_its_sentence() -> None:
    rule = {"must": "in_time", "must_message": "Too late (section 173)"}
    asked = form(component("textfield", "a", properties=rule))

    with pytest.raises(InvalidAnswers, match=r"Too late \(section 173\)"):
        forms.validate(asked, {"a": "x"}, {"in_time": False}, evaluate=evaluate)
    forms.validate(asked, {"a": "x"}, {"in_time": True}, evaluate=evaluate)
    forms.validate(asked, {"a": ""}, {"in_time": False}, evaluate=evaluate)


def test_defaults_and_choices_may_come_from_the_case() -> None:
    asked = form(
        component("textfield", "where", properties={"default_from": "address"}),
        component("textfield", "gone", properties={"default_from": "nothing"}),
        component("textfield", "plain", defaultValue="as before"),
        component("radio", "which", properties={"options_from": "notices"}),
        component("radio", "who", valuesKey="people"),
    )
    facts = {"address": "1 High Street", "notices": ["EN1"], "people": [{"value": "a"}]}

    assert forms.initial(asked, facts, evaluate=evaluate) == {
        "where": "1 High Street",
        "plain": "as before",
    }
    offered = forms.options(asked.fields[3], facts, evaluate=evaluate)
    assert [option.value for option in offered] == ["EN1"]
    with pytest.raises(InvalidAnswers, match="offered"):
        forms.validate(asked, {"which": "EN9"}, facts, evaluate=evaluate)
    with pytest.raises(InvalidAnswers, match="offered"):
        forms.validate(asked, {"who": "b"}, facts, evaluate=evaluate)


def test_a_page_is_told_what_is_hidden_groups_and_guidance_too() -> None:
    hide = {"conditional": {"hide": '=a != "yes"'}}
    asked = form(
        yes_no("a"),
        {"id": "more", "type": "group", "label": "More", **hide}
        | {"components": [component("textfield", "b")]},
        {"id": "advice", "type": "text", "text": "Look", **hide},
    )

    assert forms.hidden(asked.components, {"a": "no"}, {}) == {"more", "b", "advice"}
    assert forms.hidden(asked.components, {"a": "yes"}, {}) == set()


def test_every_expression_of_a_form_can_be_listed_for_checking() -> None:
    rule = {"must": "x <= today()", "must_message": "No"}
    inner = component("datetime", "on", properties=rule)
    asked = form(component("dynamiclist", "visits", components=[inner]))

    assert asked.expressions == (("on", "must", "x <= today()"),)


@pytest.mark.parametrize(
    ("broken", "element", "words"),
    [
        (component("iframe", "map"), "map", "cannot be shown"),
        (component("textfield", "a", properties={"colour": "x"}), "a", "colour"),
        (component("textfield", "a", validate={"minimum": 1}), "a", "minimum"),
        (component("textfield", "a", readonly=True), "a", "no effect"),
        (component("textfield", "Not Good"), "Not Good", "key"),
        (component("textfield", "case"), "case", "word"),
        (component("textfield", "deadline"), "deadline", "word"),
        (component("textfield", "a", label=""), "a", "no label"),
        (component("radio", "a"), "a", "nothing to choose"),
        (component("radio", "a", values=["x", "x"]), "a", "same value"),
        (component("datetime", "a", subtype="time"), "a", "subtype"),
        (component("textfield", "a", validate={"pattern": "("}), "a", "pattern"),
        (component("textfield", "a", properties={"must": "b"}), "a", "must_message"),
        (component("textfield", "a", conditional={"hide": "=b =="}), "a", "condition"),
        (component("dynamiclist", "a", components=[]), "a", "asks nothing"),
    ],
)
def test_what_a_page_could_not_show_is_refused_with_its_place(
    broken: dict[str, Any], element: str, words: str
) -> None:
    found = problems(broken)

    assert [name for name, problem in found if words in problem] == [element]


def test_two_questions_may_not_share_a_key() -> None:
    found = problems(component("textfield", "a"), component("textfield", "a"))

    assert found == [("a", "Two questions have this key.")]


def test_something_that_is_no_form_is_refused() -> None:
    with pytest.raises(DefinitionError, match="not a form-js form"):
        Form.parse({"id": "x"}, file="forms/x.json")


@pytest.mark.parametrize("name", ["action", "csrf_token", "reason"])
def test_no_question_takes_a_name_that_its_page_sends_itself(name: str) -> None:
    assert problems(component("textfield", name)) == [
        (name, f"“{name}” is a name that the page needs for itself.")
    ]


@pytest.mark.parametrize("part", ["validate", "properties", "conditional"])
@pytest.mark.parametrize("held", [5, True, "x", [1], [{"a": 1}]])
def test_settings_of_the_wrong_kind_are_named(part: str, held: object) -> None:
    assert problems(component("textfield", "a", **{part: held})) == [
        ("a", f"“{part}” is not a set of settings.")
    ]
