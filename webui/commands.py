"""The command line, `enforce`. Exit codes: 0 done, 1 a finding, 2 wrong use.

What goes wrong is a sentence on the error stream; a traceback is a defect."""

from __future__ import annotations

import dataclasses
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import click

import engine
from engine import checks, drawing, library
from engine.errors import DefinitionError, EngineError, NotFound, Problem
from engine.permissions import ROLES
from engine.publishing import Published
from engine.rehearsing import rehearsal
from webui import command_serving, command_time

FILES = click.argument(
    "files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
COUNCIL = click.option("--council", default="maldon", show_default=True)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Planning enforcement, run as drawn."""


cli.add_command(command_serving.serve)
cli.add_command(command_serving.worker)
cli.add_command(command_serving.demo)
cli.add_command(command_time.deadline)
cli.add_command(command_time.sweep)


def main(arguments: Sequence[str] | None = None) -> None:
    """The entry point: every failure becomes a sentence and an exit code."""
    try:
        cli.main(args=arguments, prog_name="enforce", standalone_mode=True)
    except DefinitionError as error:
        for problem in error.problems:
            _print_problem(problem, err=True)
        sys.exit(1)
    except (EngineError, OSError) as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    except Exception as error:  # the outer edge: never a traceback
        click.echo(f"This is a defect, please report it: {error!r}", err=True)
        sys.exit(1)


def _our_files(files: Sequence[Path]) -> dict[str, bytes]:
    try:
        return library.replace(library.read(engine.PROCESSES, engine.FORMS), files)
    except NotFound as error:
        raise click.UsageError(str(error)) from error


@cli.command()
@FILES
@AS_JSON
def check(files: tuple[Path, ...], as_json: bool) -> None:
    """Find everything that is wrong with the diagrams, forms, tables and periods.

    A FILE takes the place of its namesake among `processes/` and `forms/`."""
    problems = checks.check(_our_files(files))
    if as_json:
        click.echo(json.dumps([dataclasses.asdict(p) for p in problems], indent=2))
    else:
        for problem in problems:
            _print_problem(problem)
        click.echo(_counted(problems))
    sys.exit(0 if all(problem.is_advice for problem in problems) else 1)


def _counted(found: Sequence[Problem]) -> str:
    advice = sum(1 for problem in found if problem.is_advice)
    problems = len(found) - advice
    counted = f"{problems or 'No'} problem{'' if problems == 1 else 's'}"
    return f"{counted}, {advice} worth knowing." if advice else f"{counted}."


def _print_problem(problem: Problem, *, err: bool = False) -> None:
    place = f"{problem.file}, {problem.element}" if problem.element else problem.file
    place = f"Worth knowing: {place}" if problem.is_advice else place
    click.echo(f"{place}: {problem.problem}\n    {problem.remedy}", err=err)


@cli.command()
@FILES
@AS_JSON
@click.option("--story", "chosen", multiple=True, help="Only the stories so called.")
@click.option(
    "--pictures",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write a picture of what was taken of each process to this folder.",
)
@click.option("--missing", "with_missing", is_flag=True, help="List what is missing.")
@click.option("--fresh", is_flag=True, help="Parse the diagrams anew for every step.")
def rehearse(
    files: tuple[Path, ...],
    as_json: bool,
    chosen: tuple[str, ...],
    pictures: Path | None,
    with_missing: bool,
    fresh: bool,
) -> None:
    """Tell every story, and report what of the diagrams none of them took."""
    ours = _our_files(files)
    only = [_story_name(name, ours) for name in chosen]
    with tempfile.TemporaryDirectory() as folder:
        done = rehearsal.rehearse(
            ours,
            f"sqlite:///{folder}/rehearsal.db",
            only=only,
            forget=fresh,
            told=None if as_json else _print_told,
        )
    if pictures is not None:
        rehearsal.draw(ours, done, pictures)
    if as_json:
        click.echo(json.dumps(done.as_json(), indent=2))
    else:
        _print_coverage(done, with_missing=with_missing or not chosen)
    sys.exit(1 if done.failed else 0)


def _story_name(name: str, files: dict[str, bytes]) -> str:
    full = f"scenarios/{Path(name).stem}.yaml"
    if full not in files:
        raise click.UsageError(f"There is no story {name}.")
    return full


def _print_told(told: rehearsal.Told) -> None:
    if told.passed:
        click.echo(f"ok      {told.title}")
    else:
        click.echo(f"FAILED  {told.title}\n        {told.message}")


def _print_coverage(done: rehearsal.Rehearsal, *, with_missing: bool) -> None:
    click.echo("")
    for name, found in done.coverage.items():
        if not (found.taken or with_missing):
            continue
        click.echo(f"{found.share:7.1%}  {name} ({len(found.taken)} of {found.total})")
        if found.missing and with_missing:
            click.echo(f"         not taken: {', '.join(found.missing)}")
    click.echo(f"\n{len(done.told)} stories, {len(done.failed)} failed.")


@cli.command()
@click.argument(
    "folder",
    required=False,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
)
@COUNCIL
@click.option("--note", default="", help="Why: shown with the version.")
def publish(folder: Path | None, council: str, note: str) -> None:
    """Publish the files of FOLDER (or our own) as new versions, after checking them."""
    files = (
        library.read(engine.PROCESSES, engine.FORMS)
        if folder is None
        else library.read_folder(folder)
    )
    if problems := [p for p in checks.check(files) if not p.is_advice]:
        raise DefinitionError(problems)
    office = _office()
    office.casework.add_council(council)
    published = office.casework.publish_all(
        library.of_council(files, council), council, None, note
    )
    click.echo(_published(published))


def _published(published: Published) -> str:
    if not published.is_new:
        return "Nothing has changed."
    changed = ", ".join(published.processes) or "no process"
    withdrawn = ", ".join(published.withdrawn)
    said = f"Published: {changed} (release {published.number})."
    return f"{said} Taken out: {withdrawn}." if withdrawn else said


@cli.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@COUNCIL
@click.option("--draft", help="A change of the studio: the last part of its address.")
def export(folder: Path, council: str, draft: str | None) -> None:
    """Write the newest published files to FOLDER, or those of a draft."""
    office = _office()
    if draft is None:
        files = office.records.export(council)
    else:
        files = office.drafts.exported(draft, council)
    library.write(files, folder)
    click.echo(f"{len(files)} files written to {folder}.")


@cli.command()
@FILES
def draw(files: tuple[Path, ...]) -> None:
    """Lay diagrams out anew, in place: the FILES, or all of `processes/`."""
    left = 0
    for path in files or tuple(sorted(engine.PROCESSES.glob("*.bpmn"))):
        try:
            faults = drawing.draw_file(path)
        except drawing.UndrawableError as error:
            raise click.ClickException(f"{path}: {error}") from error
        click.echo(f"Drawn: {path.name}")
        for fault in faults:
            click.echo(f"    {fault.element}: {fault.problem}")
        left += len(faults)
    sys.exit(1 if left else 0)


@cli.group()
def user() -> None:
    """Accounts: add, list, disable, enable."""


@user.command("add")
@click.argument("username")
@click.argument("name")
@click.option("--email", required=True)
@click.option(
    "--role", "roles", multiple=True, required=True, type=click.Choice(list(ROLES))
)
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True)
@COUNCIL
def add_user(
    username: str,
    name: str,
    email: str,
    roles: tuple[str, ...],
    password: str,
    council: str,
) -> None:
    """Make an account for NAME to sign in with USERNAME."""
    office = _office()
    office.casework.add_council(council)
    office.casework.add_officer(
        council, username, name, email=email, roles=roles, password=password
    )
    click.echo(f"{name} can sign in as {username}.")


@user.command("list")
@COUNCIL
def list_users(council: str) -> None:
    """Everybody who has an account."""
    for person in _office().records.everybody(council):
        state = "" if person.is_active else " (disabled)"
        click.echo(
            f"{person.username}  {person.name}  {', '.join(person.roles)}{state}"
        )


@user.command("disable")
@click.argument("username")
@COUNCIL
def disable_user(username: str, council: str) -> None:
    """Stop USERNAME from signing in."""
    person = _office().casework.set_active(username, council, False)
    click.echo(f"{person.name} can no longer sign in.")


@user.command("enable")
@click.argument("username")
@COUNCIL
def enable_user(username: str, council: str) -> None:
    """Let USERNAME sign in again."""
    person = _office().casework.set_active(username, council, True)
    click.echo(f"{person.name} can sign in.")


def _office() -> engine.Office:
    return engine.connect(command_serving.database_url())


if __name__ == "__main__":
    main()
