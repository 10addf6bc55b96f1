"""A small, sound set of files published, and short ways to work in the studio."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import small_office as small
import small_visit
from conftest import STARTS

import engine
from engine import database, drawing
from engine.studio.tables import Draft, RehearsalRun
from engine.views import Officer

DIAGRAM = "visit.bpmn"
FORM = "forms/record_visit.json"
LONGER = small_visit.COUNCIL.replace("length: 3", "length: 8").encode()
"""The council's own target for a visit, eight working days in the place of three."""
COUNCIL_FILE = "councils/maldon/council.yaml"


@dataclass(frozen=True)
class Studio:
    """An office, two managers, an officer and somebody of legal."""

    office: engine.Office
    mark: Officer
    mia: Officer
    olive: Officer
    lee: Officer

    def draft(self, changes: Mapping[str, bytes | None], title: str = "Longer") -> str:
        """A draft by Mark with these changes."""
        draft_id = self.office.drafts.open(title, f"{title}, as agreed.", self.mark)
        self.office.drafts.save(draft_id, changes, 1, self.mark)
        return draft_id

    def approved(self, changes: Mapping[str, bytes | None]) -> str:
        """A draft by Mark, rehearsed and approved by Lee of legal."""
        draft_id = self.draft(changes)
        self.rehearse(draft_id)
        self.office.drafts.submit(draft_id, self.mark)
        self.office.drafts.approve(draft_id, "Agreed.", self.lee)
        return draft_id

    def publish(self, changes: Mapping[str, bytes | None]) -> int:
        """Everything from a draft to its release."""
        number = self.office.drafts.publish(self.approved(changes), self.mark)
        assert number is not None
        return number

    def rehearse(self, draft_id: str, *, failed: int = 0) -> None:
        """Leave what a finished rehearsal of the draft as it is now leaves."""
        with database.writing(self.office.engine) as session:
            draft = session.get_one(Draft, draft_id)
            session.add(
                RehearsalRun(
                    council=draft.council,
                    draft_id=draft_id,
                    kind="stories",
                    revision=draft.revision,
                    state="finished",
                    total=1,
                    done=1,
                    failed=failed,
                    asked_at=self.office.clock.now(),
                    asked_by_id=draft.created_by_id,
                    finished_at=self.office.clock.now(),
                )
            )


@cache
def _diagram() -> bytes:
    return drawing.layout(small_visit.DIAGRAM.encode())


def files() -> dict[str, bytes]:
    """A diagram laid out, its form and table, its periods, and a story."""
    return {**small_visit.files(), DIAGRAM: _diagram()}


def connect(url: str) -> engine.Office:
    """An office on a database with every table; its clock stands still."""
    return engine.connect(url, clock=engine.VirtualClock(STARTS), migrate=False)


def make_studio(url: str) -> Studio:
    """Maldon's office, with its files published, and its people."""
    office = connect(url)
    office.casework.add_council("maldon")
    office.casework.publish_all(files(), "maldon", None, "First version")
    small.hire(office, "Mark Dyke", "manager")
    small.hire(office, "Mia Fenn", "manager")
    small.hire(office, "Olive Marsh")
    small.hire(office, "Lee Law", "legal")
    return meet(office)


def meet(office: engine.Office) -> Studio:
    """The people of an office that `make_studio` has made."""
    by_name = {person.name: person for person in office.records.everybody("maldon")}
    return Studio(
        office,
        mark=by_name["Mark Dyke"],
        mia=by_name["Mia Fenn"],
        olive=by_name["Olive Marsh"],
        lee=by_name["Lee Law"],
    )
