"""Which statutory safeguards a change takes away, said in words."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

import engine
from engine import checks, library
from engine.checks import reading, safeguards
from engine.checks.safeguards import SafeguardLost

SHIPPED = library.read(engine.PROCESSES, engine.FORMS)
MARK = b'<spiffworkflow:property name="safeguard"'


def changed(name: str, *edits: tuple[str, str]) -> dict[str, bytes]:
    """The shipped files with one of them edited."""
    text = SHIPPED[name].decode()
    for old, new in edits:
        assert old in text, old
        text = text.replace(old, new, 1)
    return {**SHIPPED, name: text.encode()}


def lost(after: Mapping[str, bytes]) -> dict[str, SafeguardLost]:
    return {gone.element: gone for gone in safeguards.lost(SHIPPED, after)}


def only(after: Mapping[str, bytes]) -> SafeguardLost:
    [gone] = safeguards.lost(SHIPPED, after)
    return gone


def test_every_statutory_period_and_the_pre_flight_are_marked() -> None:
    marks = {
        element.id: element.safeguard
        for name, content in SHIPPED.items()
        if name.endswith(".bpmn")
        for element in reading.look(name, content).diagram.elements.values()
        if element.safeguard
    }

    assert len(marks) >= 28
    assert "run_pre_flight" in marks
    assert "check_on_the_day" in marks
    assert marks["reply_time_passed"].startswith("21 days to answer")
    for mark in marks.values():
        what, section = safeguards.in_words(mark)
        assert what
        assert section, mark


def test_nothing_is_lost_where_nothing_changes() -> None:
    assert safeguards.lost(SHIPPED, SHIPPED) == ()


def test_labels_and_new_steps_lose_nothing() -> None:
    renamed = changed(
        "copy_service.bpmn",
        ('name="28 days from issue passed"', 'name="Four weeks passed"'),
    )

    assert lost(renamed) == {}


def test_a_mark_taken_off_is_lost() -> None:
    gone = only(
        {
            **SHIPPED,
            "copy_service.bpmn": SHIPPED["copy_service.bpmn"].replace(
                MARK, b'<spiffworkflow:property name="note"', 1
            ),
        }
    )

    assert gone.file == "copy_service.bpmn"
    assert gone.element == "last_day_for_service_passed"
    assert gone.what == "28 days from issue to serve the notice"
    assert gone.section == "TCPA 1990 s172(3)(a)"
    assert gone.how == "Its mark as a safeguard was removed."


def test_another_period_in_its_place_is_lost() -> None:
    gone = only(
        changed(
            "copy_service.bpmn",
            (
                '>deadline("en_service_after_issue", issued_on)<',
                '>deadline("legal_check", issued_on)<',
            ),
        )
    )

    assert '“deadline("en_service_after_issue", issued_on)”' in gone.how
    assert '“deadline("legal_check", issued_on)”' in gone.how


def test_another_first_day_is_lost_and_other_spaces_are_not() -> None:
    timer = '>deadline("en_service_after_issue", issued_on)<'

    assert only(
        changed("copy_service.bpmn", (timer, timer.replace("issued_on", "served_on")))
    ).how.startswith("Its date was")
    assert not lost(
        changed("copy_service.bpmn", (timer, timer.replace(", issued", ",   issued")))
    )


def test_a_timer_moved_to_another_task_is_lost() -> None:
    moved = changed(
        "copy_service.bpmn",
        (
            'name="28 days from issue passed" attachedToRef="serve_copy"',
            'name="28 days from issue passed" attachedToRef="decide_on_late_copy"',
        ),
    )

    assert "now stands on that of" in lost(moved)["last_day_for_service_passed"].how


def test_a_timer_that_no_longer_ends_its_task_is_lost() -> None:
    was = 'attachedToRef="check_step_early" cancelActivity="false"'
    text = SHIPPED["step_compliance.bpmn"].decode()
    if was in text:
        after = changed(
            "step_compliance.bpmn", (was, 'attachedToRef="check_step_early"')
        )
    else:
        after = changed(
            "step_compliance.bpmn",
            (
                'attachedToRef="check_step_early"',
                'attachedToRef="check_step_early" cancelActivity="false"',
            ),
        )

    assert lost(after)["step_period_ended"].how.startswith("It ")


def test_an_element_or_a_diagram_taken_out_is_lost() -> None:
    gone = lost(
        changed("notice_drafting.bpmn", ('id="run_pre_flight"', 'id="run_nothing"'))
    )
    assert gone["run_pre_flight"].how == "It is no longer in the diagram."

    without = {n: c for n, c in SHIPPED.items() if n != "works_in_default.bpmn"}
    gone = lost(without)
    assert {"notice_time_passed", "three_days_passed"} <= set(gone)
    assert "taken out" in gone["three_days_passed"].how


def test_a_way_round_the_pre_flight_is_lost() -> None:
    gone = lost(
        changed(
            "notice_drafting.bpmn",
            (
                'targetRef="run_pre_flight"',
                'targetRef="check_notice_legally"',
            ),
        )
    )

    assert gone["run_pre_flight"].how
    assert gone["has_draft_a_defect"].how


def test_a_script_or_condition_of_the_pre_flight_that_is_changed_is_lost() -> None:
    gone = lost(
        changed(
            "notice_drafting.bpmn",
            ("notice_findings = notice_defects(notice_draft)", "notice_findings = []"),
        )
    )
    assert gone["run_pre_flight"].how == "Its script was changed."

    gone = lost(
        changed(
            "notice_drafting.bpmn",
            ("count(notice_stops) &gt; 0<", "count(notice_stops) &gt; 3<"),
        )
    )
    assert "no longer asks" in gone["has_draft_a_defect"].how


def test_a_process_that_nobody_calls_any_more_loses_its_safeguards() -> None:
    gone = lost(
        changed(
            "enforcement_notice.bpmn",
            ('calledElement="notice_drafting"', 'calledElement="notice_service"'),
        )
    )

    assert "Nothing starts or calls" in gone["run_pre_flight"].how


def test_a_call_that_can_be_passed_by_loses_the_pre_flight() -> None:
    text = SHIPPED["enforcement_notice.bpmn"].decode()
    flows = [
        line for line in text.splitlines() if 'targetRef="notice_drafting"' in line
    ]
    [first, *_] = flows
    source = first.split('sourceRef="')[1].split('"')[0]
    around = (
        f'<bpmn:sequenceFlow id="round_the_draft" sourceRef="{source}" '
        f'targetRef="notice_issue" />\n{first}'
    )

    gone = lost(changed("enforcement_notice.bpmn", (first, around)))

    assert "can now be reached without it" in gone["run_pre_flight"].how


def test_a_rule_of_a_form_that_keeps_the_law_is_a_safeguard() -> None:
    gone = only(
        changed(
            "forms/draft_reasons.json",
            (
                "serve_by >= planned_issue_on and serve_by <= deadline",
                "serve_by <= deadline",
            ),
        )
    )

    assert gone.file == "forms/draft_reasons.json"
    assert gone.section == "TCPA 1990 s172(3)(a)"
    assert "28 days" in gone.what


def test_a_form_that_no_task_shows_any_more_loses_its_rules() -> None:
    gone = lost(
        changed(
            "notice_drafting.bpmn",
            (
                'name="form" value="draft_reasons"',
                'name="form" value="draft_allegation"',
            ),
        )
    )

    assert gone["serve_by"].how == "No task shows this form any more."


def test_a_row_of_a_table_that_names_a_statutory_period_is_a_safeguard() -> None:
    gone = only(changed("time_limit.dmn", ('"pros_bcn"', '"pros_summary_general"')))

    assert gone.file == "time_limit.dmn"
    assert "“pros_bcn”" in gone.how


def test_the_check_asks_for_the_mark_where_the_law_counts() -> None:
    unmarked = SHIPPED["copy_service.bpmn"].decode()
    at = unmarked.index('<spiffworkflow:property name="safeguard"')
    unmarked = unmarked[:at] + unmarked[unmarked.index("/>", at) + 2 :]

    found = [
        problem
        for problem in checks.check({**SHIPPED, "copy_service.bpmn": unmarked.encode()})
        if problem.file == "copy_service.bpmn"
    ]

    assert [problem.element for problem in found] == ["last_day_for_service_passed"]
    assert "counts the statutory period" in found[0].problem
    assert "safeguard" in found[0].remedy


def test_a_mark_must_say_where_the_law_is_found() -> None:
    vague = changed("copy_service.bpmn", (" (TCPA 1990 s172(3)(a))", ""))

    [problem] = checks.check(vague)

    assert problem.element == "last_day_for_service_passed"
    assert "where the law" in problem.problem


# The periods themselves


def test_a_changed_statutory_period_is_told_in_words() -> None:
    text = SHIPPED["periods.yaml"].decode()
    at = text.index("  pcn_response:")
    new = text[:at] + text[at:].replace("length: 21", "length: 28", 1)

    [change] = safeguards.changed_law(
        SHIPPED, {**SHIPPED, "periods.yaml": new.encode()}
    )

    assert change.key == "pcn_response"
    assert change.old.startswith("21 days, set by law (TCPA 1990 ss171C")
    assert change.new.startswith("28 days, set by law")


@pytest.mark.parametrize("other", ["council", "comment"])
def test_service_standards_and_comments_are_no_law(other: str) -> None:
    text = SHIPPED["periods.yaml"].decode()
    if other == "comment":
        new = f"# A comment.\n{text}"
    else:
        at = text.index("service_standards:")
        new = text[:at] + text[at:].replace("length: ", "length: 1", 1)

    after = {**SHIPPED, "periods.yaml": new.encode()}

    assert new != text
    assert safeguards.changed_law(SHIPPED, after) == ()


def test_a_removed_statutory_period_and_a_new_one_are_told() -> None:
    text = SHIPPED["periods.yaml"].decode()
    renamed = text.replace("  wid_removed_materials:", "  wid_materials:", 1)

    found = safeguards.changed_law(
        SHIPPED, {**SHIPPED, "periods.yaml": renamed.encode()}
    )

    assert {(change.key, bool(change.old), bool(change.new)) for change in found} == {
        ("wid_removed_materials", True, False),
        ("wid_materials", False, True),
    }


def test_a_solicitors_confirmation_is_a_change_too() -> None:
    text = SHIPPED["periods.yaml"].decode()
    at = text.index("  pcn_response:")
    new = text[:at] + text[at:].replace(
        "    rule:", "    confirmed_by: A solicitor, 1 April 2026\n    rule:", 1
    )

    [change] = safeguards.changed_law(
        SHIPPED, {**SHIPPED, "periods.yaml": new.encode()}
    )

    assert "Confirmed by A solicitor, 1 April 2026." in change.new


def test_periods_that_cannot_be_read_change_nothing() -> None:
    assert safeguards.changed_law(SHIPPED, {**SHIPPED, "periods.yaml": b"["}) == ()
