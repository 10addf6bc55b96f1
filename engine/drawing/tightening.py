"""Take the spare room out of a roomy drawing without changing its shape.

One-dimensional compaction, across then down, twice: everything that faces
something else keeps its distance, columns and rows stay columns and rows.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

from engine.drawing.geometry import Point
from engine.drawing.grid import Box
from engine.drawing.lettering import TASK_FONT, text_width
from engine.drawing.routing import Router
from engine.drawing.strokes import Sketch, X, Y

MARGIN = 22.0
LANE_LEAST = 110.0
COLUMN_LEAST = 16.0
WIDE_INSET = 20.0  # from a wide shape's edge to the columns it covers
FACING = 12.0  # how near beside each other two things count as facing
ARROW_ROOM = 22.0

# Pixels kept between two kinds of things, across and down.
DISTANCES = {
    frozenset({"shape"}): (36.0, 30.0),
    frozenset({"shape", "stroke"}): (16.0, 16.0),
    frozenset({"shape", "words"}): (6.0, 6.0),
    frozenset({"stroke"}): (12.0, 12.0),
    frozenset({"stroke", "words"}): (5.0, 5.0),
    frozenset({"words"}): (6.0, 6.0),
    frozenset({"border"}): (0.0, LANE_LEAST),
    frozenset({"border", "shape"}): (0.0, 16.0),
    frozenset({"border", "stroke"}): (0.0, 14.0),
    frozenset({"border", "words"}): (0.0, 8.0),
}

Rules = dict[tuple[int, int], float]


@dataclass
class Plan:
    """The finished coordinates of one scope, from (0, 0)."""

    boxes: dict[str, Box] = field(default_factory=dict)
    lines: dict[str, list[Point]] = field(default_factory=dict)
    captions: dict[str, Box] = field(default_factory=dict)
    borders: list[float] = field(default_factory=list)
    width: float = 0.0
    height: float = 0.0

    def shift(self, dx: float, dy: float) -> None:
        """Move everything but the borders."""

        def moved(box: Box) -> Box:
            return Box(box.left + dx, box.top + dy, box.right + dx, box.bottom + dy)

        self.boxes = {name: moved(box) for name, box in self.boxes.items()}
        self.captions = {name: moved(box) for name, box in self.captions.items()}
        self.lines = {
            name: [(x + dx, y + dy) for x, y in points]
            for name, points in self.lines.items()
        }


@dataclass
class Thing:
    """Something that keeps its distance: tied to `var`, from `low` to `high`."""

    var: int
    low: float
    high: float
    near: float  # extent across the other axis
    far: float
    kind: str
    owner: str
    target: str = ""  # where a stroke's flow leads


def tighten(router: Router) -> Plan:
    """Squeeze both ways twice and read the coordinates off."""
    sketch = Sketch(router)
    for axis in (X, Y, X, Y):
        _squeeze(sketch, axis)
    return _plan(sketch)


def _things(sketch: Sketch, axis: int) -> Iterator[Thing]:
    """Everything that takes room along an axis."""
    ties = [(tie, "shape") for tie in sketch.home.values()]
    ties += [(tie, "words") for tie in sketch.words]
    for tie, kind in ties:
        box = sketch.box(tie)
        if axis == X and kind == "shape" and tie.owner in sketch.wide:
            for var in sketch.wide[tie.owner]:
                yield Thing(var, 0, 0, box.top, box.bottom, kind, tie.owner)
            continue
        low = tie.offsets[axis]
        sides = (box.top, box.bottom) if axis == X else (box.left, box.right)
        yield Thing(tie.vars[axis], low, low + tie.size[axis], *sides, kind, tie.owner)
    for name, strokes in sketch.strokes.items():
        points, target = sketch.points(name), sketch.router.arrows[name].target
        for number, stroke in enumerate(strokes):
            if stroke.axis == axis:
                a, b = points[number][1 - axis], points[number + 1][1 - axis]
                yield Thing(
                    stroke.var,
                    stroke.offset,
                    stroke.offset,
                    min(a, b),
                    max(a, b),
                    "stroke",
                    name,
                    target,
                )
    if axis == Y:
        for var in sketch.borders:
            yield Thing(var, 0, 0, -math.inf, math.inf, "border", "")


def _distance(one: Thing, two: Thing, axis: int) -> float:
    if one.kind == two.kind == "shape" and one.owner == two.owner:
        return 0.0
    if one.owner == two.target or two.owner == one.target:
        return ARROW_ROOM
    return DISTANCES[frozenset({one.kind, two.kind})][axis]


def _squeeze(sketch: Sketch, axis: int) -> None:
    """Move everything along one axis as close to the start as it may go."""
    at, free = sketch.at[axis], sketch.free[axis]
    rules: Rules = {}
    things = list(_things(sketch, axis))
    for number, one in enumerate(things):
        for two in things[number + 1 :]:
            if one.var != two.var:
                _keep_apart(rules, at, axis, one, two)
    _keep_bands(sketch, axis, rules)
    low = _longest(len(at), rules, {})
    fixed = {var: low[var] for var in range(len(at)) if not free[var]}
    pulls = _pulls(sketch, axis)
    for wanted in (-1, 1, 0):
        least = _longest(len(at), rules, fixed)
        most = _latest(len(at), rules, fixed)
        for var in range(len(at)):
            if var in fixed or (wanted and pulls.get(var, 0) * wanted <= 0):
                continue
            order = (most[var], least[var]) if wanted > 0 else (least[var], most[var])
            bounds = [bound for bound in order if math.isfinite(bound)]
            if wanted and bounds:
                fixed[var] = bounds[0]
            elif bounds:
                fixed[var] = sum(bounds) / len(bounds)
            else:
                fixed[var] = low[var]
            if wanted:
                least = _longest(len(at), rules, fixed)
                most = _latest(len(at), rules, fixed)
    at[:] = [float(round(fixed[var])) for var in range(len(at))]


def _latest(count: int, rules: Rules, fixed: dict[int, float]) -> list[float]:
    """Greatest positions that keep every distance; infinite where nothing stops."""
    mirrored = {(high, low): gap for (low, high), gap in rules.items()}
    negative = {var: -position for var, position in fixed.items()}
    return [-position for position in _longest(count, mirrored, negative)]


def _pulls(sketch: Sketch, axis: int) -> dict[int, int]:
    """Which way a free piece of a flow makes it shorter: -1, 1, or 0 for neither."""
    pulls: dict[int, int] = {}
    for name, strokes in sketch.strokes.items():
        points = sketch.points(name)
        for number, stroke in enumerate(strokes[1:-1], start=1):
            if stroke.axis == axis:
                here = points[number][axis]
                for other in (points[number - 1], points[number + 2]):
                    way = (other[axis] > here) - (other[axis] < here)
                    pulls[stroke.var] = pulls.get(stroke.var, 0) + way
    return pulls


def _keep_apart(
    rules: Rules, at: list[float], axis: int, one: Thing, two: Thing
) -> None:
    """A rule for two things that face each other."""
    wanted = _distance(one, two, axis)
    aside = max(one.near, two.near) - min(one.far, two.far)
    if aside >= min(wanted, FACING):
        return
    if at[one.var] * 2 + one.low + one.high > at[two.var] * 2 + two.low + two.high:
        one, two = two, one
    gap = at[two.var] + two.low - at[one.var] - one.high
    if gap >= 0:
        _rule(rules, one.var, two.var, one.high - two.low + min(gap, wanted))


def _rule(rules: Rules, low: int, high: int, least: float) -> None:
    rules[(low, high)] = max(least, rules.get((low, high), -math.inf))


def _keep_bands(sketch: Sketch, axis: int, rules: Rules) -> None:
    """Lanes as high as their names, columns side by side, wide nodes over theirs."""
    if axis == Y:
        names = [lane.name for lane in sketch.scope.lanes] or [""]
        borders = zip(sketch.borders, sketch.borders[1:], strict=False)
        for (one, two), name in zip(borders, names, strict=False):
            words = text_width(name, TASK_FONT) + 20
            _rule(rules, one, two, max(LANE_LEAST, words))
        return
    arrangement, columns = sketch.router.arrangement, sketch.columns
    widths = [0.0] * len(columns)
    for name, (column, _) in arrangement.cells.items():
        width, span = sketch.scope.nodes[name].width, arrangement.spans[name]
        if span == 1:
            widths[column] = max(widths[column], width)
            continue
        left, right = sketch.wide[name]
        _rule(rules, left, right, width)
        for covered in columns[column : column + span]:
            _rule(rules, left, covered, WIDE_INSET)
            _rule(rules, covered, right, WIDE_INSET)
    for number in range(len(columns) - 1):
        least = (widths[number] + widths[number + 1]) / 2 + COLUMN_LEAST
        _rule(rules, columns[number], columns[number + 1], least)


def _longest(count: int, rules: Rules, fixed: dict[int, float]) -> list[float]:
    """Least positions that keep every distance.

    With `fixed` positions, the rest only where something fixed pushes: otherwise
    minus infinity.
    """
    start = -math.inf if fixed else 0.0
    at = [fixed.get(var, start) for var in range(count)]
    for _ in range(count + 2):
        changed = False
        for (low, high), least in rules.items():
            if high not in fixed and at[low] + least > at[high] + 1e-9:
                at[high] = at[low] + least
                changed = True
        if not changed:
            break
    return at


def _plan(sketch: Sketch) -> Plan:
    plan = Plan()
    for name, tie in sketch.home.items():
        plan.boxes[name] = sketch.box(tie)
    for name in sketch.strokes:
        plan.lines[name] = _simple(sketch.points(name))
    for tie in sketch.words:
        plan.captions[tie.owner] = sketch.box(tie)
    boxes = [*plan.boxes.values(), *plan.captions.values()]
    xs = [x for points in plan.lines.values() for x, _ in points]
    dx = round(MARGIN - min([box.left for box in boxes] + xs))
    top = sketch.at[Y][sketch.borders[0]]
    plan.borders = [sketch.at[Y][var] - top for var in sketch.borders]
    plan.width = round(max([box.right for box in boxes] + xs) + dx + MARGIN)
    plan.height = plan.borders[-1]
    plan.shift(dx, -top)
    return plan


def _simple(points: list[Point]) -> list[Point]:
    """No point twice, and none in the middle of a straight run."""
    kept: list[Point] = []
    for point in points:
        if kept and kept[-1] == point:
            continue
        if len(kept) > 1 and (
            kept[-2][X] == kept[-1][X] == point[X]
            or kept[-2][Y] == kept[-1][Y] == point[Y]
        ):
            kept.pop()
        kept.append(point)
    return kept
