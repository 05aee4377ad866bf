"""Who is spoken to: a noun that names a machine, and the role in which it stands."""

from __future__ import annotations

from typing import NamedTuple

from ctxdebug.analysis.directives.vocabulary import Word
from ctxdebug.text.patterns import lazy

NAMES = frozenset({"machine", "head"})
"""What a word is that may name a machine."""
_NEAR = 9
"""Words between the reader's name and what it reads."""
_RELATIVE = 4
"""Words between the name and the word that begins its description."""
_TOGETHER = 4
"""Words between a verb of reading and what is read."""
_CLOSING = frozenset(".!?;।؟。！？；")
_CALLING = frozenset({":", "：", "—", "–"})
_QUOTES = '"“«„'
"""What a description does not reach across."""
_CODE = lazy(r"[`_=\\$./@#-]$")
_CODE_BEHIND = lazy(r"[`_=\\(/@]|[.:-]\w| --|\"\s?[:,}\]]")


class Reader(NamedTuple):
    """A machine that is spoken to: words `left` to `right` of its sentence name and describe it."""

    left: int
    right: int
    sure: int
    """From 1, it is only spoken of, to 3."""
    machine: bool
    """It is surely a machine."""
    called: bool
    """A sign parts it from what it is told."""
    asked: bool
    """It is asked whether it is one."""
    before: bool
    """What it is told may stand before it."""
    whichever: bool = False
    """Every such reader is meant."""
    thing: bool = False
    """Its name is not that of people too."""


def reader_at(text: str, row: list[Word], at: int) -> Reader | None:
    """Return the reader that a word of a sentence names; None where it is a person, a product or a piece of code."""
    word = row[at]
    if word.does.isdisjoint(NAMES) or _in_code(text, word):
        return None
    machine = is_machine(row, at)
    left, right = _described(text, row, at, machine)
    described = left < at or right > at
    if is_person(row, at, right, machine) or _anothers(row, at):
        return None
    sign = next((place for place in range(at + 1, min(len(row), right + 6)) if _calls(row, place, right)), None)
    noted = next((place for place in range(max(0, at - 4), at) if _announces(row, place, at)), None)
    asked = any("if" in one.does for one in row[max(0, at - 7) : at + 1])
    called = sign is not None and (noted is not None or described or at <= 3)
    if noted is not None and (called or described):
        left = min(left, noted)
    sure = 1
    if asked:
        sure = 4 if machine else 2
    elif described or _called_it(row, at) or (noted is not None and called):
        sure = 2 + machine
    elif called and machine:
        sure = 2
    whichever = any("any" in one.does for one in row[max(0, at - 3) : at + 1])
    thing = machine or "both" not in word.does
    return Reader(left, right, sure, machine, called, asked, described or asked, whichever, thing)


def _described(text: str, row: list[Word], at: int, machine: bool) -> tuple[int, int]:
    """Return from where to where a name is described as whoever reads this; its own place where it is not."""
    low, high = max(0, at - _NEAR), min(len(row), at + _NEAR + 4)
    for place in range(at + 1, high):
        if row[place].text in _CLOSING or row[place].text in _CALLING:
            high = place
            break
    low = max((place + 1 for place in range(low, at) if row[place].text in _CLOSING), default=low)
    quoted = max(text.rfind(sign, row[low].start, row[at].start) for sign in _QUOTES)
    low = next(place for place in range(low, at + 1) if row[place].start > quoted)
    there = [place for place in range(low, high) if _points(row, place)]
    if not there:
        return at, at
    reads = [place for place in range(low, min(high, at + _NEAR + 1)) if "reads" in row[place].does and place != at]
    who = any("who" in row[place].does for place in range(at + 1, min(high, at + _RELATIVE + 1)))
    acts = next((place for place in range(at + 1, high) if _acts(row, place)), high) if not who else high
    for this in there:
        for read in reads:
            if min(this, read) > acts:
                continue
            across = (this < at) != (read < at)
            if abs(this - read) <= _TOGETHER or (
                across and abs(this - at) <= _TOGETHER + 1 and abs(read - at) <= _TOGETHER + 1
            ):
                return _unless_possible(row, at, min(at, this, read), max(at, read, _thing(row, this)))
        if machine and who and this > at:
            return _unless_possible(row, at, at, _thing(row, this))
    return at, at


