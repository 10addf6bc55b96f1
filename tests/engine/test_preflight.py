"""The pre-flight names every defect for which a notice is turned away or quashed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from engine.law import periods
from engine.law.periods import CouncilPeriods
from engine.preflight import notice_defects

GARDEN = "12 Marsh Lane, Heybridge, Maldon CM9 4QX"
OWNER = {"name": "Rowan Pell", "address": GARDEN, "interest": "owner_occupier"}
LENDER = {
    "name": "Estuary Building Society",
    "address": "1 Quay Street, Colchester",
    "interest": "mortgagee",
}
STEP: dict[str, Any] = {
    "requirement": "Remove the timber outbuilding and its concrete base from the land",
    "purpose": "remove",
    "length": 3,
    "unit": "months",
    "period_words": "3 months after this notice takes effect",
}
SOUND: dict[str, Any] = {
    "address": GARDEN,
    "breaches": [
        {
            "number": 1,
            "nature": "operations",
            "substantially_completed_on": date(2025, 6, 1),
        }
    ],
    "matters_alleged": "Without planning permission, the erection of an outbuilding "
    "in the position shown hatched on the attached plan",
    "limb": "a",
    "land_description": "Land at 12 Marsh Lane, Heybridge, Maldon CM9 4QX, edged red",
    "boundary_on_plan": "yes",
    "steps": [STEP],
    "remedies_whole_breach": "yes",
    "reasons": "The building overbears on its neighbour and is out of character.",
    "policies": "D1 and H4 of the Maldon District Local Development Plan",
    "note_contents": ["sections", "appeal_rights", "fee", "persons_served"],
    "ground_a_fee": 516,
    "recipients": [OWNER, LENDER],
    "interests": [OWNER, LENDER],
    "issued_on": date(2026, 3, 2),
    "serve_by": date(2026, 3, 2),
    "effective_on": date(2026, 3, 31),
}


@pytest.fixture(scope="module")
def maldon() -> CouncilPeriods:
    return periods.load().for_council("maldon")


def found(
    council: CouncilPeriods, severity: str = "stop", **changes: Any
) -> list[Mapping[str, str]]:
    return [
        finding
        for finding in notice_defects({**SOUND, **changes}, council)
        if finding["severity"] == severity
    ]


def rules(council: CouncilPeriods, severity: str = "stop", **changes: Any) -> set[str]:
    return {finding["rule"] for finding in found(council, severity, **changes)}


def step_rules(council: CouncilPeriods, **changes: Any) -> set[str]:
    return rules(council, steps=[{**STEP, **changes}])


def test_a_sound_notice_has_neither_defects_nor_warnings(
    maldon: CouncilPeriods,
) -> None:
    assert notice_defects(SOUND, maldon) == []


def test_an_empty_draft_is_told_everything_that_is_missing(
    maldon: CouncilPeriods,
) -> None:
    assert {finding["rule"] for finding in notice_defects({}, maldon)} == {
        "boundary_not_specified",
        "allegation_missing",
        "limb_missing",
        "steps_missing",
        "reasons_missing",
        "policies_missing",
        "explanatory_note_incomplete",
        "served_list_incomplete",
        "effective_date_missing",
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"boundary_on_plan": "no"},
        {"land_description": ""},
        {"land_description": "Land at or near 12 Marsh Lane"},
    ],
)
def test_land_without_precise_boundaries_is_a_defect(
    maldon: CouncilPeriods, changes: dict[str, Any]
) -> None:
    assert rules(maldon, **changes) == {"boundary_not_specified"}


@pytest.mark.parametrize(
    "changes",
    [
        {"requirement": "Cease the use of the land immediately"},
        {"requirement": "Stop the works forthwith"},
        {"period_words": "with immediate effect", "length": None, "unit": None},
    ],
)
def test_stop_immediately_is_a_defect(
    maldon: CouncilPeriods, changes: dict[str, Any]
) -> None:
    assert step_rules(maldon, **changes) == {"stop_immediately"}


@pytest.mark.parametrize(
    "changes",
    [
        {"matters_alleged": "Without planning permission, the the erection of a shed"},
        {"matters_alleged": "Without planning permission, [describe] at the rear"},
        {"reasons": "TBC"},
        {"policies": "Policies XX and D1"},
        {"land_description": "Land at 12 Marsh Lane, Maldon CM9 5AA, edged red"},
    ],
)
def test_a_mistake_in_the_wording_is_a_defect(
    maldon: CouncilPeriods, changes: dict[str, Any]
) -> None:
    assert rules(maldon, **changes) == {"wording_mistake"}


def test_an_ordinary_doubled_word_is_left_alone(maldon: CouncilPeriods) -> None:
    assert (
        rules(maldon, reasons="It is plain that that harm had had no remedy.") == set()
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"length": 0},
        {"length": None, "unit": None, "period_words": "by 31 March 2026"},
    ],
)
def test_no_time_between_effect_and_the_end_of_compliance_is_a_defect(
    maldon: CouncilPeriods, changes: dict[str, Any]
) -> None:
    assert step_rules(maldon, **changes) == {"no_time_to_comply"}


def test_a_period_that_is_only_described_is_a_defect(maldon: CouncilPeriods) -> None:
    words = "once another home has been found"
    assert step_rules(maldon, length=None, unit=None, period_words=words) == {
        "period_only_described"
    }


def test_a_missing_period_is_a_defect_and_a_nullity(maldon: CouncilPeriods) -> None:
    steps = [{**STEP, "length": None, "unit": None, "period_words": ""}]
    (defect,) = found(maldon, steps=steps)
    assert defect["rule"] == "period_missing"
    assert "nullity" in defect["message"]


@pytest.mark.parametrize(
    "changes",
    [
        {"period_words": "about 3 months after this notice takes effect"},
        {"period_words": "6 months after this notice takes effect"},
        {"period_words": "three to six months", "unit": None},
        {"requirement": "Within 28 days remove the building"},
        {"length": None, "unit": None, "period_words": "by 30 September 2026"},
        {"length": 3, "unit": None},
    ],
)
def test_an_unclear_period_is_a_defect(
    maldon: CouncilPeriods, changes: dict[str, Any]
) -> None:
    assert step_rules(maldon, **changes) == {"period_unclear"}


def test_a_number_in_words_agrees_with_the_figure(maldon: CouncilPeriods) -> None:
    assert (
        step_rules(maldon, period_words="Three months after it takes effect") == set()
    )


def test_each_defective_step_is_named_by_its_number(maldon: CouncilPeriods) -> None:
    (defect,) = found(maldon, steps=[STEP, {**STEP, "length": 0}])
    assert defect["message"].startswith("Step 2 ")


def test_citing_the_wrong_limb_is_a_defect(maldon: CouncilPeriods) -> None:
    condition = [{"nature": "condition", "began_on": date(2025, 6, 1)}]
    assert rules(maldon, limb="b") == {"limb_mismatch"}
    assert rules(maldon, breaches=condition) == {"limb_mismatch"}
    assert (
        rules(
            maldon,
            limb="b",
            breaches=condition,
            matters_alleged="Failure to comply with condition 4 of permission 21/00412",
        )
        == set()
    )


@pytest.mark.parametrize("item", ["sections", "appeal_rights", "persons_served"])
def test_each_part_of_the_explanatory_note_is_asked_for(
    maldon: CouncilPeriods, item: str
) -> None:
    contents = [each for each in SOUND["note_contents"] if each != item]
    assert rules(maldon, note_contents=contents) == {"explanatory_note_incomplete"}


def test_the_fee_for_ground_a_must_be_an_amount(maldon: CouncilPeriods) -> None:
    assert rules(maldon, ground_a_fee=None) == {"fee_missing"}


@pytest.mark.parametrize(
    ("recipients", "named"),
    [
        ([LENDER], "owner"),
        ([{**OWNER, "interest": "owner"}, LENDER], "occupier"),
        ([{**OWNER, "address": ""}, LENDER], "Rowan Pell"),
        ([{**OWNER, "name": ""}, LENDER], "Somebody"),
        ([OWNER], "Estuary Building Society"),
    ],
)
def test_an_incomplete_service_list_is_a_defect(
    maldon: CouncilPeriods, recipients: list[dict[str, str]], named: str
) -> None:
    defects = found(maldon, recipients=recipients)
    assert {defect["rule"] for defect in defects} == {"served_list_incomplete"}
    assert any(named in defect["message"] for defect in defects)


def test_28_clear_days_before_effect_are_counted_from_the_last_service(
    maldon: CouncilPeriods,
) -> None:
    assert rules(maldon, effective_on=date(2026, 3, 31)) == set()
    (defect,) = found(maldon, effective_on=date(2026, 3, 30))
    assert defect["rule"] == "effect_too_early"
    assert "s172(3)(b)" in defect["message"]
    assert "31 March 2026" in defect["remedy"]


def test_service_may_be_28_days_after_issue_and_no_later(
    maldon: CouncilPeriods,
) -> None:
    effect = date(2026, 6, 1)
    assert rules(maldon, serve_by=date(2026, 3, 30), effective_on=effect) == set()
    assert rules(maldon, serve_by=date(2026, 3, 31), effective_on=effect) == {
        "service_too_late"
    }
    assert rules(maldon, serve_by=date(2026, 3, 1)) == {"service_too_late"}


def test_immunity_is_judged_on_the_day_of_issue(maldon: CouncilPeriods) -> None:
    legacy = [{"nature": "operations", "substantially_completed_on": date(2022, 3, 3)}]
    assert rules(maldon, breaches=legacy) == set()
    assert rules(maldon, "warn", breaches=legacy) == {"immune_soon"}
    assert rules(maldon, breaches=legacy, issued_on=date(2026, 3, 3)) == {
        "immune_on_issue",
        "service_too_late",
    }


def test_a_notice_that_fell_gives_four_more_years(maldon: CouncilPeriods) -> None:
    legacy = [{"nature": "operations", "substantially_completed_on": date(2021, 5, 1)}]
    assert rules(maldon, breaches=legacy) == {"immune_on_issue"}
    fell = date(2025, 3, 3)
    assert rules(maldon, breaches=legacy, earlier_action_on=fell) == set()


def test_an_unknown_time_limit_is_a_warning(maldon: CouncilPeriods) -> None:
    assert rules(maldon, "warn", breaches=[{"nature": "operations"}]) == {
        "time_limit_unknown"
    }
    assert rules(maldon, "warn", breaches=[]) == {"time_limit_unknown"}


def test_an_occupancy_condition_is_a_question_for_legal(
    maldon: CouncilPeriods,
) -> None:
    breaches = [{"nature": "occupancy_condition", "began_on": date(2023, 1, 10)}]
    warned = rules(
        maldon,
        "warn",
        breaches=breaches,
        limb="b",
        matters_alleged="Failure to comply with condition 2 (agricultural occupancy)",
    )
    assert warned == {"time_limit_disputed"}


def test_under_enforcement_is_warned_of(maldon: CouncilPeriods) -> None:
    (warning,) = found(maldon, "warn", remedies_whole_breach="no")
    assert warning["rule"] == "under_enforcement"
    assert "s173(11)" in warning["message"]
    use = [{"nature": "change_of_use", "began_on": date(2024, 6, 1)}]
    assert rules(maldon, "warn", breaches=use) == {"under_enforcement"}
    works = [{**STEP, "purpose": "cease"}]
    assert rules(maldon, "warn", steps=works) == {"under_enforcement"}


def test_defects_come_before_warnings_and_each_says_what_to_do(
    maldon: CouncilPeriods,
) -> None:
    findings = notice_defects(
        {**SOUND, "remedies_whole_breach": "no", "policies": ""}, maldon
    )
    assert [finding["severity"] for finding in findings] == ["stop", "warn"]
    assert all(finding["remedy"] for finding in findings)
