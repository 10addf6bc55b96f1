"""Files from outside, looked at before anything reads them: what could do harm.

Size, encoding, nesting, entities, aliases, numbers that are none. A file that only says
something wrong is no harm: that is for `engine.checks`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import yaml
from lxml import etree

from engine.errors import Problem

LARGEST_FILE = 1_000_000
"""Bytes. The longest file of the product is under a tenth of this."""
DEEPEST_XML = 60
MOST_XML_ELEMENTS = 20_000
MOST_STEPS = 500
"""Flow nodes of one diagram, of which a readable one has about 25."""
MOST_ATTRIBUTES = 100
LONGEST_ATTRIBUTE = 10_000
LONGEST_TEXT = 100_000
DEEPEST_JSON = 40
MOST_COMPONENTS = 1_000
DEEPEST_YAML = 30
MOST_YAML_PARTS = 100_000

_ENCODING = re.compile(r"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([^\"']*)[\"']")
_JSON_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"')
_FLOW_NODE = re.compile(r"(Task|Event|Gateway|^task|^callActivity|^subProcess)$")
_YAML = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Harm(Exception):
    """What could do harm: where, what, and the remedy."""

    def __init__(self, element: str, problem: str, remedy: str) -> None:
        super().__init__(problem)
        self.element = element
        self.remedy = remedy


@lru_cache(maxsize=1024)
def refused(name: str, content: bytes) -> Problem | None:
    """Why a file may not come in; None if it does no harm."""
    try:
        text = _text(content)
        if name.endswith((".bpmn", ".dmn")):
            _xml(content, text)
        elif name.endswith(".json"):
            _json(name, text)
        elif name.endswith((".yaml", ".yml")):
            _no_harm_in_yaml(text)
    except _Harm as harm:
        return Problem(
            file=name, element=harm.element, problem=str(harm), remedy=harm.remedy
        )
    return None


def _text(content: bytes) -> str:
    if len(content) > LARGEST_FILE:
        raise _Harm(
            "",
            f"The file is {len(content) // 1000:,} kilobytes long; at most "
            f"{LARGEST_FILE // 1000:,} are allowed.",
            "Divide it: a part of a diagram can be a process of its own.",
        )
    again = "Save it again as UTF-8, without changing anything else."
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _Harm("", "The file is written as UTF-16.", again)
    if b"\x00" in content:
        raise _Harm("", "The file holds a null character.", again)
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise _Harm("", f"Line {line} is not written as UTF-8.", again) from None


def _xml(content: bytes, text: str) -> None:
    declared = _ENCODING.match(text.lstrip("\ufeff"))
    if declared and declared[1].lower() not in ("utf-8", "utf8", "us-ascii", "ascii"):
        raise _Harm(
            "",
            f"The file says that it is written as {declared[1][:20]}.",
            "Save it again as UTF-8.",
        )
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        if re.search(r"<!(DOCTYPE|ENTITY)", text):
            raise _document_type() from None
        return  # what nobody can read does no harm: the check says what is wrong
    if root.getroottree().docinfo.internalDTD is not None:
        raise _document_type()
    _elements(root)


def _document_type() -> _Harm:
    return _Harm(
        "",
        "The file declares a document type (DOCTYPE) or entities.",
        "Remove the lines that begin with <!DOCTYPE or <!ENTITY: no diagram and no "
        "table needs them, and they could read other files.",
    )


def _elements(root: etree._Element) -> None:
    depth = count = steps = 0
    for event, node in etree.iterwalk(root, events=("start", "end")):
        if event == "end":
            depth -= 1
            continue
        depth += 1
        count += 1
        name = etree.QName(node).localname if isinstance(node.tag, str) else ""
        steps += bool(_FLOW_NODE.search(name))
        if depth > DEEPEST_XML:
            raise _Harm(
                _nearest(node),
                f"The file is nested more than {DEEPEST_XML} levels deep.",
                "Take parts out into processes of their own.",
            )
        if count > MOST_XML_ELEMENTS or steps > MOST_STEPS:
            raise _Harm(
                _nearest(node),
                f"The file has more than {MOST_STEPS} steps, or more than "
                f"{MOST_XML_ELEMENTS:,} parts.",
                "Take parts out into processes of their own.",
            )
        _lengths(node)


def _lengths(node: etree._Element) -> None:
    if len(node.attrib) > MOST_ATTRIBUTES:
        raise _Harm(
            _nearest(node),
            f"An element has {len(node.attrib):,} attributes.",
            f"Keep them under {MOST_ATTRIBUTES}: take out what nobody reads.",
        )
    for key, value in node.attrib.items():
        if len(value) > LONGEST_ATTRIBUTE:
            raise _Harm(
                _nearest(node),
                f"“{etree.QName(key).localname}” is {len(value):,} characters long.",
                f"Keep it under {LONGEST_ATTRIBUTE:,}.",
            )
    if node.text and len(node.text) > LONGEST_TEXT:
        raise _Harm(
            _nearest(node),
            f"A text is {len(node.text):,} characters long.",
            f"Keep it under {LONGEST_TEXT:,}.",
        )


def _nearest(node: etree._Element | None) -> str:
    """The id of an element, or of the nearest around it, cut short."""
    while node is not None:
        if found := node.get("id"):
            return str(found)[:80]
        node = node.getparent()
    return ""


def _json(name: str, text: str) -> None:
    stem = name.rsplit("/", 1)[-1].removesuffix(".json")
    depth = 0
    for sign in re.findall(r"[\[\]{}]", _JSON_TEXT.sub("", text)):
        depth += 1 if sign in "[{" else -1
        if depth > DEEPEST_JSON:
            raise _Harm(
                stem,
                f"The form is nested more than {DEEPEST_JSON} levels deep.",
                "Take groups out of groups.",
            )
    try:
        found = json.loads(
            text,
            object_pairs_hook=_once_each,
            parse_constant=_no_number,
            parse_float=_finite,
            parse_int=_short_number,
        )
    except ValueError:
        return  # the check says what is wrong
    if sum(1 for _ in _every(found)) > MOST_COMPONENTS * 20:
        raise _Harm(stem, "The form has too many parts.", "Divide it into two tasks.")


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            here = str(dict(pairs).get("id", key))
            raise _Harm(
                here[:80],
                f"“{key[:40]}” is there twice; only one would count.",
                "Take one of the two out.",
            )
        found[key] = value
    return found


def _no_number(text: str) -> float:
    raise _Harm("", f"“{text}” is not a number.", "Write a number instead.")


def _finite(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise _Harm("", f"“{text[:20]}” is too large.", "Write a smaller number.")
    return number


def _short_number(text: str) -> int:
    if len(text) > 18:
        raise _Harm("", f"“{text[:20]}…” is too large.", "Write a smaller number.")
    return int(text)


def _every(value: object) -> Iterator[object]:
    waiting = [value]
    while waiting:
        here = waiting.pop()
        yield here
        if isinstance(here, dict):
            waiting.extend(here.values())
        elif isinstance(here, list):
            waiting.extend(here)


def _no_harm_in_yaml(text: str) -> None:
    depth = parts = 0
    try:
        for event in yaml.parse(text, Loader=_YAML):
            parts += 1
            mark = event.start_mark
            line = f"line {mark.line + 1}" if mark is not None else ""
            if isinstance(event, yaml.AliasEvent):
                raise _Harm(
                    line,
                    f"“*{str(event.anchor)[:40]}” stands for something written "
                    "elsewhere.",
                    "Write it out in each place.",
                )
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            if depth > DEEPEST_YAML or parts > MOST_YAML_PARTS:
                raise _Harm(
                    line,
                    f"The file is nested more than {DEEPEST_YAML} levels deep, or has "
                    f"more than {MOST_YAML_PARTS:,} parts.",
                    "Keep it as simple as the files that came with the program.",
                )
    except (yaml.YAMLError, ValueError):
        return  # the check says what is wrong
