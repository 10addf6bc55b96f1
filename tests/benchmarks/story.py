"""The step that every benchmark takes: another site visit on an enforcement case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

VISIT = "record_site_visit"

REPORT: Mapping[str, Any] = {
    "address": "3 Saltings Row, Heybridge",
    "breach_type": "alter.boundary",
    "description": "A fence about 2.4 metres high along the front boundary.",
    "harm_described": "It hides the road from drivers leaving the lane.",
}


def answers(today: date) -> dict[str, dict[str, Any]]:
    """Each task on the way to the visits, and the visit that asks for another."""
    return {
        "check_report": {
            "place_clear": "yes",
            "nature_clear": "yes",
            "harm_clear": "yes",
            "reported_before": "no",
            "better_agency": "no",
        },
        "classify_report": {
            "nature": "operations",
            "features": [],
            "began_on": today.replace(day=1),
        },
        "check_records": {
            "planning_history": "No planning history.",
            "refused_retrospective": "no",
            "small_business": "no",
            "priority_change": "keep",
        },
        VISIT: {
            "visited_on": today,
            "entry_notice": "not_needed",
            "visit_findings": "Fence 2.4 m high, within 2 m of the highway.",
            "breach_found": "yes",
            "priority_change": "keep",
            "visit_needed_again": "yes",
        },
    }
