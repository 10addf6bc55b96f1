"""What a manager can choose from while drawing, and what is known at each step."""

from __future__ import annotations

from datetime import date

import pytest

from engine import ROLES, checks, drawing_board
from engine.checks.operations import OPERATIONS
from engine.errors import DefinitionError, NotFound
from engine.studio.catalogue import OPERATION_TITLES, Catalogue
from engine.studio.knowing import KnownFact

TODAY = date(2026, 3, 2)


@pytest.fixture(scope="module")
def catalogue(shipped_files: dict[str, bytes]) -> Catalogue:
    return drawing_board.catalogue(shipped_files, "maldon", TODAY)


def facts(files: dict[str, bytes], process: str, place: str) -> dict[str, KnownFact]:
    return {f.name: f for f in drawing_board.facts_before(files, process, place)}


def test_every_operation_of_the_engine_can_be_chosen_and_has_a_title(
    catalogue: Catalogue,
) -> None:
    assert [each.id for each in catalogue.operations] == list(OPERATIONS)
    assert set(OPERATION_TITLES) == set(OPERATIONS)
    letter = catalogue.operations[0]
    assert [(p.name, p.is_needed) for p in letter.parameters] == [
        ("template", True),
        ("to", True),
        ("about", False),
    ]
    assert "complainants" in letter.parameters[1].values


def test_roles_are_the_lanes_that_exist(catalogue: Catalogue) -> None:
    assert {each.role: each.lane for each in catalogue.roles} == dict(ROLES)


def test_a_form_is_offered_with_its_questions_and_the_tasks_that_use_it(
    catalogue: Catalogue,
) -> None:
    forms = {each.id: each for each in catalogue.forms}

    assert "Appoint the contractor" in forms["appoint_contractor"].used_by
    assert len(forms["respond_to_delay"].used_by) > 5
    assert all(each.questions for each in catalogue.forms)
    assert "report_breach" not in forms


def test_a_period_is_offered_with_the_law_and_the_councils_own_length(
    catalogue: Catalogue, shipped_files: dict[str, bytes]
) -> None:
    periods = {each.key: each for each in catalogue.periods}
    longer = shipped_files | {
        "councils/maldon/council.yaml": b"title: Maldon\n"
        b"targets: {further_visit: {length: 15, unit: working_days}}\n"
    }
    changed = drawing_board.catalogue(longer, "maldon", TODAY)

    assert periods["pcn_response"].length == "21 days"
    assert "171" in periods["pcn_response"].section
    assert periods["pcn_response"].is_statutory
    assert periods["further_visit"].length == "10 working days"
    assert next(p for p in changed.periods if p.key == "further_visit").length == (
        "15 working days"
    )


def test_periods_that_cannot_be_read_leave_the_rest_to_choose_from(
    shipped_files: dict[str, bytes],
) -> None:
    broken = shipped_files | {"periods.yaml": b"statutory: ["}

    found = drawing_board.catalogue(broken, "maldon", TODAY)

    assert found.periods == ()
    assert len(found.processes) > 40


def test_processes_tables_messages_and_tasks_are_those_of_the_files(
    catalogue: Catalogue,
) -> None:
    processes = {each.id: each for each in catalogue.processes}
    messages = {each.name: each for each in catalogue.messages}

    assert "authorised_on" in processes["authority"].sets
    assert "priority" in {each.id for each in catalogue.tables}
    assert len(messages["appeal_lodged"].used_in) > 1
    assert "obtain_quotations" in {each.id for each in catalogue.tasks}
    assert "notice_alive" in catalogue.taken


def test_what_is_known_at_a_step_was_set_before_it(
    shipped_files: dict[str, bytes],
) -> None:
    known = facts(shipped_files, "direct_action", "quotations_overdue")

    assert known["schedule_ready_on"].kind == "date"
    assert known["schedule_ready_on"].set_by == "“Draft the schedule of works”"
    assert known["schedule_ready_on"].is_own
    assert "contractor" not in known
    assert "appointed_on" not in known


