"""The layout engine: what it must never do to a file, and what it must see."""

import re
from pathlib import Path

import pytest
from lxml import etree

from engine.drawing import (
    UndrawableError,
    draw_file,
    faults,
    layout,
    picture,
)
from engine.drawing.coordinates import coordinates
from engine.drawing.lettering import text_width, wrap
from engine.drawing.reading import parse, task_size

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    "<bpmn:definitions "
    'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"\n'
    '  xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"\n'
    '  xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"\n'
    '  xmlns:di="http://www.omg.org/spec/DD/20100524/DI" id="definitions"\n'
    '  targetNamespace="http://bpmn.io/schema/bpmn">\n'
)
CASE = """  <bpmn:collaboration id="visiting">
    <bpmn:participant id="pool" name="Visiting a site" processRef="visit" />
  </bpmn:collaboration>
  <bpmn:process id="visit" isExecutable="true">
    <!-- kept: the author's   own spacing & "quotes" -->
    <bpmn:laneSet id="lanes">
      <bpmn:lane id="officer" name="Enforcement officer">
        <bpmn:flowNodeRef>report</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>visit_site</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>is_breach</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>closed</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>follow_up</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>put_right</bpmn:flowNodeRef>
      </bpmn:lane>
      <bpmn:lane id="manager" name="Enforcement manager">
        <bpmn:flowNodeRef>chase_visit</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>chased</bpmn:flowNodeRef>
      </bpmn:lane>
    </bpmn:laneSet>
    <bpmn:startEvent id='report' name='Report made'/>
    <bpmn:userTask id="visit_site" name="Visit the site and record the visit" />
    <bpmn:boundaryEvent id="visit_overdue" name="15 days passed"
      cancelActivity="false" attachedToRef="visit_site">
      <bpmn:timerEventDefinition id="overdue" />
    </bpmn:boundaryEvent>
    <bpmn:exclusiveGateway id="is_breach" name="Is there a breach?" default="no" />
    <bpmn:endEvent id="closed" name="No breach" />
    <bpmn:subProcess id="follow_up" name="Follow it up">
      <bpmn:startEvent id="begun" name="Breach found" />
      <bpmn:serviceTask id="write" name="Write to the owner" />
      <bpmn:endEvent id="written" name="Owner told" />
      <bpmn:sequenceFlow id="f1" sourceRef="begun" targetRef="write" />
      <bpmn:sequenceFlow id="f2" sourceRef="write" targetRef="written" />
    </bpmn:subProcess>
    <bpmn:endEvent id="put_right" name="Put right" />
    <bpmn:userTask id="chase_visit" name="Chase the visit" />
    <bpmn:endEvent id="chased" name="Delay dealt with" />
    <bpmn:sequenceFlow id="a" sourceRef="report" targetRef="visit_site" />
    <bpmn:sequenceFlow id="b" sourceRef="visit_site" targetRef="is_breach" />
    <bpmn:sequenceFlow id="no" name="No" sourceRef="is_breach" targetRef="closed" />
    <bpmn:sequenceFlow id="yes" name="Yes" sourceRef="is_breach"
      targetRef="follow_up" />
    <bpmn:sequenceFlow id="again" name="Not clear" sourceRef="is_breach"
      targetRef="visit_site" />
    <bpmn:sequenceFlow id="c" sourceRef="follow_up" targetRef="put_right" />
    <bpmn:sequenceFlow id="d" sourceRef="visit_overdue" targetRef="chase_visit" />
    <bpmn:sequenceFlow id="e" sourceRef="chase_visit" targetRef="chased" />
  </bpmn:process>
</bpmn:definitions>
"""
VISIT = (HEAD + CASE).encode()
NOTE = (
    HEAD
    + """  <bpmn:process id="note" isExecutable="true">
    <bpmn:startEvent id="seen" name="Seen" />
    <bpmn:scriptTask id="note_it" name="Note it" />
    <bpmn:endEvent id="noted" name="Noted" />
    <bpmn:sequenceFlow id="a" sourceRef="seen" targetRef="note_it" />
    <bpmn:sequenceFlow id="b" sourceRef="note_it" targetRef="noted" />
  </bpmn:process>
</bpmn:definitions>
"""
).encode()


@pytest.fixture(scope="module")
def drawn() -> bytes:
    return layout(VISIT)


def said(xml: bytes) -> set[str]:
    return {f"{fault.element} {fault.problem}" for fault in faults(xml)}


def moved(xml: bytes, element: str, **values: float) -> bytes:
    """The drawing with the bounds of one shape changed."""
    root = etree.fromstring(xml)
    bounds = root.find(f".//*[@bpmnElement='{element}']")[0]
    for name, value in values.items():
        bounds.set(name, str(value))
    return etree.tostring(root)


