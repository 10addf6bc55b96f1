"""What a period, its sources and a council's policy are, once read from their files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Version:
    """What the period was from one day to another (None: open), both included."""

    from_on: date | None = None
    until_on: date | None = None
    length: int | None = None
    unit: str | None = None
    note: str = ""

    def covers(self, day: date) -> bool:
        return (self.from_on is None or self.from_on <= day) and (
            self.until_on is None or day <= self.until_on
        )


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A second way to count a period: what differs from the first, and why.

    `calendar` is "inspectorate" where the Planning Inspectorate's way of passing over
    bank holidays is used. `main` says that this reading gives the date; then the plain
    rule is the alternative, for the reason that `otherwise` gives."""

    rule: str
    length: int | None
    unit: str | None
    why: str
    otherwise: str = ""
    calendar: str = ""
    main: bool = False


@dataclass(frozen=True, kw_only=True)
class Period:
    """One period of law or policy, as the file has it."""

    key: str
    title: str
    group: str
    section: str
    trigger: str
    rule: str
    date_is: str
    source: tuple[str, ...]
    confidence: str
    kind: str
    versions: tuple[Version, ...]
    readings: tuple[Reading, ...] = ()
    bound: str = ""
    on_expiry: str = ""
    counting: str = ""
    not_in_force: str = ""
    reason: str = ""
    confirmed_by: str = ""

    @property
    def statutory(self) -> bool:
        return self.kind == "statutory"

    @property
    def confirmed(self) -> bool:
        """Whether the period may be shown without the mark "not yet confirmed by a
        solicitor": it was read in a source, is local policy, or a solicitor has been
        named in the file."""
        return self.confidence in ("verified", "local_policy") or bool(
            self.confirmed_by
        )

    def version_on(self, day: date) -> Version | None:
        return next((v for v in self.versions if v.covers(day)), None)


@dataclass(frozen=True, kw_only=True)
class Source:
    """What was read, where, in which version, and how much of it."""

    key: str
    what: str
    where: str
    version: str
    kind: str
    seen: str


@dataclass(frozen=True, kw_only=True)
class Council:
    """One council's policy: its targets, who authorises what, and its settings."""

    name: str
    title: str
    targets: Mapping[str, Version]
    standing_orders: Mapping[str, str]
    settings: Mapping[str, Any]
