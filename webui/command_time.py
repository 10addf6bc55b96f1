"""`enforce deadline` and `enforce sweep`: what is due, and why."""

from __future__ import annotations

import json
import re
from datetime import date, datetime

import click

import engine
from engine.errors import EngineError, UnknownPeriod
from engine.law import periods
from engine.law.explain import as_dict, as_text
from webui import command_serving

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@click.command()
@click.argument("key")
@click.argument("trigger", metavar="DATE")
@click.option("--council", default=None, help="With this council's own targets.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def deadline(key: str, trigger: str, council: str | None, as_json: bool) -> None:
    """The date that the period KEY gives when it starts on DATE, and why.

    DATE is a date, or an ISO date and time for a period in hours."""
    moment = _moment(trigger)
    try:
        law = periods.load(engine.PROCESSES).for_council(council)
        found = law.explain(key, moment)
    except UnknownPeriod as error:
        raise click.UsageError(str(error)) from error
    except EngineError as error:
        click.echo(str(error), err=True)
        raise SystemExit(1) from error
    if as_json:
        click.echo(json.dumps(as_dict(found), indent=2, ensure_ascii=False))
    else:
        click.echo(as_text(found))


def _moment(text: str) -> date | datetime:
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter(
            f"“{text}” is not a date. Write 2026-03-24, or 2026-03-24T09:00.",
            param_hint="DATE",
        ) from error
    return found if found.tzinfo else found.replace(tzinfo=engine.LONDON)


@click.command()
def sweep() -> None:
    """Fire what is due, once; print how many timers fired."""
    office = engine.connect(command_serving.database_url())
    click.echo(f"{command_serving.sweep(office)} fired.")
