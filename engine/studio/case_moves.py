"""One running case moves to another version, back, or by hand to another step.

Functions take a desk and rows that are locked, and never commit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine import people, projections, runs
from engine.bpmn.definitions import Definition
from engine.bpmn.moving import Mover, Verdict
from engine.bpmn.workflow import Flow
from engine.errors import NotFound
from engine.models import Case, Instance, Version
from engine.publishing import Library
from engine.runs import Desk, Run
from engine.studio.tables import MigratedInstance
from engine.views import Officer

KEPT = 32
ENDED = "The case has ended since."
GONE_ON = "It has been moved to another version since."


@dataclass
class Movers:
    """The movers between definitions, each made once; and, for as long as one batch,
    who moves the cases and what the versions are called. Shared by threads."""

    library: Library
    officers: dict[str, Officer] = field(default_factory=dict)
    numbers: dict[tuple[str, str], int | None] = field(default_factory=dict)
    _made: dict[tuple[str, str, bool], Mover] = field(default_factory=dict)

    def begin(self) -> None:
        """A new batch: ask anew who and which version."""
        self.officers.clear()
        self.numbers.clear()

    def officer(self, session: Session, person_id: str) -> Officer:
        """The person in whose name the cases are moved."""
        found = self.officers.get(person_id) or people.find(session, person_id)
        self.officers[person_id] = found
        return found

    def number_of(
        self, session: Session, council: str, definition: Definition
    ) -> int | None:
        """The number of the newest version that is this definition; None without."""
        key = (council, definition.hash)
        found = self.numbers.get(key)
        if found is None:
            found = session.scalar(
                sa.select(sa.func.max(Version.number)).where(
                    Version.council == council,
                    Version.process == definition.process,
                    Version.definition_hash == definition.hash,
                )
            )
            self.numbers[key] = found
        return found

    def get(self, session: Session, before: str, after: str, *, is_back: bool) -> Mover:
        """What moves cases from one definition to another."""
        key = (before, after, is_back)
        found = self._made.get(key)
        if found is None:
            found = Mover(
                self.library.definition(session, before),
                self.library.definition(session, after),
                is_back=is_back,
            )
            if len(self._made) >= KEPT:
                self._made.clear()
            self._made[key] = found
        return found


def attempt(
    desk: Desk,
    movers: Movers,
    instance: Instance,
    case: Case,
    to: str,
    *,
    is_back: bool = False,
) -> tuple[Verdict, Flow | None]:
    """Whether a case can move to a definition, and its process as moved."""
    mover = movers.get(desk.session, instance.definition_hash, to, is_back=is_back)
    around = runs.surroundings(desk.now, desk.periods, case, held=instance.held)
    return mover.attempt(instance.state, instance.facts, around)


def move(
    desk: Desk,
    movers: Movers,
    row: MigratedInstance,
    instance: Instance,
    case: Case,
    *,
    reason: str,
) -> None:
    """Move a case if it can, as it stands now; the row says what became of it."""
    verdict, flow = attempt(desk, movers, instance, case, row.to_hash)
    if flow is None:
        row.state, row.reason = "cannot_move", "\n".join(verdict.reasons)
        return
    state = instance.state
    _follow(desk, movers, instance, case, flow, said="Moved to", reason=reason)
    row.state, row.reason = "moved", ""
    row.before = {"state": state, "steps": instance.steps}


def undo(
    desk: Desk, movers: Movers, row: MigratedInstance, instance: Instance, case: Case
) -> None:
    """Move a case back: as it was if it has done nothing since, else by the rules."""
    if instance.ended_at is not None:
        row.state, row.reason = "cannot_undo", ENDED
        return
    if instance.definition_hash != row.to_hash:
        row.state, row.reason = "cannot_undo", GONE_ON
        return
    before = row.before or {}
    if before.get("steps") == instance.steps:
        flow: Flow | None = Flow.restore(
            desk.library.definition(desk.session, row.from_hash),
            before["state"],
            instance.facts,
            runs.surroundings(desk.now, desk.periods, case, held=instance.held),
        )
        verdict = Verdict()
    else:
        verdict, flow = attempt(
            desk, movers, instance, case, row.from_hash, is_back=True
        )
    if flow is None:
        row.state, row.reason = "cannot_undo", "\n".join(verdict.reasons)
        return
    _follow(desk, movers, instance, case, flow, said="Moved back to", reason="")
    row.state, row.reason = "undone", ""


def _follow(
    desk: Desk,
    movers: Movers,
    instance: Instance,
    case: Case,
    flow: Flow,
    *,
    said: str,
    reason: str,
) -> None:
    """Let an instance go on as this process, and write down what it reports."""
    definition = flow.definition
    version = movers.number_of(desk.session, case.council, definition)
    desk.note(
        "version_changed",
        f"{said} version {version or '?'} of ‘{definition.title}’",
        case,
        instance=instance,
        detail=reason,
        process=definition.process,
        data={"from": instance.definition_hash, "to": definition.hash},
    )
    awaited = instance.awaits
    instance.definition_hash = definition.hash
    instance.title = definition.title
    run = Run(case, instance, definition, flow, projections.breaches_of(flow))
    runs.record(desk, run)
    if instance.awaits != awaited:
        runs.deliver_messages(desk, case, {instance.id: run})


def work_dates_out(
    desk: Desk, row: MigratedInstance, instance: Instance, case: Case, *, reason: str
) -> None:
    """Count the dates of a case anew, by the periods that are in force now."""
    run = runs.resume(desk, instance, case)
    run.flow.timers()
    if run.flow.failures:
        row.state = "cannot_move"
        row.reason = "\n".join(failure.message for failure in run.flow.failures)
        return
    desk.note(
        "dates_worked_out",
        "The dates were worked out again",
        case,
        instance=instance,
        detail=reason,
        process=instance.process,
    )
    runs.record(desk, run)
    row.state, row.reason = "moved", ""


def relocate(
    desk: Desk,
    instance: Instance,
    case: Case,
    *,
    area: str,
    leave: Sequence[str],
    to: str,
    reason: str,
) -> None:
    """Put a case by hand at another step of the part where it stands.

    Raises CannotRelocate, NotFound, and WorkflowFailed where a step there breaks."""
    run = runs.resume(desk, instance, case)
    stands = next((each for each in run.flow.areas() if each.id == area), None)
    if stands is None:
        raise NotFound("The case does not stand in that part of the process any more.")
    titles = [place.title for place in stands.places if place.id in leave]
    titles += [e.name or e.id for e in stands.targets if e.id == to]
    run.flow.relocate(area, leave, to)
    *left, there = (f"‘{title}’" for title in titles)
    desk.note(
        "moved_by_hand",
        f"Moved by hand from {' and '.join(left)} to {there}",
        case,
        instance=instance,
        detail=reason,
        process=stands.process,
        element=to,
    )
    runs.settle(desk, run)
