"""Steps that failed, for the managers who mend them: a list, and trying again."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from engine import database, incidents, permissions, publishing, timekeeping
from engine.bpmn.definitions import Definition
from engine.commanding import Commands
from engine.errors import EngineError, NotFound, WorkflowFailed
from engine.models import Case, Incident, Instance, Version
from engine.views import Officer

SHOWN = 25
"""The cases that are listed of those where the same step failed in the same way."""
KINDS = 100
"""The kinds of failure that are listed, the oldest first."""
AT_ONCE = 100
"""The most that are tried again at once: each is a transaction of its own."""


@dataclass(frozen=True, kw_only=True)
class FailedCase:
    """A case with a step that failed and waits for repair."""

    incident_id: str
    reference: str
    address: str
    at: datetime
    is_of_task: bool
    """It broke when a task was completed: the task waits, its answers are kept."""


@dataclass(frozen=True, kw_only=True)
class Outdated:
    """Cases that run on an older version of a process than the newest."""

    process: str
    title: str
    version: int
    """The newest."""
    cases: int


@dataclass(frozen=True, kw_only=True)
class FailedStep:
    """Cases in which the same step failed for the same reason."""

    process: str
    title: str
    element: str
    step: str
    """What the diagram calls it."""
    why: str
    since: datetime
    count: int
    cases: tuple[FailedCase, ...]
    """The first of them."""
    outdated: tuple[Outdated, ...]
    """Those that a newer version may mend once they are moved to it."""

    @property
    def like(self) -> str:
        """Any incident of the kind, to name the kind by."""
        return self.cases[0].incident_id


@dataclass(frozen=True, kw_only=True)
class Tried:
    """What came of trying one step again."""

    reference: str
    step: str
    is_done: bool
    says: str


class Repairs(Commands):
    """The incidents of the officer's council. For managers only."""

    def waiting(self, officer: Officer) -> int:
        """How many steps wait for repair."""
        permissions.require_manager(officer)
        with database.reading(self._engine) as session:
            count = session.scalar(
                sa.select(sa.func.count())
                .select_from(Incident)
                .where(*_open(officer.council))
            )
        return count or 0

    def failed_steps(self, officer: Officer) -> tuple[FailedStep, ...]:
        """The steps that failed, those of the same kind together, the oldest first."""
        permissions.require_manager(officer)
        with database.reading(self._engine) as session:
            rows = session.execute(_listed(officer.council)).all()
            hashes = {row.definition_hash for row in rows}
            known = {h: self._library.definition(session, h) for h in hashes}
            newest = publishing.newest_of_all(session, officer.council)
            titles = {
                process: self._library.definition(
                    session, newest[process].definition_hash
                ).title
                for process in {row.main for row in rows} & newest.keys()
            }
        kinds = groupby(rows, key=lambda r: (r.process, r.element, r.message))
        return tuple(
            _failed_step(group, known, _outdated(group, newest, titles))
            for group in (list(alike) for _, alike in kinds)
        )

    def alike(self, incident_id: str, officer: Officer) -> tuple[str, ...]:
        """The open incidents of the same kind as one, itself among them."""
        permissions.require_manager(officer)
        with database.reading(self._engine) as session:
            one = session.get(Incident, incident_id)
            if one is None or one.council != officer.council:
                raise NotFound("There is no such incident.")
            return tuple(
                session.scalars(
                    sa.select(Incident.id)
                    .join(Case, Case.id == Incident.case_id)
                    .where(
                        *_open(officer.council),
                        Incident.process == one.process,
                        Incident.element == one.element,
                        Incident.message == one.message,
                    )
                    .order_by(Incident.at, Case.reference)
                    .limit(AT_ONCE)
                )
            )

    def try_again(
        self, incident_ids: Sequence[str], officer: Officer
    ) -> tuple[Tried, ...]:
        """Try failed steps again, each in its own transaction; what came of each.

        At most 100 at once. One that is not there is left out."""
        permissions.require_manager(officer)
        found = []
        for incident_id in list(dict.fromkeys(incident_ids))[:AT_ONCE]:
            tried = self._try(incident_id, officer)
            if tried is not None:
                found.append(tried)
        return tuple(found)

    def _try(self, incident_id: str, officer: Officer) -> Tried | None:
        with database.reading(self._engine) as session:
            row = session.execute(
                sa.select(Incident, Instance.definition_hash, Case.reference)
                .join(Instance, Instance.id == Incident.instance_id)
                .join(Case, Case.id == Incident.case_id)
                .where(Incident.id == incident_id, Incident.council == officer.council)
            ).one_or_none()
            if row is None:
                return None
            incident, definition_hash, reference = row
            definition = self._library.definition(session, definition_hash)
            step = _name(definition, incident.process, incident.element)
            is_of_task = incident.task_id is not None
            is_open = incident.resolved_at is None
        says = "It has been repaired in the meantime."
        if is_open:
            says = in_words(
                definition, incident.process, self._again(incident_id, officer)
            )
            if says:
                return Tried(reference=reference, step=step, is_done=False, says=says)
            says = "Done. The case goes on."
            if is_of_task:
                says = (
                    "The task can be completed again. What was entered is kept as its "
                    "draft."
                )
        return Tried(reference=reference, step=step, is_done=True, says=says)

    def _again(self, incident_id: str, officer: Officer) -> str:
        """Empty where it went on, otherwise why not."""
        try:
            self._command(
                officer, lambda desk: timekeeping.retry(desk, incident_id, officer)
            )
        except WorkflowFailed as error:
            failure = error
        except EngineError as error:
            return str(error)
        else:
            return ""
        self._command(
            officer, lambda desk: incidents.fails_still(desk, incident_id, failure)
        )
        return str(failure)