def _acts(row: list[Word], at: int) -> bool:
    """Whether a word is what the reader does, and not that it reads."""
    return "deed" in row[at].does and "reads" not in row[at].does


def _unless_possible(row: list[Word], at: int, left: int, right: int) -> tuple[int, int]:
    """Return the borders of a description, or none where it only says what may be."""
    return (at, at) if any("may" in one.does for one in row[left:right]) else (left, right)


def _thing(row: list[Word], this: int) -> int:
    """Return the place of the thing that a word points at, or its own."""
    return next((at for at in range(this + 1, min(len(row), this + 3)) if "thing" in row[at].does), this)


def _points(row: list[Word], at: int) -> bool:
    """Whether a word points at the text itself."""
    if "this" not in row[at].does:
        return False
    following = row[at + 1] if at + 1 < len(row) else None
    return "alone" in row[at].does or following is None or following.sign or _thing(row, at) > at


def _called_it(row: list[Word], at: int) -> bool:
    """Whether a name is that of whoever called the tool whose result this is."""
    return at > 1 and "caller" in row[at - 1].does and row[at - 2].text == "the"


def _anothers(row: list[Word], at: int) -> bool:
    """Whether a name belongs to somebody's product, or is what somebody else is told to use."""
    before = row[max(0, at - 3) : at]
    last = max((place for place, one in enumerate(before) if one.sign), default=-1)
    return any("ours" in one.does for one in before) or any("object" in one.does for one in before[last + 1 :])


def is_machine(row: list[Word], at: int) -> bool:
    """Whether a name is certainly that of a machine, or a word beside it says that its bearer is no person."""
    if "machine" in row[at].does:
        return True
    before = row[max(0, at - 2) : at]
    behind = [one for one in row[at + 1 : at + 3] if "who" not in one.does]
    return any("kind" in one.does and not one.sign for one in (*before, *behind))


def is_person(row: list[Word], at: int, right: int, machine: bool) -> bool:
    """Whether a name that ends at a word, described up to another, is that of a person."""
    if machine:  # "an AI researcher"; what stands further off is about others
        behind = at + 1 + (at + 1 < len(row) and "head" in row[at + 1].does)
        return any("human" in one.does for one in row[at + 1 : behind + 1])
    until = next((place for place in range(right, min(len(row), right + 5)) if row[place].text in _CALLING), right + 5)
    return any("human" in one.does for one in row[max(0, at - 2) : until])


def _calls(row: list[Word], at: int, right: int) -> bool:
    """Whether a sign parts a name from what its bearer is told."""
    if row[at].text not in (":", "："):
        return row[at].text in _CALLING and at == right + 1
    between = row[right + 1 : at]
    return any("who" in one.does for one in between) or not any(one.does & {"deed", "say"} for one in between)


def _announces(row: list[Word], at: int, name: int) -> bool:
    """Whether a word says that the next ones are for a name, at the beginning of a sentence or of a part of it."""
    if "note" not in row[at].does or any(one.sign for one in row[at + 1 : name - 1]):
        return False
    return at == 0 or row[at - 1].sign or "note" in row[at - 1].does


def _in_code(text: str, word: Word) -> bool:
    """Whether a word is a piece of an identifier, a command or a key."""
    before, behind = text[max(0, word.start - 1) : word.start], text[word.end : word.end + 3]
    return bool(_CODE.search(before)) or bool(_CODE_BEHIND.match(behind)) or (before == behind[:1] and before in "\"'")
