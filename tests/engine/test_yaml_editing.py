"""One value of a YAML file changes, and every other character stays."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import PROCESSES
from engine.errors import DefinitionError
from engine.law.yaml_editing import YamlText

COUNCIL = YamlText((PROCESSES / "councils/maldon/council.yaml").read_text())
PERIODS = YamlText((PROCESSES / "periods.yaml").read_text())


def changed_lines(before: YamlText, after: YamlText) -> list[tuple[str, str]]:
    """The lines that differ, where no line was added or taken out."""
    old, new = before.text.split("\n"), after.text.split("\n")
    assert len(old) == len(new)
    return [pair for pair in zip(old, new, strict=True) if pair[0] != pair[1]]


def at(text: YamlText, path: Sequence[str | int]) -> Any:
    found = yaml.safe_load(text.text)
    for step in path:
        found = found[step]
    return found


@pytest.mark.parametrize(
    ("path", "value", "line"),
    [
        (
            ("targets", "visit_priority_1", "length"),
            3,
            "  visit_priority_1: {length: 3, unit: working_days}",
        ),
        (("settings", "harm_threshold"), 6, "  harm_threshold: 6            # 6.2"),
        (
            ("settings", "nppf_paragraph"),
            "61",
            '  nppf_paragraph: "61"         # 1.2 cites 207 of the edition of 2012; '
            "later editions renumber",
        ),
        (
            ("standing_orders", "direct_action"),
            "authorising_officer",
            "  direct_action: authorising_officer",
        ),
        (("title",), "Maldon: the council", 'title: "Maldon: the council"'),
    ],
)
def test_only_the_line_of_the_value_changes(
    path: tuple[str, ...], value: Any, line: str
) -> None:
    after = COUNCIL.put(path, value)

    assert [new for _, new in changed_lines(COUNCIL, after)] == [line]
    assert at(after, path) == value


def test_a_new_name_is_added_below_the_last_one_of_its_section() -> None:
    after = COUNCIL.put(("targets", "formal_action"), {"length": 1, "unit": "months"})

    added = "  formal_action: {length: 1, unit: months}\n"
    assert added in after.text
    assert after.text.replace(added, "") == COUNCIL.text


def test_an_entry_is_taken_out_with_its_line_only() -> None:
    after = COUNCIL.take_out(("targets", "visit_priority_2"))

    line = "  visit_priority_2: {length: 15, unit: working_days}\n"
    assert after.text == COUNCIL.text.replace(line, "")
    assert after.take_out(("targets", "visit_priority_2")) == after
    assert after.take_out(("nothing", "here")) == after


def test_an_entry_between_brackets_is_taken_out_of_them() -> None:
    after = COUNCIL.take_out(("targets", "visit_priority_2", "unit"))

    assert "  visit_priority_2: {length: 15}\n" in after.text


def test_a_list_between_brackets_becomes_lines_and_back() -> None:
    path = ("statutory", "pcn_response", "versions")
    rows = [
        {"from": date(2027, 4, 1), "length": 28, "note": "Now 28, as they say."},
        {"until": date(2027, 3, 31), "length": 21, "note": "Once: 21."},
    ]

    after = PERIODS.put(path, rows)

    assert at(after, path) == rows
    assert "\n        note: Now 28, as they say.\n" in after.text
    assert '\n        note: "Once: 21."\n' in after.text
    again = after.put(path, [{"length": 21, "unit": "calendar_days"}])
    assert again == PERIODS


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("title: x\n", "title: x\ntargets:\n  a: {length: 1, unit: months}\n"),
        ("title: x", "title: x\ntargets:\n  a: {length: 1, unit: months}"),
        (
            "targets:\nsettings: {}\n",
            "targets:\n  a: {length: 1, unit: months}\nsettings: {}\n",
        ),
        ("targets: {}\n", "targets:\n  a: {length: 1, unit: months}\n"),
        (
            "targets:\r\n  b: {length: 2}\r\n# end\r\n",
            "targets:\r\n  b: {length: 2}\r\n  a: {length: 1, unit: months}\r\n"
            "# end\r\n",
        ),
    ],
)
def test_a_section_is_made_where_it_is_missing_or_empty(
    text: str, expected: str
) -> None:
    after = YamlText(text).put(("targets", "a"), {"length": 1, "unit": "months"})

    assert after.text == expected


PLAIN = st.text(
    st.characters(min_codepoint=32, exclude_categories=("Cs", "Cc")), max_size=30
)


@settings(max_examples=40)
@given(value=PLAIN | st.integers(-5, 5000) | st.booleans() | st.none() | st.dates())
def test_any_value_is_read_back_as_it_was_put(value: Any) -> None:
    for path in (("settings", "harm_matrix"), ("settings", "new"), ("title",)):
        after = COUNCIL.put(path, value)
        assert at(after, path) == value
        before = yaml.safe_load(COUNCIL.text)
        found = yaml.safe_load(after.text)
        for name in before:
            if name != path[0]:
                assert found[name] == before[name]


def test_a_file_that_cannot_be_read_is_refused_with_its_line() -> None:
    with pytest.raises(DefinitionError, match="line 2"):
        YamlText.of(b"a: 1\n  b: [", "council.yaml")


def test_a_value_borrowed_from_another_place_is_not_changed_behind_ones_back() -> None:
    with pytest.raises(DefinitionError, match="line 2.*borrows its value"):
        YamlText.of(b"a: &x {length: 1}\nb: *x\n", "council.yaml")
