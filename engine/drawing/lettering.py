"""How wide words are in Arial, and where lines of a label break."""

from collections.abc import Sequence

TASK_FONT = 12.0
LABEL_FONT = 11.0
LINE_SPACING = 1.2

# Advance widths in thousandths of an em, from Adobe's Helvetica metrics, which
# Arial and Liberation Sans share.
_GROUPS: dict[int, str] = {
    191: "'",
    222: "ijl\u2018\u2019",
    260: "|",
    278: " !,./:;I[\\]ft",
    333: "()-`r\u201c\u201d",
    334: "{}",
    355: '"',
    389: "*",
    469: "^",
    500: "Jckszvxy",
    556: "#$0123456789?L_abdeghnopqu\u2013\u00a3\u00a7",
    584: "+<=>~",
    611: "FTZ",
    667: "&ABEKPSVXY",
    722: "CDHNRUw",
    778: "GOQ",
    833: "Mm",
    889: "%",
    944: "W",
    1000: "\u2014\u2026",
    1015: "@",
}
_WIDTHS: dict[str, int] = {
    letter: width for width, letters in _GROUPS.items() for letter in letters
}
_OTHER = 600


def text_width(text: str, font: float) -> float:
    """Width of one line of text in pixels."""
    return sum(_WIDTHS.get(letter, _OTHER) for letter in text) * font / 1000


def wrap(text: str, width: float, font: float) -> list[str]:
    """Break text into lines no wider than `width` pixels; words stay whole."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if line and text_width(longer, font) > width:
            lines.append(line)
            line = word
        else:
            line = longer
    if line:
        lines.append(line)
    return lines


def block_size(lines: Sequence[str], font: float) -> tuple[float, float]:
    """Width and height in pixels of wrapped lines."""
    if not lines:
        return 0.0, 0.0
    return max(text_width(line, font) for line in lines), len(
        lines
    ) * font * LINE_SPACING
