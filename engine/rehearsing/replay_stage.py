"""Where real cases are replayed: a draft's files, and nobody's name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine import library
from engine.commanding import Commands
from engine.models import Council
from engine.permissions import ROLES
from engine.rehearsing.rehearsal import Stage
from engine.runs import Desk
from engine.views import Officer


class _Numbers(Commands):
    """Gives the cases of a stage the numbers that they really have."""

    def next_is(self, council: str, reference: str) -> None:
        def work(desk: Desk) -> None:
            row = desk.session.get_one(Council, council)
            row.next_case_number = int(reference.rsplit("/", 1)[1])

        self._command(None, work)


@dataclass
class ReplayStage:
    """A draft's files published for one council, in a database of their own."""

    stage: Stage
    council: str
    roles: Mapping[str, Sequence[str]]
    """Of everybody who acted on the cases, by the person's id."""
    drawn: frozenset[tuple[str, str]]
    """The (process, element) of the diagrams that the cases really ran on."""
    people: dict[str, Officer] = field(default_factory=dict)

    @classmethod
    def open(
        cls, files: Mapping[str, bytes], database_url: str, folder: Path, job: Any
    ) -> ReplayStage:
        """`job` says for which council, who acted, and what was drawn then."""
        library.write(files, folder)
        council = job["council"]
        return cls(
            Stage.open(files, database_url, folder, [council]),
            council,
            job["people"],
            frozenset((process, element) for process, element in job["drawn"]),
        )

    def next_case_is(self, reference: str) -> None:
        """The next case of the stage gets the number that it really has."""
        office = self.stage.office
        _Numbers(office.engine, office.clock, office.periods, office.library).next_is(
            self.council, reference
        )

    def officer(self, person: str) -> Officer:
        """An account for somebody who acted, under no name."""
        if person not in self.people:
            roles = tuple(self.roles.get(person, ("officer",)))
            self.people[person] = self.stage.office.casework.add_officer(
                self.council,
                f"person_{len(self.people) + 1}",
                " and ".join(ROLES[role] for role in roles),
                email="",
                roles=roles,
                password=None,
            )
        return self.people[person]
