"""The engine of the running application, and who asks."""

from __future__ import annotations

from datetime import date
from typing import cast

from flask import current_app, g

from engine import Casework, Clock, Office, Officer, Records


def office() -> Office:
    """The engine on this application's database."""
    return cast(Office, current_app.extensions["office"])


def casework() -> Casework:
    """The commands."""
    return office().casework


def records() -> Records:
    """The reads."""
    return office().records


def clock() -> Clock:
    """What time it is: in a demonstration, what time it is shown to be."""
    return office().clock


def today() -> date:
    """The date in London, by the office's clock."""
    return clock().today()


def officer() -> Officer:
    """Who is signed in: every page but the public ones has somebody."""
    return cast(Officer, g.officer)


def is_demonstration() -> bool:
    return bool(current_app.extensions["config"].is_demonstration)
