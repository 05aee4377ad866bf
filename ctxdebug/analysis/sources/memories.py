"""What a prompt remembers of the user: dated and undated lists, `<memories>`, records of memory stores; and what disagrees with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from ctxdebug.analysis.claims.opposition import THRESHOLD, Opposition, oppose
from ctxdebug.analysis.claims.statement import Statement, statement
from ctxdebug.analysis.sources.restated import restated
from ctxdebug.analysis.sources.user_facts import UserFact, differing, disagree, remembered, said_of_user
from ctxdebug.model import Kind, Role, Segment
from ctxdebug.records import record
from ctxdebug.text.patterns import lazy
from ctxdebug.text.wordings import wording

_DATE = r"\d{4}[-/]\d{2}[-/]\d{2}"
_LINE = lazy(
    rf"""
    ^[ \t]*(?:[-*•]|\d{{1,3}}[.)])?[ \t]*                                     # a list mark
    [\[(]?(?P<date>{_DATE})(?:[T ]\d{{2}}:\d{{2}}[\d:.]{{0,12}}Z?)?[\])]?\.?  # a date, perhaps with a time
    [ \t]?[:–—-]?[ \t]+(?P<text>\S[^\n]{{6,300}})$
    """,
    re.VERBOSE,
)
_ITEM = lazy(r"^[ \t]*(?:[-*•]|\d{1,3}[.)])[ \t]+(?P<text>\S[^\n]{3,300})$")
_OF_USER = lazy(r"^(?:the )?(?:user|customer)(?:'s|’s)?[ \t]+[a-z]", re.IGNORECASE)
_DATED_AT_END = lazy(
    rf"[ \t]*[\[(](?:[a-z ]{{2,20}}:?[ \t]?)?(?P<date>{_DATE})[^\])\n]{{0,20}}[\])]\.?$", re.IGNORECASE
)
_HEADING = wording("memory_lists", "heading")
_RECORD = lazy(
    r"""['"](?:memory|content|text|fact)['"]\s{0,2}[:=]\s{0,2}(?:"(?P<double>[^"\n]{4,300})"|'(?P<single>[^'\n]{4,300})')"""
)
"""A memory in the records of a store, as JSON or as Python prints it."""
_WHEN = lazy(
    rf"""['"]?(?P<name>updated_at|created_at|date|timestamp)['"]?\s{{0,2}}[:=]\s{{0,2}}['"](?P<date>{_DATE})"""
)
_EVENT = lazy(
    r"^(?:(?:the )?(?:user|customer|client) |we |i |they |he |she )?(?:has |have |had )?"
    r"(?:[a-z]{2,20}ed|bought|sold|went|met|sent|paid|made|took|ran|began|left|got|gave|built|won|lost|came|saw|wrote|was|were)\b",
    re.IGNORECASE,
)
"""What happened once, and no later line takes back."""
_MOST = 60
"""Memories of one prompt that are compared."""
_MOST_PAIRS = 400
"""Pairs of dated memories that are compared, those of most common words first."""
_SHARED = 2
"""Content words that two memories share at least, so that they may be of one thing."""
_LONGEST_LINE = 400
_MOST_READ = 200_000
_ROLES = frozenset({Role.SYSTEM, Role.DEVELOPER, Role.USER})
_KINDS = frozenset({Kind.TEXT, Kind.DOCUMENT})


@record(frozen=True, slots=True)
class Memory:
    """A memory of a prompt: its date as written (empty where it has none), and its words with their place in the segment."""

    segment: Segment
    date: str
    start: int
    said: Statement

    @property
    def facts(self) -> tuple[UserFact, ...]:
        """What it says of the user."""
        return remembered(self.said.text)


@record(frozen=True, slots=True)
class SupersededMemory:
    """Two memories that differ in one point, and the answer followed the older one, or either where neither is dated."""

    older: Memory
    newer: Memory
    kind: str
    older_value: str
    newer_value: str


@record(frozen=True, slots=True)
class DeniedMemory:
    """A point that the answer gives another value than the memory: both values, and where the answer's is."""

    memory: Memory
    fact: UserFact
    said: UserFact
    start: int


def memories(segments: Iterable[Segment]) -> tuple[Memory, ...]:
    """Return the memories in what the application and the user wrote: dated lines anywhere, others in a list that says what it is."""
    found: list[Memory] = []
    for segment in segments:
        if segment.role in _ROLES and segment.kind in _KINDS:
            for memory in _of(segment):
                if len(found) >= _MOST:
                    return tuple(found)
                found.append(memory)
    return tuple(found)


def _of(segment: Segment) -> Iterator[Memory]:
    at, inside, tag = 0, False, False
    for line in segment.text[:_MOST_READ].splitlines(keepends=True):
        words = line.rstrip("\r\n")
        short = len(words) <= _LONGEST_LINE
        if short and _HEADING.match(words) and not words.lstrip().startswith("</"):
            inside, tag = True, words.lstrip().startswith("<")
        elif words.lstrip().startswith("</"):
            inside = tag = False
        elif match := _LINE.match(words) if short else None:
            yield Memory(segment, match["date"].replace("/", "-"), at + match.start("text"), statement(match["text"]))
        elif inside and _RECORD.search(words):
            yield from _records(segment, words, at)
        elif words.strip():
            item = _ITEM.match(words) if short else None
            text = item["text"] if item else words.strip() if tag and short else ""
            if text and (inside or _OF_USER.match(text)):
                begin = at + (item.start("text") if item else len(words) - len(words.lstrip()))
                yield _undated(segment, text, begin)
            elif not item:
                inside = inside and tag
        at += len(line)


