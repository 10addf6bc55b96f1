"""`python -m engine.drawing [--again] FILE...`: lay out BPMN files in place.

Drawings that are up to date and have no fault stay, unless `--again`. With `-` in the
place of the files, one is read from standard input and written to standard output.
"""

import sys
from pathlib import Path

from engine.drawing import UndrawableError, draw_file, layout


def main(names: list[str]) -> int:
    """Draw each file and say what is left to mend; 1 where something is."""
    if names == ["-"]:
        return _pass_on()
    left = 0
    again = "--again" in names
    for name in (name for name in names if name != "--again"):
        try:
            found = draw_file(Path(name), again=again)
        except (UndrawableError, OSError) as error:
            sys.stdout.write(f"{name}: {error}\n")
            left += 1
            continue
        sys.stdout.write(f"{name}: drawn, {len(found)} faults\n")
        for fault in found:
            sys.stdout.write(f"  {fault.element}: {fault.problem}\n")
        left += len(found)
    return 1 if left else 0


def _pass_on() -> int:
    try:
        sys.stdout.buffer.write(layout(sys.stdin.buffer.read()))
    except UndrawableError as error:
        sys.stderr.write(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
