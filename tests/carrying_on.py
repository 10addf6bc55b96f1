"""Moves running cases one at a time and says each that is confirmed: made to be killed.

Argument: the database."""

from __future__ import annotations

import sys
import time

import engine


def main(url: str) -> None:
    office = engine.connect(url, migrate=False)
    while done := office.migrations.carry_on(1):
        sys.stdout.write(f"{done}\n")
        sys.stdout.flush()
        time.sleep(0.02)


main(*sys.argv[1:])
