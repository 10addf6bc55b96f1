"""What is asked when a period, a service standard or a setting is changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from engine import Form, PeriodRow, PolicyChoice

UNITS: Mapping[str, str] = {
    "working_days": "working days",
    "calendar_days": "days",
    "weeks": "weeks",
    "months": "months",
    "years": "years",
    "hours": "hours",
}
RULES: Mapping[str, str] = {
    "beginning_with": "The day that starts it is day 1",
    "after": "The day that starts it is not counted",
    "clear": "Clear days: neither end is counted",
    "within_after": "Within so long after the day, which is not counted",
    "within_from": "Within so long from the day",
    "max_after": "No later than so long after the day",
    "min_before": "At least so long before the event",
    "not_earlier_after": "Not before so long after the day",
    "before_event": "So long before the event",
    "lookback_ending_with": "A look back that ends with the day",
    "as_specified": "As the notice or letter says",
    "event": "Ends with an event",
    "none": "Nothing to count",
    "condition": "A test that is met or not",
    "min_duration": "A test of how long something lasted",
}
"""How a period is counted, said on a page."""
SETTINGS: Mapping[str, tuple[str, str]] = {
    "harm_matrix": (
        "Does a harm score decide whether a breach is investigated further?",
        "",
    ),
    "harm_threshold": ("From which score is it?", ""),
    "priorities": (
        "How many priorities are there?",
        "As many as the council’s priority table gives.",
    ),
    "nppf_paragraph": (
        "Which paragraph of the National Planning Policy Framework is on enforcement?",
        "As the record of expediency cites it.",
    ),
    "investigate_anonymous": ("Are anonymous reports normally investigated?", ""),
    "councillor_reports_urgent": (
        "Is a councillor’s report of a serious breach urgent for that reason?",
        "Also one by an MP or a parish council.",
    ),
    "usual_appeal_procedure": (
        "Which procedure does the council normally ask the Planning Inspectorate for?",
        "",
    ),
    "priority_when_immune_soon": (
        "Which priority does a case get when its breach will soon be immune?",
        "Within six months. Leave empty for none.",
    ),
    "desktop_visit_priority_3": (
        "May a desk exercise stand for the visit at the lowest priority?",
        "",
    ),
    "review_by_another": (
        "Must another person review each change of the procedure?",
        "A change of the law, or of a statutory safeguard, always needs one.",
    ),
}
"""The settings that the product knows, as they are asked."""
PROCEDURES: Mapping[str, str] = {
    "written": "Written representations",
    "hearing": "A hearing",
    "inquiry": "An inquiry",
}
COUNTED = (
    *("within_after", "beginning_with", "clear", "max_after"),
    *("min_before", "not_earlier_after"),
)
"""The ways in which a new service standard may be counted."""
DECIDERS: Mapping[str, str] = {
    "authorising_officer": "An authorising officer",
    "committee": "The committee",
}


def standard(row: PeriodRow) -> Form:
    """The council's own length of a service standard."""
    return _form(
        *_length(row),
        _text("note", "Why, or where it was decided", "Shown with each date."),
        _example_day(),
    )


def law(row: PeriodRow) -> Form:
    """A statutory period from a day on."""
    return _form(
        _date(
            "from_on",
            "From which day is it the law?",
            "The first day that starts the new period. What held before stays for "
            "earlier days.",
            "Enter the day from which it is the law",
        ),
        *_length(row),
        _text(
            "section",
            "Section",
            "Where the rule is found, as it will be cited.",
            "Enter the section, such as TCPA 1990 s171C",
        ),
        _text(
            "instrument",
            "What did you read?",
            "The Act or instrument that changes it, such as SI 2027/123 regulation 4.",
            "Enter what you read, such as SI 2027/123 regulation 4",
        ),
        _text(
            "link",
            "Where can it be read?",
            "A link, such as legislation.gov.uk/uksi/2027/123.",
            "Enter where it can be read, such as legislation.gov.uk/uksi/2027/123",
        ),
        _text(
            "note",
            "A sentence for officers",
            "Such as: Notices served on or after 1 April 2027 allow 28 days.",
        ),
        _example_day(),
    )


