"""Makes demonstration cases: tells stories up to some point, so that they end today.

The stories' dates are moved by whole weeks, so that a Monday stays a Monday. Places and
people are invented; they are in `demonstration.yaml`."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

import engine
from engine import Office, library
from engine.errors import NotPermitted
from engine.law.bank_holidays import WorkingCalendar
from engine.permissions import ROLES
from engine.rehearsing import scenarios, stories
from engine.rehearsing.scenarios import Cast, StoryClock, StoryFailed
from engine.rehearsing.story import Length, Step, Story, later
from engine.views import Officer

COUNCIL = "maldon"
CASES = 48
STAGES = (0.15, 0.35, 0.55, 0.75, 0.9, 1.0, 0.25, 0.65)
"""How much of a story is told, in turn, so that cases stand at every stage."""
IDLE_WEEKS = (0, 0, 0, 0, 3)
"""Every fifth case has been left lying, so that there is something overdue."""
PATIENCE = timedelta(days=7)
"""Months are not moved by whole weeks, so some dates come a few days later."""
PASSWORD = "demonstration only"  # noqa: S105
"""Of every demonstration account. Shown on the sign-in page; such accounts are made in
demonstration mode alone, which serves this machine only."""
_DATA = Path(__file__).parent / "demonstration.yaml"


@dataclass(frozen=True)
class Account:
    """Somebody to sign in as."""

    username: str
    name: str
    role: str
    password: str = PASSWORD

    @property
    def role_title(self) -> str:
        return ROLES[self.role]


@dataclass(frozen=True)
class Place:
    """Where something is going on, and who told the council."""

    address: str
    postcode: str
    ward: str
    complainant: str


def accounts() -> tuple[Account, ...]:
    """One account for each role, then the second persons that signatures need."""
    return tuple(Account(**row) for row in _data()["accounts"])


def has_accounts(office: Office) -> bool:
    """Whether anybody can sign in with a password that the sign-in page shows."""
    ours = {(account.username, _email(account)) for account in accounts()}
    return any(
        person.is_active and (person.username, person.email) in ours
        for person in office.records.everybody(COUNCIL)
    )


def populate(
    database_url: str,
    *,
    now: datetime,
    count: int = CASES,
    told: Callable[[int], None] | None = None,
) -> int:
    """Publish everything and make the accounts and cases. Returns the number of cases.

    Safe to repeat: only what is missing is made. `told` hears how many there are, after
    each. Raises NotPermitted where the database is somebody's own."""
    clock = StoryClock()
    clock.begin_at(now)
    office = engine.connect(database_url, clock=clock)
    office.casework.add_council(COUNCIL)
    _require_ours(office)
    files = library.read(engine.PROCESSES, engine.FORMS)
    office.casework.publish_all(
        library.of_council(files, COUNCIL), COUNCIL, None, "First version"
    )
    people = _people(office)
    cast = Cast(office, choose=lambda *who: people.get(who[1:]))
    there = office.records.cases(next(iter(people.values()))).total
    made = 0
    for story, last_step in itertools.islice(_plan(files, office, now), there, count):
        _make(story, last_step, office, clock, cast=cast, now=now)
        made += 1
        if told is not None:
            told(there + made)
    clock.begin_at(now)
    while office.casework.carry_out_effects():
        pass
    office.engine.dispose()
    return made


def _require_ours(office: Office) -> None:
    ours = {_email(account) for account in accounts()}
    if any(p.email not in ours for p in office.records.everybody(COUNCIL)):
        raise NotPermitted(
            "This database holds real accounts. Demonstration accounts, whose "
            "passwords everybody knows, are only made in a database of their own: "
            "set DATABASE_URL to another."
        )


def _email(account: Account) -> str:
    return f"{account.username}@maldon.example"


