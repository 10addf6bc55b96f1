"""An application on a fresh database with small diagrams."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from browsing import SECRET, Web, small_files
from small_procedure import procedure

import engine
from webui import create_app
from webui.config import Config

STARTS = datetime(2026, 3, 2, 9, tzinfo=engine.LONDON)


@pytest.fixture(scope="session")
def published(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with two councils and the small diagrams published."""
    file = tmp_path_factory.mktemp("published") / "published.db"
    shutil.copy(sqlite_template, file)
    clock = engine.VirtualClock(STARTS)
    office = engine.connect(f"sqlite:///{file}", clock=clock, migrate=False)
    files = small_files()
    for council in ("maldon", "east_herts"):
        office.casework.add_council(council)
        office.casework.publish(files, council)
    with office.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    office.engine.dispose()
    return file


@pytest.fixture
def make_web(published: Path, tmp_path: Path) -> Iterator[Callable[..., Web]]:
    """Makes applications; each on its own database, at nine on 2 March 2026."""
    made: list[Web] = []

    def make(
        *,
        clock: Any = engine.VirtualClock,
        database: Path = published,
        **settings: Any,
    ) -> Web:
        file = tmp_path / f"{uuid.uuid4().hex}.db"
        shutil.copy(database, file)
        moved = clock(STARTS) if clock else None
        config = Config(
            **{
                "secret_key": SECRET,
                "database_url": f"sqlite:///{file}",
                "is_secure": False,
                "is_testing": True,
            }
            | settings
        )
        app = create_app(config, clock=moved)
        made.append(Web(app, app.extensions["office"]))
        return made[-1]

    yield make
    for web in made:
        web.office.engine.dispose()


@pytest.fixture
def web(make_web: Callable[..., Web]) -> Web:
    return make_web()


@pytest.fixture(scope="module")
def shared_studio(
    published: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Web]:
    """The same for all tests of a module: for tests that each open their own draft."""
    file = tmp_path_factory.mktemp("shared") / "studio.db"
    shutil.copy(published, file)
    config = Config(
        secret_key=SECRET,
        database_url=f"sqlite:///{file}",
        is_secure=False,
        is_testing=True,
    )
    app = create_app(config, clock=engine.VirtualClock(STARTS))
    web = Web(app, app.extensions["office"])
    web.office.casework.publish_all(procedure(), "maldon", note="A fresh start")
    yield web
    web.office.engine.dispose()


@pytest.fixture(scope="session")
def published_procedure(
    published: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The same, where Maldon works by a procedure that the check approves of."""
    file = tmp_path_factory.mktemp("procedure") / "procedure.db"
    shutil.copy(published, file)
    clock = engine.VirtualClock(STARTS)
    office = engine.connect(f"sqlite:///{file}", clock=clock, migrate=False)
    office.casework.publish_all(procedure(), "maldon", note="A fresh start")
    with office.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    office.engine.dispose()
    return file


@pytest.fixture
def studio(make_web: Callable[..., Web], published_procedure: Path) -> Web:
    """An application for those who change that procedure."""
    return make_web(database=published_procedure)
