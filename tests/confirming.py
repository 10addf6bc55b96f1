"""Completes tasks for ever and says each one that was confirmed: made to be killed.

Arguments: the database, the case, the officer's id."""

from __future__ import annotations

import sys

import engine


def main(url: str, reference: str, officer_id: str) -> None:
    office = engine.connect(url, migrate=False)
    officer = office.records.officer(officer_id)
    while True:
        [task] = office.records.case(reference, officer).tasks
        office.casework.complete_task(task.id, {}, officer)
        sys.stdout.write(f"{task.id}\n")
        sys.stdout.flush()


main(*sys.argv[1:])
