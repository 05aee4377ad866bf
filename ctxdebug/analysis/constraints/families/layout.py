"""How the answer is laid out: sections, titles, highlights, placeholders."""

# ruff: noqa: E501 - a pattern is read as one line

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ctxdebug.analysis.constraints.clauses import Sentence
from ctxdebug.analysis.constraints.constraint import Draft
from ctxdebug.analysis.constraints.families.format import counted
from ctxdebug.analysis.constraints.masking import INSIDE, QUOTED
from ctxdebug.analysis.constraints.numbers import NUMBER, number, spaced
from ctxdebug.analysis.constraints.pattern import Pattern, cues
from ctxdebug.text.patterns import lazy
from ctxdebug.text.whole_numbers import whole_number
from ctxdebug.text.wordings import wording

if TYPE_CHECKING:
    from collections.abc import Iterator


_MARKER = wording("constraint_layout", "marker", quoted=QUOTED)
THREE_STARS = lazy(r"(?<!\*)\*\s?\*\s?\*(?!\s?\*)|(?:three|3)\s+ast?erisk", re.IGNORECASE)
_SECTION_WORD = lazy(r"[A-Za-z]+(?=\s*(?:X|N|\d|#|:|\.|\[|i\b|$))")
_LOOSE_SECTION = wording("constraint_layout", "loose section")


_LABELLED = wording("constraint_layout", "labelled")


def _marker(sentence: Sentence, start: int) -> str | None:
    near = sentence.text
    match = _MARKER.search(near, start)
    raw = None
    if match:
        raw = sentence.quoted(match.start("mark"), match.end("mark")) if INSIDE in match["mark"] else match["mark"]
    else:
        loose = _LOOSE_SECTION.search(sentence.tail(0, len(sentence.raw) + 260))
        raw = loose["mark"] if loose else None
    if raw is None:
        return None
    word = _SECTION_WORD.match(raw.strip("[]<>*# "))
    return word[0] if word and len(raw) < 30 else None


def _sections(sentence: Sentence) -> Iterator[Draft]:
    if sentence.words & {
        "highlight",
        "highlighted",
        "italicize",
        "italicized",
        "italic",
        "bold",
        "bolded",
        "italics",
        "highlights",
        "italicise",
    }:
        return
    for quantity in sentence.quantities:
        if quantity.unit not in {"sections", "paragraphs"} or THREE_STARS.search(sentence.tail(quantity.end, 120)):
            continue
        marker = _marker(sentence, quantity.start)
        if marker is None and quantity.unit == "paragraphs":
            continue
        if quantity.unit == "paragraphs" and marker and marker.lower() not in {"paragraph", "section", "part"}:
            continue
        if (
            marker is None
            and quantity.bare
            and not sentence.words
            & {"must", "should", "have", "contain", "include", "divide", "split", "into", "with", "organize"}
        ):
            continue
        lo = quantity.bounds.lo
        params: dict[str, object] = {"marker": marker, "lo": lo, "hi": quantity.bounds.hi}
        yield Draft("format.sections", sentence.offset + quantity.start, sentence.offset + quantity.end, params)
        return
    match = _LABELLED.search(sentence.text)
    if match:
        last = match["last"] or "X"
        yield Draft(
            "format.sections",
            sentence.offset + match.start(),
            sentence.offset + match.end(),
            {"marker": match["mark"], "lo": whole_number(last), "hi": None},
        )


_TITLE = wording("constraint_layout", "title")
_TITLE_SINGLE = spaced(
    r"\b(?P<thing>titles?)\b[^.!?\n]{0,60}?(?P<wrap>single (?:angular|angle) brackets|square brackets|double asterisks|(?<!<)<[\w ]{1,30}>(?!>))"
)
_TITLE_ANY = wording("constraint_layout", "title any")


def _title(sentence: Sentence) -> Iterator[Draft]:
    match = _TITLE.search(sentence.text)
    if match:
        yield Draft(
            "format.title",
            sentence.offset + match.start(),
            sentence.offset + match.end(),
            {"wrap": "<<>>"},
            sentence.negated(match.start(), match.end()),
        )
        return
    match = _TITLE_SINGLE.search(sentence.text)
    if match is not None:
        wrap = {"sq": "[]", "do": "****"}.get(match["wrap"].lower()[:2], "<>")
        yield Draft(
            "format.title",
            sentence.offset + match.start(),
            sentence.offset + match.end(),
            {"wrap": wrap},
            sentence.negated(match.start()),
        )
        return
    match = _TITLE_ANY.search(sentence.text)
    if match and not sentence.words & {"angular", "brackets", "angle", "angled"}:
        negative = sentence.negated(match.end() - 1, match.end())
        yield Draft("format.title", sentence.offset + match.start(), sentence.offset + match.end(), {}, negative)


