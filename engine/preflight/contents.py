"""Whether the draft notice says everything that it must, and says it clearly."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.preflight.finding import Draft, Finding, rows, stop, words
from engine.preflight.step_periods import step_findings

_PLACEHOLDER = re.compile(
    r"\[[^\]]*\]|<[^>]*>|\b[xX]{2,}\b|\bTB[CA]\b|\?{2,}|_{3,}|\.{4,}|\binsert\b", re.I
)
_DOUBLED = re.compile(r"\b([A-Za-z]+)\s+\1\b", re.I)
_MAY_BE_DOUBLED = frozenset({"had", "that"})
_POSTCODE = re.compile(r"\b([A-Z]{1,2}\d[A-Z\d]?) ?(\d[A-Z]{2})\b")
_VAGUE_LAND = re.compile(
    r"\b(approximately|in the vicinity|at or near|or thereabouts|and surroundings)\b",
    re.I,
)
_CONDITION = re.compile(r"\b(condition|limitation)s?\b", re.I)
_TEXTS = {
    "matters_alleged": "the matters alleged",
    "land_description": "the description of the land",
    "reasons": "the reasons",
    "policies": "the policies",
}
_NOTE = {
    "sections": "sections 171A, 171B and 172 to 177, or a summary of them",
    "appeal_rights": "the right of appeal and its grounds",
    "fee": "the fee for ground (a)",
    "persons_served": "the names and addresses of those served",
}


def findings(notice: Draft) -> Iterator[Finding]:
    """Boundary, allegation and limb, steps and periods, wording, reasons and policies,
    explanatory note."""
    yield from _boundary(notice)
    yield from _allegation(notice)
    yield from _steps(notice)
    yield from _wording(notice)
    yield from _reasons(notice)
    yield from _explanatory_note(notice)


def _boundary(notice: Draft) -> Iterator[Finding]:
    land = words(notice, "land_description")
    rule, remedy = "boundary_not_specified", "Describe the land, and show its precise "
    remedy += "boundaries edged in red on a plan attached to the notice."
    if not land:
        yield stop(
            rule, "The notice does not say which land it covers (reg 4(c)).", remedy
        )
    elif vague := _VAGUE_LAND.search(land):
        yield stop(
            rule,
            f"“{vague.group()}” leaves the boundaries of the land open (reg 4(c)).",
            remedy,
        )
    if notice.get("boundary_on_plan") != "yes":
        yield stop(
            rule, "No plan shows the precise boundaries of the land (reg 4(c)).", remedy
        )


def _allegation(notice: Draft) -> Iterator[Finding]:
    alleged = words(notice, "matters_alleged")
    limb = notice.get("limb")
    if not alleged:
        yield stop(
            "allegation_missing",
            "The notice does not state the matters alleged (s173(1)(a)).",
            "Say what was done, so that anyone served knows what they are said to have "
            "done.",
        )
    if limb not in ("a", "b"):
        yield stop(
            "limb_missing",
            "The notice does not say which paragraph of section 171A(1) the breach "
            "falls in (s173(1)(b)).",
            "Choose (a), development without permission, or (b), failure to comply "
            "with a condition.",
        )
        return
    natures = {str(breach.get("nature")) for breach in rows(notice, "breaches")}
    on_condition = bool(_CONDITION.search(alleged)) or natures == {"condition"}
    if limb == "b" and alleged and not on_condition:
        yield stop(
            "limb_mismatch",
            "The notice cites section 171A(1)(b), but alleges no breach of a condition "
            "or limitation.",
            "Name the condition and the permission, or cite paragraph (a).",
        )
    if limb == "a" and natures and natures <= {"condition", "occupancy_condition"}:
        yield stop(
            "limb_mismatch",
            "The notice cites section 171A(1)(a), but the breach on the case is of a "
            "condition.",
            "Cite paragraph (b), and name the condition and the permission.",
        )


def _steps(notice: Draft) -> Iterator[Finding]:
    steps = rows(notice, "steps")
    if not steps:
        yield stop(
            "steps_missing",
            "The notice requires nothing: no step to take and no activity to stop "
            "(s173(3)).",
            "Add each step, with its own period.",
        )
    for number, step in enumerate(steps, 1):
        for rule, message, remedy in step_findings(
            step, number, effective_on=notice.get("effective_on")
        ):
            yield stop(rule, message, remedy)


def _wording(notice: Draft) -> Iterator[Finding]:
    texts = [(where, words(notice, key)) for key, where in _TEXTS.items()]
    texts += [
        (f"step {number}", words(step, "requirement"))
        for number, step in enumerate(rows(notice, "steps"), 1)
    ]
    for where, text in texts:
        for slip in _slips(text):
            yield stop(
                "wording_mistake",
                f"There is a mistake in the wording of {where}: “{slip}”.",
                "Correct it: the Inspectorate turns away a notice with a mistake that "
                "misleads.",
            )
    here, there = (
        _POSTCODE.search(words(notice, key).upper())
        for key in ("address", "land_description")
    )
    if here and there and here.groups() != there.groups():
        yield stop(
            "wording_mistake",
            f"The notice gives the postcode {there.group()}, the case {here.group()}.",
            "Make sure that the notice is about the land of this case.",
        )


def _slips(text: str) -> Iterator[str]:
    for found in _PLACEHOLDER.finditer(text):
        yield found.group()
    for found in _DOUBLED.finditer(text):
        if found.group(1).lower() not in _MAY_BE_DOUBLED:
            yield found.group()


def _reasons(notice: Draft) -> Iterator[Finding]:
    if not words(notice, "reasons"):
        yield stop(
            "reasons_missing",
            "The notice does not say why it is expedient to issue it (reg 4(a)).",
            "Take the reasons from the expediency record.",
        )
    if not words(notice, "policies"):
        yield stop(
            "policies_missing",
            "The notice names no policy or proposal of the development plan (reg "
            "4(b)).",
            "Name every one that is relevant to the decision.",
        )


def _explanatory_note(notice: Draft) -> Iterator[Finding]:
    contents = notice.get("note_contents") or ()
    for key, what in _NOTE.items():
        if key not in contents:
            yield stop(
                "explanatory_note_incomplete",
                f"The explanatory note does not contain {what} (reg 5).",
                "Add it to the note.",
            )
    if "fee" in contents and notice.get("ground_a_fee") is None:
        yield stop(
            "fee_missing",
            "The explanatory note does not state the amount of the fee for ground (a) "
            "(reg 5).",
            "Enter the amount: twice the ordinary application fee.",
        )
