"""What reads badly in a diagram, measured from its own coordinates."""

from collections.abc import Iterator
from dataclasses import dataclass

from engine.drawing.coordinates import Coordinates, coordinates
from engine.drawing.geometry import (
    SLACK,
    cross,
    joined,
    meet,
    piece_box,
    pieces_of,
    touches,
    widened,
    within,
)
from engine.drawing.grid import Box
from engine.drawing.lettering import LABEL_FONT
from engine.drawing.reading import Arrow, Drawing, Node, Scope, parse, read

A3 = (400.0, 277.0)  # millimetres across and down, less 10 at each edge
SMALLEST = 1.55  # millimetres that 11 pixels of text print as: about 4.4 points


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a drawing: the element and a plain sentence."""

    element: str
    problem: str


@dataclass(frozen=True)
class _Sheet:
    """A diagram's elements with the sub-processes that hold each."""

    at: Coordinates
    nodes: dict[str, Node]
    arrows: dict[str, Arrow]
    holders: dict[str, tuple[str, ...]]


def faults(xml: bytes) -> list[Fault]:
    """Everything in the drawing that a careful person would draw again."""
    root = parse(xml)
    drawing = read(root)
    sheet = _Sheet(coordinates(root), {}, {}, {})
    _collect(drawing.process, (), sheet)
    found = [
        *_missing(drawing, sheet),
        *_unlabelled(sheet),
        *_shapes_in_the_way(sheet),
        *_out_of_lane(drawing, sheet),
        *_out_of_pool(drawing, sheet),
        *_too_small(drawing, sheet),
        *_loose_ends(sheet),
        *_crossings(sheet),
        *_flows_through_shapes(sheet),
        *_words_in_the_way(drawing, sheet),
    ]
    return list(dict.fromkeys(found))


def is_up_to_date(xml: bytes) -> bool:
    """Whether the drawing has no fault and its sizes fit today's names."""
    root = parse(xml)
    at = coordinates(root)
    sheet = _Sheet(at, {}, {}, {})
    drawing = read(root)
    _collect(drawing.process, (), sheet)
    known = {drawing.pool, *(lane.id for lane in drawing.process.lanes)}
    known |= set(sheet.nodes) | set(sheet.arrows)
    if not {*at.boxes, *at.lines} <= known or faults(xml):
        return False
    return all(_fits(at, node) for node in sheet.nodes.values())


def _fits(at: Coordinates, node: Node) -> bool:
    box, words = at.boxes[node.id], at.captions.get(node.id)
    if node.inner is None and (box.width, box.height) != (node.width, node.height):
        return False
    return words is None or abs(words.width - node.label_size[0]) < 3


def _collect(scope: Scope, holders: tuple[str, ...], sheet: _Sheet) -> None:
    for name, node in scope.nodes.items():
        sheet.nodes[name] = node
        sheet.holders[name] = holders
        if node.inner is not None:
            _collect(node.inner, (*holders, name), sheet)
    for arrow in scope.arrows:
        sheet.arrows[arrow.id] = arrow
        sheet.holders[arrow.id] = holders


def _missing(drawing: Drawing, sheet: _Sheet) -> Iterator[Fault]:
    places = [drawing.pool] if drawing.pool else []
    places += [lane.id for lane in drawing.process.lanes]
    for name in [*places, *sheet.nodes]:
        if name not in sheet.at.boxes:
            yield Fault(name, "is not drawn in the diagram")
    for name in sheet.arrows:
        if name not in sheet.at.lines:
            yield Fault(name, "is not drawn in the diagram")


def _unlabelled(sheet: _Sheet) -> Iterator[Fault]:
    outs: dict[str, int] = {}
    for arrow in sheet.arrows.values():
        outs[arrow.source] = outs.get(arrow.source, 0) + 1
    for name, node in sheet.nodes.items():
        if not node.name.strip():
            yield Fault(name, "has no name, so the drawing does not say what it is")
        elif node.label and name in sheet.at.boxes and name not in sheet.at.captions:
            yield Fault(name, "has a name but no place for it in the diagram")
    for name, arrow in sheet.arrows.items():
        node_or_none = sheet.nodes.get(arrow.source)
        kind = node_or_none.kind if node_or_none else ""
        splits = kind in ("exclusiveGateway", "inclusiveGateway", "complexGateway")
        if splits and outs[arrow.source] > 1 and not arrow.name.strip():
            yield Fault(name, "leaves a question but does not say which answer")
        if arrow.label and name in sheet.at.lines and name not in sheet.at.captions:
            yield Fault(name, "has a name but no place for it in the diagram")


