"""One of several answers, or several answers at once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ctxdebug.analysis.constraints.clauses import Sentence
from ctxdebug.analysis.constraints.constraint import Draft
from ctxdebug.analysis.constraints.numbers import number
from ctxdebug.analysis.constraints.pattern import Pattern, cues
from ctxdebug.text.patterns import lazy
from ctxdebug.text.wordings import wording

if TYPE_CHECKING:
    from collections.abc import Iterator


_CHOICE = wording("constraint_choices", "choice")
_STARTS = wording("constraint_choices", "starts")
_OPTION = lazy(r"[\"“”'‘`]([^\"“”‘`\n]{1,60}?)[.,]?[\"“”’'`](?=[\s.,;)\]]|$)")
_BARE_OPTIONS = wording("constraint_choices", "bare options")
_LINE_OPTION = lazy(r"^[ \t]*(?:[-*•]|\(?[a-zA-Z0-9][.)])?[ \t]*([^\n]{1,60}?)[ \t]*$", re.MULTILINE)


def _choice(sentence: Sentence) -> Iterator[Draft]:
    text = sentence.text
    bare = _BARE_OPTIONS.search(text)
    if bare and not sentence.negated(bare.start()):
        options = [o for o in re.split(r",\s+or\s+|\s+or\s+|,\s+|/", bare["opts"] or bare["opts2"]) if o]
        yield Draft("format.choice", sentence.offset + bare.start(), sentence.offset + bare.end(), {"options": options})
        return
    match = _CHOICE.search(text) or _STARTS.search(text)
    if not match or sentence.negated(match.start()) or not _offers(sentence):
        return
    options = _options(sentence, match.end())
    if 2 <= len(options) <= 12:
        yield Draft("format.choice", sentence.offset + match.start(), sentence.end, {"options": options})


_OFFERS = wording("constraint_choices", "offers")
_NOT_OFFERS = wording("constraint_choices", "not offers")


_MENU = wording("constraint_choices", "menu")
"""Options offered to the user, and not to the model."""


def _offers(sentence: Sentence) -> bool:
    if _MENU.search(sentence.text) and "one of" not in sentence.text.lower():
        return False
    return _OFFERS.search(sentence.text) is not None and not (
        _NOT_OFFERS.search(sentence.text) and "one of" not in sentence.text.lower() and "choose" not in sentence.words
    )


def _options(sentence: Sentence, end: int) -> list[str]:
    tail = sentence.tail(end, 420)
    first = tail.split("\n\n")[0]
    quoted = [m[1].strip() for m in _OPTION.finditer(first)]
    mine = (
        " or " in sentence.text[end:].lower()
        or "one of" in sentence.text.lower()
        or "following" in sentence.words
        or "choose" in sentence.words
        or "pick" in sentence.words
    )
    if len(quoted) >= 2 and mine:
        return quoted
    inline = re.match(r"[^:\n]{0,60}:[ \t]*(?P<all>[A-Z][^\n]{4,160})", sentence.tail(max(end - 12, 0), 260))
    if inline and not quoted:
        parts = [part.strip() for part in re.split(r"(?<=[.])\s+|,\s+(?=[A-Z])", inline["all"])]
        if 2 <= len(parts) <= 6 and len({part.split()[0] for part in parts if part}) == 1:
            return [part.rstrip(".") for part in parts]
    if sentence.raw.rstrip().endswith(":") or sentence.text[end:].strip(" :") == "":
        after = sentence.tail(len(sentence.text)).lstrip()[:420]
        block = after.split("\n\n")[0]
        lines = [m[1].strip("\"'“”` ") for m in _LINE_OPTION.finditer(block)]
        if 2 <= len(lines) <= 12 and all(len(line) < 60 for line in lines):
            return lines
    return []


_RESPONSES = wording("constraint_choices", "responses")
_SEPARATED = wording("constraint_choices", "separated")


def _responses(sentence: Sentence) -> Iterator[Draft]:
    match = _RESPONSES.search(sentence.text) or _SEPARATED.search(sentence.text)
    if (
        not match
        and re.search(r"(?:like|below|follow\w*|this|example|format)\W*$", sentence.text)
        and "******" in sentence.tail(len(sentence.text), 80)
    ):
        match = re.compile(r"\b(?:separat\w+|divid\w+)", re.IGNORECASE).search(sentence.text)
    if match:
        n = number(match["n"]) if "n" in match.re.groupindex and match["n"] else 2
        yield Draft(
            "format.responses",
            sentence.offset + match.start(),
            sentence.offset + match.end(),
            {"n": n, "separator": "******"},
            sentence.negated(match.start()),
        )


PATTERNS = (
    Pattern(
        "format.choice",
        cues("choose pick select answer respond reply output return one options either classify following say"),
        _choice,
        "Answer with 'yes' or 'no'.",
    ),
    Pattern(
        "format.responses",
        cues("asterisk asterisks aterisk separate separated separating separator divide divided split two delimited"),
        _responses,
        "Give two different answers separated by six asterisks: ******.",
    ),
)