def _people(office: Office) -> dict[tuple[str, int], Officer]:
    """The accounts by role and number; made where they do not exist yet."""
    there = {person.username: person for person in office.records.everybody(COUNCIL)}
    found: dict[tuple[str, int], Officer] = {}
    for account in accounts():
        person = there.get(account.username) or office.casework.add_officer(
            COUNCIL,
            account.username,
            account.name,
            email=_email(account),
            roles=(account.role,),
            password=account.password,
        )
        number = 1 + sum(role == account.role for role, _ in found)
        found[account.role, number] = person
    return found


def _plan(
    files: Mapping[str, bytes], office: Office, now: datetime
) -> Iterator[tuple[Story, int]]:
    """Stories to tell, each with its last step, moved so that they end by now."""
    places = itertools.cycle(_places())
    turns = itertools.cycle(IDLE_WEEKS)
    for story, share in _chosen(files):
        last_step = max(1, round(share * len(story.steps)))
        stops_at = _stops_at(story, last_step, office.periods.calendar)
        moved = _weeks_between(stops_at, now - timedelta(weeks=next(turns)))
        yield _set_in(_move(story, moved), next(places)), last_step


def _chosen(files: Mapping[str, bytes]) -> Iterator[tuple[Story, float]]:
    """The stories that the plan names, then all others of whole cases."""
    told = {
        Path(story.file).stem: story
        for story in stories.read_all(files)
        if story.council == COUNCIL
    }
    planned: Mapping[str, list[float]] = _data()["plan"]
    for name, shares in planned.items():
        for share in shares:
            yield told[name], share
    others = [
        story
        for name, story in told.items()
        if name not in planned and story.process == "enforcement"
    ]
    for turn in range(len(STAGES)):
        for number, story in enumerate(others):
            yield story, STAGES[(number + turn) % len(STAGES)]


def _make(
    story: Story,
    last_step: int,
    office: Office,
    clock: StoryClock,
    *,
    cast: Cast,
    now: datetime,
) -> None:
    """Tell the story as far as it goes, then let the time pass until now."""
    try:
        scenarios.tell(
            story,
            office,
            clock,
            cast=cast,
            until_step=last_step,
            until=now,
            patience=PATIENCE,
        )
    except StoryFailed as failure:
        scenarios.let_pass(office, clock, (COUNCIL, failure.reference), until=now)


def _stops_at(story: Story, last_step: int, calendar: WorkingCalendar) -> datetime:
    """When the story would be after a step."""
    at = story.starts_at
    for step in story.steps[:last_step]:
        if isinstance(step.what, Length):
            at = scenarios.after(at, step.what, calendar)
        elif isinstance(step.what, datetime):
            at = max(at, step.what)
    return at


def _weeks_between(stops_at: datetime, now: datetime) -> timedelta:
    """The whole weeks from one to the other, rounded so as not to pass it."""
    return timedelta(weeks=(now - stops_at) // timedelta(weeks=1))


def _set_in(story: Story, place: Place) -> Story:
    case = {
        **story.case,
        "address": place.address,
        "postcode": place.postcode,
        "ward": place.ward,
    }
    if not case.get("anonymous"):
        case["complainant_name"] = place.complainant
    return replace(story, case=case)


def _move(story: Story, by: timedelta) -> Story:
    """The same story at another time, without what it expects and what is refused."""
    steps = tuple(
        _move_step(step, by)
        for step in story.steps
        if step.verb != "expect" and step.refused is None
    )
    return replace(
        story,
        starts_at=later(story.starts_at, by),
        case=later(story.case, by),
        given=later(story.given, by),
        steps=steps,
        ends="",
    )


def _move_step(step: Step, by: timedelta) -> Step:
    what = later(step.what, by) if isinstance(step.what, datetime) else step.what
    return replace(step, what=what, answers=later(step.answers, by))


def _places() -> tuple[Place, ...]:
    return tuple(Place(**row) for row in _data()["places"])


def _data() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(_DATA.read_bytes())
    return found
