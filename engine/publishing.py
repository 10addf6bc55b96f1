"""Files in the database: publish them as a release, find definitions again, export.

Functions take a session and never commit."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine import library, outside, periods_in_force
from engine.bpmn import definitions
from engine.bpmn.definitions import Definition
from engine.errors import DefinitionError, NotFound, Problem
from engine.law.periods import Periods
from engine.models import Council, StoredDefinition, StoredFile, Timer, Version
from engine.studio.tables import Release


class Library:
    """The definitions that this process has parsed, by content hash."""

    def __init__(self) -> None:
        self._parsed: dict[str, Definition] = {}

    def definition(self, session: Session, content_hash: str) -> Definition:
        """The definition of that hash, parsed once."""
        found = self._parsed.get(content_hash)
        if found is None:
            stored = session.get(StoredDefinition, content_hash)
            if stored is None:
                raise NotFound(f"There is no definition {content_hash[:12]}.")
            files = read_files(session, stored.files)
            found = definitions.load(files, stored.process)
            self._parsed[content_hash] = found
        return found

    def forget(self) -> None:
        """Parse afresh from now on, as after a restart."""
        self._parsed.clear()
        definitions.forget()


def read_files(session: Session, names: Mapping[str, str]) -> dict[str, bytes]:
    """The contents of files: name -> bytes, from name -> SHA-256."""
    rows = session.execute(
        sa.select(StoredFile.sha256, StoredFile.content).where(
            StoredFile.sha256.in_(set(names.values()))
        )
    )
    contents = {sha256: content for sha256, content in rows}
    return {name: contents[sha256] for name, sha256 in names.items()}


def newest(session: Session, council: str, process: str) -> Version:
    """The version that new instances of a process start on."""
    version = session.scalar(
        sa.select(Version)
        .where(Version.council == council, Version.process == process)
        .order_by(Version.number.desc())
        .limit(1)
    )
    if version is None:
        raise NotFound(
            f"The process ‘{process}’ has not been published. Publish it first."
        )
    if version.withdrawn_at is not None:
        raise NotFound(
            f"The process ‘{process}’ has been taken out: no case can start on it."
        )
    return version


def newest_of_all(session: Session, council: str) -> dict[str, Version]:
    """The newest version of every process that a case of the council can start on."""
    return {
        process: version
        for process, version in _versions(session, council).items()
        if version.withdrawn_at is None
    }


def _versions(session: Session, council: str) -> dict[str, Version]:
    rows = session.scalars(
        sa.select(Version)
        .where(Version.council == council)
        .order_by(Version.process, Version.number)
    )
    return {version.process: version for version in rows}


@dataclass(frozen=True, kw_only=True)
class About:
    """What is kept with a release besides its files."""

    at: datetime
    by: str = ""
    note: str = ""
    reviewed_by: str = ""
    safeguard_reason: str = ""
    rolled_back_to: int | None = None
    draft_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class Published:
    """What a publication changed: the release, and the processes with new versions."""

    number: int
    is_new: bool
    processes: tuple[str, ...]
    withdrawn: tuple[str, ...] = ()


def publish(
    session: Session,
    council: str,
    files: Mapping[str, bytes],
    folder: Periods,
    *,
    about: About,
    is_whole: bool = True,
) -> Published:
    """A new release of these files; each process that changed gets a new version.

    `files` are named as `library` names them. Where they are the whole of the council's
    files, a process that is not among them is withdrawn: no case starts on it any more.
    The same files again are no new release. Raises DefinitionError with all problems,
    and then stores nothing."""
    _require_harmless(files)
    loaded = _load(library.for_council(files, council))
    lock(session, council)
    changed = periods_in_force.changed_by(session, council, files, folder)
    before = newest_release(session, council)
    names = store(session, files)
    _store_definitions(session, loaded)
    is_new = before is None or before.files != names
    number = (before.number if before else 0) + is_new
    current = _versions(session, council)
    published = _add_versions(session, council, loaded, current, number, about)
    withdrawn = _withdraw(current, loaded, about.at) if is_whole else ()
    if is_new:
        session.add(
            Release(
                council=council,
                number=number,
                files=names,
                law=periods_in_force.law_of(council, names),
                changed_periods=_open_timers(session, council, changed),
                note=about.note,
                published_at=about.at,
                published_by=about.by,
                reviewed_by=about.reviewed_by,
                safeguard_reason=about.safeguard_reason,
                rolled_back_to=about.rolled_back_to,
                draft_id=about.draft_id,
            )
        )
    session.flush()
    return Published(
        number=number, is_new=is_new, processes=published, withdrawn=withdrawn
    )


def _require_harmless(files: Mapping[str, bytes]) -> None:
    harm = [outside.refused(name, content) for name, content in files.items()]
    if found := [problem for problem in harm if problem is not None]:
        raise DefinitionError(found)


def _load(files: Mapping[str, bytes]) -> list[Definition]:
    loaded: list[Definition] = []
    problems: list[Problem] = []
    for name in sorted(files):
        if not name.endswith(".bpmn"):
            continue
        process = name.removesuffix(".bpmn")
        try:
            loaded.append(
                definitions.load(definitions.closure(files, process), process)
            )
        except DefinitionError as error:
            problems.extend(p for p in error.problems if p not in problems)
    if problems:
        raise DefinitionError(problems)
    return loaded


def _open_timers(
    session: Session, council: str, periods: Sequence[str]
) -> dict[str, int]:
    counted = session.execute(
        sa.select(Timer.period, sa.func.count())
        .where(Timer.council == council, Timer.period.in_(periods))
        .group_by(Timer.period)
    )
    return dict.fromkeys(periods, 0) | {key: count for key, count in counted}


def lock(session: Session, council: str) -> None:
    """One publication of a council after another; its casework goes on meanwhile.

    Whoever asks what the newest release is in order to publish locks first."""
    session.execute(
        sa.select(Council.name)
        .where(Council.name == council)
        .with_for_update(key_share=True)
    )


def _add_versions(
    session: Session,
    council: str,
    loaded: Sequence[Definition],
    current: Mapping[str, Version],
    release_number: int,
    about: About,
) -> tuple[str, ...]:
    published = []
    for definition in loaded:
        before = current.get(definition.process)
        if (
            before is not None
            and before.withdrawn_at is None
            and before.definition_hash == definition.hash
        ):
            continue
        session.add(
            Version(
                council=council,
                process=definition.process,
                number=1 if before is None else before.number + 1,
                definition_hash=definition.hash,
                note=about.note,
                published_at=about.at,
                published_by=about.by,
                release_number=release_number,
            )
        )
        published.append(definition.process)
    return tuple(published)


def _withdraw(
    current: Mapping[str, Version], loaded: Sequence[Definition], at: datetime
) -> tuple[str, ...]:
    kept = {definition.process for definition in loaded}
    gone = [
        version
        for process, version in sorted(current.items())
        if process not in kept and version.withdrawn_at is None
    ]
    for version in gone:
        version.withdrawn_at = at
    return tuple(version.process for version in gone)


def store(session: Session, files: Mapping[str, bytes]) -> dict[str, str]:
    """Keep the contents of files. Returns their names with SHA-256."""
    names = {name: hashlib.sha256(files[name]).hexdigest() for name in files}
    kept = sa.select(StoredFile.sha256).where(
        StoredFile.sha256.in_(set(names.values()))
    )
    missing = set(names.values()).difference(session.scalars(kept))
    contents = {names[name]: content for name, content in files.items()}
    if missing:
        session.execute(
            sa.insert(StoredFile),
            [{"sha256": sha, "content": contents[sha]} for sha in sorted(missing)],
        )
    return names


def _store_definitions(session: Session, loaded: Sequence[Definition]) -> None:
    hashes = {definition.hash for definition in loaded}
    kept = sa.select(StoredDefinition.hash).where(StoredDefinition.hash.in_(hashes))
    there = set(session.scalars(kept))
    for definition in loaded:
        if definition.hash not in there:
            session.add(
                StoredDefinition(
                    hash=definition.hash,
                    process=definition.process,
                    files=store(session, definition.files),
                )
            )
    session.flush()


def newest_release(session: Session, council: str) -> Release | None:
    """The release that a council works by; None before its first."""
    return session.scalar(
        sa.select(Release)
        .where(Release.council == council)
        .order_by(Release.number.desc())
        .limit(1)
    )


def export(session: Session, council: str) -> dict[str, bytes]:
    """All files as the council published them last, byte for byte."""
    release = newest_release(session, council)
    if release is not None:
        return read_files(session, release.files)
    return exported_versions(session, council)


def exported_versions(session: Session, council: str) -> dict[str, bytes]:
    """The files of the newest versions: all there is where there is no release."""
    names: dict[str, str] = {}
    versions = newest_of_all(session, council).values()
    for version in sorted(versions, key=lambda v: (v.published_at, v.number)):
        stored = session.get_one(StoredDefinition, version.definition_hash)
        names.update(stored.files)
    return read_files(session, names)
