"""Statutory periods that forms keep by a rule, and tables name in a row.

They need no mark: the expression says which period it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from engine.checks import expressions, reading, tables
from engine.forms.form_model import Field, every
from engine.forms.form_schema import Form
from engine.law import period_file
from engine.law.period_model import Period

Files = Mapping[str, bytes]


@dataclass(frozen=True, kw_only=True)
class SafeguardLost:
    """A safeguard that a change takes away, and how.

    `name` is what people call the element, `what` the law in words, `section` where it
    is found, `how` one or more sentences."""

    file: str
    element: str
    name: str
    what: str
    section: str
    how: str


def lost(before: Files, after: Files) -> Iterator[SafeguardLost]:
    """The rules that `after` no longer keeps."""
    content = before.get(period_file.FILE)
    known = reading.look(period_file.FILE, content).periods if content else None
    law = {key: period for key, period in (known or {}).items() if period.statutory}
    for name, held in before.items():
        seen = reading.look(name, held)
        now = reading.look(name, after[name]) if name in after else reading.Look()
        if now is seen:
            continue
        if seen.form:
            yield from _of_form(name, seen.form, now.form, law)
        elif seen.table is not None:
            yield from _of_table(name, seen.table, now.table, law)
    yield from _unshown(before, after, law)


def _of_form(
    file: str, was: Form, now: Form | None, law: Mapping[str, Period]
) -> Iterator[SafeguardLost]:
    fields = {field.key: field for field in every(now.components)} if now else {}
    for field, period in _kept(was, law):
        rule = expressions.short(field.must)
        other = fields.get(field.key)
        if other is None:
            yield _rule(file, field, period, "The question is no longer asked.")
        elif not other.must:
            yield _rule(file, field, period, f"Its rule “{rule}” was removed.")
        elif expressions.normal(other.must) != expressions.normal(field.must):
            changed = expressions.short(other.must)
            yield _rule(file, field, period, f"Its rule “{rule}” is now “{changed}”.")


def _unshown(
    before: Files, after: Files, law: Mapping[str, Period]
) -> Iterator[SafeguardLost]:
    """Forms with such a rule that are still there, but that no task shows any more."""
    for form in sorted(_shown(before) - _shown(after)):
        name = f"forms/{form}.json"
        seen = reading.look(name, before[name]).form if name in before else None
        if seen is None or name not in after:
            continue
        for field, period in _kept(seen, law):
            yield _rule(name, field, period, "No task shows this form any more.")


def _shown(files: Files) -> set[str]:
    return {
        task.form
        for name, content in files.items()
        if name.endswith(".bpmn")
        and (diagram := reading.look(name, content).diagram) is not None
        for task in diagram.of_kind("userTask")
        if task.form
    }


def _kept(form: Form, law: Mapping[str, Period]) -> Iterator[tuple[Field, Period]]:
    """The questions whose rule counts a statutory period, with the first of them."""
    for field in every(form.components):
        keys, _ = expressions.counted(field.must)
        if named := [law[key] for key in keys if key in law]:
            yield field, named[0]


def _rule(file: str, field: Field, period: Period, how: str) -> SafeguardLost:
    return SafeguardLost(
        file=file,
        element=field.id,
        name=field.label or field.key,
        what=field.must_message or period.title,
        section=period.section,
        how=how,
    )


def _of_table(
    file: str,
    was: etree._Element,
    now: etree._Element | None,
    law: Mapping[str, Period],
) -> Iterator[SafeguardLost]:
    named = set(tables.texts(now)) if now is not None else set()
    for key in dict.fromkeys(tables.texts(was)):
        if key in law and key not in named:
            yield SafeguardLost(
                file=file,
                element=file.rsplit("/", 1)[-1].removesuffix(".dmn"),
                name=law[key].title,
                what=law[key].title,
                section=law[key].section,
                how=f"No row of the table names the period “{key}” any more.",
            )
