"""The door of what is tried and typed in a draft: forms, tables, periods, settings.

Trying keeps nothing. What is kept goes through `Drafts.save`, like any other change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.clock import Clock
from engine.errors import DefinitionError, NotFound
from engine.forms import Evaluate
from engine.law import period_writing
from engine.law.explain import Explanation
from engine.law.period_file import FILE
from engine.law.period_model import Period
from engine.law.period_writing import NewLaw, NewStandard
from engine.law.periods import CouncilPeriods, Periods, parse
from engine.studio import period_sheet, table_sheet, trying, used_by
from engine.studio.drafts import Drafts
from engine.studio.period_sheet import PeriodSheet
from engine.studio.table_sheet import TableSheet
from engine.studio.trying import FormPreview, TriedTable
from engine.studio.used_by import Use
from engine.views import Officer

KEPT = 8
Files = Mapping[str, bytes]
Change = Callable[[dict[str, bytes], Periods], dict[str, bytes]]


@dataclass(frozen=True, kw_only=True)
class Example:
    """What a period gives on a day, as it is and as it would be."""

    before: Explanation
    after: Explanation


class Workbench:
    """Each raises NotFound for what another council owns, and NotPermitted."""

    def __init__(self, drafts: Drafts, clock: Clock, law: Periods) -> None:
        """`law` is the folder's: it counts where a draft holds no periods."""
        self._drafts = drafts
        self._clock = clock
        self._folder = law
        self._known: dict[tuple[tuple[str, bytes], ...], Periods] = {}

    # Forms

    def preview(
        self,
        draft_id: str,
        name: str,
        text: str,
        officer: Officer,
        answers: Mapping[str, Any] | None = None,
    ) -> FormPreview:
        """A form as officers would see it, with answers tried where some are given."""
        return trying.preview(
            name, text, self._evaluator(draft_id, officer), answers or None
        )

    def users_of_form(
        self, draft_id: str, form: str, officer: Officer
    ) -> tuple[Use, ...]:
        """The tasks of the draft that ask the questions of a form."""
        return used_by.form(self._drafts.files(draft_id, officer), form)

    # Decision tables

    def users_of_table(
        self, draft_id: str, decision: str, officer: Officer
    ) -> tuple[Use, ...]:
        """The steps of the draft that ask a table."""
        return used_by.decision(self._drafts.files(draft_id, officer), decision)

    def table(self, name: str, content: bytes) -> TableSheet:
        """A table to be looked at. DefinitionError where it cannot be read."""
        return table_sheet.read(name, content)

    def ask_table(
        self, draft_id: str, name: str, content: bytes, officer: Officer
    ) -> TriedTable:
        """The questions with which a table is tried. DefinitionError."""
        return trying.ask_table(name, content, self._drafts.files(draft_id, officer))

    def try_table(
        self,
        draft_id: str,
        name: str,
        content: bytes,
        answers: Mapping[str, Any],
        officer: Officer,
    ) -> TriedTable:
        """What a table says to some answers, and which rules fit. DefinitionError."""
        files = self._drafts.files(draft_id, officer)
        evaluate = trying.evaluator(self._law(files, officer), self._clock.now())
        return trying.try_table(name, content, files, answers, evaluate)

    # Periods and settings

    def periods(self, draft_id: str, officer: Officer) -> PeriodSheet:
        """Every period, standing order and setting of the draft. DefinitionError."""
        files = self._drafts.files(draft_id, officer)
        return period_sheet.sheet(
            files, self._parsed(files), officer.council, self._clock.today()
        )

    def example(
        self,
        draft_id: str,
        key: str,
        on: date,
        change: Change,
        officer: Officer,
    ) -> Example:
        """A period on a day, before and after a change that is not kept."""
        files = self._drafts.files(draft_id, officer)
        law = self._parsed(files)
        changed = self._parsed(files | change(files, law))
        return Example(
            before=_of(law, officer).explain(key, on),
            after=_of(changed, officer).explain(key, on),
        )

    def set_target(
        self, key: str, officer: Officer, *, length: int | None, unit: str, note: str
    ) -> Change:
        """The council's own length of a service standard."""

        def change(files: dict[str, bytes], law: Periods) -> dict[str, bytes]:
            return period_writing.set_target(
                files,
                officer.council,
                _period(law, key),
                length=length,
                unit=unit,
                note=note,
            )

        return change

    def use_common_target(self, key: str, officer: Officer) -> Change:
        """The council keeps to the common length of a service standard again."""
        return lambda files, law: period_writing.use_common_target(
            files, officer.council, key
        )

    def change_law(self, key: str, new: NewLaw) -> Change:
        """A statutory period from a day on."""
        return lambda files, law: period_writing.change_law(
            files, _period(law, key), new
        )

    def add_standard(self, new: NewStandard) -> Change:
        """A service standard that did not exist yet."""
        return lambda files, law: period_writing.add_standard(files, law, new)

    def set_policy(
        self, officer: Officer, orders: Mapping[str, str], settings: Mapping[str, Any]
    ) -> Change:
        """Standing orders and settings; those that are as before are left alone."""

        def change(files: dict[str, bytes], law: Periods) -> dict[str, bytes]:
            own = law.councils.get(officer.council, law.defaults)
            council, changed = officer.council, dict(files)
            for action, decider in orders.items():
                if own.standing_orders.get(action) != decider:
                    changed |= period_writing.set_order(
                        changed, council, action, decider
                    )
            for key, value in settings.items():
                if own.settings.get(key) != value:
                    changed |= period_writing.set_setting(changed, council, key, value)
            return {n: c for n, c in changed.items() if files.get(n) != c}

        return change

    def keep(
        self, draft_id: str, change: Change, revision: int, officer: Officer
    ) -> int:
        """Save a change of periods or settings; the draft's revision after it.

        Raises InvalidAnswers, DefinitionError where the files could then no longer be
        read, DraftChanged and DraftClosed."""
        files = self._drafts.files(draft_id, officer)
        changed = change(files, self._parsed(files))
        if not changed:
            return revision
        self._parsed(files | changed)
        return self._drafts.save(draft_id, changed, revision, officer)

    def _evaluator(self, draft_id: str, officer: Officer) -> Evaluate:
        files = self._drafts.files(draft_id, officer)
        return trying.evaluator(self._law(files, officer), self._clock.now())

    def _law(self, files: Files, officer: Officer) -> CouncilPeriods:
        """What the draft counts by; while its periods cannot be read, the folder's."""
        try:
            return _of(self._parsed(files), officer)
        except DefinitionError:
            return _of(self._folder, officer)

    def _parsed(self, files: Files) -> Periods:
        """The periods of the files; each set is parsed once while it is looked at."""
        if FILE not in files:
            return self._folder
        own = tuple((n, files[n]) for n in sorted(files) if _is_law(n))
        found = self._known.get(own)
        if found is None:
            found = parse(dict(own), calendar=self._folder.calendar)
            if len(self._known) >= KEPT:
                self._known.clear()
            self._known[own] = found
        return found


def _is_law(name: str) -> bool:
    return name == FILE or (name.startswith("councils/") and name.endswith(".yaml"))


def _of(law: Periods, officer: Officer) -> CouncilPeriods:
    return law.for_council(officer.council if officer.council in law.councils else None)


def _period(law: Periods, key: str) -> Period:
    found = law.periods.get(key)
    if found is None:
        raise NotFound(f"There is no period {key} in this change.")
    return found
