"""Managers change periods and settings; the files keep their comments and order."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from engine import FORMS, PROCESSES, library
from engine.checks import safeguards
from engine.errors import DefinitionError, InvalidAnswers
from engine.law import period_writing, periods
from engine.law.period_writing import NewLaw, NewStandard

FILES = {
    name: content
    for name, content in library.read(PROCESSES, FORMS).items()
    if name.endswith(".yaml") and not name.startswith("scenarios/")
}
LAW = periods.parse(FILES)
MALDON = "councils/maldon/council.yaml"
NEW_LAW = NewLaw(
    from_on=date(2027, 4, 1),
    length=28,
    unit="calendar_days",
    note="",
    section="TCPA 1990 s171D(1)",
    instrument="SI 2027/123 regulation 4",
    link="legislation.gov.uk/uksi/2027/123",
    entered_by="Mara Field",
    entered_on=date(2026, 3, 2),
)
STANDARD = NewStandard(
    key="second_visit",
    title="Second visit",
    group="Investigation",
    trigger="the day of the first visit",
    rule="within_after",
    date_is="last_day",
    length=10,
    unit="working_days",
    on_expiry="",
    policy="Enforcement Policy 2027, paragraph 4.2",
    link="",
)


def differences(changed: Mapping[str, bytes]) -> list[str]:
    """The lines taken out (-) and put in (+)."""
    found: list[str] = []
    for name, content in changed.items():
        old = FILES.get(name, b"").decode().split("\n")
        lines = difflib.ndiff(old, content.decode().split("\n"))
        found += [line for line in lines if line[0] in "+-"]
    return found


def read(changed: Mapping[str, bytes]) -> periods.Periods:
    return periods.parse({**FILES, **changed})


def test_another_target_changes_its_line_and_no_other() -> None:
    changed = period_writing.set_target(
        FILES,
        "maldon",
        LAW.periods["visit_priority_1"],
        length=3,
        unit="working_days",
        note="",
    )

    assert differences(changed) == [
        "-   visit_priority_1: {length: 2, unit: working_days}",
        "+   visit_priority_1: {length: 3, unit: working_days}",
    ]
    counted = read(changed).for_council("maldon")
    assert counted.deadline("visit_priority_1", date(2026, 3, 2)) == date(2026, 3, 5)
    elsewhere = read(changed).for_council("east_herts")
    assert elsewhere.deadline("visit_priority_1", date(2026, 3, 2)) == date(2026, 3, 4)


def test_a_first_target_of_a_council_is_added_and_given_up_again() -> None:
    period = LAW.periods["formal_action"]
    changed = period_writing.set_target(
        FILES, "maldon", period, length=6, unit="weeks", note="Cabinet, May 2026"
    )

    assert differences(changed) == [
        '+   formal_action: {length: 6, unit: weeks, note: "Cabinet, May 2026"}'
    ]
    back = period_writing.use_common_target(
        {**FILES, **changed}, "maldon", "formal_action"
    )
    assert back == {MALDON: FILES[MALDON]}


def test_a_council_without_a_file_gets_one() -> None:
    changed = period_writing.set_target(
        FILES,
        "newtown",
        LAW.periods["visit_priority_1"],
        length=1,
        unit="working_days",
        note="",
    )

    council = read(changed).councils["newtown"]
    assert council.targets["visit_priority_1"].length == 1


def test_a_council_cannot_set_what_the_law_sets() -> None:
    with pytest.raises(InvalidAnswers, match="The law sets this period"):
        period_writing.set_target(
            FILES,
            "maldon",
            LAW.periods["pcn_response"],
            length=3,
            unit="weeks",
            note="",
        )


def test_the_law_changes_from_a_day_on_and_stays_for_the_days_before() -> None:
    changed = period_writing.change_law(FILES, LAW.periods["pcn_response"], NEW_LAW)

    law = read(changed).for_council("maldon")
    before, after = date(2027, 3, 31), date(2027, 4, 1)
    assert law.deadline("pcn_response", before) == date(2027, 4, 20)
    assert law.deadline("pcn_response", after) == date(2027, 4, 28)
    period = law.period("pcn_response")
    assert period.section == "TCPA 1990 s171D(1)"
    assert not period.confirmed
    source = law.sources[period.source[0]]
    assert (source.what, source.where) == (NEW_LAW.instrument, NEW_LAW.link)
    assert "Mara Field" in source.seen
    assert "SI 2027/123" in law.explain("pcn_response", after).lines[1]


def test_nothing_but_the_period_and_its_source_is_touched() -> None:
    changed = period_writing.change_law(FILES, LAW.periods["pcn_response"], NEW_LAW)

    found = differences(changed)
    assert [line for line in found if line[0] == "-"] == [
        "-     section: TCPA 1990 ss171C and 171D(1)",
        "-     source: [s171c_text, russnak_johnston]",
        "-     versions: [{length: 21, unit: calendar_days}]",
    ]
    assert len([line for line in found if line[0] == "+"]) == 16


def test_older_versions_stay_as_they_are_written() -> None:
    period = LAW.periods["tsn_duration"]
    changed = period_writing.change_law(FILES, period, replace(NEW_LAW, length=60))

    versions = read(changed).periods["tsn_duration"].versions
    assert [(v.from_on, v.until_on, v.length) for v in versions] == [
        (date(2027, 4, 1), None, 60),
        (date(2024, 4, 25), date(2027, 3, 31), 56),
        (None, date(2024, 4, 24), 28),
    ]
    assert [v.note for v in versions[1:]] == [v.note for v in period.versions]
    assert read(changed).periods["tsn_duration"].confidence == "partly_verified"


def test_the_gate_sees_that_the_law_was_changed() -> None:
    changed = period_writing.change_law(FILES, LAW.periods["pcn_response"], NEW_LAW)

    assert safeguards.changed_law(FILES, {**FILES, **changed})
    target = period_writing.set_target(
        FILES,
        "maldon",
        LAW.periods["visit_priority_1"],
        length=3,
        unit="working_days",
        note="",
    )
    assert not safeguards.changed_law(FILES, {**FILES, **target})


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"section": " "}, "section"),
        ({"instrument": ""}, "instrument"),
        ({"link": ""}, "link"),
        ({"from_on": None}, "from_on"),
        ({"length": None}, "length"),
        ({"length": 100_000}, "length"),
        ({"unit": "fortnights"}, "unit"),
    ],
)
def test_the_law_needs_its_day_its_length_and_its_source(
    given: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidAnswers) as refused:
        period_writing.change_law(
            FILES, LAW.periods["pcn_response"], replace(NEW_LAW, **given)
        )

    assert list(refused.value.errors) == [field]


def test_a_new_version_begins_after_the_last_one() -> None:
    with pytest.raises(InvalidAnswers, match="after Thursday 25 April 2024"):
        period_writing.change_law(
            FILES,
            LAW.periods["tsn_duration"],
            replace(NEW_LAW, from_on=date(2024, 4, 25)),
        )


@pytest.mark.parametrize("key", ["en_compliance_period", "sn_cease", "sn_window"])
def test_a_period_without_a_length_says_why_it_has_none(key: str) -> None:
    with pytest.raises(InvalidAnswers, match="no length of its own"):
        period_writing.change_law(FILES, LAW.periods[key], NEW_LAW)


def test_a_new_service_standard_counts_at_once() -> None:
    changed = period_writing.add_standard(FILES, LAW, STANDARD)

    law = read(changed).for_council("maldon")
    assert law.deadline("second_visit", date(2026, 3, 2)) == date(2026, 3, 16)
    assert not law.period("second_visit").statutory
    assert FILES["periods.yaml"].decode().rstrip("\n") in (
        changed["periods.yaml"].decode().replace(added_source(changed), "")
    )


def added_source(changed: Mapping[str, bytes]) -> str:
    text = changed["periods.yaml"].decode()
    start = text.index("  enforcement_policy_2027")
    return text[start : text.index("    seen: In full.\n", start) + 19]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"key": "Second visit"}, "key"),
        ({"key": "pcn_response"}, "key"),
        ({"title": ""}, "title"),
        ({"trigger": ""}, "trigger"),
        ({"policy": ""}, "policy"),
        ({"rule": "as_specified"}, "rule"),
        ({"length": None}, "length"),
    ],
)
def test_a_new_service_standard_says_what_it_is(
    given: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidAnswers) as refused:
        period_writing.add_standard(FILES, LAW, replace(STANDARD, **given))

    assert list(refused.value.errors) == [field]


def test_standing_orders_and_settings_keep_their_comments() -> None:
    changed = period_writing.set_order(FILES, "maldon", "withdrawal", "committee")
    changed = period_writing.set_setting(
        {**FILES, **changed}, "maldon", "harm_threshold", 6
    )

    assert differences(changed) == [
        "+   withdrawal: committee",
        "-   harm_threshold: 5            # 6.2",
        "+   harm_threshold: 6            # 6.2",
    ]
    with pytest.raises(InvalidAnswers):
        period_writing.set_order(FILES, "maldon", "withdrawal", "anybody")


def test_a_file_that_cannot_be_read_is_named() -> None:
    with pytest.raises(DefinitionError, match="periods.yaml"):
        period_writing.add_standard({"periods.yaml": b"a: ["}, LAW, STANDARD)
