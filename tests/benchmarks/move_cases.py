"""Carries on with what is to be moved until nothing is left; says what it cost.

Argument: the database."""

from __future__ import annotations

import json
import resource
import sys
import time

import engine


def main(url: str) -> None:
    office = engine.connect(url, migrate=False)
    office.migrations.carry_on(1)
    began = time.perf_counter()
    cases = 0
    while done := office.migrations.carry_on():
        cases += done
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"cases": cases, "seconds": seconds, "peak_kb": peak}))


main(*sys.argv[1:])
