"""How much: words, sentences, paragraphs, lines, characters, tokens."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ctxdebug.analysis.constraints.clauses import REACH_BACK
from ctxdebug.analysis.constraints.constraint import Draft, Target
from ctxdebug.analysis.constraints.families.layout import EMPHASIS, THREE_STARS
from ctxdebug.analysis.constraints.numbers import NUMBER, number, spaced
from ctxdebug.analysis.constraints.pattern import Pattern, cues
from ctxdebug.text.patterns import lazy
from ctxdebug.text.wordings import wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ctxdebug.analysis.constraints.clauses import Quantity, Sentence

_UNITS = {"words", "sentences", "paragraphs", "lines", "chars", "tokens"}
_CAPITAL = spaced(r"\b(?:all[\s-]?caps|caps|capitals?|capitali[sz]ed?|upper-?case)\b")
_NOT_LENGTH = wording("constraint_length", "not length")
_COUNTED_THING = wording("constraint_length", "counted thing")
_ABOUT_ANSWER = wording("constraint_length", "about answer")
_QUOTED_PART = spaced(
    r"\b(?:first|last|next|following|these|those|above|preceding|the|then|followed by|plus|including|followed with) ?(?:the )?$"
)
_SEPARATOR = wording("constraint_length", "separator")


def _lengths(sentence: Sentence) -> Iterator[Draft]:
    for quantity in sentence.quantities:
        if (
            quantity.unit == "sections"
            and THREE_STARS.search(sentence.tail(quantity.end, 120))
            and not sentence.words & {"highlight", "italicize", "italic"}
        ):
            yield Draft(
                "length.paragraphs",
                sentence.offset + quantity.start,
                sentence.offset + quantity.end,
                {"lo": quantity.bounds.lo, "hi": quantity.bounds.hi, "separator": "***"},
            )
        if quantity.unit in _UNITS:
            draft = _length(sentence, quantity)
            if draft:
                yield draft


def _length(sentence: Sentence, quantity: Quantity) -> Draft | None:
    text = sentence.text
    low, high = sentence.clause(quantity.start)
    if _other_count(sentence, quantity, low, high):
        return None
    approx = quantity.bounds.approx and quantity.unit in {"words", "chars", "tokens"}
    params: dict[str, object] = {"lo": quantity.bounds.lo, "hi": quantity.bounds.hi}
    if approx:
        params["approx"] = True
    if quantity.each:
        params["each"] = quantity.each
    if quantity.unit == "paragraphs":
        mark = _SEPARATOR.search(sentence.whole[sentence.offset : sentence.end + 160])
        if mark:
            params["separator"] = "***"
    return Draft(
        f"length.{quantity.unit}",
        sentence.offset + quantity.start,
        sentence.offset + quantity.end,
        params,
        target=_part(text[low : quantity.end], text[quantity.end : quantity.end + 40]),
    )


_ONLY = spaced(r"^ (?:only|and no more|and nothing else)\b(?! (?:once|twice|if|when|in|for|at))")
_ONE_ONLY = wording("constraint_length", "one only")
"""`Answer in one word`: the whole answer, and not one word of it."""


def _other_count(sentence: Sentence, quantity: Quantity, low: int, high: int) -> bool:
    """Whether a number of words or lines counts something else than the answer's length."""
    text = sentence.text
    if quantity.unit != "paragraphs" and EMPHASIS.search(text[low:high]):
        return True
    if quantity.unit == "lines" and re.search(
        r"\b(?:new|blank|empty)[\s-]?lines?\b", text[quantity.start : quantity.end + 8], re.IGNORECASE
    ):
        return True
    if (
        quantity.bare
        and quantity.unit in {"lines", "chars", "tokens"}
        and not _ABOUT_ANSWER.search(text[: quantity.start])
    ):
        return True
    if quantity.unit in {"words", "lines"} and (
        _ONE_ONLY.search(text[: quantity.end]) or _ONLY.match(text[quantity.end :])
    ):
        return False
    if quantity.unit == "words":
        if _CAPITAL.search(text[low:high]) and (not quantity.bare or quantity.bounds.hi != quantity.bounds.lo):
            return True
        if quantity.bare and (
            _NOT_LENGTH.match(text[quantity.end :]) or _COUNTED_THING.search(text[low : quantity.start])
        ):
            return True
    if (
        quantity.unit == "sentences"
        and quantity.bounds.lo == quantity.bounds.hi
        and _QUOTED_PART.search(text[low : quantity.start])
    ):
        return True
    if quantity.bare and _NOT_LENGTH.match(text[quantity.end :]):
        return True
    return bool(
        quantity.bare
        and quantity.bounds.lo == 1
        and quantity.unit in {"words", "lines"}
        and "only" not in sentence.words
    )


