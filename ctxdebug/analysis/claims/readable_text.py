"""A text as it is read, in sentences, without marks of emphasis, printed escapes and the spacing of tokenised corpora."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from ctxdebug.text.patterns import lazy

_TOKENISED = lazy(r" (?:[.,;:!?)%](?=\s|$)|'s\b|n't\b|''|-RRB-)|-LRB- |`` |\( ")
_FIXES = {" -RRB-": ")", "-LRB- ": "(", "`` ": '"', " ''": '"', "( ": "("}
_MARKUP = r"\*\*|(?<!\w)__(?=\w)|(?<=\w)__(?!\w)|\\\n[ \t]*(?:\\ )?|\\u(?P<code>[0-9a-fA-F]{4})"
"""Bold marks, a YAML string's folded line end (a backslash, then perhaps one that keeps a space), a printed `\\uXXXX`."""
_MARKED = lazy(_MARKUP)
_EITHER = lazy(f"{_TOKENISED.pattern}|{_MARKUP}")

_BREAK = lazy(r"[.!?…。！？]+[\"'”’»)\]]*(?=\s|$)|[。！？]|\n")
_JSON_BREAK = lazy(r"[}\]],|\"[}\]]|\",(?=\s*\")|[.!?]+(?=\s|\\n|\")|(?:\\n)+|\n")
_JSON_KEY = lazy(r"[\s{\[,]*\"[\w .-]{1,40}\"\s*:\s*\"|\\n|[\s{\[,]*\"(?=[A-Z])")
"""What stands before the words of a JSON string: its key, or an escaped line end."""
_ANSWER_LINE = lazy(r"\s*\n\s*(?:A|Answer)\s?[:.]\s")
_PROSE = 25
"""Characters from which a JSON string is read without its key."""
_LIST_MARK = lazy(r"[ \t]*(?:[-*+•|#>]|\d{1,3}[.)]\s|[A-Z][.)]\s)")
_ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof st sr jr no nos vs etc eg ie cf al fig figs vol ed eds pp p inc ltd co corp approx dept est "
    "gen gov hon lt col capt sgt rev sen rep "
    "jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu fri sat sun u.s u.k e.g i.e a.m p.m ph.d min "
    "max sec ca c art mt ft univ".split()
)
_LONGEST = 600
_MARKS = ("**", "__", "\\\n", "\\u")
_CUT = lazy(r"[,;|]\s|\s")


@dataclass(frozen=True)
class ReadableText:
    """A text with the spacing of tokenised corpora undone.

    `text` is what is compared; `original(i)` is the captured character where its character `i` stands.
    """

    captured: str
    text: str
    _starts: tuple[int, ...] = ()
    _shifts: tuple[int, ...] = ()

    def original(self, index: int) -> int:
        """The position in the captured text."""
        if not self._starts:
            return index
        at = bisect_right(self._starts, index) - 1
        return min(len(self.captured), index + self._shifts[at]) if at >= 0 else index

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """A span in the captured text, dropped spaces outside."""
        first, last = self.original(start), self.original(end)
        while last - 1 > first and self.captured[last - 1].isspace():
            last -= 1
        return first, last

    @cached_property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """Sentences, as spans of `text`."""
        return sentence_spans(self.text)


def read(text: str) -> ReadableText:
    """Read a text without emphasis marks and printed escapes; rejoin it if it was tokenised (`word .`, `1,570 .`, `-LRB-`)."""
    marks = text.count(" .") + text.count(" ,") + 2 * text.count("-LRB-") + 2 * text.count("`` ")
    tokenised = bool(marks) and marks * 400 >= len(text)
    marked = any(mark in text for mark in _MARKS)
    if not tokenised and not marked:
        return ReadableText(text, text)
    return _rewritten(text, _EITHER if tokenised and marked else _TOKENISED if tokenised else _MARKED)


def _rewritten(text: str, pattern: re.Pattern[str]) -> ReadableText:
    parts: list[str] = []
    starts: list[int] = []
    shifts: list[int] = []
    end = length = 0
    for match in pattern.finditer(text):
        found = match.group()
        put = _put(found)
        parts += (text[end : match.start()], put)
        length += match.start() - end + len(put)
        end = match.end()
        begin = length - len(put)
        lead = len(found) - len(found.lstrip()) if len(put) <= len(found.strip()) else 0
        starts += (begin, length)
        shifts += (match.start() + lead - begin, end - length)
    parts.append(text[end:])
    joined = "".join(parts)
    if joined == text:
        return ReadableText(text, text)
    return ReadableText(text, joined, tuple(starts), tuple(shifts))


def _put(found: str) -> str:
    """What is read in place of a mark: nothing for emphasis, a space for a folded line end, the character of an escape."""
    if found in {"**", "__"} or found[0] == "\\":
        code = found[2:] if found[:2] == "\\u" else ""
        return chr(int(code, 16)) if code and not "d800" <= code.lower() <= "dfff" else " " if found[:1] == "\\" else ""
    return _FIXES.get(found) or found.strip()


def _ends_sentence(text: str, start: int, stop: int, end: int, limit: int) -> bool:
    """Whether the full stop at `stop` (mark ending at `end`) closes the sentence begun at `start`."""
    after = end
    while after < limit and text[after] in " \t\u00a0":
        after += 1
    following = text[after : after + 1]
    if following.islower() or (text[stop] == "?" and _ANSWER_LINE.match(text, end)):
        return False
    if text[stop] != "." or end - stop > 1:
        return True
    before = text[max(start, stop - 8) : stop]
    word = before.rsplit(None, 1)[-1] if before.strip() else ""
    word = word.lstrip("(\"'“[")
    if (len(word) == 1 and word.isupper()) or ("." in word and max(map(len, word.split("."))) == 1):
        return False
    if word.lower() in _ABBREVIATIONS:
        return following.isupper() and word.lower() in {"a.m", "p.m", "etc", "inc", "ltd"}
    return not (word.isdigit() and len(word) <= 2 and not text[start : stop - len(word)].strip())


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


def sentence_spans(text: str) -> tuple[tuple[int, int], ...]:
    """Sentences as (start, end), trimmed, none longer than 600 characters; linear in the text."""
    spans: list[tuple[int, int]] = []
    start, limit = 0, len(text)
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
            closes = _ends_sentence(text, start, at, end, limit)
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
