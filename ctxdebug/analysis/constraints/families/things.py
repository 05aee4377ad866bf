"""Things that an answer has or lacks, whatever the clause is that says so: `you never type a capital letter`, `links are taboo`.

The clause is read by its parts and not as a phrase: a thing, a word that denies or demands it, and besides these only words that
say nothing of how much, where or when. A clause with any other word says more, and is left to other readers.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ctxdebug.analysis.constraints import grammar
from ctxdebug.analysis.constraints.constraint import Draft
from ctxdebug.analysis.constraints.numbers import NUMBER, RELATION, bounds, relation
from ctxdebug.analysis.constraints.pattern import Pattern, cues
from ctxdebug.records import record
from ctxdebug.text.patterns import lazy
from ctxdebug.text.toml_data import toml_data
from ctxdebug.text.wordings import wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ctxdebug.analysis.constraints.clauses import Sentence

_COUNTED = wording("constraint_things", "counted", relation=RELATION, number=NUMBER)
_DENIED = wording("constraint_things", "denied")
_DEMANDED = wording("constraint_things", "demanded")
_OF_WRITING = wording("constraint_things", "of writing")
_OBJECT = wording("constraint_things", "object")
_THERE = wording("constraint_things", "there")
_FIRST = wording("constraint_things", "first")
_PLACED = re.compile(r"\b(?:in|inside|within|between)\s*$", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")


@record(frozen=True, slots=True)
class _Things:
    names: Mapping[str, re.Pattern[str]]
    types: Mapping[str, str]
    characters: Mapping[str, str]
    beside: frozenset[str]


@cache
def _things() -> _Things:
    data = toml_data(Path(__file__).with_name("things.toml"))
    names = {name: lazy(rf"(?<![\w-])(?:{row})(?![\w-])", re.IGNORECASE) for name, row in data["things"].items()}
    return _Things(names, data["type"], data["character"], frozenset(data["beside"]["words"].split()))


def _found(sentence: Sentence) -> Iterator[Draft]:
    things = _things()
    for name, pattern in things.names.items():
        for match in pattern.finditer(sentence.text):
            low, high = sentence.clause(match.start())
            counted = _COUNTED.search(sentence.text, low, match.start()) if name not in things.types else None
            start = match.start() if counted is None else counted.start()
            if not _says_no_more(sentence.text, (low, high), (start, match.end()), things):
                continue
            before, after = sentence.text[low:start], sentence.text[match.end() : high]
            if counted is not None:
                draft = _of_number(sentence, name, match, counted) if _OF_WRITING.search(before + " " + after) else None
            else:
                draft = _draft(sentence, name, match, before, after)
            if name == "question" and counted is None:
                break  # `ask no questions`, `end with a question` say something else
            if draft is not None:
                yield draft
            break


def _says_no_more(text: str, clause: tuple[int, int], thing: tuple[int, int], things: _Things) -> bool:
    """Whether the clause has no word besides the thing, others of its kind, and those that narrow nothing."""
    rest = text[clause[0] : thing[0]] + " " + grammar.EMPHATIC.sub(" ", text[thing[1] : clause[1]])
    for pattern in things.names.values():
        rest = pattern.sub(" ", rest)
    plain = re.search(r"[\d\ue000]", rest) is None
    return plain and all(word.lower().replace("’", "'") in things.beside for word in _WORD.findall(rest))


def _of_number(sentence: Sentence, name: str, match: re.Match[str], counted: re.Match[str]) -> Draft | None:
    """Return how many of a thing are asked for: `at least one link`, `no more than two links`."""
    negated = sentence.negated(counted.start()) and not re.match(r"(?:not|no|never)\b", counted[0], re.IGNORECASE)
    limits = bounds(counted, relation(counted), negated=negated)
    if limits is None:
        return None
    params = {"what": name, "lo": limits.lo, "hi": limits.hi}
    return Draft("things.count", sentence.offset + counted.start(), sentence.offset + match.end(), params)


def _draft(sentence: Sentence, name: str, match: re.Match[str], before: str, after: str) -> Draft | None:
    if not _OF_WRITING.search(before + " \ue002 " + after):
        return None  # `There are no tables.` may be said of a restaurant
    denied = sentence.negated(match.start(), match.end()) or _DENIED.search(after) or _DENIED.search(before)
    start, end = sentence.offset + match.start(), sentence.offset + match.end()
    things = _things()
    kind = things.types.get(name, "things.count")
    if _PLACED.search(before) and any(pattern.search(before) for pattern in things.names.values()):
        return None  # where the other thing is denied or demanded: `no emojis in parentheses`
    if denied:
        return Draft(kind, start, end, _lacking(kind, name), negative=not kind.startswith("case."))
    if kind.startswith("case.") or not _DEMANDED.search(before + " \ue002 " + after):
        return None
    if any(pattern.search(before) or pattern.search(after) for pattern in things.names.values()):
        return None  # one thing is said of another: `tables must contain headings`
    if not _OBJECT.search(before) and not _THERE.match(after):
        return None  # what there is of it must be so: `links go at the bottom`
    if kind == "format.headings" and _FIRST.search(before):
        return Draft(kind, start, end, {})
    if _FIRST.search(before):
        return None
    if kind == "punctuation.none":
        return Draft("count.char", start, end, {"char": things.characters[name], "lo": 1, "hi": None})
    plain = kind in {"format.headings", "format.table", "format.code", "format.numbered"}
    bounds: dict[str, Any] = {} if plain else {"lo": 1, "hi": None}
    return Draft(kind, start, end, bounds | ({"what": name} if kind == "things.count" else {}))


def _lacking(kind: str, name: str) -> dict[str, Any]:
    if kind == "punctuation.none":
        return {"char": _things().characters[name]}
    if kind in {"format.bullets", "format.numbered", "emoji"}:
        return {"lo": None, "hi": 0}
    return {"what": name, "lo": None, "hi": 0} if kind == "things.count" else {}


PATTERNS = (
    Pattern(
        "things.count",
        cues(
            "capital capitals uppercase lowercase small bullet bulleted bullets numbered ordered heading headings headline headlines header headers"
            " table tables code emoji emojis emoticon emoticons smiley smileys exclamation comma commas semicolon semicolons digit digits numerals"
            " link links question questions hyperlink hyperlinks url urls web"
            " hashtag hashtags hash parenthesis parentheses brackets semi upper lower title titles"
        ),
        _found,
        "Links are taboo.",
    ),
)
