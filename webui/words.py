"""How dates, codes and rules are said on a page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask import Flask
from markupsafe import Markup, escape

from engine import LONDON, ROLES

# The breach types of the Open Digital Planning schema for reports of a breach.
BREACH_TYPES: Mapping[str, str] = {
    "alter": "Changes to a building",
    "alter.boundary": "Walls, fences or gates",
    "alter.equipment.antennae": "Satellite dish or antenna",
    "alter.highways": "Access on to a road",
    "alter.landscape": "Landscaping or land levels",
    "alter.openings": "Windows or doors",
    "alter.roof": "Changes to a roof",
    "alter.soilPipes": "Pipes, flues or ducts",
    "alter.surfaces.parking": "Hard surface or parking",
    "alter.swimmingPool": "Swimming pool",
    "alter.trees": "Trees or hedges",
    "alter.trees.tree": "Protected tree",
    "alter.trees.tree.other": "Protected tree: other work",
    "alter.trees.tree.prune": "Protected tree: pruned or lopped",
    "alter.trees.tree.remove": "Protected tree: felled or removed",
    "changeOfUse": "Change of use",
    "changeOfUse.caravans": "Caravans or mobile homes",
    "extend": "Extension",
    "extend.porch": "Porch",
    "extend.roof.dormer": "Dormer or roof extension",
    "listed": "Work to a listed building",
    "minerals": "Minerals or waste",
    "other": "Something else",
    "outbuilding": "Outbuilding, shed or garage",
    "planningCondition": "A planning condition is not kept",
    "signage": "Sign or advertisement",
    "untidySite": "Untidy land or building",
}
NATURES: Mapping[str, str] = {
    "operations": "Building or other operations",
    "change_of_use": "Change of use",
    "change_to_single_dwelling": "Change of use to a single dwelling",
    "condition": "Breach of condition",
    "occupancy_condition": "Breach of an occupancy condition",
    "listed_building": "Work to a listed building",
    "relevant_demolition": "Demolition in a conservation area",
    "advertisement": "Advertisement",
    "tree": "Protected tree",
    "untidy_land": "Untidy land",
    "other": "Other",
}
HOW_KNOWN: Mapping[str, str] = {
    "public": "A member of the public",
    "councillor": "A councillor",
    "parish": "A parish or town council",
    "mp": "A Member of Parliament",
    "officer": "An officer of the council",
    "other_department": "Another department or authority",
}
RELATIONS: Mapping[str, str] = {
    "immediate_neighbour": "Immediate neighbour",
    "other_neighbour": "Lives nearby",
    "public": "Member of the public",
    "councillor": "Councillor",
    "parish": "Parish or town council",
    "mp": "Member of Parliament",
    "officer": "Officer of the council",
}
STATUSES: Mapping[str, str] = {
    "not_started": "Not started",
    "under_investigation": "Under investigation",
    "closed": "Closed",
}
NOTICE_STATUSES: Mapping[str, tuple[str, str]] = {
    "draft": ("Draft", "grey"),
    "authorised": ("Authorised", "light-blue"),
    "issued": ("Issued", "blue"),
    "served": ("Served", "blue"),
    "in_effect": ("In effect", "turquoise"),
    "suspended": ("Suspended by appeal", "yellow"),
    "varied": ("Varied", "purple"),
    "withdrawn": ("Withdrawn", "grey"),
    "quashed": ("Quashed", "grey"),
    "complied": ("Complied with", "green"),
    "not_complied": ("Not complied with", "red"),
    "discharged": ("Discharged", "grey"),
}
CHANNELS: Mapping[str, str] = {
    "phone": "Telephone",
    "email": "Email",
    "letter": "Letter",
    "person": "In person",
    "web": "Online",
    "site": "Seen on site",
}


def day(value: date | datetime | None) -> str:
    """2 March 2026, the day in London."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = value.astimezone(LONDON)
    return f"{value.day} {value:%B %Y}"


def moment(value: date | datetime | None) -> str:
    """2 March 2026 at 2:30pm, in London; 9am, midday, midnight; a date stays a date."""
    if not isinstance(value, datetime):
        return day(value)
    local = value.astimezone(LONDON)
    if (local.hour % 12, local.minute) == (0, 0):
        return f"{day(local)} at {'midday' if local.hour else 'midnight'}"
    minutes = f":{local:%M}" if local.minute else ""
    half = "am" if local.hour < 12 else "pm"
    return f"{day(local)} at {local.hour % 12 or 12}{minutes}{half}"


def said(value: Any) -> str:
    """An answer as a person would say it."""
    match value:
        case None | "" | [] | {}:
            return "Not answered"
        case bool():
            return "Yes" if value else "No"
        case date():
            return moment(value)
        case list() | tuple():
            return "; ".join(said(item) for item in value)
        case Mapping():
            parts = (f"{phrase(k)}: {said(v)}" for k, v in value.items() if v)
            return ", ".join(parts)
        case "yes" | "no":
            return str(value).capitalize()
    return str(value)


def phrase(key: Any) -> str:
    """served_on → Served on."""
    return str(key).replace("_", " ").strip().capitalize()


def prose(text: str | None) -> Markup:
    """Guidance with paragraphs, lists (- item), **bold** and # headings; no HTML."""
    blocks = re.split(r"\n\s*\n", (text or "").strip())
    return Markup("\n").join(_block(block) for block in blocks if block.strip())


def _block(block: str) -> Markup:
    lines = [line.strip() for line in block.strip().splitlines()]
    if all(re.match(r"[-*] ", line) for line in lines):
        items = Markup("").join(
            Markup("<li>{}</li>").format(_inline(line[2:])) for line in lines
        )
        return Markup('<ul class="govuk-list govuk-list--bullet">{}</ul>').format(items)
    if len(lines) == 1 and (heading := re.match(r"#{1,6} (.+)", lines[0])):
        return Markup('<h2 class="govuk-heading-s">{}</h2>').format(heading[1])
    return Markup('<p class="govuk-body">{}</p>').format(_inline(" ".join(lines)))


def _inline(text: str) -> Markup:
    parts = re.split(r"\*\*(.+?)\*\*", text)
    return Markup("").join(
        Markup("<strong>{}</strong>").format(part) if number % 2 else escape(part)
        for number, part in enumerate(parts)
    )


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(
        day=day,
        moment=moment,
        said=said,
        phrase=phrase,
        prose=prose,
        breach_type=lambda code: BREACH_TYPES.get(code, phrase(code)),
        nature=lambda code: NATURES.get(code, phrase(code)),
        status=lambda code: STATUSES.get(code, phrase(code)),
        how_known=lambda code: HOW_KNOWN.get(code, phrase(code)),
        relation=lambda code: RELATIONS.get(code, phrase(code)),
        channel=lambda code: CHANNELS.get(code, phrase(code)),
        role=lambda code: ROLES.get(code, phrase(code)),
        notice_status=lambda code: NOTICE_STATUSES.get(code, (phrase(code), "grey")),
    )
