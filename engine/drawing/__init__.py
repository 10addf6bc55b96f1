"""Draw BPMN diagrams: lay them out, find what reads badly, and picture them."""

from pathlib import Path

from engine.drawing.composing import compose
from engine.drawing.faults import Fault, faults, is_up_to_date
from engine.drawing.picture import picture
from engine.drawing.reading import UndrawableError, parse, read
from engine.drawing.writing import write

__all__ = ["Fault", "UndrawableError", "draw_file", "faults", "layout", "picture"]


def layout(xml: bytes) -> bytes:
    """The same BPMN file with a diagram drawn for it; the rest stays as it is.

    The same input gives the same bytes. Raises UndrawableError.
    """
    root = parse(xml)
    drawing = read(root)
    return write(xml, root, drawing, compose(drawing))


def draw_file(path: Path, *, again: bool = False) -> list[Fault]:
    """Lay out a file in place; returns the faults that are left.

    A drawing that is up to date and has no fault stays as it is, unless `again`.
    """
    xml = path.read_bytes()
    if again or not is_up_to_date(xml):
        drawn = layout(xml)
        if path.read_bytes() != xml:
            raise UndrawableError("The file changed while it was drawn. Draw it again.")
        xml = drawn
        path.write_bytes(xml)
    return faults(xml)
