"""What kind of text a segment is, and which parts of it are fenced, quoted or commented."""

from __future__ import annotations

import re
from bisect import bisect_right
from enum import StrEnum

from ctxdebug.records import record
from ctxdebug.text.patterns import lazy


class Shape(StrEnum):
    """The shape of a text, by its marks on the page."""

    PROSE = "prose"
    RECORD = "record"
    JSON = "json"
    TABLE = "table"
    CODE = "code"
    MARKUP = "markup"
    MAIL = "mail"
    LOG = "log"


SHAPES = tuple(Shape)
_FENCE = lazy(r"^[ \t]{0,3}(?:```|~~~)(.*)$", re.MULTILINE)
_KEY = lazy(r"^[ \t-]{0,12}[\w ]{1,40}: ?", re.MULTILINE)
_CODE = lazy(
    r"^[ \t]*(?:import |from \w|def |class |return\b|if \(|for \(|#include|public |const |let |var |function |\}|\{|//)",
    re.MULTILINE,
)
_LOG = lazy(
    r"^(?:\[?\d{4}-\d\d-\d\d|\d\d:\d\d:\d\d|\[?(?:INFO|ERROR|WARN|DEBUG)|\$ |\w{3} +\d+ \d\d:\d\d)", re.MULTILINE
)
_MAIL = lazy(r"^(?:subject|from|to|sent|email_from|received date)\b[^\n]{0,120}:", re.IGNORECASE | re.MULTILINE)
_SAMPLE = 20_000
"""Characters looked at to tell the shape; more of the same tells nothing new."""


@record(frozen=True, slots=True)
class Layout:
    """A text's shape and its fenced stretches; `fences` lists starts and ends in turn."""

    shape: Shape
    fences: tuple[int, ...]

    def fenced(self, position: int) -> bool:
        """Whether a position lies inside a code fence."""
        return bisect_right(self.fences, position) % 2 == 1


def layout(text: str) -> Layout:
    """Return the layout of a text."""
    fences = _fences(text) if "```" in text or "~~~" in text else ()
    return Layout(_shape(text[:_SAMPLE]), fences)


def _fences(text: str) -> tuple[int, ...]:
    """Starts and ends of fenced stretches in turn; a piece of a page may begin inside one.

    Only an opening fence has a word behind it: one that would close shows that the count is off by one.
    """
    marks = [(match.start(), bool(match[1].strip())) for match in _FENCE.finditer(text)]
    clashes = [sum(opens for place, (_, opens) in enumerate(marks) if place % 2 == parity) for parity in (1, 0)]
    places = tuple(start for start, _ in marks)
    if clashes[0] > clashes[1]:
        return (0, *places)
    return places if len(places) % 2 == 0 else places[:-1]


def _shape(text: str) -> Shape:
    lines = text.count("\n") + 1
    head = text.lstrip()[:2].lstrip("'\"")
    if head[:1] in ("{", "[") and text.count(":") + text.count(",") > 2:
        return Shape.JSON
    if text.count("|") > 3 * lines:
        return Shape.TABLE
    if len(_MAIL.findall(text[:1500])) >= 2 or text[:8].lower() == "subject:":
        return Shape.MAIL
    if text.count("</") > 0.5 * lines and text.count("</") > 2:
        return Shape.MARKUP
    for shape, pattern, share in ((Shape.LOG, _LOG, 0.4), (Shape.CODE, _CODE, 0.25), (Shape.RECORD, _KEY, 0.5)):
        if lines <= 2 or (shape is Shape.RECORD and text.count(":") <= share * lines):
            continue
        if len(pattern.findall(text)) > share * lines:
            return shape
    return Shape.PROSE