def routed(xml: bytes, element: str, *points: tuple[float, float]) -> bytes:
    """The drawing with the points of one flow changed."""
    root = etree.fromstring(xml)
    edge = root.find(f".//*[@bpmnElement='{element}']")
    for point in edge.findall("{http://www.omg.org/spec/DD/20100524/DI}waypoint"):
        edge.remove(point)
    for x, y in reversed(points):
        point = etree.Element("{http://www.omg.org/spec/DD/20100524/DI}waypoint")
        point.set("x", str(x))
        point.set("y", str(y))
        edge.insert(0, point)
    return etree.tostring(root)


def test_a_case_with_a_loop_an_escalation_and_a_subprocess_has_no_fault(
    drawn: bytes,
) -> None:
    assert said(drawn) == set()


def test_everything_but_the_diagram_stays_byte_for_byte(drawn: bytes) -> None:
    start = drawn.index(b"  <bpmndi:BPMNDiagram")
    close = b"</bpmndi:BPMNDiagram>\n"
    end = drawn.index(close) + len(close)
    assert drawn[:start] + drawn[end:] == VISIT


def test_drawing_again_replaces_the_diagram_with_the_same_one(drawn: bytes) -> None:
    assert layout(drawn) == drawn


def test_a_file_with_neither_pool_nor_diagram_prefixes_can_be_drawn() -> None:
    bare = re.sub(rb'\n  xmlns:(bpmndi|dc|di)="[^"]*"', b"", NOTE)
    assert b"xmlns:di=" not in bare
    assert said(layout(bare)) == set()


def test_lanes_keep_the_order_of_the_file(drawn: bytes) -> None:
    boxes = coordinates(parse(drawn)).boxes
    assert boxes["officer"].bottom == boxes["manager"].top
    assert boxes["pool"].bottom == boxes["manager"].bottom


def test_a_boundary_event_sits_on_the_edge_of_its_task(drawn: bytes) -> None:
    boxes = coordinates(parse(drawn)).boxes
    middle = boxes["visit_overdue"].middle[1]
    assert middle in (boxes["visit_site"].top, boxes["visit_site"].bottom)


def test_flows_run_only_across_and_down(drawn: bytes) -> None:
    for points in coordinates(parse(drawn)).lines.values():
        for (x, y), (x1, y1) in zip(points, points[1:], strict=False):
            assert x == x1 or y == y1


def test_a_flow_leads_on_to_the_right_from_the_start(drawn: bytes) -> None:
    boxes = coordinates(parse(drawn)).boxes
    assert boxes["report"].right < boxes["visit_site"].left
    assert boxes["visit_site"].right < boxes["is_breach"].left


def test_a_file_without_a_diagram_misses_every_element() -> None:
    assert "visit_site is not drawn in the diagram" in said(VISIT)
    assert "yes is not drawn in the diagram" in said(VISIT)
    assert "officer is not drawn in the diagram" in said(VISIT)


def test_an_element_without_a_name_is_a_fault(drawn: bytes) -> None:
    nameless = drawn.replace(b' name="Chase the visit"', b"")
    assert said(nameless) == {
        "chase_visit has no name, so the drawing does not say what it is"
    }


def test_an_answer_without_words_is_a_fault(drawn: bytes) -> None:
    silent = drawn.replace(b' name="Yes"', b"")
    assert said(silent) == {"yes leaves a question but does not say which answer"}


def test_shapes_on_each_other_are_a_fault(drawn: bytes) -> None:
    box = coordinates(parse(drawn)).boxes["visit_site"]
    found = said(moved(drawn, "is_breach", x=box.left + 20, y=box.top + 10))
    assert "visit_site overlaps is_breach" in found


def test_a_node_outside_its_lane_is_a_fault(drawn: bytes) -> None:
    lane = coordinates(parse(drawn)).boxes["manager"]
    found = said(moved(drawn, "closed", y=lane.top + 20))
    assert "closed is drawn outside its lane officer" in found


def test_a_node_outside_its_subprocess_is_a_fault(drawn: bytes) -> None:
    box = coordinates(parse(drawn)).boxes["follow_up"]
    assert "written sticks out of follow_up" in said(
        moved(drawn, "written", x=box.right + 200)
    )


def test_a_crossing_and_a_flow_through_a_shape_are_faults(drawn: bytes) -> None:
    at = coordinates(parse(drawn))
    (x, y), (x1, _) = at.lines["b"][0], at.lines["b"][-1]
    middle = (x + x1) / 2
    found = said(routed(drawn, "e", (middle, y - 100), (middle, y + 100)))
    assert "b crosses e" in found
    box = at.boxes["visit_site"]
    height = box.middle[1]
    found = said(routed(drawn, "e", (box.left - 30, height), (box.right + 5, height)))
    assert "e runs through visit_site" in found
    assert "e does not meet the edge of chase_visit" in found


def test_a_flow_outside_the_pool_is_a_fault(drawn: bytes) -> None:
    top = coordinates(parse(drawn)).boxes["pool"].top
    found = said(routed(drawn, "e", (200, top + 5), (200, top - 20)))
    assert "e leaves the pool" in found