def _shapes_in_the_way(sheet: _Sheet) -> Iterator[Fault]:
    names = [name for name in sheet.nodes if name in sheet.at.boxes]
    for number, one in enumerate(names):
        for two in names[number + 1 :]:
            box, other = sheet.at.boxes[one], sheet.at.boxes[two]
            if one in sheet.holders[two] or two in sheet.holders[one]:
                holder, held = (one, two) if one in sheet.holders[two] else (two, one)
                if not within(sheet.at.boxes[held], sheet.at.boxes[holder]):
                    yield Fault(held, f"sticks out of {holder}")
                continue
            if sheet.nodes[one].host == two or sheet.nodes[two].host == one:
                continue
            if meet(box, other):
                yield Fault(one, f"overlaps {two}")


def _out_of_lane(drawing: Drawing, sheet: _Sheet) -> Iterator[Fault]:
    for name, node in drawing.process.nodes.items():
        lane, box = sheet.at.boxes.get(node.lane), sheet.at.boxes.get(name)
        if lane is not None and box is not None and not within(box, lane):
            yield Fault(name, f"is drawn outside its lane {node.lane}")


def _out_of_pool(drawing: Drawing, sheet: _Sheet) -> Iterator[Fault]:
    pool = sheet.at.boxes.get(drawing.pool)
    if pool is None:
        return
    for name in sheet.arrows:
        pieces = pieces_of(sheet.at.lines.get(name, []))
        if not all(within(piece_box(piece), pool) for piece in pieces):
            yield Fault(name, "leaves the pool")


def _too_small(drawing: Drawing, sheet: _Sheet) -> Iterator[Fault]:
    boxes = sheet.at.boxes.values()
    if not boxes:
        return
    width = max(box.right for box in boxes) - min(box.left for box in boxes)
    height = max(box.bottom for box in boxes) - min(box.top for box in boxes)
    scale = min(A3[0] / max(width, 1.0), A3[1] / max(height, 1.0))
    if scale * LABEL_FONT < SMALLEST:
        yield Fault(
            drawing.process.id,
            "is too large to read on one page of A3; move a part to a called process",
        )


def _loose_ends(sheet: _Sheet) -> Iterator[Fault]:
    for name, arrow in sheet.arrows.items():
        points = sheet.at.lines.get(name)
        if not points:
            continue
        for end, point in ((arrow.source, points[0]), (arrow.target, points[-1])):
            box = sheet.at.boxes.get(end)
            if box is not None and not touches(point, box):
                yield Fault(name, f"does not meet the edge of {end}")


def _crossings(sheet: _Sheet) -> Iterator[Fault]:
    lines = [
        (arrow, pieces_of(sheet.at.lines[name]))
        for name, arrow in sheet.arrows.items()
        if name in sheet.at.lines
    ]
    for number, (one, pieces) in enumerate(lines):
        for two, others in lines[number + 1 :]:
            kin = one.target == two.target or one.source == two.source
            for piece in pieces:
                for other in others:
                    if not cross(piece, other):
                        continue
                    if kin and joined(piece, other):
                        continue
                    word = "runs into" if joined(piece, other) else "crosses"
                    yield Fault(one.id, f"{word} {two.id}")


def _flows_through_shapes(sheet: _Sheet) -> Iterator[Fault]:
    for name in sheet.arrows:
        pieces = [
            widened(piece_box(p)) for p in pieces_of(sheet.at.lines.get(name, []))
        ]
        for other, box in sheet.at.boxes.items():
            if other not in sheet.nodes or other in sheet.holders[name]:
                continue
            core = Box(box.left + 2, box.top + 2, box.right - 2, box.bottom - 2)
            if any(meet(piece, core, 0) for piece in pieces):
                yield Fault(name, f"runs through {other}")


def _on_shape(words: Box, node: Node, box: Box) -> bool:
    """Whether words lie on a shape; a gateway fills only its diamond."""
    if not meet(words, box):
        return False
    if not node.is_gateway:
        return True
    x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    dx = max(words.left - x, 0.0, x - words.right)
    dy = max(words.top - y, 0.0, y - words.bottom)
    return dx + dy < (box.right - box.left) / 2 - SLACK


def _words_in_the_way(drawing: Drawing, sheet: _Sheet) -> Iterator[Fault]:
    at = sheet.at
    owners = [name for name in at.captions if name in sheet.holders]
    for number, owner in enumerate(owners):
        words = at.captions[owner]
        for on in _lies_on(sheet, owner, words):
            yield Fault(owner, f"has its words on {on}")
        for other in owners[number + 1 :]:
            if meet(words, at.captions[other]):
                yield Fault(owner, f"has its words on those of {other}")
        for lane in drawing.process.lanes:
            box = at.boxes.get(lane.id)
            if box is not None and meet(words, box) and not within(words, box):
                yield Fault(owner, f"has its words on the edge of {lane.id}")


def _lies_on(sheet: _Sheet, owner: str, words: Box) -> Iterator[str]:
    for name, node in sheet.nodes.items():
        box = sheet.at.boxes.get(name)
        if box is None or name in sheet.holders[owner]:
            continue
        if _on_shape(words, node, box):
            yield name
    for name, points in sheet.at.lines.items():
        if any(meet(widened(piece_box(p)), words, 0.5) for p in pieces_of(points)):
            yield f"the line of {name}"
