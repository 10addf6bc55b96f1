"""When a document counts as served: by each method of section 329, and by proof.

Post is deemed served when it would arrive in the ordinary course (Interpretation Act
1978 s7): the second working day after posting for first class, the fourth for second
class (Queen's Bench Practice Direction of 8 March 1985). The contrary may be proved, so
a proved day overrides the deemed one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from engine.errors import EngineError
from engine.law.bank_holidays import WorkingCalendar
from engine.law.dates import DAY, london_day
from engine.law.day_by_day import in_words

POST_DAYS = {
    "first_class": 2,
    "recorded_delivery": 2,
    "special_delivery": 2,
    "second_class": 4,
}
"""Working days after posting. The Practice Direction names first and second class;
recorded and special delivery are sent first class and counted the same way."""

SAME_DAY = {
    "personal": "handed to the person",
    "left_at_address": "left at the person's usual or last known address",
    "affixed_to_land": "fixed conspicuously to the land, marked as important",
    "electronic": "sent to the address given for electronic service",
}
METHODS = (*SAME_DAY, *POST_DAYS)

_CAUTIONS = {
    "first_class": "Section 329 names only registered and recorded post, so first "
    "class is weaker evidence of service.",
    "second_class": "Section 329 names only registered and recorded post, so second "
    "class is weaker evidence of service.",
    "affixed_to_land": "This is for an owner or occupier who cannot be named after "
    "reasonable inquiry (section 329(2)).",
    "electronic": "Check that this notice may be served electronically: section "
    "329(3A) limits it, and an advertisement discontinuance notice may not be.",
}


class ServiceUnclear(EngineError):
    """The service of this document cannot be worked out from what was recorded."""


@dataclass(frozen=True, kw_only=True)
class ServedOn:
    """The day a document counts as served (None: it was not), and why.

    `deemed_on` is the day the rule gives, `proved_on` the day that was proved."""

    on: date | None
    deemed_on: date
    proved_on: date | None
    lines: tuple[str, ...]


def served_on(
    method: str,
    sent: date | datetime,
    *,
    calendar: WorkingCalendar,
    proved_on: date | None = None,
    returned: bool = False,
) -> ServedOn:
    """When a document sent, left or handed over by one of METHODS counts as served.

    `returned` says that post came back undelivered: then it is not served unless
    delivery on another day was proved. Raises ServiceUnclear."""
    sent_on = london_day(sent)
    if method not in METHODS:
        raise ServiceUnclear(
            f"“{method}” is not a way to serve a document. Use one of: "
            f"{', '.join(METHODS)}."
        )
    if proved_on is not None and proved_on < sent_on:
        raise ServiceUnclear(
            f"Delivery is proved on {in_words(proved_on)}, before the document was "
            f"sent on {in_words(sent_on)}. Correct one of the two."
        )
    deemed_on = sent_on
    if method in POST_DAYS:
        deemed_on = calendar.shift(sent_on, POST_DAYS[method])
        lines = _post_lines(method, sent_on, deemed_on, calendar)
    else:
        lines = [f"It was {SAME_DAY[method]} on {in_words(sent_on)}: served that day."]
    on: date | None = deemed_on
    if proved_on is not None:
        on = proved_on
        lines.append(
            f"Delivery is proved on {in_words(proved_on)}. Proof overrides what would "
            "be deemed, so that is the day of service."
        )
    elif returned:
        on = None
        lines.append(
            "It came back undelivered, so what would be deemed is rebutted: it is not "
            "served. Serve it again."
        )
    if method in _CAUTIONS:
        lines.append(_CAUTIONS[method])
    return ServedOn(on=on, deemed_on=deemed_on, proved_on=proved_on, lines=tuple(lines))


def _post_lines(
    method: str, sent_on: date, deemed_on: date, calendar: WorkingCalendar
) -> list[str]:
    name = method.replace("_", " ")
    which = "second" if POST_DAYS[method] == 2 else "fourth"
    lines = [
        f"It was posted by {name} on {in_words(sent_on)}. In the ordinary course of "
        f"post it arrives on the {which} working day after posting: "
        f"{in_words(deemed_on)} (Interpretation Act 1978 s7; Practice Direction of "
        "8 March 1985)."
    ]
    day = sent_on + DAY
    while day < deemed_on:
        off = calendar.reason_off(day)
        if off:
            lines.append(f"Not counted: {in_words(day)} ({off})")
        day += DAY
    if not calendar.covers(deemed_on):
        lines.append(
            f"Bank holidays are known only up to {calendar.known_until.year}: check "
            "this date."
        )
    return lines
