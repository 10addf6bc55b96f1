"""Orthogonal paths for flows over the roomy grid: A*, then rip up and lay again."""

import heapq
import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from engine.drawing.arranging import Arrangement
from engine.drawing.grid import build_grid
from engine.drawing.loops import back_flows
from engine.drawing.ports import Port, Ports
from engine.drawing.reading import Scope

LENGTH = 0.008
BEND = 1.0
CROSS = 12.0
CLASH = 60.0
SHARED = 0.004
JOIN = 1.2
MEET = 3.0  # two flows to the same end that turn on the same point
MIXED_PORT = 40.0
TRUNK_PORT = 1.5
JOINED_PORT = 2.2
UNROUTED = 1000.0
TRUNK_FROM = 4  # a split with so many flows may send them off on one trunk

H, V = 0, 1


@dataclass
class Route:
    """A flow's path. `corners` are (x line, y line), outside both shapes."""

    arrow: str
    start: Port
    end: Port
    corners: list[tuple[int, int]]
    price: float


def way_of(port: Port) -> int:
    return H if port.side in "LR" else V


class Router:
    """Finds paths one by one against what already lies on the grid."""

    def __init__(self, scope: Scope, arrangement: Arrangement) -> None:
        self.scope = scope
        self.arrangement = arrangement
        self.grid = build_grid(scope, arrangement)
        self.wide, self.high = len(self.grid.xs), len(self.grid.ys)
        self.x = [line.at for line in self.grid.xs]
        self.y = [line.at for line in self.grid.ys]
        self.gap_x = [LENGTH * (b - a) for a, b in pairwise(self.x)]
        self.gap_y = [LENGTH * (b - a) for a, b in pairwise(self.y)]
        self.places = Ports(scope, arrangement, self.grid)
        self.shut = self.places.shut
        self.arrows = {
            arrow.id: arrow
            for arrow in scope.arrows
            if arrow.source in self.grid.boxes and arrow.target in self.grid.boxes
        }
        # per way: flows on the step to the next point, flows straight through
        self.steps: tuple[dict[int, list[str]], dict[int, list[str]]] = ({}, {})
        self.through: tuple[dict[int, list[str]], dict[int, list[str]]] = ({}, {})
        self.turns: dict[int, list[str]] = {}
        self.busy: dict[int, int] = {}  # flows at a point
        self.ports: dict[tuple[str, str, int], list[tuple[str, bool]]] = {}
        self.routes: dict[str, Route] = {}
        self.back = back_flows(scope)
        outs: dict[str, int] = {}
        for arrow in scope.arrows:
            outs[arrow.source] = outs.get(arrow.source, 0) + 1
        self.trunks = {name for name, count in outs.items() if count >= TRUNK_FROM}

    # -- prices --------------------------------------------------------------

    def friends(self, arrow: str, other: str) -> bool:
        """Whether two flows may share a line: same end, or a big split's trunk."""
        one, two = self.arrows[arrow], self.arrows[other]
        if one.target == two.target:
            return True
        return one.source == two.source and one.source in self.trunks

    def port_price(self, port: Port, out: bool) -> float:
        price = port.price
        for _, other_out in self.ports.get(port.key, ()):
            if out != other_out:
                price += MIXED_PORT
            elif out:
                price += TRUNK_PORT if port.node in self.trunks else MIXED_PORT
            else:
                price += JOINED_PORT
        return price

    def straight_price(self, arrow: str, at: int, way: int) -> float:
        """What passing straight through a point costs."""
        price = CROSS * len(self.through[1 - way].get(at, ()))
        for other in self.turns.get(at, ()):
            price += JOIN if self.friends(arrow, other) else CLASH
        return price

    def turn_price(self, arrow: str, at: int) -> float:
        price = BEND
        for way in (H, V):
            for other in self.through[way].get(at, ()):
                price += JOIN if self.friends(arrow, other) else CLASH
        for other in self.turns.get(at, ()):
            price += MEET if self.friends(arrow, other) else CLASH
        return price

    def step_price(self, arrow: str, at: int, way: int) -> float:
        price = 0.0
        for other in self.steps[way].get(at, ()):
            price += SHARED if self.friends(arrow, other) else CLASH
        return price

    # -- search --------------------------------------------------------------

    def find(self, arrow: str) -> Route | None:
        """Cheapest path for one flow against the others."""
        return _Search(self, arrow).run()

    def _mark(self, route: Route, sign: int) -> None:
        """Put a route on the grid or take it off (`sign` 1 or -1)."""
        for i, j in route.corners:
            at = j * self.wide + i
            self.busy[at] = self.busy.get(at, 0) + sign
            if not self.busy[at]:
                del self.busy[at]
        for table, at in self._tables(route):
            if sign > 0:
                table.setdefault(at, []).append(route.arrow)
            else:
                table[at].remove(route.arrow)
                if not table[at]:
                    del table[at]
        for port, out in ((route.start, True), (route.end, False)):
            if sign > 0:
                self.ports.setdefault(port.key, []).append((route.arrow, out))
            else:
                self.ports[port.key].remove((route.arrow, out))

    def _tables(self, route: Route) -> Iterator[tuple[dict[int, list[str]], int]]:
        points = [j * self.wide + i for i, j in route.corners]
        way = way_of(route.start)
        for at, to in zip(points, points[1:], strict=False):
            out = H if at // self.wide == to // self.wide else V
            yield (self.turns if out != way else self.through[way]), at
            yield self.steps[out], min(at, to)
            way = out
        end = way_of(route.end)
        yield (self.turns if end != way else self.through[way]), points[-1]

    def lay_all(self, passes: int, hopeless: float) -> float:
        """Route every flow, then again in turn until nothing gets better.

        Gives up, at an infinite price, where the first paths cost `hopeless` or
        more.
        """

        def reach(name: str) -> tuple[float, str]:
            arrow = self.arrows[name]
            one, two = self.grid.boxes[arrow.source], self.grid.boxes[arrow.target]
            return abs(one.left - two.left) + abs(one.top - two.top), name

        total = 0.0
        for name in sorted(self.arrows, key=reach):
            route = self.find(name)
            total += UNROUTED if route is None else route.price
            if total >= hopeless:
                return math.inf
            if route is not None:
                self.routes[name] = route
                self._mark(route, 1)
        for _ in range(passes):
            order = sorted(
                self.routes, key=lambda name: (-self.routes[name].price, name)
            )
            for name in order:
                old = self.routes[name]
                self._mark(old, -1)
                self.routes[name] = self.find(name) or old
                self._mark(self.routes[name], 1)
            now = self.total()
            if now >= total - 0.01:
                break
            total = now
        return self.total()

    def total(self) -> float:
        missing = len(self.arrows) - len(self.routes)
        return UNROUTED * missing + sum(route.price for route in self.routes.values())

    def crossed(self) -> list[str]:
        """Flows that cross or run into another, twice for each meeting."""
        found: list[str] = []
        for at, flows in self.through[H].items():
            for other in self.through[V].get(at, ()):
                for flow in flows:
                    found += [flow, other]
        for at, flows in self.turns.items():
            near = [*self.through[H].get(at, ()), *self.through[V].get(at, ()), *flows]
            for flow in flows:
                for other in near:
                    if other > flow and not self.friends(flow, other):
                        found += [flow, other]
        return found


