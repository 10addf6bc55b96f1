"""Definitions in the database: publish files as versions, find them again, export.

Functions take a session and never commit."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.bpmn import definitions
from engine.bpmn.definitions import Definition
from engine.errors import DefinitionError, NotFound, Problem
from engine.models import StoredDefinition, StoredFile, Version


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
    return version


def newest_of_all(session: Session, council: str) -> dict[str, Version]:
    """The newest version of every process of a council, by process."""
    rows = session.scalars(
        sa.select(Version)
        .where(Version.council == council)
        .order_by(Version.process, Version.number)
    )
    return {version.process: version for version in rows}


def publish(
    session: Session,
    council: str,
    files: Mapping[str, bytes],
    *,
    note: str,
    by: str,
    at: datetime,
) -> tuple[str, ...]:
    """Store every process of `files` that changed as a new version.

    `files` maps names as in `processes/` (forms under `forms/`) to contents.
    Returns the processes that got a new version. Raises DefinitionError with all
    problems of all processes, and then stores nothing."""
    processes = sorted(n[: -len(".bpmn")] for n in files if n.endswith(".bpmn"))
    loaded: list[Definition] = []
    problems: list[Problem] = []
    for process in processes:
        try:
            loaded.append(
                definitions.load(definitions.closure(files, process), process)
            )
        except DefinitionError as error:
            problems.extend(p for p in error.problems if p not in problems)
    if problems:
        raise DefinitionError(problems)
    current = newest_of_all(session, council)
    published = []
    for definition in loaded:
        _store(session, definition)
        before = current.get(definition.process)
        if before is not None and before.definition_hash == definition.hash:
            continue
        session.add(
            Version(
                council=council,
                process=definition.process,
                number=1 if before is None else before.number + 1,
                definition_hash=definition.hash,
                note=note,
                published_at=at,
                published_by=by,
            )
        )
        published.append(definition.process)
    return tuple(published)


def _store(session: Session, definition: Definition) -> None:
    if session.get(StoredDefinition, definition.hash) is not None:
        return
    names = {}
    for name, content in definition.files.items():
        sha256 = hashlib.sha256(content).hexdigest()
        names[name] = sha256
        if session.get(StoredFile, sha256) is None:
            session.add(StoredFile(sha256=sha256, content=content))
            session.flush()
    session.add(
        StoredDefinition(hash=definition.hash, process=definition.process, files=names)
    )
    session.flush()


def export(session: Session, council: str) -> dict[str, bytes]:
    """The files of the newest versions, byte for byte as they were published."""
    names: dict[str, str] = {}
    versions = newest_of_all(session, council).values()
    for version in sorted(versions, key=lambda v: (v.published_at, v.number)):
        stored = session.get_one(StoredDefinition, version.definition_hash)
        names.update(stored.files)
    return read_files(session, names)
