"""What a sentence says of the user, point by point: home, work, age, a preference, an attribute (`favourite colour`).

Of such a point one value holds at a time, so two values of one point, in two memories or in a memory and the answer, are a
disagreement, also where no word but the value is the same (`User lives in Oslo`, `You live in Bergen`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from ctxdebug.analysis.claims.words import STEM
from ctxdebug.records import record
from ctxdebug.text.patterns import lazy
from ctxdebug.text.recall import by_text
from ctxdebug.text.wordings import wording

_MEMORY = {
    "subject": r"(?:^|(?<=[.;] ))(?:(?:the )?(?:user|customer|client|human) |they |he |she |i )?",
    "owner": r"(?:^|(?<=[.;] ))(?:(?:the )?(?:user|customer|client|human)(?:'s|’s) |their |his |her |my )?",
}
_ANSWER = {"subject": r"\b(?:you|the user) ", "owner": r"\b(?:your|the user(?:'s|’s)) "}
_POINTS = ("home", "workplace", "job", "age", "preference", "attribute")
_REMEMBERED = {point: wording("user_facts", point, **_MEMORY) for point in _POINTS}
_SAID = {point: wording("user_facts", point, **_ANSWER) for point in _POINTS}
_UNSURE = lazy(
    r"\b(?:if|whether|when|do|did|does|assuming|suppose|unless|maybe|perhaps|might|could|would|not sure)\b[^.!\n]{0,60}$",
    re.IGNORECASE,
)
"""What stands before a sentence's part that does not state it."""
_ARTICLES = frozenset("a an the my your their his her one".split())
_NO_VALUE = frozenset("not no unknown none that to what it this important very also".split())
"""First words of what is no value (`is not`, `is to walk`)."""
_SMALL = frozenset("in at of and or on for".split())
_FEW_WORDS = 3
"""Words of a favourite thing; more is a remark about it."""


@record(frozen=True, slots=True)
class UserFact:
    """A point about the user, its value, and where the value is in the text."""

    point: str
    """`home`, `workplace`, `preference seat`, `attribute favourit colour`, …"""
    value: str
    start: int
    end: int

    @property
    def words(self) -> tuple[str, ...]:
        """The value's words as compared: lower case, without articles."""
        return tuple(word for word in re.findall(r"[^\W_]+", self.value.lower()) if word not in _ARTICLES)


@by_text
def remembered(text: str) -> tuple[UserFact, ...]:
    """Return what a memory says of the user; its subject may be left out."""
    return tuple(_facts(text, _REMEMBERED))


def said_of_user(text: str) -> tuple[UserFact, ...]:
    """Return what an answer says of the user as a statement: no question, no condition, nothing denied."""
    if text.rstrip().endswith("?"):
        return ()
    return tuple(
        one
        for one in _facts(text, _SAID)
        if not _UNSURE.search(text[: one.start]) and not _is_quoted(text[: one.start])
    )


def _is_quoted(before: str) -> bool:
    """Whether a quotation is open at the end of a text: then somebody else is spoken to."""
    return before.count('"') % 2 == 1 or before.count("“") > before.count("”") or before.count("«") > before.count("»")


def disagree(a: UserFact, b: UserFact) -> bool:
    """Whether two facts give one point two values, and not one value in more and in fewer words, or two things that go together."""
    if a.point != b.point or not a.words or not b.words:
        return False
    mine, theirs = set(map(_stem, a.words)), set(map(_stem, b.words))
    return not (mine <= theirs or theirs <= mine) and _of_one_kind(a, b)


def _of_one_kind(a: UserFact, b: UserFact) -> bool:
    """Whether two values are of one kind: two names, two numbers of one thing, two sorts of one thing (`oolong tea`, `green tea`)."""
    point = a.point.split(" ", 1)[0]
    if point in {"age", "job", "preference"}:
        return True
    named = a.value[:1].isupper() and b.value[:1].isupper()
    if point == "home":
        wide = [one.value.lower() in _wider_places() for one in (a, b)]
        return named and wide[0] == wide[1]
    if "favourit" in a.point or "favorit" in a.point:
        return max(len(a.words), len(b.words)) <= _FEW_WORDS
    numbers = [[word for word in one.words if word[0].isdigit()] for one in (a, b)]
    if any(numbers):
        return all(numbers) and a.words[-1] == b.words[-1]
    return (
        named
        or _stem(a.words[-1]) == _stem(b.words[-1])
        or (point == "workplace" and bool(set(a.words) & set(b.words) - _SMALL))
    )


@cache
def _wider_places() -> frozenset[str]:
    loaded = json.loads(Path(__file__).with_name("user_facts.json").read_text("utf-8"))
    return frozenset(str(loaded["wider_places"]).split("|"))


def differing(a: UserFact, b: UserFact) -> tuple[str, str]:
    """Return the words of both values without those with which both begin and end."""
    mine, theirs = a.value.split(), b.value.split()
    while len(mine) > 1 and len(theirs) > 1 and mine[0].lower() == theirs[0].lower():
        mine, theirs = mine[1:], theirs[1:]
    while len(mine) > 1 and len(theirs) > 1 and mine[-1].lower() == theirs[-1].lower():
        mine, theirs = mine[:-1], theirs[:-1]
    return " ".join(mine), " ".join(theirs)


def _stem(word: str) -> str:
    return STEM[word] or word


def _facts(text: str, patterns: Mapping[str, re.Pattern[str]]) -> Iterator[UserFact]:
    taken: list[tuple[int, int]] = []
    for point, pattern in patterns.items():
        for match in pattern.finditer(text):
            value = match["value"].strip()
            first = value.split(" ", 1)[0].lower() if value else ""
            if (
                not value
                or first in _NO_VALUE
                or any(start < match.end() and match.start() < end for start, end in taken)
            ):
                continue
            name = _named(point, value, match)
            if name:
                start = match.start("value")
                yield UserFact(name, value, start, start + len(match["value"].rstrip()))
                taken.append(match.span())


def _named(point: str, value: str, match: re.Match[str]) -> str:
    """Return the point with what it is of: the thing that is preferred, by its last word; an attribute, by its words."""
    if point == "preference":
        words = re.findall(r"[^\W_]+", value.lower())
        return f"preference {_stem(words[-1])}" if len(words) > 1 else ""
    if point == "attribute":
        return f"attribute {' '.join(_stem(word) for word in match['attribute'].lower().split())}"
    return point
