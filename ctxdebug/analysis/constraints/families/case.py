"""Capital and small letters, punctuation left out, emoji."""

# ruff: noqa: E501 - a pattern is read as one line

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.analysis.constraints.constraint import Draft, Target
from ctxdebug.analysis.constraints.numbers import NUMBER, RELATION, bounds, relation, spaced
from ctxdebug.analysis.constraints.pattern import Pattern, cues
from ctxdebug.text.counts import emojis
from ctxdebug.text.wordings import wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ctxdebug.analysis.constraints.clauses import Quantity, Sentence

_LOWER = wording("constraint_case", "lower")
_NO_CAPITAL = wording("constraint_case", "no capital")
_UPPER = wording("constraint_case", "upper")
_NO_LOWER = wording("constraint_case", "no lower")
_SOME_CAPS = wording("constraint_case", "some caps")


def _cased(sentence: Sentence) -> Iterator[Draft]:
    text = sentence.text
    if (
        any(_counts_capitals(sentence, q) for q in sentence.quantities)
        or _CAPWORDS.search(text)
        or _SOME_CAPWORDS.search(text)
    ):
        return
    for kind, pattern, inverse in (
        ("case.lower", _NO_CAPITAL, False),
        ("case.upper", _NO_LOWER, False),
        ("case.lower", _LOWER, True),
        ("case.upper", _UPPER, True),
    ):
        match = pattern.search(text)
        if not match:
            continue
        low, high = sentence.clause(match.start())
        if inverse and kind == "case.upper" and _SOME_CAPS.search(text[low:high]) and not _WHOLE.search(text[low:high]):
            continue
        if kind == "case.lower" and _PARTIAL.search(text[low : match.start()]):
            continue
        negative = inverse and sentence.negated(match.start(), match.end())
        if not inverse and not sentence.negated(match.end() - 1, match.end()) and not match[0].lower().startswith("no"):
            continue
        yield Draft(kind, sentence.offset + match.start(), sentence.offset + match.end(), {}, negative)
        return


_WHOLE = wording("constraint_case", "whole")
_PARTIAL = wording("constraint_case", "partial")

_CAPWORDS = wording("constraint_case", "capwords", number=NUMBER, relation=RELATION)
_CAPWORDS_VERB = wording("constraint_case", "capwords verb", number=NUMBER, relation=RELATION)
_SOME_CAPWORDS = wording("constraint_case", "some capwords")


def _counts_capitals(sentence: Sentence, quantity: Quantity) -> bool:
    if quantity.unit == "capwords":
        return True
    low, high = sentence.clause(quantity.start)
    return quantity.unit == "words" and not quantity.bare and _CAPITALS.search(sentence.text[low:high]) is not None


_CAPITALS = spaced(
    r"\b(?:all[\s-]?caps|caps|capitals|capital letters|upper-?case|(?:fully |completely |entirely )capitali[sz]ed)\b"
)


def _capwords(sentence: Sentence) -> Iterator[Draft]:
    limits = next(((q.start, q.end, q.bounds) for q in sentence.quantities if _counts_capitals(sentence, q)), None)
    for pattern in (_CAPWORDS, _CAPWORDS_VERB):
        match = None if limits else pattern.search(sentence.text)
        if match:
            found = bounds(match, relation(match), negated=sentence.negated(match.start()))
            limits = (match.start(), match.end(), found) if found else None
    some = _SOME_CAPWORDS.search(sentence.text)
    if some and sentence.negated(some.start()):
        some = None
    if limits:
        lo = limits[2].lo if limits[2].lo is not None or not some else 1
        yield Draft(
            "case.capwords", sentence.offset + limits[0], sentence.offset + limits[1], {"lo": lo, "hi": limits[2].hi}
        )
    elif some:
        yield Draft(
            "case.capwords", sentence.offset + some.start(), sentence.offset + some.end(), {"lo": 1, "hi": None}
        )


_MARKS = {
    "comma": ",", "exclamation": "!", "question": "?", "semicolon": ";", "semi": ";", "colon": ":", "period": ".", "full": ".", "hyphen": "-",
    "dash": "—", "em": "—", "quotation": '"', "parenthes": "(", "apostrophe": "'", "asterisk": "*", "ellips": "…", "hash": "#",
}  # fmt: skip
_MARK = wording("constraint_case", "mark")


