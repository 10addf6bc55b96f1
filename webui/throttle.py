"""Slows down whoever guesses passwords from one address.

The engine locks an account after ten wrong passwords; this stops one address from
trying many accounts. Kept in memory: each web process counts for itself."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable
from datetime import datetime, timedelta

ATTEMPTS = 20
WITHIN = timedelta(minutes=15)
MOST_ADDRESSES = 10_000


class Throttle:
    """Counts failures by address; remembers a bounded number of addresses."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._failures: OrderedDict[str, deque[datetime]] = OrderedDict()

    def is_blocked(self, address: str) -> bool:
        return len(self._recent(address)) >= ATTEMPTS

    def failed(self, address: str) -> None:
        recent = self._recent(address)
        recent.append(self._now())
        self._failures[address] = recent
        self._failures.move_to_end(address)
        while len(self._failures) > MOST_ADDRESSES:
            self._failures.popitem(last=False)

    def succeeded(self, address: str) -> None:
        self._failures.pop(address, None)

    def _recent(self, address: str) -> deque[datetime]:
        recent = self._failures.get(address, deque(maxlen=ATTEMPTS))
        while recent and self._now() - recent[0] > WITHIN:
            recent.popleft()
        return recent
