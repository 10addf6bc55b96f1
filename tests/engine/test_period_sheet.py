"""The list of periods: what each is, where it comes from, and who uses it."""

from __future__ import annotations

from datetime import date

from engine import FORMS, PROCESSES, library
from engine.law import periods
from engine.studio import period_sheet, used_by

FILES = library.read(PROCESSES, FORMS)
SHEET = period_sheet.sheet(FILES, periods.parse(FILES), "maldon", date(2026, 3, 2))


def test_every_period_is_listed_with_its_source() -> None:
    assert len(SHEET.rows) == len(periods.parse(FILES).periods)
    assert all(row.sources and row.section and row.length for row in SHEET.rows)


def test_a_period_says_what_it_was_and_is() -> None:
    row = SHEET.row("tsn_duration")

    assert row is not None
    assert row.length == "56 days"
    assert [(s.from_on, s.until_on, s.length) for s in row.spans] == [
        (date(2024, 4, 25), None, "56 days"),
        (None, date(2024, 4, 24), "28 days"),
    ]


def test_a_councils_own_target_stands_before_the_common_one() -> None:
    files = {
        **FILES,
        "councils/maldon/council.yaml": FILES["councils/maldon/council.yaml"].replace(
            b"{length: 15,", b"{length: 12,"
        ),
    }
    sheet = period_sheet.sheet(files, periods.parse(files), "maldon", date(2026, 3, 2))
    row = sheet.row("visit_priority_2")

    assert row is not None
    assert (row.length, row.common) == ("12 working days", "15 working days")


def test_it_is_named_who_uses_a_period() -> None:
    row, table = SHEET.row("visit_priority_1"), SHEET.row("pros_bcn")

    assert row is not None and table is not None
    assert ("enforcement.bpmn", "visit_overdue") in [
        (use.file, use.element) for use in row.uses
    ]
    assert [use.element for use in table.uses] == ["limit_bcn_not_complied"]


def test_a_flow_is_named_by_the_question_before_it() -> None:
    names = [use.name for row in SHEET.rows for use in row.uses]

    assert not {"Yes", "No"}.intersection(names)


def test_forms_and_tables_know_the_steps_that_ask_them() -> None:
    tasks = used_by.form(FILES, "record_site_visit")
    [step] = used_by.decision(FILES, "priority")

    assert [task.file for task in tasks] == ["enforcement.bpmn"]
    assert "policy 4.9" in tasks[0].guidance
    assert (step.file, step.element) == ("triage.bpmn", "set_priority")
    assert used_by.form({"broken.bpmn": b"<a"}, "record_site_visit") == ()


def test_settings_say_what_is_the_councils_own() -> None:
    orders = {order.key: order for order in SHEET.orders}
    settings = {setting.key: setting for setting in SHEET.settings}

    assert orders["prosecution"].is_own
    assert not orders["direct_action"].is_own
    assert settings["harm_threshold"].value == 5
