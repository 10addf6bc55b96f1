"""From what is to be drawn to finished coordinates, sub-processes first."""

import math
from dataclasses import replace

from engine.drawing.arranging import arrange
from engine.drawing.coordinates import Coordinates
from engine.drawing.grid import Box
from engine.drawing.reading import Drawing, Node, Scope
from engine.drawing.refining import Trial, refine, try_out
from engine.drawing.tightening import Plan, tighten

HEADING = 30.0  # the strip with a pool's or lane's name
SUB_SIDE = 4.0
SUB_TOP = 20.0
SUB_FOOT = 16.0
SUB_LEAST = 140.0
SEEDS = ((11, 23, 37), (41, 53, 67), (79, 83, 97))
REFINED = 2
TRIES = 60
MOVES_PER_NODE = 300
LEAST_NODES = 8


def compose(drawing: Drawing) -> Coordinates:
    """Lay out a file."""
    plan = compose_scope(drawing.process)
    lanes = drawing.process.lanes
    left = HEADING * (bool(drawing.pool) + bool(lanes))
    plan.shift(left, 0)
    made = Coordinates(plan.boxes, plan.lines, plan.captions)
    right = plan.width + left
    start = HEADING if drawing.pool else 0.0
    if drawing.pool:
        made.boxes[drawing.pool] = Box(0, 0, right, plan.height)
    for number, lane in enumerate(lanes):
        top, bottom = plan.borders[number : number + 2]
        made.boxes[lane.id] = Box(start, top, right, bottom)
    return made


def compose_scope(scope: Scope) -> Plan:
    """Lay out one process or the inside of one sub-process."""
    insides: dict[str, Plan] = {}
    nodes: dict[str, Node] = {}
    for name, node in scope.nodes.items():
        if node.inner is not None:
            plan = insides[name] = compose_scope(node.inner)
            width = _even(max(plan.width + 2 * SUB_SIDE, SUB_LEAST))
            height = _even(plan.height + SUB_TOP + SUB_FOOT)
            node = replace(node, width=width, height=height)
        nodes[name] = node
    if not nodes:
        return Plan(width=100.0, height=60.0, borders=[0.0, 60.0])
    plan = _best_plan(Scope(scope.id, nodes, scope.arrows, scope.lanes))
    for name, inner in insides.items():
        box = plan.boxes[name]
        inner.shift(round(box.middle[0] - inner.width / 2), box.top + SUB_TOP)
        plan.boxes.update(inner.boxes)
        plan.lines.update(inner.lines)
        plan.captions.update(inner.captions)
    return plan


def _best_plan(scope: Scope) -> Plan:
    """Several arrangements, the best refined; more are tried while flows cross."""
    moves = MOVES_PER_NODE * max(LEAST_NODES, len(scope.nodes))
    trials: list[Trial] = []
    for seeds in SEEDS:
        trials += [try_out(scope, arrange(scope, seed, moves)) for seed in seeds]
        trials.sort(key=lambda trial: trial.price)
        trials = [
            refine(scope, trial, TRIES, number)
            for number, trial in enumerate(trials[:REFINED])
        ]
        trials.sort(key=lambda trial: trial.price)
        if not trials[0].crossed:
            break
    return tighten(trials[0].router)


def _even(length: float) -> float:
    """The next even number of pixels, so that the middle is a whole one."""
    return 2.0 * math.ceil(length / 2)
