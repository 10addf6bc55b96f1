"""The migrations make exactly the tables of the models, and can be run again."""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from engine import database
from engine.models import Case

METADATA = Case.metadata


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest) -> Iterator[sa.Engine]:
    """A database of either kind without a single table."""
    if request.param == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            made = database.create_engine(f"sqlite:///{Path(folder) / 'empty.db'}")
            yield made
            made.dispose()
        return
    server: sa.URL = request.getfixturevalue("postgresql")
    name = f"empty_{uuid.uuid4().hex}"
    administrator = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with administrator.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    made = database.create_engine(
        server.set(database=name).render_as_string(hide_password=False)
    )
    yield made
    made.dispose()
    with administrator.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    administrator.dispose()


def differences(made: sa.Engine) -> list[Any]:
    """What a new migration would have to do."""
    with made.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        return list(compare_metadata(context, METADATA))


def test_from_nothing_to_exactly_the_tables_of_the_models(empty: sa.Engine) -> None:
    assert len(differences(empty)) >= len(METADATA.tables) > 10

    database.migrate(empty)

    assert differences(empty) == [], (
        "The models have changed: add a migration to engine/migrations/versions."
    )


def test_migrating_again_changes_nothing_and_loses_nothing(empty: sa.Engine) -> None:
    database.migrate(empty)
    with empty.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO councils (name, title, next_case_number) "
            "VALUES ('maldon', 'Maldon District Council', 7)"
        )

    database.migrate(empty)

    with empty.connect() as connection:
        rows = connection.exec_driver_sql("SELECT next_case_number FROM councils").all()
    assert [tuple(row) for row in rows] == [(7,)]


def test_the_migrations_are_one_line_without_branches() -> None:
    scripts = ScriptDirectory(str(database.MIGRATIONS))

    revisions = list(scripts.walk_revisions())

    assert revisions
    assert len(scripts.get_heads()) == 1
    assert all(revision.doc for revision in revisions)
