"""What is wrong with a draft enforcement notice, before anybody signs it.

The reasons for which the Planning Inspectorate turns notices away, what section 173
and regulations 4 and 5 of SI 2002/2682 require, the list of those served, the dates,
and the time limit on the day of issue. Pure: the draft in, findings out."""

from __future__ import annotations

from engine.law.periods import CouncilPeriods
from engine.preflight import circumstances, contents
from engine.preflight.finding import Draft, Finding


def notice_defects(notice: Draft, periods: CouncilPeriods) -> list[dict[str, str]]:
    """Everything that would, or could, bring the draft down; defects before warnings.

    `notice` holds: address, breaches, earlier_action_on (the issue of a notice that
    fell), matters_alleged, limb ("a"|"b"), land_description, boundary_on_plan
    ("yes"|"no"), steps (requirement, purpose, length, unit, period_words),
    remedies_whole_breach ("yes"|"no"), reasons, policies, note_contents, ground_a_fee,
    recipients and interests (name, address, interest), and the dates issued_on,
    serve_by (last copy) and effective_on. A missing key is a missing entry in the
    notice."""
    found = [
        *contents.findings(notice),
        *circumstances.findings(notice, periods),
    ]
    return [finding.as_fact() for finding in sorted(found, key=_defects_first)]


def _defects_first(finding: Finding) -> bool:
    return finding.severity == "warn"


__all__ = ["notice_defects"]
