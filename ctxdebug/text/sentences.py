"""Split a text into sentences: prose, lists, wrapped lines, question and answer, the strings of JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from ctxdebug.text.languages import all_languages
from ctxdebug.text.patterns import lazy

_BREAK = lazy(r"[.!?…。！？]+[\"'”’»)\]]*(?=\s|$)|[。！？]|\n")
_CLOSERS = "\"'”’)]*_"
_CLOSED = lazy(r"([.!?]+[\"'”’)\]*_]*(?=\s|$)|[。！？]+[\"'”’)\]*_」』）]*)(\s*)")
_JSON_BREAK = lazy(r"[}\]],|\"[}\]]|\",(?=\s*\")|[.!?]+(?=\s|\\n|\")|(?:\\n)+|\n")
_JSON_KEY = lazy(r"[\s{\[,]*\"[\w .-]{1,40}\"\s*:\s*\"|\\n|[\s{\[,]*\"(?=[A-Z])")
"""What stands before the words of a JSON string: its key, or an escaped line end."""
_ANSWER_LINE = lazy(r"\s*\n\s*(?:A|Answer)\s?[:.]\s")
_PROSE = 25
"""Characters from which a JSON string is read without its key."""
_LIST_MARK = lazy(r"[ \t]*(?:[-*+•|#>]|\d{1,3}[.)]\s|[A-Z][.)]\s)")
_BOTH = frozenset({"a.m", "p.m", "etc", "inc", "ltd"})
"""Abbreviations that often end a sentence too: they do where a capital follows."""
_ORDINAL = lazy(
    r"\s?(?:januar|jänner|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember|desember|december|marts|maj)\b",
    re.IGNORECASE,
)
"""Months behind a day in the languages that write `3. Mai`."""
_LONGEST = 600
_CUT = lazy(r"[,;|]\s|\s")


@cache
def abbreviations(language: str = "en") -> frozenset[str]:
    """Return the words whose full stop ends no sentence, English ones always; in lower case, without the last stop."""
    known = all_languages()
    return known["en"].abbreviations | (known[language].abbreviations if language in known else frozenset())


def _ends_sentence(text: str, start: int, stop: int, end: int, short: frozenset[str]) -> bool:
    """Whether the mark from `stop` to `end` closes the sentence begun at `start`."""
    if _following(text, end).islower() or (text[stop] == "?" and _ANSWER_LINE.match(text, end)):
        return False
    return not _shortens(text, start, stop, end, short)


def _following(text: str, end: int) -> str:
    """Return the first character after white space of the line; empty at the end of the text."""
    while text[end : end + 1] in {" ", "\t", "\u00a0"}:
        end += 1
    return text[end : end + 1]


def _shortens(text: str, start: int, stop: int, end: int, short: frozenset[str]) -> bool:
    """Whether the mark from `stop` to `end` is the full stop of an abbreviation, an initial or a list number."""
    if text[stop] != "." or end - stop > 1:
        return False
    before = text[max(start, stop - 8) : stop]
    word = before.rsplit(None, 1)[-1] if before.strip() else ""
    word = word.lstrip("(\"'“[")
    if word.lower() in _BOTH and _following(text, end).isupper():
        return False
    if (len(word) == 1 and word.isupper()) or ("." in word and max(map(len, word.split("."))) == 1):
        return True
    if word.lower() in short or (word.isdigit() and len(word) <= 2 and _ORDINAL.match(text, end)):
        return True
    return word.isdigit() and len(word) <= 2 and not text[start : stop - len(word)].strip()


def instruction_ends(text: str, start: int, end: int, language: str = "en") -> Iterator[int]:
    """Yield where sentences end within `start` to `end`, one paragraph of a prompt.

    People begin sentences of prompts in lower case too, and `SECTION X.` is a placeholder, no initial.
    """
    short = abbreviations(language)
    left = start
    for match in _BREAK.finditer(text, start, end):
        stop = match.start()
        if text[stop] == "\n" or (_shortens(text, left, stop, match.end(), short) and text[stop - 2 : stop] != " X"):
            continue
        left = match.end()
        yield left


def counted_ends(text: str, language: str = "en") -> Iterator[int]:
    """Yield where sentences end as a person counts them, in an answer that is bounded by a number of sentences.

    A heading, a list mark and a line end are no end of one; a closing mark before a line end is, whatever stands before it.
    """
    short = abbreviations(language)
    left = 0
    for match in _CLOSED.finditer(text):
        stop, end = match.start(), match.end(1)
        broken = end == len(text) or "\n" in match[2]
        if broken:
            closes = not _is_number(text, left, stop)
        else:
            closes = match[1][0] != "." or end - stop > 1 or not _following(text, end).islower()
            closes = closes and not _shortens(text, left, stop, stop + len(match[1].rstrip(_CLOSERS)), short)
        if closes:
            left = match.end()
            yield left


def _is_number(text: str, start: int, stop: int) -> bool:
    """Whether the stop at `stop` is that of a list number, alone before it in the sentence."""
    before = text[max(start, text.rfind("\n", start, stop) + 1) : stop].strip(" \t*_>#-")
    return text[stop] == "." and before.isdigit()


def _ends_line(text: str, start: int, at: int, limit: int) -> bool:
    """Whether the line break at `at` closes the sentence: not inside wrapped prose."""
    following = text[at + 1 : at + 2]
    if not following or following in "\n\r" or _LIST_MARK.match(text, at + 1, min(limit, at + 40)):
        return True
    if text[at - 1 : at] == "?" and _ANSWER_LINE.match(text, at):
        return False
    line = text.rfind("\n", start, at) + 1 or start
    last = text[at - 1 : at]
    if at - line < 60 and not following.islower():
        return True
    return last in ".!?:|" or not (following.isalnum() or following in "\"'(“")


def sentence_spans(text: str, language: str = "en") -> tuple[tuple[int, int], ...]:
    """Return the sentences as (start, end), trimmed, none longer than 600 characters; linear in the text."""
    spans: list[tuple[int, int]] = []
    start, limit = 0, len(text)
    short = abbreviations(language)
    json_like = text.lstrip()[:1] in {"{", "["} and '":' in text[:400]
    for match in (_JSON_BREAK if json_like else _BREAK).finditer(text):
        at, end = match.span()
        if at < start:
            continue
        mark = text[at]
        if mark == "\n":
            closes = _ends_line(text, start, at, limit)
        elif mark in '}]"\\':
            closes = True
        else:
            closes = _ends_sentence(text, start, at, end, short)
        if closes:
            _add(text, _past_key(text, start, end) if json_like else start, end, spans)
            start = end
    _add(text, _past_key(text, start, limit) if json_like else start, limit, spans)
    return tuple(spans)


def _past_key(text: str, start: int, end: int) -> int:
    """Where the words of a JSON string begin, if they are prose; a figure keeps its key."""
    key = _JSON_KEY.match(text, start, end)
    return key.end() if key and end - key.end() >= _PROSE else start


def _add(text: str, start: int, end: int, spans: list[tuple[int, int]]) -> None:
    while end - start > _LONGEST:
        cut = _CUT.search(text, start + 400, start + _LONGEST)
        stop = cut.end() if cut else start + _LONGEST
        _add(text, start, stop, spans)
        start = stop
    body = text[start:end]
    left = len(body) - len(body.lstrip())
    right = len(body.rstrip())
    if right > left:
        spans.append((start + left, start + right))
