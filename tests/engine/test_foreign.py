"""Diagrams of other tools: read safely, and nothing of them is lost in silence."""

from __future__ import annotations

import foreign_files
import hostile_files
import pytest
from lxml import etree
from small_visit import few_periods

import engine
from engine import checks, drawing
from engine.bpmn import diagrams, foreign_conditions
from engine.errors import DefinitionError, Problem
from engine.studio.importing import ImportedDiagram, read_foreign

ALL = {
    "camunda_7": foreign_files.CAMUNDA_7,
    "camunda_8": foreign_files.CAMUNDA_8,
    "signavio": foreign_files.SIGNAVIO,
    "bizagi": foreign_files.BIZAGI,
    "flowable": foreign_files.FLOWABLE,
}


def read(text: str) -> tuple[ImportedDiagram, ...]:
    return read_foreign("x.bpmn", text.encode(), ())


def problems(found: ImportedDiagram) -> list[Problem]:
    files = {found.file: found.content, "periods.yaml": few_periods()}
    return [p for p in checks.check(files) if p.file == found.file]


def said(found: ImportedDiagram, element: str) -> str:
    """All that is said of one element: what was left out, and what cannot run."""
    notes = [f"{n.says} {n.remedy}" for n in found.notes if n.element == element]
    wrong = [f"{p.problem} {p.remedy}" for p in problems(found) if p.element == element]
    return " ".join(notes + wrong)


@pytest.mark.parametrize("name", ALL)
def test_what_is_made_of_it_is_a_diagram_of_ours(name: str) -> None:
    for found in read(ALL[name]):
        diagram = diagrams.read(found.file, found.content)
        assert diagram.process == found.process
        assert diagram.title == found.title
        assert all(e.lane for e in diagram.elements.values() if not e.parent)
        assert "<svg" in drawing.picture(found.content)
        root = etree.fromstring(found.content)
        spaces = {etree.QName(e).namespace for e in root.iter(etree.Element)}
        assert len(spaces) <= 6
        assert all(not space or "org" in space for space in spaces)
        assert not [p for p in problems(found) if "the standard" in p.problem]


@pytest.mark.parametrize("name", ALL)
def test_every_word_of_another_tool_is_spoken_of(name: str) -> None:
    """Each value that stood in its additions is found in the notes or the diagram."""
    root = etree.fromstring(ALL[name].encode())
    found = read(ALL[name])
    kept = " ".join(d.content.decode() for d in found)
    kept += " ".join(f"{n.name} {n.says}" for d in found for n in d.notes)
    for element in root.iter(etree.Element):
        own = etree.QName(element).namespace or ""
        for key, value in element.attrib.items():
            foreign = etree.QName(key).namespace or ""
            is_foreign = "omg.org" not in (foreign or own)
            if is_foreign and element.tag != root.tag and "color" not in foreign:
                assert value in kept, (element.tag, key, value)
        if element.get("name"):
            assert " ".join(element.get("name", "").split()) in " ".join(kept.split())


def test_camunda_7_is_told_step_by_step() -> None:
    [found] = read(foreign_files.CAMUNDA_7)

    assert (found.process, found.title) == ("noise_complaint", "Noise complaint")
    visit = said(found, "visit_the_house")
    assert "embedded:app:forms/visit.html" in visit
    assert "Choose the form" in visit
    assert "Was it loud?" in visit
    assert "drag it there" in visit
    assert "org.example.Tell" in visit
    assert "P21D" in said(found, "three_weeks_pass")
    assert "named period" in said(found, "three_weeks_pass")
    assert "letters" in said(found, "send_the_letter")
    assert "groovy" in said(found, "work_out_the_score")
    assert "signal" in said(found, "done")
    assert "180" in said(found, "noise_complaint")
    assert "data object" in said(found, "data_object")
    read_back = diagrams.read(found.file, found.content)
    assert "setVariable" in read_back.elements["work_out_the_score"].documentation
    assert read_back.elements["set_the_priority"].decision == "priority"


