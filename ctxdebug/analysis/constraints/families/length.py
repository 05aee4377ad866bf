"""How much: words, sentences, paragraphs, lines, characters, tokens."""

# ruff: noqa: E501 - a pattern is read as one line

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ctxdebug.analysis.constraints.constraint import Draft, Target
from ctxdebug.analysis.constraints.families.layout import EMPHASIS, THREE_STARS
from ctxdebug.analysis.constraints.numbers import NUMBER, number, spaced
from ctxdebug.analysis.constraints.pattern import Pattern, cues
from ctxdebug.text.patterns import lazy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ctxdebug.analysis.constraints.clauses import Quantity, Sentence

_UNITS = {"words", "sentences", "paragraphs", "lines", "chars", "tokens"}
_CAPITAL = spaced(r"\b(?:all[\s-]?caps|caps|capitals?|capitali[sz]ed?|upper-?case)\b")
_NOT_LENGTH = spaced(
    r"^ ?(?:of (?:an?|the|each|any|every|code|logs?|history|context|this|that|its)\b|at a time|apart|ago|before|after|above|below|on|from|of the (?:word|sentence)s?|listed|given|provided|or phrases? (?:above|below)|that (?:start|begin|rhyme|mean|are|have|contain|i)\b|starting|beginning|rhyming|per minute)\b"
)
_COUNTED_THING = spaced(
    r"\b(?:with|using|of|contain(?:s|ing)?|includ(?:e|es|ing)|uses?|add|find|list|give me|generate|the first|the last|first|last|next|following|these|those|between the|any|other|key|mention) ?$"
)
_ABOUT_ANSWER = spaced(
    r"\b(?:write|answer|respond|response|reply|output|poem|haiku|limerick|summary|summari[sz]e|in|be|have|compose|it|post|tweet|text|message|exactly|story|song|verse|rap|a)\b"
)
_QUOTED_PART = spaced(
    r"\b(?:first|last|next|following|these|those|above|preceding|the|then|followed by|plus|including|followed with) ?(?:the )?$"
)
_SEPARATOR = spaced(
    r"(?:paragraphs?|parts?|poems?|sections?|them|separat(?:e|ed|or|ing)|divid(?:ed|er)|delimit(?:ed|er)) [^.!?]{0,80}?(?P<mark>\*\s?\*\s?\*|three asterisks|3 asterisks|3 ast?erisk symbols)"
    r"|(?:\(|\b)(?:separat|divid|delimit)\w+[^.!?]{0,60}?(?P<mark2>\*\s?\*\s?\*|three asterisks|3 asterisks|3 ast?erisk symbols)"
)


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


_ONE_ONLY = spaced(
    r"\b(?:answer|respond|reply|say it|describe \w+|summari[sz]e \w+|response|output) (?:[\w'’]+ ){0,4}?(?:in|with|using) (?:just |only |exactly )?(?:one|1|a single|a) (?:single )?(?:words?|lines?)$"
)
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
    if quantity.unit in {"words", "lines"} and _ONE_ONLY.search(text[: quantity.end]):
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


_PART_BEFORE = spaced(
    r"\b(?:hash-?tags?|titles?|subject lines?|headings?|headlines?|captions?|commit messages?|file ?names?|branch names?|introductions?|intro|conclusions?|abstract|quotes?|quotations?|quot(?:e|ing)|excerpts?|first (?:paragraph|sentence|line|section)|last (?:paragraph|sentence|line)"
    r"|(?:second|third|fourth|final|opening|closing) (?:paragraph|sentence|line|section)|descriptions? field|comments?|docstrings?|slugs?|labels?|tags?|names?|preambles?|tooltips?|notes?|snippets?)\b"
    r"[^.;!?]{0,50}$"
)
_PART_AFTER = spaced(
    r"^ ?(?:titles?|subject lines?|headings?|headlines?|captions?|commit messages?|introductions?|conclusions?|abstract|quotes?|quer(?:y|ies)|taglines?|slogans?)\b|^ (?:from|of) (?:any|each|the|a) (?:single )?(?:source|article|page|document)"
)


_LABEL = lazy(r"(?:[\"”'’`*]|^\W*[\w /-]{1,30}?)\s*\(\s*[\w\s,-]*$")


def _part(before: str, after: str) -> Target | None:
    if _LABEL.search(before) and after.startswith(")"):
        return Target.ARTIFACT
    if _PART_BEFORE.search(before) and "the name of" not in before:
        return Target.QUOTATION if "quot" in before.lower() or "excerpt" in before.lower() else Target.ARTIFACT
    return Target.ARTIFACT if _PART_AFTER.match(after) else None


_DIVIDED = spaced(
    r"\b(?:separat\w*|divid\w*|split|delimit\w*|between|put|insert|place|use|parted|distinguish\w*)\b[^.!?]{0,90}?(?:(?<!\*)\*\s?\*\s?\*(?!\s?\*)|three asterisks|3 ast?erisk symbols)"
)
_COUNTED = spaced(rf"\b(?P<n>{NUMBER}) (?:[\w'’-]+ ){{0,3}}?(?P<noun>[a-z]{{3,}}s)\b")
_BOTH = spaced(
    r"\b(?:the (?P<one>\w+) (?:and|from) (?:the |your )?(?P<other>\w+)|both|your \w+ (?:and|from) (?:the |your )?\w+(?: \w+)?|(?:bad|good) and (?:bad|good))\b"
)
_NOT_PARTS = frozenset(
    "asterisks symbols words sentences stars lines times years days characters keywords bullets points letters placeholders sections".split()
)


def _divided(sentence: Sentence) -> Iterator[Draft]:
    """Parts separated by `***`, counted by the number that stands before them: `two riddles … ***`."""
    match = _DIVIDED.search(sentence.text)
    if not match or any(q.unit in {"paragraphs", "sections"} for q in sentence.quantities):
        return
    around = sentence.whole[max(0, sentence.offset - 240) : sentence.end]
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
