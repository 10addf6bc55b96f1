"""A studio to work in, and demonstration cases: made once, and copied for each test."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import small_studio
from small_studio import Studio

import engine
from engine.rehearsing.demonstration import populate

DEMONSTRATED = datetime(2026, 11, 21, 10, tzinfo=UTC)


@pytest.fixture(scope="session")
def studio_template(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """An SQLite file with small files published in Maldon, and its people."""
    file = tmp_path_factory.mktemp("studio") / "studio.db"
    shutil.copy(sqlite_template, file)
    made = small_studio.make_studio(f"sqlite:///{file}")
    with made.office.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    made.office.engine.dispose()
    return file


@pytest.fixture
def studio(studio_template: Path, tmp_path: Path) -> Iterator[Studio]:
    """A studio on SQLite."""
    file = tmp_path / f"{uuid.uuid4().hex}.db"
    shutil.copy(studio_template, file)
    opened = small_studio.meet(small_studio.connect(f"sqlite:///{file}"))
    yield opened
    opened.office.engine.dispose()


@pytest.fixture
def both_studio(database_url: str) -> Iterator[Studio]:
    """A studio on either kind of database."""
    opened = small_studio.make_studio(database_url)
    yield opened
    opened.office.engine.dispose()


@pytest.fixture(scope="session")
def demonstration_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with 20 demonstration cases that end on 21 November 2026."""
    file = tmp_path_factory.mktemp("demonstration") / "cases.db"
    assert populate(f"sqlite:///{file}", now=DEMONSTRATED, count=20) == 20
    return file


@pytest.fixture
def demonstration_copy(
    demonstration_file: Path, tmp_path: Path
) -> Iterator[engine.Office]:
    """An office of one's own with the demonstration cases."""
    file = tmp_path / f"{uuid.uuid4().hex}.db"
    shutil.copy(demonstration_file, file)
    opened = engine.connect(
        f"sqlite:///{file}", clock=engine.VirtualClock(DEMONSTRATED)
    )
    yield opened
    opened.engine.dispose()
