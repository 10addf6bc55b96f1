"""A routed drawing as things tied to a few movable positions.

Every column, every row, every border of lanes and every free piece of a flow has
one position; shapes, words and the other pieces are tied to these.
"""

from dataclasses import dataclass
from itertools import permutations

from engine.drawing.geometry import Point
from engine.drawing.grid import Box, host_column
from engine.drawing.labelling import Caption, place
from engine.drawing.routing import H, Route, Router, V, way_of

X, Y = 0, 1


@dataclass
class Stroke:
    """One straight piece of a flow: `way` H or V, and what it is tied to."""

    way: int
    line: int
    var: int = -1
    offset: float = 0.0

    @property
    def axis(self) -> int:
        """The axis along which the stroke may move."""
        return Y if self.way == H else X


@dataclass
class Tie:
    """A box tied to a position on each axis: left and top are offsets from them."""

    owner: str
    vars: tuple[int, int]
    offsets: tuple[float, float]
    size: tuple[float, float]


class Sketch:
    """Positions along both axes, and everything tied to them."""

    def __init__(self, router: Router) -> None:
        self.router = router
        self.scope = router.scope
        self.at: tuple[list[float], list[float]] = ([], [])
        self.free: tuple[list[bool], list[bool]] = ([], [])
        grid = router.grid
        self.columns = [self._add(X, at) for at in grid.column_at]
        self.rows = [self._add(Y, at) for at in grid.row_at]
        self.borders = [self._add(Y, at) for at in grid.borders]
        self.home: dict[str, Tie] = {}
        self.wide: dict[str, tuple[int, int]] = {}  # left and right edges
        self._tie_nodes()
        self.strokes = {
            name: _strokes(router.routes[name]) for name in sorted(router.routes)
        }
        self._tie_strokes()
        self._unite()
        self.words = self._captions()

    def _add(self, axis: int, at: float, free: bool = False) -> int:
        self.at[axis].append(at)
        self.free[axis].append(free)
        return len(self.at[axis]) - 1

    def _tie_nodes(self) -> None:
        arrangement, grid = self.router.arrangement, self.router.grid
        for name, (column, row) in arrangement.cells.items():
            self._tie(name, (self.columns[column], self.rows[row]), (0.0, 0.0))
            if arrangement.spans[name] > 1:
                box = grid.boxes[name]
                self.wide[name] = (self._add(X, box.left), self._add(X, box.right))
        for guest, (host, side, offset) in grid.guest_at.items():
            half = self.scope.nodes[host].height / 2
            column = self.columns[host_column(arrangement, host)]
            row = self.home[host].vars[Y]
            self._tie(guest, (column, row), (offset, half if side == "B" else -half))

    def _tie(
        self, name: str, where: tuple[int, int], middle: tuple[float, float]
    ) -> None:
        node = self.scope.nodes[name]
        corner = (middle[X] - node.width / 2, middle[Y] - node.height / 2)
        self.home[name] = Tie(name, where, corner, (node.width, node.height))

    def _tie_strokes(self) -> None:
        grid = self.router.grid
        for strokes in self.strokes.values():
            for number, stroke in enumerate(strokes):
                line = (grid.ys if stroke.way == H else grid.xs)[stroke.line]
                bands = self.rows if stroke.way == H else self.columns
                if number in (0, len(strokes) - 1):
                    stroke.var, stroke.offset = bands[line.band], line.offset
                else:
                    stroke.var = self._add(stroke.axis, line.at, True)

    def _unite(self) -> None:
        """Flows that share a line on the grid go on sharing it."""
        groups: dict[tuple[int, int], list[tuple[float, float, Stroke, str]]] = {}
        for name, strokes in self.strokes.items():
            points = self.points(name)
            for number, stroke in enumerate(strokes):
                along = 1 - stroke.axis
                ends = (points[number][along], points[number + 1][along])
                groups.setdefault((stroke.way, stroke.line), []).append(
                    (min(ends), max(ends), stroke, name)
                )
        for group in groups.values():
            for (low, high, one, name), (bottom, top, two, other) in permutations(
                group, 2
            ):
                apart = high < bottom or top < low
                if apart or one.var == two.var or not self.free[two.axis][two.var]:
                    continue
                if self.router.friends(name, other):
                    loose = two.var
                    for _, _, stroke, _ in group:
                        if stroke.var == loose:
                            stroke.var, stroke.offset = one.var, one.offset

    # -- coordinates ---------------------------------------------------------

    def box(self, tie: Tie) -> Box:
        if tie.owner in self.wide and self.home[tie.owner] is tie:
            left, right = (self.at[X][var] for var in self.wide[tie.owner])
            top = self.at[Y][tie.vars[Y]] + tie.offsets[Y]
            return Box(left, top, right, top + tie.size[Y])
        left = self.at[X][tie.vars[X]] + tie.offsets[X]
        top = self.at[Y][tie.vars[Y]] + tie.offsets[Y]
        return Box(left, top, left + tie.size[X], top + tie.size[Y])

    def points(self, name: str) -> list[Point]:
        """The corners of a flow, from border to border."""
        route, strokes = self.router.routes[name], self.strokes[name]
        points = [self._dock(route.start.node, route.start.side, strokes[0])]
        for one, two in zip(strokes, strokes[1:], strict=False):
            a, b = self._stroke_at(one), self._stroke_at(two)
            points.append((b, a) if one.way == H else (a, b))
        points.append(self._dock(route.end.node, route.end.side, strokes[-1]))
        return points

    def _stroke_at(self, stroke: Stroke) -> float:
        return self.at[stroke.axis][stroke.var] + stroke.offset

    def _dock(self, name: str, side: str, stroke: Stroke) -> Point:
        box, at = self.box(self.home[name]), self._stroke_at(stroke)
        if side in "LR":
            return (box.left if side == "L" else box.right), at
        return at, (box.top if side == "T" else box.bottom)

    # -- words ---------------------------------------------------------------

    def _captions(self) -> list[Tie]:
        """Labels placed in the roomy drawing, each tied to two positions."""
        lines = {name: self.points(name) for name in self.strokes}
        captions = place(
            self.scope,
            {name: self.box(tie) for name, tie in self.home.items()},
            lines,
            {name: self._alone_from(name) for name in lines},
            [self.at[Y][var] for var in self.borders],
        )
        ties = []
        for caption in captions:
            where = self._anchor(caption)
            box = caption.box
            corner = (
                box.left - self.at[X][where[X]],
                box.top - self.at[Y][where[Y]],
            )
            ties.append(Tie(caption.owner, where, corner, (box.width, box.height)))
        return ties

    def _anchor(self, caption: Caption) -> tuple[int, int]:
        if caption.piece < 0:
            return self.home[caption.owner].vars
        strokes = self.strokes[caption.owner]
        stroke = strokes[caption.piece]
        if caption.piece:
            before = strokes[caption.piece - 1].var
        else:
            source = self.router.routes[caption.owner].start.node
            before = self.home[source].vars[1 - stroke.axis]
        return (before, stroke.var) if stroke.way == H else (stroke.var, before)

    def _alone_from(self, name: str) -> int:
        """The first segment that a flow does not share with a sibling."""
        router, strokes = self.router, self.strokes[name]
        source = router.arrows[name].source
        siblings = [
            others
            for other, others in self.strokes.items()
            if other != name
            and router.arrows[other].source == source
            and router.routes[other].start.key == router.routes[name].start.key
        ]
        for number, stroke in enumerate(strokes):
            mine = (stroke.way, stroke.line)
            if not any(
                number < len(others)
                and (others[number].way, others[number].line) == mine
                for others in siblings
            ):
                return number
        return len(strokes) - 1


def _strokes(route: Route) -> list[Stroke]:
    way = way_of(route.start)
    i, j = route.corners[0]
    strokes = [Stroke(way, j if way == H else i)]
    for k, m in route.corners[1:]:
        out = H if j == m else V
        if out != way:
            strokes.append(Stroke(out, m if out == H else k))
            way = out
        j = m
    end = way_of(route.end)
    if end != way:
        i, j = route.corners[-1]
        strokes.append(Stroke(end, j if end == H else i))
    return strokes