class _Search:
    """One A* search. A state is 2 * point + the way by which it was reached."""

    def __init__(self, router: Router, arrow: str) -> None:
        self.router = router
        self.arrow = arrow
        flow, back = router.arrows[arrow], arrow in router.back
        box = router.grid.boxes[flow.target]
        self.dx = [max(box.left - x, 0.0, x - box.right) for x in router.x]
        self.dy = [max(box.top - y, 0.0, y - box.bottom) for y in router.y]
        size = 2 * router.wide * router.high
        self.price_of = [math.inf] * size
        self.done = bytearray(size)
        self.came: dict[int, int] = {}
        self.first: dict[int, Port] = {}
        self.goals: dict[int, tuple[float, Port]] = {}
        self.queue: list[tuple[float, float, int]] = []
        for at, port in router.places.of(flow.target, False, back):
            state = 2 * at + way_of(port)
            price = router.port_price(port, False)
            if state not in self.goals or price < self.goals[state][0]:
                self.goals[state] = (price, port)
        for at, port in router.places.of(flow.source, True, back):
            price = router.port_price(port, True)
            state = 2 * at + way_of(port)
            if price < self.price_of[state]:
                self.price_of[state] = price
                self.first[state] = port
                heapq.heappush(self.queue, (price + self.ahead(state), price, state))

    def ahead(self, state: int) -> float:
        """The least that the rest of the way can cost."""
        at, way = state >> 1, state & 1
        dx, dy = self.dx[at % self.router.wide], self.dy[at // self.router.wide]
        turn = (dy if way == H else dx) > 0
        return LENGTH * (dx + dy) + (BEND if turn else 0.0)

    def run(self) -> Route | None:
        best, best_state = math.inf, -1
        queue, done, router = self.queue, self.done, self.router
        while queue:
            guess, price, state = heapq.heappop(queue)
            if guess >= best:
                break
            if done[state]:
                continue
            done[state] = 1
            at, way = state >> 1, state & 1
            straight, turning = 0.0, BEND
            if at in router.busy:
                straight = router.straight_price(self.arrow, at, way)
                turning = router.turn_price(self.arrow, at)
            goal = self.goals.get(state)
            if goal is not None and price + goal[0] + straight < best:
                best, best_state = price + goal[0] + straight, state
            prices = (straight, turning) if way == H else (turning, straight)
            self._spread(state, price + prices[H], price + prices[V])
        return None if best_state < 0 else self._route(best, best_state)

    def _spread(self, state: int, across: float, down: float) -> None:
        """Go on to the four neighbours."""
        router, at = self.router, state >> 1
        wide = router.wide
        i, j = at % wide, at // wide
        if i + 1 < wide and not router.shut[at + 1]:
            self._reach(state, at + 1, H, at, across + router.gap_x[i])
        if i and not router.shut[at - 1]:
            self._reach(state, at - 1, H, at - 1, across + router.gap_x[i - 1])
        if j + 1 < router.high and not router.shut[at + wide]:
            self._reach(state, at + wide, V, at, down + router.gap_y[j])
        if j and not router.shut[at - wide]:
            self._reach(state, at - wide, V, at - wide, down + router.gap_y[j - 1])

    def _reach(self, state: int, to: int, way: int, step: int, cost: float) -> None:
        if step in self.router.steps[way]:
            cost += self.router.step_price(self.arrow, step, way)
        new = 2 * to + way
        if cost < self.price_of[new]:
            self.price_of[new] = cost
            self.came[new] = state
            self.first.pop(new, None)
            heapq.heappush(self.queue, (cost + self.ahead(new), cost, new))

    def _route(self, price: float, state: int) -> Route:
        end = self.goals[state][1]
        states = [state]
        while states[-1] not in self.first:
            states.append(self.came[states[-1]])
        states.reverse()
        wide = self.router.wide
        corners = [((one >> 1) % wide, (one >> 1) // wide) for one in states]
        return Route(self.arrow, self.first[states[0]], end, corners, price)