def test_conditions_are_put_into_our_words_or_marked() -> None:
    [found] = read(foreign_files.CAMUNDA_7)
    diagram = diagrams.read(found.file, found.content)
    yes, no = (
        next(f for f in diagram.flows.values() if f.name == name)
        for name in ("Yes", "No")
    )

    assert yes.condition == "loud == True and level > 3"
    assert "now reads" in said(found, yes.id)
    assert no.condition.startswith("${execution")
    assert "cannot be read" in said(found, no.id)
    assert "cannot be used" in said(found, no.id)


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("${approved}", "approved"),
        ("#{a eq 'x' || !b}", "a == 'x' or not b"),
        ('=height > 2 and kind = "hedge"', 'height > 2 and kind == "hedge"'),
        ("a == 1", "a == 1"),
        ('${text == "a && b"}', 'text == "a && b"'),
        ("${bean.check(execution)}", None),
        ("=for x in xs return x", None),
        ("java.lang.Runtime.exec()", None),
    ],
)
def test_a_condition_means_the_same_or_is_left_for_a_person(
    theirs: str, ours: str | None
) -> None:
    assert foreign_conditions.ours(theirs) == ours


def test_camunda_8_calls_and_tables_are_taken_over() -> None:
    [found] = read(foreign_files.CAMUNDA_8)
    diagram = diagrams.read(found.file, found.content)

    assert diagram.elements["notify"].called == "notify-owner"
    assert diagram.elements["decide"].decision == "hedge_height"
    assert diagram.elements["is_it_too_high"].default in diagram.flows
    assert "boundary event" in said(found, "cancelled")
    assert "measure" in said(found, "measure_the_hedge")
    assert "duration" in said(found, "measure_the_hedge")
    condition = next(f.condition for f in diagram.flows.values() if f.name == "Yes")
    assert condition == "height > 2 and evergreen == True"


def test_a_pool_of_signavio_keeps_its_lane_and_loses_its_partner() -> None:
    [found] = read(foreign_files.SIGNAVIO)
    of_file = " ".join(f"{n.name} {n.says}" for n in found.notes if not n.element)

    assert found.title == "Council"
    assert "Owner A pool without steps is left out." in of_file
    assert "Letter A message flow is left out." in of_file
    assert "By post only" in of_file
    assert "no role here" in said(found, "clerk")
    assert "now a user task" in said(found, "write_to_the_owner_again")
    assert "clerks" in said(found, "write_to_the_owner_again")


def test_each_pool_becomes_a_diagram() -> None:
    council, inspector = read(foreign_files.BIZAGI)

    assert (council.process, inspector.process) == ("the_council", "the_inspector")
    assert "2 pools" in " ".join(n.says for n in council.notes)
    assert "send_letter" in said(council, "send_the_request")
    assert "exclusive" in said(council, "enough")
    assert "timer" in said(council, "done")
    assert "item" in " ".join(f"{n.name} {n.says}" for n in council.notes)


def test_flowable_lists_and_classes_are_named() -> None:
    [found] = read(foreign_files.FLOWABLE)

    look = said(found, "look_at_the_tree")
    assert "trees" in look and "list that the step repeats for" in look
    assert "P10D" in look
    assert "org.example.Ring" in said(found, "ring_the_owner")


def test_a_process_that_exists_is_not_overwritten() -> None:
    [found] = read_foreign("x.bpmn", foreign_files.FLOWABLE.encode(), ["tree_work"])

    assert found.file == "tree_work_2.bpmn"


def test_our_own_diagram_comes_back_as_it_was() -> None:
    """Nothing is left out of it, and its drawing is kept."""
    name = "closure.bpmn"
    content = (engine.PROCESSES / name).read_bytes()
    before = diagrams.read(name, content)

    [found] = read_foreign(name, content, ())

    after = diagrams.read(found.file, found.content)
    assert [e.kind for e in after.elements.values()] == [
        e.kind for e in before.elements.values()
    ]
    assert [f.condition for f in after.flows.values()] == [
        f.condition for f in before.flows.values()
    ]
    assert found.notes == ()


@pytest.mark.parametrize(
    "hostile",
    [h for h in hostile_files.everything() if h.file == "visit.bpmn"],
    ids=lambda hostile: hostile.title,
)
def test_hostile_files_are_refused_in_words_or_read_without_harm(
    hostile: hostile_files.Hostile,
) -> None:
    try:
        read_foreign("visit.bpmn", hostile.content, ())
    except DefinitionError as refused:
        assert refused.problems[0].remedy
    else:
        assert not hostile.harms


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"<html/>", "not BPMN"),
        (b"not xml at all", "not well-formed"),
        (foreign_files.FLOWABLE.split("<startEvent")[0].encode(), "not well-formed"),
        (
            b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>',
            "no process",
        ),
    ],
)
def test_what_is_no_diagram_is_refused_with_a_remedy(content: bytes, says: str) -> None:
    with pytest.raises(DefinitionError, match=says) as refused:
        read_foreign("x.bpmn", content, ())
    assert refused.value.problems[0].remedy
