"""`python -m engine.drawing [--again] FILE...`: lay out BPMN files in place.

Drawings that are up to date and have no fault stay, unless `--again`.
"""

import sys
from pathlib import Path

from engine.drawing import UndrawableError, draw_file


def main(names: list[str]) -> int:
    """Draw each file and say what is left to mend; 1 where something is."""
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


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
