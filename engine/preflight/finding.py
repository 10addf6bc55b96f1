"""One thing that the pre-flight found in a draft notice, and how to read the draft."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Severity = Literal["stop", "warn"]
Draft = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One defect (`stop`) or risk (`warn`): which rule, what is wrong, what to do."""

    rule: str
    severity: Severity
    message: str
    remedy: str

    def as_fact(self) -> dict[str, str]:
        """With a label and a value, so that a checklist can offer it."""
        return {
            "label": f"{self.message} {self.remedy}",
            "value": self.message,
            "rule": self.rule,
            "severity": self.severity,
            "message": self.message,
            "remedy": self.remedy,
        }


def stop(rule: str, message: str, remedy: str) -> Finding:
    return Finding(rule=rule, severity="stop", message=message, remedy=remedy)


def warn(rule: str, message: str, remedy: str) -> Finding:
    return Finding(rule=rule, severity="warn", message=message, remedy=remedy)


def words(notice: Draft, key: str) -> str:
    return str(notice.get(key) or "").strip()


def rows(notice: Draft, key: str) -> list[Draft]:
    return [row for row in notice.get(key) or () if isinstance(row, Mapping)]