def _open(council: str) -> tuple[sa.ColumnElement[bool], ...]:
    return Incident.council == council, Incident.resolved_at.is_(None)


def _listed(council: str) -> sa.Select[Any]:
    """One statement: the first cases of each kind, with how many there are of it."""
    kind = (Incident.process, Incident.element, Incident.message)
    place = sa.func.row_number().over(
        partition_by=kind, order_by=(Incident.at, Case.reference)
    )
    ranked = (
        sa.select(
            Incident.id,
            Incident.instance_id,
            Incident.task_id,
            *kind,
            Incident.at,
            Case.reference,
            Case.address,
            place.label("place"),
            sa.func.count().over(partition_by=kind).label("alike"),
            sa.func.min(Incident.at).over(partition_by=kind).label("since"),
        )
        .join(Case, Case.id == Incident.case_id)
        .where(*_open(council))
        .subquery()
    )
    return (
        sa.select(
            ranked,
            Instance.definition_hash,
            Instance.process.label("main"),
        )
        .join(Instance, Instance.id == ranked.c.instance_id)
        .where(ranked.c.place <= SHOWN)
        .order_by(
            ranked.c.since,
            ranked.c.process,
            ranked.c.element,
            ranked.c.message,
            ranked.c.place,
        )
        .limit(SHOWN * KINDS)
    )


def _failed_step(
    rows: Sequence[sa.Row[Any]],
    known: Mapping[str, Definition],
    outdated: tuple[Outdated, ...],
) -> FailedStep:
    first = rows[0]
    definition = known[first.definition_hash]
    diagram = definition.diagrams.get(first.process)
    return FailedStep(
        process=first.process,
        title=diagram.title if diagram else first.process,
        element=first.element,
        step=_name(definition, first.process, first.element),
        why=in_words(definition, first.process, first.message),
        since=first.since,
        count=first.alike,
        cases=tuple(
            FailedCase(
                incident_id=row.id,
                reference=row.reference,
                address=row.address,
                at=row.at,
                is_of_task=row.task_id is not None,
            )
            for row in rows
        ),
        outdated=outdated,
    )


def _outdated(
    rows: Sequence[sa.Row[Any]],
    newest: Mapping[str, Version],
    titles: Mapping[str, str],
) -> tuple[Outdated, ...]:
    """The cases listed of one kind that are on an older version, by main process."""
    cases: dict[str, set[str]] = {}
    for row in rows:
        version = newest.get(row.main)
        if version is not None and version.definition_hash != row.definition_hash:
            cases.setdefault(row.main, set()).add(row.reference)
    return tuple(
        Outdated(
            process=process,
            title=titles[process],
            version=newest[process].number,
            cases=len(references),
        )
        for process, references in cases.items()
    )


def _name(definition: Definition, process: str, element: str) -> str:
    diagram = definition.diagrams.get(process)
    drawn = diagram.elements.get(element) if diagram else None
    return drawn.name if drawn is not None and drawn.name else element


def in_words(definition: Definition, process: str, message: str) -> str:
    """A message with its steps called as the diagram calls them."""
    return re.sub(
        r"“(\w+)”",
        lambda found: f"“{_name(definition, process, found.group(1))}”",
        message,
    )