_HIGHLIGHT = wording("constraint_layout", "highlight", number=NUMBER)
_HIGHLIGHT_AFTER = wording("constraint_layout", "highlight after", number=NUMBER)
_HIGHLIGHT_VERB = spaced(
    rf"\b(?:italici[sz]e|bold|emphasi[sz]e) (?P<rel>at least|exactly|no more than|at most|only)? ?(?P<n>{NUMBER})\b(?P<more> or more|\+)? "
)
_HIGHLIGHT_BARE = spaced(
    r"\bhighlight (?:some|any|key|important|the)\b[^.!?\n]{0,60}\bmarkdown|\bhighlight\w* (?:\w+ ){0,5}(?:with|in|using) (?:markdown|asterisks?|\*)"
)


EMPHASIS = spaced(r"\b(?:highlight\w*|italici[sz]e\w*|italics?|bold(?:ed|face)?|emphasi[sz]e\w*|underlin\w*)\b")
_IN_CAPITALS = spaced(r"\b(?:all[\s-]?caps|caps|capitals?|capital letters|upper-?case)\b")
_EMPHASISED = frozenset({"words", "sentences", "sections", "phrases", "lines"})


def _highlights(sentence: Sentence) -> Iterator[Draft]:
    for quantity in sentence.quantities:
        low, high = sentence.clause(quantity.start)
        if quantity.unit == "highlights" or (
            quantity.unit in _EMPHASISED
            and EMPHASIS.search(sentence.text[low:high])
            and not _IN_CAPITALS.search(sentence.text[low:high])
        ):
            yield counted("format.highlights", sentence, quantity)
            return
    for pattern in (_HIGHLIGHT_VERB, _HIGHLIGHT, _HIGHLIGHT_AFTER):
        match = pattern.search(sentence.text)
        if match:
            lo, hi = _simple_bounds(match)
            negative = sentence.negated(match.start())
            yield Draft(
                "format.highlights",
                sentence.offset + match.start(),
                sentence.offset + match.end(),
                {"lo": lo, "hi": hi},
                negative,
            )
            return
    match = _HIGHLIGHT_BARE.search(sentence.text)
    if match:
        yield Draft(
            "format.highlights",
            sentence.offset + match.start(),
            sentence.offset + match.end(),
            {"lo": 1, "hi": None},
            sentence.negated(match.start()),
        )


def _simple_bounds(match: re.Match[str]) -> tuple[int | None, int | None]:
    n = number(match["n"])
    rel = (match["rel"] or "").lower()
    if rel in {"at most", "no more than", "up to"}:
        return None, n
    if rel in {"exactly", "only"}:
        return n, n
    if rel == "more than":
        return n + 1, None
    if rel or match["more"]:
        return n, None
    return n, n


_PLACEHOLDER = wording("constraint_layout", "placeholder")


def _placeholders(sentence: Sentence) -> Iterator[Draft]:
    for quantity in sentence.quantities:
        if quantity.unit == "placeholders":
            yield counted("format.placeholders", sentence, quantity)
            return
    match = _PLACEHOLDER.search(sentence.text)
    if match:
        negative = sentence.negated(match.end() - 1, match.end())
        yield Draft(
            "format.placeholders",
            sentence.offset + match.start(),
            sentence.offset + match.end(),
            {"lo": None if negative else 1, "hi": 0 if negative else None},
            negative,
        )


_DIVIDED = wording("constraint_layout", "divided")


def _divider(sentence: Sentence) -> Iterator[Draft]:
    match = _DIVIDED.search(sentence.text)
    if match is None or any(q.unit == "paragraphs" for q in sentence.quantities):
        return
    words = match["mark"].lower()
    mark = (
        "***"
        if "*" in words or "asterisk" in words
        else "---"
        if words[0] == "-" or "hor" in words or "dash" in words or "hyph" in words
        else "blank line"
    )
    yield Draft(
        "format.divider",
        sentence.offset + match.start(),
        sentence.offset + match.end(),
        {"mark": mark},
        sentence.negated(match.start(), match.end()),
    )


PATTERNS = (
    Pattern(
        "format.divider",
        cues("separate separated separating divide divided split delimit delimited between divider separator"),
        _divider,
        "Separate the paragraphs with ***.",
    ),
    Pattern(
        "format.sections",
        cues(
            "section sections paragraph paragraphs part parts chapter chapters mark marked label labeled labelled noted"
        ),
        _sections,
        "It must have 4 sections, each marked with SECTION X.",
    ),
    Pattern(
        "format.title",
        cues("title titles angular angle angled name names answer chevron headline heading wrapped brackets"),
        _title,
        "Add a title wrapped in double angular brackets, such as <<title>>.",
    ),
    Pattern(
        "format.highlights",
        cues(
            "highlight highlights highlighted highlighting italicize italicized italic italics bold bolded emphasize emphasized emphasise italicise italicised"
        ),
        _highlights,
        "Highlight at least 3 sections with markdown.",
    ),
    Pattern(
        "format.placeholders",
        cues("placeholder placeholders placeholder holders holder"),
        _placeholders,
        "Include at least 5 placeholders in square brackets.",
    ),
)
