"""Which files a draft has: those of its release, with its own in front."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.studio.tables import Draft, DraftFile, Release

Names = Mapping[str, str]
"""File name to SHA-256."""


def base_of(session: Session, draft: Draft) -> Release:
    return session.get_one(Release, draft.base_release_id)


def rows_of(session: Session, draft_id: str) -> dict[str, DraftFile]:
    """The files that a draft changes, by name."""
    rows = session.scalars(
        sa.select(DraftFile)
        .where(DraftFile.draft_id == draft_id)
        .order_by(DraftFile.name)
    )
    return {row.name: row for row in rows}


def names_of(session: Session, draft: Draft) -> dict[str, str]:
    """The files as they are with the draft: its base with what it changes."""
    return overlaid(base_of(session, draft).files, rows_of(session, draft.id))


def overlaid(base: Names, rows: Mapping[str, DraftFile]) -> dict[str, str]:
    """Files with a draft's changes in front."""
    names = dict(base)
    for name, row in rows.items():
        if row.sha256 is None:
            names.pop(name, None)
        else:
            names[name] = row.sha256
    return dict(sorted(names.items()))


def differing(before: Names, after: Names) -> dict[str, str | None]:
    """What has to be put over `before` to make it `after`."""
    return {
        name: after.get(name)
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    }


def conflicts(base: Names, newest: Names, rows: Mapping[str, DraftFile]) -> list[str]:
    """Files that the draft and the newest release change, each otherwise."""
    return [
        name
        for name, row in rows.items()
        if base.get(name) != newest.get(name) != row.sha256
    ]


def kind_of_change(before: str | None, after: str | None) -> str:
    """changed, added or removed, from the two hashes."""
    if after is None:
        return "removed"
    return "added" if before is None else "changed"