_PART_BEFORE = wording("constraint_length", "part before")
_PART_AFTER = wording("constraint_length", "part after")


_LABEL = lazy(r"(?:[\"”'’`*]|^\W*[\w /-]{1,30}?)\s*\(\s*[\w\s,-]*$")


def _part(before: str, after: str) -> Target | None:
    if _LABEL.search(before) and after.startswith(")"):
        return Target.ARTIFACT
    if _PART_BEFORE.search(before) and "the name of" not in before:
        return Target.QUOTATION if "quot" in before.lower() or "excerpt" in before.lower() else Target.ARTIFACT
    return Target.ARTIFACT if _PART_AFTER.match(after) else None


_DIVIDED = wording("constraint_length", "divided")
_COUNTED = spaced(rf"\b(?P<n>{NUMBER}) (?:[\w'’-]+ ){{0,3}}?(?P<noun>[a-z]{{3,}}s)\b")
_BOTH = wording("constraint_length", "both")
_NOT_PARTS = frozenset(
    "asterisks symbols words sentences stars lines times years days characters keywords bullets points letters placeholders sections".split()
)


def _divided(sentence: Sentence) -> Iterator[Draft]:
    """Parts separated by `***`, counted by the number that stands before them: `two riddles … ***`."""
    match = _DIVIDED.search(sentence.text)
    if not match or any(q.unit in {"paragraphs", "sections"} for q in sentence.quantities):
        return
    around = sentence.whole[max(0, sentence.offset - REACH_BACK) : sentence.end]
    if re.search(r"\b(?:paragraphs|sections|stanzas)\b", around):
        return
    counted = [m for m in _COUNTED.finditer(around) if m["noun"].lower() in sentence.words - _NOT_PARTS]
    n = number(counted[-1]["n"]) if counted else 2 if _BOTH.search(sentence.text) else None
    if n is not None and 2 <= n <= 20:
        params = {"lo": n, "hi": n, "separator": "***"}
        yield Draft("length.paragraphs", sentence.offset + match.start(), sentence.offset + match.end(), params)


_FORMAT = spaced(r"\b(?:format|template|structure|layout|like this|as follows|like so)\b[^:\n]{0,40}:$")


def _template(sentence: Sentence) -> Iterator[Draft]:
    """Parts of a template whose lines are parted by `***`."""
    if not _FORMAT.search(sentence.text):
        return
    block = sentence.tail(len(sentence.raw), 500).strip().split("\n\n")[0]
    marks = sum(1 for line in block.splitlines() if line.strip() == "***")
    if marks:
        params = {"lo": marks + 1, "hi": marks + 1, "separator": "***"}
        yield Draft("length.paragraphs", sentence.offset, sentence.end, params)


PATTERNS = (
    Pattern(
        "length.paragraphs",
        cues("format template structure layout like follows"),
        _template,
        "Use this format:\n\nfirst tip\n***\nsecond tip",
    ),
    Pattern(
        "length.words",
        cues("word words section sections part parts stanza stanzas"),
        _lengths,
        "Keep your answer under 80 words.",
    ),
    Pattern(
        "length.sentences",
        cues("sentence sentences paragraph paragraphs line lines character characters chars token tokens"),
        _lengths,
        "Answer in at most three sentences.",
    ),
    Pattern(
        "length.paragraphs",
        cues(
            "separate separated separating separator divide divided divider split delimited between put insert place use asterisks"
        ),
        _divided,
        "Separate your thinking and the final answer by three asterisks.",
    ),
)