def test_a_fact_offers_the_answers_that_its_form_has(
    shipped_files: dict[str, bytes],
) -> None:
    known = facts(shipped_files, "direct_action", "is_direct_action_expedient")

    assert {option.value for option in known["expedient"].options} >= {"yes", "no"}
    assert "direct_action" in {o.value for o in known["chosen_action"].options}


def test_the_flow_out_of_a_step_knows_its_answers_and_its_edge_does_not(
    shipped_files: dict[str, bytes],
) -> None:
    behind = facts(
        shipped_files, "direct_action", "draft_schedule_of_works_to_obtain_quotations"
    )
    edge = facts(shipped_files, "direct_action", "schedule_overdue")

    assert "schedule_ready_on" in behind
    assert "schedule_ready_on" not in edge


def test_a_called_process_knows_what_its_callers_know(
    shipped_files: dict[str, bytes],
) -> None:
    known = facts(shipped_files, "works_in_default", "give_notice_of_entry")

    assert not known["appointed_on"].is_own
    assert known["breach_type"].set_by == "the report"


def test_what_is_done_inside_a_part_is_known_behind_it(
    shipped_files: dict[str, bytes],
) -> None:
    known = facts(shipped_files, "enforcement_notice", "how_did_notice_end")

    assert "compliance_due_on" in known


def test_a_process_that_does_not_exist_knows_the_report(
    shipped_files: dict[str, bytes],
) -> None:
    known = facts(shipped_files, "no_such_process", "anywhere")

    assert set(known) >= {"address", "breach_type"}
    assert not any(fact.is_own for fact in known.values())


def test_a_new_diagram_has_nothing_wrong_with_it(
    shipped_files: dict[str, bytes],
) -> None:
    xml = drawing_board.blank("site_clearance", 'Clear & "tidy" a site')

    found = checks.check(shipped_files | {"site_clearance.bpmn": xml})

    assert [p for p in found if p.file == "site_clearance.bpmn"] == []
    assert drawing_board.title("site_clearance.bpmn", xml) == 'Clear & "tidy" a site'
    assert drawing_board.ids("site_clearance.bpmn", xml) == (
        "site_clearance_begun",
        "site_clearance_done",
        "site_clearance_begun_to_site_clearance_done",
    )


@pytest.mark.parametrize("process", ["", "Site Clearance", "../etc", "1st"])
def test_a_new_diagram_needs_an_id_in_plain_words(process: str) -> None:
    with pytest.raises(NotFound, match="small letters"):
        drawing_board.blank(process, "Site clearance")


def test_a_diagram_is_told_as_a_list_of_steps(shipped_files: dict[str, bytes]) -> None:
    name = "direct_action.bpmn"

    lines = drawing_board.outline(name, shipped_files[name])

    line = next(each for each in lines if each.element == "obtain_quotations")
    assert (line.kind, line.lane) == ("user task", "Enforcement officer")
    assert line.details == ("form: obtain_quotations",)
    assert line.leads_to == ("Appoint the contractor",)
    late = next(each for each in lines if each.element == "quotations_overdue")
    assert "on the edge of: Obtain quotations" in late.details


def test_what_cannot_be_read_has_no_steps_and_cannot_be_tidied() -> None:
    assert drawing_board.outline("visit.bpmn", b"<not-closed>") == ()
    assert drawing_board.ids("visit.bpmn", b"<not-closed>") == ()
    with pytest.raises(DefinitionError, match="cannot be tidied"):
        drawing_board.tidy("visit.bpmn", b"<not-closed>")


def test_faults_of_the_drawing_are_told_from_faults_of_the_process(
    shipped_files: dict[str, bytes],
) -> None:
    name = "direct_action.bpmn"
    moved = shipped_files[name].replace(b'waypoint x="', b'waypoint x="1', 3)
    taken_out = moved.replace(b'name="form" value="obtain_quotations"', b'name="x"')

    found = [p for p in checks.check(shipped_files | {name: taken_out})]

    kinds = {drawing_board.is_of_drawing(p) for p in found if p.file == name}
    assert kinds == {True, False}