def _undated(segment: Segment, text: str, at: int) -> Memory:
    """A memory whose date, where it has one, stands behind it."""
    dated = _DATED_AT_END.search(text)
    if dated is None:
        return Memory(segment, "", at, statement(text))
    return Memory(segment, dated["date"].replace("/", "-"), at, statement(text[: dated.start()]))


def _records(segment: Segment, words: str, at: int) -> Iterator[Memory]:
    """Records in one line, or one; the dates of a record stand between it and the next."""
    matches = list(_RECORD.finditer(words))
    for number, match in enumerate(matches):
        group = "double" if match["double"] is not None else "single"
        end = matches[number + 1].start() if number + 1 < len(matches) else len(words)
        dates = {one["name"]: one["date"] for one in _WHEN.finditer(words, match.end(), end)}
        date = dates.get("updated_at") or next(iter(dates.values()), "")
        yield Memory(segment, date.replace("/", "-"), at + match.start(group), statement(match[group]))


def superseded(found: Sequence[Memory], answered: Sequence[Statement], asked: str = "") -> Iterator[SupersededMemory]:
    """Yield the pairs of dated memories of which the answer took the older side, unless `asked` or the answer means the past."""
    dated = [(one, any(_speaks(each, one.said) for each in answered)) for one in found if one.date]
    pairs = [
        (a, b)
        for (a, told), (b, too) in combinations(dated, 2)
        if a.date != b.date and (told if a.date < b.date else too)
    ]
    pairs.sort(key=lambda pair: -len(pair[0].said.stems & pair[1].said.stems))
    for a, b in pairs[:_MOST_PAIRS]:
        older, newer = (a, b) if a.date < b.date else (b, a)
        opposed = None
        if len(older.said.stems & newer.said.stems) >= _SHARED and not _EVENT.match(older.said.text):
            opposed = restated(older.said, newer.said) or _opposed(older.said, newer.said)
        pair = (opposed.left_text, opposed.right_text, opposed.kind) if opposed else _points(older, newer)
        if pair is None or _word(pair[0], asked.lower()):
            continue
        if any(_took(one, older.said, *pair[:2]) and older.date[:4] not in one.text for one in answered):
            yield SupersededMemory(older, newer, pair[2], pair[0], pair[1])


def disagreeing(found: Sequence[Memory], answered: Sequence[Statement]) -> Iterator[SupersededMemory]:
    """Yield the pairs of memories that give one point two values without telling which is newer, where the answer took one."""
    telling = [one for one in found if one.facts]
    for a, b in combinations(telling, 2):
        pair = _points(a, b) if not (a.date and b.date and a.date != b.date) else None
        if pair is None:
            continue
        took = [_took(one, a.said, pair[0], pair[1]) or _took(one, b.said, pair[1], pair[0]) for one in answered]
        if any(took):
            yield SupersededMemory(a, b, pair[2], pair[0], pair[1])


def denied(found: Sequence[Memory], answered: Sequence[Statement], given: str) -> Iterator[DeniedMemory]:
    """Yield what the answer says of the user otherwise than every memory of that point; `given` is all that was said, in lower case."""
    held: dict[str, list[tuple[Memory, UserFact]]] = {}
    for memory in found:
        for fact in memory.facts:
            held.setdefault(fact.point, []).append((memory, fact))
    for sentence in answered if held else ():
        for said in said_of_user(sentence.text):
            known = held.get(said.point, [])
            if known and all(disagree(said, fact) for _, fact in known) and not _is_given(said, given):
                memory, fact = max(known, key=lambda row: row[0].date)
                yield DeniedMemory(memory, fact, said, sentence.start)


def _is_given(said: UserFact, given: str) -> bool:
    """Whether the value stands anywhere in what was given: then it may be newer than the memory."""
    return " ".join(said.words) in given or said.value.lower() in given


def _points(a: Memory, b: Memory) -> tuple[str, str, str] | None:
    """Return the values of the one point of the user in which two memories disagree."""
    for mine in a.facts:
        for theirs in b.facts:
            if disagree(mine, theirs):
                return (*differing(mine, theirs), mine.point.split(" ", 1)[0])
    return None


def _opposed(a: Statement, b: Statement) -> Opposition | None:
    found = oppose(a, b)
    return found if found and found.score >= THRESHOLD and found.kind != "negation" else None


def _took(one: Statement, older: Statement, old: str, new: str) -> bool:
    """Whether a sentence has the older point, not the newer one, and is about the same thing."""
    low = one.text.lower()
    has = _word(old, low) and not _word(new, low)
    return has and _speaks(one, older)


def _speaks(one: Statement, older: Statement) -> bool:
    """Whether a sentence of the answer may be about what a memory is about."""
    return len(one.stems & older.stems) >= _SHARED or len(one.stems) <= _SHARED


def _word(words: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(words.lower())}(?!\w)", text) is not None