def _punctuation(sentence: Sentence) -> Iterator[Draft]:
    seen: set[str] = set()
    for match in _MARK.finditer(sentence.text):
        lowered = match["mark"].lower()
        char = next(mark for name, mark in _MARKS.items() if lowered.startswith(name))
        if char in seen or any(q.start <= match.start() < q.end and q.bounds.hi != 0 for q in sentence.quantities):
            continue
        if sentence.negated(match.start(), match.end()) and not _SEPARATES.search(sentence.text[: match.start()][-40:]):
            seen.add(char)
            yield Draft(
                "punctuation.none",
                sentence.offset + match.start(),
                sentence.offset + match.end(),
                {"char": char},
                negative=True,
            )


_SEPARATES = spaced(
    r"\b(?:separat\w+|delimit\w+|divid\w+|split) (?:\w+ ){0,3}(?:by|with|using)? ?$|\b(?:instead of|rather than|in|inside|within|between) ?$"
)

_JOINED_BY = wording("constraint_case", "joined by")


def _joined(sentence: Sentence) -> Iterator[Draft]:
    """Find the mark that parts what is listed: an answer without it cannot be so."""
    match = _JOINED_BY.search(sentence.text)
    if match is not None and not sentence.negated(match.start()):
        char = next(mark for name, mark in _MARKS.items() if match["mark"].lower().startswith(name))
        yield Draft("marks.joined", sentence.offset + match.start(), sentence.offset + match.end(), {"char": char})


_EMOJI = spaced(r"\b(?:emojis?|emoticons?|smileys?)\b")
_DEMAND_EMOJI = spaced(r"\b(?:use|using|include|add|with|contain|insert|put|end|have|sprinkle|at least)\b")


_PUT_EMOJI = wording("constraint_case", "put emoji")


def _emoji(sentence: Sentence) -> Iterator[Draft]:
    match = _EMOJI.search(sentence.text)
    if not match:
        put = _PUT_EMOJI.search(sentence.text)
        shown = emojis(sentence.text[put.start() : put.end() + 8]) if put is not None else ()
        if put is not None and shown and not sentence.negated(put.start()):
            low, high = (sentence.offset + put.start() + at for at in shown[0])
            yield Draft("emoji", low, high, {"lo": 1, "hi": None})
        return
    negative = sentence.negated(match.start(), match.end())
    if negative or _DEMAND_EMOJI.search(sentence.text[: match.start()]):
        counted = next((q for q in sentence.quantities if q.unit == "emojis"), None)
        params: dict[str, object] = (
            {"lo": None, "hi": 0}
            if negative
            else {"lo": counted.bounds.lo, "hi": counted.bounds.hi}
            if counted
            else {"lo": 1, "hi": None}
        )
        yield Draft(
            "emoji",
            sentence.offset + match.start(),
            sentence.offset + match.end(),
            params,
            negative and params["hi"] == 0,
        )


_TITLE_CASE = spaced(
    r"\b(?:in|use|using|with) title[\s-]case\b|\bcapitali[sz]e the first letter of (?:each|every)(?: major)? word\b"
)


def _title_case(sentence: Sentence) -> Iterator[Draft]:
    match = _TITLE_CASE.search(sentence.text)
    if match and not _PARTIAL.search(sentence.text[: match.start()]):
        yield Draft(
            "case.title",
            sentence.offset + match.start(),
            sentence.offset + match.end(),
            {},
            sentence.negated(match.start()),
            Target.RESPONSE,
        )


PATTERNS = (
    Pattern(
        "marks.joined",
        cues("separated delimited divided joined parted"),
        _joined,
        "Name them in one line, separated by commas.",
    ),
    Pattern("case.title", cues("title capitalize capitalise"), _title_case, "Write all of it in title case."),
    Pattern(
        "case.lower",
        cues(
            "lowercase lowercases lower lowercased case capital capitals uppercase upper caps capitalized capitalize capitalise small capitalised capitalizing"
        ),
        _cased,
        "Your whole answer must be in lowercase letters.",
    ),
    Pattern(
        "case.capwords",
        cues("caps capital uppercase capitalized capitalize capitals upper"),
        _capwords,
        "Use at least 3 words in all caps.",
    ),
    Pattern(
        "punctuation.none",
        cues(
            "comma commas exclamation question semicolon semicolons colons stops stop dash dashes parentheses parenthesis asterisk asterisks ellipsis ellipses semi"
        ),
        _punctuation,
        "Do not use commas.",
    ),
    Pattern(
        "emoji",
        cues(
            "emoji emojis emoticon emoticons smiley smileys put add use include insert append end finish close start begin sign"
        ),
        _emoji,
        "Never use emojis.",
    ),
)
