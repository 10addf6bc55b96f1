"""`enforce serve`, `worker` and `demo`: the processes that keep running."""

from __future__ import annotations

import os
from datetime import UTC

import click
import waitress
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.base import BaseScheduler
from apscheduler.schedulers.blocking import BlockingScheduler

import engine
from engine.rehearsing import demonstration
from webui import create_app
from webui.config import Config, ConfigurationError, require_local

PORT = 8000
THREADS = 8
TICK_SECONDS = 60
STUDIO_SECONDS = 3
DEMONSTRATION = "ENFORCE_DEMONSTRATION"


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=int, default=PORT, envvar="PORT", show_default=True)
@click.option("--no-ticker", is_flag=True, help="Leave due timers to a worker.")
@click.option(
    "--demonstration",
    "is_demonstration",
    is_flag=True,
    envvar=DEMONSTRATION,
    help="Show the accounts and let the date be moved; on this machine only.",
)
def serve(host: str, port: int, no_ticker: bool, is_demonstration: bool) -> None:
    """Serve the pages, fire due timers, and carry on with the studio's work."""
    try:
        if is_demonstration:
            require_local(host)
        config = Config.from_environment(
            database_url(), is_demonstration=is_demonstration
        )
    except ConfigurationError as error:
        raise click.ClickException(str(error)) from error
    app = create_app(config)
    office: engine.Office = app.extensions["office"]
    if not is_demonstration and demonstration.has_accounts(office):
        raise click.ClickException(
            "This database holds demonstration accounts, whose passwords everybody "
            "knows. Use another database, or start with --demonstration."
        )
    if is_demonstration:
        app.extensions["demonstration_accounts"] = demonstration.accounts()
    scheduler = BackgroundScheduler(timezone=UTC)
    if not no_ticker:
        tick(scheduler, office)
        scheduler.start()
    click.echo(f"Serving http://{host}:{port}")
    try:
        waitress.serve(app, host=host, port=port, threads=THREADS, ident=None)
    finally:
        if scheduler.running:
            scheduler.shutdown(wait=False)


@click.command()
@click.option("--demonstration", "is_demonstration", is_flag=True, envvar=DEMONSTRATION)
def worker(is_demonstration: bool) -> None:
    """Fire due timers, carry out effects and the studio's work, until stopped."""
    office = engine.connect(database_url(), is_demonstration=is_demonstration)
    scheduler = BlockingScheduler(timezone=UTC)
    tick(scheduler, office)
    click.echo("Working. Stop with Ctrl-C.")
    try:
        scheduler.start()
    except KeyboardInterrupt:
        click.echo("Stopped.")


@click.command()
@click.option("--cases", default=demonstration.CASES, show_default=True)
def demo(cases: int) -> None:
    """Make accounts and demonstration cases, unless there are cases already."""
    made = demonstration.populate(database_url(), now=engine.Clock().now(), count=cases)
    made_in_words = "1 case" if made == 1 else f"{made} cases"
    click.echo(f"{made_in_words} made." if made else "There are cases already.")


def tick(scheduler: BaseScheduler, office: engine.Office) -> None:
    """Have the scheduler sweep now and every minute, and carry on with the studio's
    work every few seconds; late rounds become one."""
    for job, seconds in (
        (lambda: sweep(office), TICK_SECONDS),
        (office.carry_on, STUDIO_SECONDS),
    ):
        scheduler.add_job(
            job,
            "interval",
            seconds=seconds,
            next_run_time=engine.Clock().now(),
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )


def sweep(office: engine.Office) -> int:
    """Fire all that is due and carry out what service tasks asked for."""
    fired = office.casework.sweep()
    office.casework.carry_out_effects()
    return fired


def database_url() -> str:
    """`DATABASE_URL`, or the SQLite file of this installation, its folder made."""
    if not os.environ.get("DATABASE_URL"):
        (engine.HOME / "instance").mkdir(exist_ok=True)
    return engine.database_url()