def test_a_drawing_too_large_for_a_page_of_a3_is_a_fault(drawn: bytes) -> None:
    found = said(moved(drawn, "pool", width=4000))
    assert any(one.startswith("visit is too large to read") for one in found)


def test_words_on_a_shape_or_a_line_are_faults(drawn: bytes) -> None:
    at = coordinates(parse(drawn))
    box, words = at.boxes["visit_site"], at.captions["closed"]
    old = f'x="{words.left:g}" y="{words.top:g}"'.encode()
    assert drawn.count(old) == 1
    new = f'x="{box.left + 5:g}" y="{box.top + 10:g}"'.encode()
    assert "closed has its words on visit_site" in said(drawn.replace(old, new))
    x, y = at.lines["b"][0]
    new = f'x="{x:g}" y="{y - 6:g}"'.encode()
    assert "closed has its words on the line of b" in said(drawn.replace(old, new))


def test_a_good_drawing_stays_until_it_no_longer_fits(tmp_path: Path) -> None:
    file = tmp_path / "note.bpmn"
    file.write_bytes(NOTE)
    assert draw_file(file) == []
    by_hand = file.read_bytes().replace(b"note_diagram", b"drawn_by_hand")
    file.write_bytes(by_hand)
    assert draw_file(file) == []
    assert file.read_bytes() == by_hand
    longer = b"Note what was seen, by whom, where and on which day"
    file.write_bytes(by_hand.replace(b"Note it", longer))
    assert draw_file(file) == []
    assert b"drawn_by_hand" not in file.read_bytes()


def test_what_an_author_saves_meanwhile_is_not_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "note.bpmn"
    file.write_bytes(NOTE)
    later = NOTE.replace(b"Note it", b"Note it down")

    def slow(xml: bytes) -> bytes:
        file.write_bytes(later)
        return xml

    monkeypatch.setattr("engine.drawing.layout", slow)
    with pytest.raises(UndrawableError, match="changed while it was drawn"):
        draw_file(file)
    assert file.read_bytes() == later


def test_the_picture_is_an_svg_with_every_name_and_sign(drawn: bytes) -> None:
    svg = picture(drawn)
    root = etree.fromstring(svg)
    words = " ".join(root.itertext())
    for name in ("Visiting a site", "Enforcement officer", "No breach", "Not clear"):
        assert name in words
    assert svg.count("stroke-dasharray") == 2
    assert root.get("viewBox")


def test_the_picture_marks_where_the_case_stands(drawn: bytes) -> None:
    plain = picture(drawn)
    marked = picture(drawn, done={"report"}, current={"visit_site"}, taken={"a"})
    assert "url(#arrow-taken)" in marked and "url(#arrow-taken)" not in plain
    assert "#fff3cd" in marked and "#fff3cd" not in plain


def test_the_picture_marks_what_changed_by_colour_and_by_a_sign(drawn: bytes) -> None:
    changes = {"visit_site": "added", "report": "removed", "a": "changed"}
    marked = picture(drawn, changes=changes)
    words = [text.text for text in etree.fromstring(marked).iter("{*}text")]
    assert {"+", "−", "≠"} <= set(words)
    assert 'id="visit_site"' in marked and "#e3f0e6" in marked
    assert "url(#arrow-changed)" in marked
    assert "+" not in [t.text for t in etree.fromstring(picture(drawn)).iter("{*}text")]


def test_names_in_a_picture_are_escaped(drawn: bytes) -> None:
    svg = picture(drawn.replace(b"Chase the visit", b"Chase &lt;b&gt; &amp; visit"))
    etree.fromstring(svg)
    assert "<b>" not in svg


def test_a_broken_file_is_refused_in_words() -> None:
    with pytest.raises(UndrawableError, match="not XML"):
        layout(b"<bpmn:definitions")
    with pytest.raises(UndrawableError, match="no process"):
        layout((HEAD + "</bpmn:definitions>").encode())


def test_an_external_entity_is_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("a secret")
    entity = f'<!DOCTYPE d [<!ENTITY s SYSTEM "file://{secret}">]>\n<bpmn:definitions'
    attack = (HEAD + CASE).replace("<bpmn:definitions", entity, 1)
    attack = attack.replace(">report</bpmn:flowNodeRef>", ">&s;</bpmn:flowNodeRef>")
    assert "a secret" not in picture(attack.encode())


def test_text_is_measured_as_arial() -> None:
    assert text_width("Visit", 12) == pytest.approx(22.668, abs=0.001)
    assert wrap("Record the further details", 90, 12) == [
        "Record the",
        "further details",
    ]


def test_a_task_grows_for_a_long_name_and_for_boundary_events() -> None:
    assert task_size("Visit", signed=True, marked=False, guests=0) == (100.0, 80.0)
    wide, _ = task_size("Visit", signed=True, marked=False, guests=3)
    assert wide >= 150
    long = "Tell the complainant and every consultee who deals with the matter now"
    width, height = task_size(long, signed=True, marked=True, guests=1)
    assert width > 100 and height > 80
