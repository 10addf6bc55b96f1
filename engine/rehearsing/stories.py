"""Reads stories: the scenarios that a diagram must be able to tell, as YAML.

Only reads and refuses what cannot be read; `scenarios` runs them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import yaml

from engine.errors import DefinitionError, Problem
from engine.permissions import ROLES
from engine.rehearsing.story import Length, Person, Place, Step, Story, moment

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The safe loader in C where there is one: ten times as fast."""
VERBS: Mapping[str, frozenset[str]] = {
    "do": frozenset({"as", "answers", "in", "for", "refused"}),
    "correct": frozenset({"as", "answers", "reason", "in", "for", "refused"}),
    "send": frozenset({"payload", "as", "for", "in"}),
    "start": frozenset({"as", "for", "given", "refused"}),
    "reopen": frozenset({"as"}),
    "wait": frozenset(),
    "until": frozenset(),
    "expect": frozenset({"in", "for"}),
}
"""What a step may be, and what may be said beside it."""
EXPECTATIONS = frozenset(
    {
        "ready",
        "not_ready",
        "only_ready",
        "due",
        "data",
        "ended",
        "notices",
        "sent",
        "status",
    }
)
REPORT = frozenset(
    {
        "address",
        "breach_type",
        "description",
        "harm_described",
        "how_known",
        "complainant_relation",
        "anonymous",
        "received_on",
        "ward",
        "uprn",
        "postcode",
        "channel",
        "complainant_name",
        "complainant_address",
        "complainant_email",
        "complainant_phone",
    }
)
NEEDED = ("address", "breach_type", "description", "harm_described")
_KEYS = frozenset(
    {"title", "process", "starts", "council", "case", "given", "steps", "ends", "about"}
)
_LENGTH = re.compile(r"(\d+) +(hour|day|working day|week|month|year)s?")
_PLACE = re.compile(r"([a-z][a-z0-9_]*)(?:#([1-9]))?")


def read(file: str, content: bytes, *, is_begun: bool = False) -> Story:
    """One story. Raises DefinitionError with everything that is wrong with its form.

    A story that has only begun may have no steps yet."""
    return _Reader(file, is_begun=is_begun).story(content)


def read_all(files: Mapping[str, bytes]) -> tuple[Story, ...]:
    """Every story among the files, by name. Raises DefinitionError for the first
    that cannot be read."""
    return tuple(
        read(name, files[name])
        for name in sorted(files)
        if name.startswith("scenarios/") and name.endswith(".yaml")
    )


