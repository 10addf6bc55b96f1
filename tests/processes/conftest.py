"""The rehearsal of everything that the product ships with, once on each database."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.rehearsing import rehearsal
from engine.rehearsing.rehearsal import Rehearsal


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def rehearsed(
    request: pytest.FixtureRequest,
    shipped_files: dict[str, bytes],
    sqlite_template: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Rehearsal:
    """Every story told: each step restores its case from the database."""
    if request.param == "sqlite":
        file = tmp_path_factory.mktemp("rehearsal") / "rehearsal.db"
        shutil.copy(sqlite_template, file)
        return rehearsal.rehearse(shipped_files, f"sqlite:///{file}")
    server: sa.URL = request.getfixturevalue("postgresql")
    administrator = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with administrator.connect() as connection:
        connection.exec_driver_sql("CREATE DATABASE rehearsal TEMPLATE tables_template")
    administrator.dispose()
    url = server.set(database="rehearsal")
    return rehearsal.rehearse(shipped_files, url.render_as_string(hide_password=False))
