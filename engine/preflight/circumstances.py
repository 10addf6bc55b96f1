"""Whether the notice fits its circumstances: people, dates, time limit, leavings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from engine.law.day_by_day import in_words
from engine.law.immunity import immunity
from engine.law.periods import CouncilPeriods
from engine.preflight.finding import Draft, Finding, rows, stop, warn, words

_ENDS_THE_USE = frozenset({"cease"})
_UNDOES_THE_WORK = frozenset({"remove", "alter", "restore"})


def findings(notice: Draft, periods: CouncilPeriods) -> Iterator[Finding]:
    """The served list, the arithmetic of the dates, immunity on the day of issue, and
    under-enforcement."""
    yield from _served_list(notice)
    yield from _dates(notice, periods)
    yield from _time_limit(notice, periods)
    yield from _under_enforcement(notice)


def _served_list(notice: Draft) -> Iterator[Finding]:
    recipients = rows(notice, "recipients")
    interests = {str(person.get("interest")) for person in recipients}
    for interest, who in (("owner", "owner"), ("occupier", "occupier")):
        if not interests & {interest, "owner_occupier"}:
            yield stop(
                "served_list_incomplete",
                f"The {who} of the land is not on the list of those to be served "
                "(s172(2)(a)).",
                f"Add the {who}, by description if no name can be found (s329(2)).",
            )
    listed = set()
    for person in recipients:
        name = words(person, "name")
        listed.add(name.casefold())
        if not name or not words(person, "address"):
            yield stop(
                "served_list_incomplete",
                f"{name or 'Somebody'} is on the list of those to be served without "
                f"{'an address' if name else 'a name'}.",
                "Complete the entry, or describe the person as ‘The owner’ or ‘The "
                "occupier’.",
            )
    for person in rows(notice, "interests"):
        name = words(person, "name")
        if name and name.casefold() not in listed:
            yield stop(
                "served_list_incomplete",
                f"{name} has an interest in the land and is not on the list of those "
                "to be served (s172(2)(b)).",
                "Serve that person too, or record why the interest is not materially "
                "affected.",
            )


def _dates(notice: Draft, periods: CouncilPeriods) -> Iterator[Finding]:
    issued, served, effect = (
        day if isinstance(day := notice.get(key), date) else None
        for key in ("issued_on", "serve_by", "effective_on")
    )
    if effect is None:
        yield stop(
            "effective_date_missing",
            "The notice does not say when it takes effect (s173(8)).",
            "Choose a date at least 28 clear days after the last copy is served.",
        )
    if issued and served:
        last = periods.deadline("en_service_after_issue", issued)
        if served < issued or (last is not None and served > last):
            yield stop(
                "service_too_late",
                f"The last copy is to be served by {in_words(served)}, which is not "
                f"within 28 days of issue on {in_words(issued)} (s172(3)(a)).",
                "Serve earlier, or issue later.",
            )
    if effect and served:
        first = periods.deadline("en_min_before_effect", served)
        if first is not None and effect < first:
            yield stop(
                "effect_too_early",
                f"The notice takes effect on {in_words(effect)}, fewer than 28 clear "
                f"days after service by {in_words(served)} (s172(3)(b)).",
                f"Let it take effect on {in_words(first)} or later.",
            )


def _time_limit(notice: Draft, periods: CouncilPeriods) -> Iterator[Finding]:
    issued = notice.get("issued_on")
    breaches = rows(notice, "breaches")
    if not isinstance(issued, date):
        return
    if not breaches:
        yield warn(
            "time_limit_unknown",
            "No alleged breach on the case is marked for formal action, so the time "
            "limit cannot be worked out (s171B).",
            "Record the breach, its nature and its dates.",
        )
    for number, breach in enumerate(breaches, 1):
        since = {"earlier_action_on": notice.get("earlier_action_on"), **breach}
        yield from _one_limit(breach.get("number", number), since, issued, periods)


def _one_limit(
    number: Any, breach: Mapping[str, Any], issued: date, periods: CouncilPeriods
) -> Iterator[Finding]:
    limit = immunity(breach, periods)
    last = limit.last_day_to_issue
    if limit.immune_on(issued):
        yield stop(
            "immune_on_issue",
            f"Alleged breach {number} is immune on the day of issue: the last day to "
            f"issue a notice was {in_words(limit.certain_last_day or issued)} (s171B).",
            "Do not issue. Consider concealment and a planning enforcement order "
            "(s171BA).",
        )
    elif limit.missing:
        yield warn(
            "time_limit_unknown",
            f"The time limit of alleged breach {number} is not known. {limit.lines[0]}",
            "Record it before the notice is issued.",
        )
    elif limit.needs_legal and last is not None:
        yield warn(
            "time_limit_disputed",
            f"The time limit of alleged breach {number} can be read in two ways; the "
            f"earlier reading ends on {in_words(last)}.",
            "Ask legal which applies.",
        )
    elif limit.soon_on(issued) and last is not None:
        yield warn(
            "immune_soon",
            f"Alleged breach {number} becomes immune soon: the last day to issue is "
            f"{in_words(last)} (s171B).",
            "Leave no room for a second draft.",
        )


def _under_enforcement(notice: Draft) -> Iterator[Finding]:
    rule = "under_enforcement"
    remedy = "Require it, or record why permission for it is acceptable."
    if notice.get("remedies_whole_breach") == "no":
        yield warn(
            rule,
            "The steps do not undo the whole breach: once they are taken, what could "
            "have been required and was not has permission (s173(11)).",
            remedy,
        )
    steps = rows(notice, "steps")
    purposes = {str(step.get("purpose")) for step in steps}
    natures = {str(breach.get("nature")) for breach in rows(notice, "breaches")}
    changes = {"change_of_use", "change_to_single_dwelling"}
    if steps and natures & changes and not purposes & _ENDS_THE_USE:
        yield warn(
            rule,
            "A change of use is alleged, but no step stops the use (s173(11)).",
            remedy,
        )
    if steps and "operations" in natures and not purposes & _UNDOES_THE_WORK:
        yield warn(
            rule,
            "Building or other operations are alleged, but no step removes, alters or "
            "restores anything (s173(11)).",
            remedy,
        )