class _Reader:
    """Reads one file and gathers what is wrong with it."""

    def __init__(self, file: str, *, is_begun: bool = False) -> None:
        self._file = file
        self._is_begun = is_begun
        self._problems: list[Problem] = []

    def story(self, content: bytes) -> Story:
        raw = self._yaml(content)
        self._refuse()
        for key in sorted(set(raw) - _KEYS):
            self._found(
                "",
                f"The story has no part “{key}”.",
                f"Use {', '.join(sorted(_KEYS))}.",
            )
        starts_at = moment(raw.get("starts"))
        if starts_at is None:
            self._found(
                "",
                "The story does not say when it starts.",
                "Write  starts: 2026-03-02T09:00.",
            )
        case = self._case(raw)
        steps = tuple(self._steps(raw.get("steps")))
        self._refuse()
        assert starts_at is not None
        return Story(
            file=self._file,
            title=str(raw.get("title") or self._file),
            process=str(raw.get("process") or "enforcement"),
            starts_at=starts_at,
            council=str(raw.get("council") or "maldon"),
            case=case,
            given=_mapping(raw.get("given")),
            steps=steps,
            ends=str(raw.get("ends") or ""),
        )

    def _yaml(self, content: bytes) -> Mapping[str, Any]:
        try:
            raw = yaml.load(content, LOADER)  # noqa: S506  safe either way
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            mark = getattr(error, "problem_mark", None)
            line = f"line {mark.line + 1}" if mark else ""
            self._found(
                line,
                "The story is not valid YAML.",
                "Check the indentation and the quotation marks there.",
            )
            return {}
        if not isinstance(raw, dict):
            self._found(
                "",
                "The story is empty.",
                "Give it title, process, starts, case and steps.",
            )
            return {}
        return {str(key): value for key, value in raw.items()}

    def _case(self, raw: Mapping[str, Any]) -> Mapping[str, Any]:
        case = _mapping(raw.get("case"))
        for key in sorted(set(case) - REPORT):
            self._found(
                "case",
                f"A report has no “{key}”.",
                f"Use {', '.join(sorted(REPORT))}; other facts go under “given”.",
            )
        for key in NEEDED:
            if not case.get(key):
                self._found("case", f"The report has no {key}.", f"Give it a {key}.")
        return case

    def _steps(self, raw: Any) -> Iterator[Step]:
        if self._is_begun and raw == []:
            return
        if not isinstance(raw, list) or not raw:
            self._found("", "The story has no steps.", "List what is done under steps.")
            return
        for number, entry in enumerate(raw, start=1):
            step = self._step(number, _mapping(entry))
            if step is not None:
                yield step

    def _step(self, number: int, raw: Mapping[str, Any]) -> Step | None:
        where = f"step {number}"
        verbs = [verb for verb in VERBS if verb in raw]
        if len(verbs) != 1:
            self._found(
                where,
                "It is not clear what the step does."
                if not verbs
                else f"The step does several things: {', '.join(verbs)}.",
                f"Write exactly one of {', '.join(VERBS)}.",
            )
            return None
        verb = verbs[0]
        for key in sorted(set(raw) - VERBS[verb] - {verb}):
            self._found(
                where,
                f"“{key}” means nothing beside “{verb}”.",
                f"Use {', '.join(sorted(VERBS[verb])) or 'nothing'} beside it.",
            )
        what = self._what(where, verb, raw[verb])
        if verb in ("do", "correct", "start", "reopen") and not raw.get("as"):
            self._found(where, "It does not say who does it.", "Add  as: officer.")
        return Step(
            number=number,
            verb=verb,
            what=what,
            person=self._person(where, raw.get("as")),
            answers=_mapping(
                raw.get("answers") or raw.get("payload") or raw.get("given")
            ),
            reason=str(raw.get("reason") or ""),
            place=self._place(where, raw.get("in")),
            item=str(raw.get("for") or ""),
            refused=self._refusal(where, raw),
        )

    def _what(self, where: str, verb: str, value: Any) -> Any:
        if verb == "wait":
            match = _LENGTH.fullmatch(str(value).strip())
            if match is None:
                self._found(
                    where,
                    f"“{value}” is not a length of time.",
                    "Write 21 days, 10 working days, 2 weeks, 1 month or 24 hours.",
                )
                return None
            return Length(int(match[1]), match[2])
        if verb == "until":
            found = moment(value)
            if found is None:
                self._found(
                    where,
                    f"“{value}” is not a date.",
                    "Write 2026-03-24 or 2026-03-24T09:00.",
                )
            return found
        if verb == "expect":
            return self._expectations(where, _mapping(value))
        return str(value)

    def _expectations(self, where: str, wanted: Mapping[str, Any]) -> Mapping[str, Any]:
        for key in sorted(set(wanted) - EXPECTATIONS):
            self._found(
                where,
                f"“{key}” cannot be expected.",
                f"Use {', '.join(sorted(EXPECTATIONS))}.",
            )
        if not wanted:
            self._found(
                where,
                "Nothing is expected.",
                f"Use {', '.join(sorted(EXPECTATIONS))}.",
            )
        listed = {
            key: as_list(value)
            if key in ("ready", "not_ready", "only_ready", "sent")
            else value
            for key, value in wanted.items()
        }
        for key in ("due", "data", "notices"):
            if key in listed and not isinstance(listed[key], dict):
                self._found(
                    where,
                    f"“{key}” is not a list of names with values.",
                    f"Write  {key}: {{name: value}}.",
                )
        return listed

    def _person(self, where: str, value: Any) -> Person | None:
        if value is None:
            return None
        match = _PLACE.fullmatch(str(value).strip())
        if match is None or match[1] not in ROLES:
            self._found(
                where, f"“{value}” is no role.", f"Use one of {', '.join(ROLES)}."
            )
            return None
        return Person(match[1], int(match[2] or 1))

    def _place(self, where: str, value: Any) -> Place | None:
        if value is None:
            return None
        match = _PLACE.fullmatch(str(value).strip())
        if match is None:
            self._found(
                where, f"“{value}” is no process.", "Write appeal, or appeal#2."
            )
            return None
        return Place(match[1], int(match[2] or 0))

    def _refusal(
        self, where: str, raw: Mapping[str, Any]
    ) -> str | Mapping[str, str] | None:
        value = raw.get("refused")
        if value is None:
            return None
        if isinstance(value, dict):
            return {str(key): str(text) for key, text in value.items()}
        return str(value)

    def _found(self, element: str, problem: str, remedy: str) -> None:
        self._problems.append(
            Problem(file=self._file, element=element, problem=problem, remedy=remedy)
        )

    def _refuse(self) -> None:
        if self._problems:
            raise DefinitionError(self._problems)


def as_list(value: Any) -> list[str]:
    """`[a, b]`, `a` or nothing, as a list of words."""
    if value is None:
        return []
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [str(word) for word in value]
    return [str(value)]


def _mapping(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        return {}
    return {str(key): entry for key, entry in value.items()}