def new_standard() -> Form:
    """A service standard that does not exist yet."""
    return _form(
        _text(
            "title",
            "What is it called?",
            "Such as: Second site visit.",
            "Enter what people call it",
        ),
        _text(
            "key",
            "Its key",
            "Diagrams name it: small letters, digits and underscores, such as "
            "second_visit.",
            "Enter a name of small letters and underscores, such as second_visit",
        ),
        _text("group", "Listed under", "Such as: Investigation."),
        _text(
            "trigger",
            "Which day starts it?",
            "Completes “The day that starts it is …”: the day of the first visit.",
            "Say which day starts it, such as “the day of the first visit”",
        ),
        *_length(None),
        _choice("rule", "How is it counted?", {key: RULES[key] for key in COUNTED}),
        _choice(
            "date_is",
            "What is the date?",
            {
                "last_day": "The last day to do it",
                "first_day": "The first day on which it may be done",
            },
        ),
        _text(
            "on_expiry", "What follows when it passes?", "Such as: the manager is told."
        ),
        _text(
            "policy",
            "Where has the council decided this?",
            "Such as: Enforcement Policy 2027, paragraph 4.2.",
            "Say where the council has decided this",
        ),
        _text("link", "Where can that be read?", "A link, if there is one."),
    )


def policy(orders: Iterable[PolicyChoice], settings: Iterable[PolicyChoice]) -> Form:
    """Standing orders and settings: each by the kind of its value."""
    return _form(
        *(_choice(f"order_{o.key}", _said(o.key), DECIDERS) for o in orders),
        *(_setting(s) for s in settings),
    )


def _setting(found: PolicyChoice) -> dict[str, Any]:
    key, sample = f"setting_{found.key}", found.common
    sample = found.value if sample is None else sample
    label, hint = SETTINGS.get(found.key, (_said(found.key), ""))
    if isinstance(sample, bool):
        asked = _choice(key, label, {"yes": "Yes", "no": "No"})
    elif isinstance(sample, int):
        asked = {"type": "number", "id": key, "key": key, "label": label}
        asked["decimalDigits"] = 0
    elif sample in PROCEDURES:
        asked = _choice(key, label, PROCEDURES)
    else:
        asked = _text(key, label, "")
    return asked | {"description": hint}


def _length(row: PeriodRow | None) -> tuple[dict[str, Any], ...]:
    hint = f"It is {row.length} now." if row else ""
    number = {
        "type": "number",
        "id": "length",
        "key": "length",
        "label": "How long?",
        "description": hint,
        "decimalDigits": 0,
    } | _needed("Enter a whole number")
    return number, _choice("unit", "Counted in", UNITS)


def _example_day() -> dict[str, Any]:
    return _date(
        "on",
        "A day for the example",
        "What would the date be, if it started on this day?",
    )


def _form(*components: Mapping[str, Any]) -> Form:
    return Form.parse({"id": "period", "components": list(components)})


def _text(key: str, label: str, hint: str, otherwise: str = "") -> dict[str, Any]:
    """A short text; one with a sentence for its absence must be given."""
    asked = {"type": "textfield", "id": key, "key": key, "label": label}
    return asked | {"description": hint} | _needed(otherwise)


def _date(key: str, label: str, hint: str, otherwise: str = "") -> dict[str, Any]:
    asked = {"type": "datetime", "subtype": "date", "id": key, "key": key}
    return asked | {"label": label, "description": hint} | _needed(otherwise)


def _needed(otherwise: str) -> dict[str, Any]:
    if not otherwise:
        return {}
    said = {"required_message": otherwise}
    return {"validate": {"required": True}, "properties": said}


def _choice(key: str, label: str, choices: Mapping[str, str]) -> dict[str, Any]:
    values = [{"value": value, "label": text} for value, text in choices.items()]
    kind = "radio" if len(values) < 4 else "select"
    asked = {"type": kind, "id": key, "key": key, "label": label, "values": values}
    return asked | _needed(f"Choose an answer to “{label}”")


def _said(key: str) -> str:
    return key.replace("_", " ").capitalize()
