"""Read a text as instructions stand in it: quotations and code masked, sentences split, clauses found."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from ctxdebug.analysis.constraints import grammar
from ctxdebug.analysis.constraints.masking import INSIDE, masked
from ctxdebug.analysis.constraints.numbers import (
    COUNT_OF,
    MOST_OF,
    QUANTITY,
    Bounds,
    bounds,
    capped_before,
    number,
    relation,
    unit,
)
from ctxdebug.records import record
from ctxdebug.text.patterns import lazy
from ctxdebug.text.sentences import instruction_ends
from ctxdebug.text.wordings import wording

if TYPE_CHECKING:
    from collections.abc import Iterator

_LONGEST = 1200
_TASK = 1000
"""Characters of a text in which it says what is to be done with the rest."""
REACH = 600
"""Characters behind a sentence that are looked at with it."""
REACH_BACK = 240
"""Characters before it."""
_ITEM = lazy(r"^[ \t>]*(?:[-*+•–‣▪◦]|\(?\d{1,3}[.)]|\(?[a-zA-Z][.)])[ \t]+")
_HEADING = lazy(r"^[ \t]*(?:#{1,6}[ \t].*|[=\-_*]{3,}[ \t]*|\[[A-Z _]+\]|</?[\w.-]+(?:\s[^>]*)?>[ \t]*)$")
_GIVEN = wording("constraint_clauses", "given text")
"""A label over text that is given to be worked on: `OLD:`."""
_WORKS_ON = wording("constraint_clauses", "works on")
_TO_THE_END = wording("constraint_clauses", "given to the end")
"""A label over all that follows, where the text asks for work on `the following`."""
_NOT_PROSE = wording("constraint_clauses", "not prose")


@record(frozen=True, slots=True)
class Quantity:
    """A number with its unit, as bounds, at a place of the sentence."""

    unit: str
    bounds: Bounds
    start: int
    end: int
    bare: bool
    each: str | None


_EACH = wording("constraint_clauses", "each")
"""Words that make a bound hold for a part: `each bullet`, `no paragraph`."""
_EACH_AFTER = wording("constraint_clauses", "each after")
_WHOLE_AGAIN = wording("constraint_clauses", "whole again")
_NO_PART = frozenset(
    "response answer reply replie message time turn list output day week other thing user one case way summary description caption"
    " translation".split()
)
_NUMERIC = wording("constraint_clauses", "numeric")


@record
class Sentence:
    """One sentence of a text: `text` masked, `raw` as written; offsets inside count from its own start."""

    index: int
    offset: int
    text: str
    raw: str
    whole: str
    header: str = ""
    """The line ending with a colon that a list item stands under."""
    item: bool = False
    section: str = ""
    """The heading that it stands under."""
    listed: bool = False
    """Whether it ends with a colon and a list stands under it."""

    @property
    def end(self) -> int:
        """Where it ends in the text."""
        return self.offset + len(self.text)

    @cached_property
    def words(self) -> frozenset[str]:
        """Its words, lower case."""
        return frozenset(re.findall(r"[a-z]+", self.text.lower()))

    @cached_property
    def breaks(self) -> tuple[tuple[int, int], ...]:
        """Where clauses are parted, as spans."""
        return tuple(match.span() for match in grammar.CLAUSE_BREAK.finditer(self.text))

    def clause(self, at: int) -> tuple[int, int]:
        """Give the bounds of the clause that holds a position."""
        start, end = 0, len(self.text)
        for left, right in self.breaks:
            if right <= at:
                start = right
            elif left >= at:
                end = left
                break
        return start, end

    def negated(self, start: int, end: int | None = None) -> bool:
        """Whether the clause negates the phrase, before it or after it; a negative header negates its items."""
        low, _ = self.clause(start)
        if grammar.negated(self.text[low:start]):
            return True
        stop = start if end is None else end
        _, high = self.clause(max(stop - 1, start))
        if end is not None and grammar.negated_after(self.text[stop:high]):
            return True
        return self.under_negation and not grammar.negated(self.text[:start])

    @cached_property
    def under_negation(self) -> bool:
        """Whether it is an item of a list of things not to do."""
        return bool(self.header) and _NEGATIVE_HEADER.search(self.header) is not None

    def quoted(self, start: int, end: int) -> str:
        """Give the raw words inside a masked quotation, without its marks."""
        return self.raw[start:end].strip("\"“”„«»'`‘’「」『』《》 ")

    def tail(self, end: int, limit: int = REACH) -> str:
        """Give the raw text from a position of the sentence on, past its end."""
        return self.whole[self.offset + end : self.offset + end + limit]

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        """Every number with a unit and its bounds."""
        if not _NUMERIC.search(self.text):
            return ()
        found: list[Quantity] = []
        for pattern in (QUANTITY, COUNT_OF):
            for match in pattern.finditer(self.text):
                quantity = self._quantity(match)
                if quantity and not any(q.start < quantity.end and quantity.start < q.end for q in found):
                    found.append(quantity)
        for match in MOST_OF.finditer(self.text):
            limit = Bounds(None, number(match["n"]))
            unit_of = {"character": "chars"}.get(match["u"].lower(), f"{match['u'].lower()}s")
            found = [q for q in found if q.end <= match.start() or q.start >= match.end()]
            found.append(Quantity(unit_of, limit, match.start(), match.end(), False, None))
        return tuple(sorted(found, key=lambda q: q.start))

    def _part_of(self, match: re.Match[str], what: str) -> str | None:
        """Return the part that a quantity holds for: `each sentence`, `no paragraph`; None for the whole answer."""
        before = self.text[: match.end()]
        each = None
        for found in _EACH.finditer(before):
            each = found
        name: str | None = None
        if each is not None and not _WHOLE_AGAIN.search(before, each.end()):
            name = each[1] or each[2]
        after = _EACH_AFTER.match(self.text, match.end())
        if after:
            name = after[1] or name or "part"
        name = name.lower().removesuffix("s") if name else None
        return None if name in _NO_PART or (name and what.startswith(name)) else name

    def _quantity(self, match: re.Match[str]) -> Quantity | None:
        rel = relation(match)
        low, high = self.clause(match.start())
        before, after = self.text[low : match.start()], self.text[match.end() : high]
        negated = grammar.negated(before) or ("violation" in after or grammar.negated_after(after))
        if rel == "le" and re.match(r"(?:not|never|without|can|do|should|must|won)", match[0], re.IGNORECASE):
            negated = False
        if negated and rel in {"le", "lt"} and re.search(r"\b(?:without|avoid)\b", before, re.IGNORECASE):
            negated = False
        found = bounds(match, rel, negated=negated, capped=capped_before(before))
        if found is None:
            return None
        what = unit(match)
        part = self._part_of(match, what)
        return Quantity(
            what, found, match.start(), match.end(), rel is None and match["m"] is None and found.approx, part
        )


_NEGATIVE_HEADER = lazy(
    r"\b(?:do not|don['’]?ts?|never|avoid|forbidden|prohibited|banned|not allowed|must not|should not|refrain|cannot|disallowed|without)\b",
    re.IGNORECASE,
)


def _lines(mask: str) -> Iterator[tuple[int, int]]:
    """Lines, with soft-wrapped continuation lines joined to the one before."""
    start = 0
    length = len(mask)
    while start < length:
        end = mask.find("\n", start)
        end = length if end < 0 else end
        while end < length - 1 and _continues(mask, start, end):
            following = mask.find("\n", end + 1)
            end = length if following < 0 else following
        yield start, end
        start = end + 1


def _continues(mask: str, start: int, end: int) -> bool:
    if end - start < 40 or mask[end - 1] in ".!?:;\ue001>|" or mask[end - 1].isspace():
        return False
    following = mask[end + 1 : end + 60].lstrip(" \t")[:1]
    return end - start < _LONGEST and ((following.isalpha() and following.islower()) or following in set('`"“(<'))


def sentences(text: str) -> Iterator[Sentence]:
    """Split off the sentences of a text that could hold an instruction; code, schemas, headings and examples are left out."""
    mask = masked(text)
    index = 0
    header = section = ""
    given = False
    works_on = _WORKS_ON.search(mask, 0, _TASK) is not None
    for start, end in _lines(mask):
        line = mask[start:end]
        if works_on and _TO_THE_END.match(line):
            return
        if _GIVEN.match(line):
            given = True
            continue
        if given and line.strip():
            continue
        given = False
        if not line.strip(" \t\r\ue001"):
            if header and not _ITEM.match(mask[end + 1 : end + 40]):
                header = ""
            continue
        if _HEADING.match(line):
            header = line if _NEGATIVE_HEADER.search(line) else ""
            section = line
            continue
        item = _ITEM.match(line) is not None
        if not item and header and not header.lstrip().startswith("#"):
            header = ""
        if _NOT_PROSE.search(line):
            continue
        for left, right in _split(mask, start, end):
            index += 1
            yield Sentence(
                index,
                left,
                mask[left:right].replace("\n", " "),
                text[left:right],
                text,
                header if item else "",
                item,
                section,
                mask[left:right].rstrip(" *_").endswith(":") and _item_follows(mask, right),
            )
        if line.rstrip().endswith(":"):
            header = line


def _item_follows(mask: str, at: int) -> bool:
    """Whether the next thing behind a place is an item of a list."""
    while mask[at : at + 1] and mask[at] in " *_\n":
        at += 1
    return _ITEM.match(mask[at : at + 40]) is not None


def _split(mask: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    left = start
    for stop in instruction_ends(mask, start, end):
        if stop - left > 2:
            yield from _trimmed(mask, left, stop)
        left = stop
    if end - left > 2:
        yield from _trimmed(mask, left, end)


def _trimmed(mask: str, left: int, right: int) -> Iterator[tuple[int, int]]:
    while left < right and mask[left].isspace():
        left += 1
    while right > left and mask[right - 1].isspace():
        right -= 1
    if right - left > 2 and (right - left <= _LONGEST or len(mask[left:right].replace(INSIDE, "")) <= _LONGEST):
        yield left, right
