"""The periods that a council counts by now: those of its newest release.

Where a release holds none, those of the folder `processes` apply. A case that follows
an older version may name a period that is in force no more: then the newest release
that had it says how it is counted. The database is asked in every command, so that all
processes see a publication at once; what it names is parsed once per content."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.law import periods
from engine.law.council_file import DEFAULTS
from engine.law.period_file import FILE
from engine.law.period_model import Period
from engine.law.periods import CouncilPeriods, Periods
from engine.models import StoredFile
from engine.studio.tables import Release

KEPT = 64
_parsed: dict[str, CouncilPeriods] = {}


@dataclass
class PeriodsInForce:
    """What `Periods` is for the folder, for one session: each council is asked once."""

    session: Session
    folder: Periods
    _found: dict[str, CouncilPeriods] = field(default_factory=dict)

    def for_council(self, council: str) -> CouncilPeriods:
        """What one council counts by. Raises NotFound where nobody knows it."""
        if council not in self._found:
            self._found[council] = self._read(council)
        return self._found[council]

    def _read(self, council: str) -> CouncilPeriods:
        law = self.session.scalar(_laws(council).limit(1))
        found = self._of(council, law) if law else self.folder.for_council(council)
        return replace(
            found,
            calendar=self.folder.calendar,
            withdrawn=lambda key: self._withdrawn(council, key),
        )

    def _of(self, council: str, law: str) -> CouncilPeriods:
        return _parsed.get(law) or self._parse(council, law)

    def _withdrawn(self, council: str, key: str) -> Period | None:
        """The period as the newest release counted by it that had it."""
        laws = dict.fromkeys(self.session.scalars(_laws(council)))
        known = (self._of(council, law).periods.get(key) for law in laws if law)
        return next((period for period in known if period is not None), None)

    def _parse(self, council: str, law: str) -> CouncilPeriods:
        names = self.session.scalars(
            sa.select(Release.files)
            .where(Release.council == council, Release.law == law)
            .limit(1)
        ).one()
        wanted = {names[name]: name for name in names_of(council) if name in names}
        rows = self.session.execute(
            sa.select(StoredFile.sha256, StoredFile.content).where(
                StoredFile.sha256.in_(wanted)
            )
        )
        files = {wanted[sha256]: content for sha256, content in rows}
        if len(_parsed) >= KEPT:
            _parsed.clear()
        found = _parsed[law] = parse(council, files, self.folder)
        return found


def _laws(council: str) -> sa.Select[str]:
    """What the periods of each release are known by, the newest first."""
    named = sa.select(Release.law).where(Release.council == council)
    return named.order_by(Release.number.desc())


def names_of(council: str) -> tuple[str, str, str]:
    """The files in which a council's periods and policy stand."""
    return FILE, DEFAULTS, f"councils/{council}/council.yaml"


def law_of(council: str, names: Mapping[str, str]) -> str:
    """What the periods among files (name to SHA-256) are known by; '' without any."""
    shared, defaults, own = names_of(council)
    if shared not in names or own not in names:
        return ""
    written = ":".join((council, names[shared], names.get(defaults, ""), names[own]))
    return hashlib.sha256(written.encode()).hexdigest()


def parse(council: str, files: Mapping[str, bytes], folder: Periods) -> CouncilPeriods:
    """The council's periods in these files. Raises DefinitionError."""
    wanted = {name: files[name] for name in names_of(council) if name in files}
    return periods.parse(wanted, calendar=folder.calendar).for_council(council)


def changed_by(
    session: Session, council: str, files: Mapping[str, bytes], folder: Periods
) -> tuple[str, ...]:
    """The periods that are counted otherwise with these files, or no longer there.

    Nothing where the files hold no periods. Raises DefinitionError."""
    if not law_of(council, dict.fromkeys(files, "")):
        return ()
    after = parse(council, files, folder).periods
    before = PeriodsInForce(session, folder).for_council(council).periods
    return tuple(
        key
        for key, period in before.items()
        if _counting(after.get(key)) != _counting(period)
    )


def _counting(period: Period | None) -> tuple[object, ...] | None:
    if period is None:
        return None
    return period.rule, period.date_is, period.versions, period.readings
