"""The sections of aider's history files, and the lines of each by who speaks."""

from __future__ import annotations

import re

from ctxdebug.records import record
from ctxdebug.text.patterns import lazy

_CHAT = lazy(r"^# aider chat started at [^\n]{1,60}$", re.MULTILINE)
_REQUEST = lazy(r"^TO LLM [^\n]{1,60}$", re.MULTILINE)
_ANSWER = lazy(r"^LLM RESPONSE [^\n]{1,60}$", re.MULTILINE)
_TIME = lazy(r"(?:# aider chat started at|TO LLM|LLM RESPONSE) [0-9:.T+Z -]+$")
"""The line above a chat, a request or an answer, with nothing but the time in it."""
_SPOKEN = lazy(r"^(SYSTEM|USER|ASSISTANT|TOOL|FUNCTION)(?: |$)", re.MULTILINE)


@record(frozen=True, slots=True)
class Spoken:
    """Lines of one speaker in a row: the role, and the stretches of text without their marks."""

    role: str
    stretches: tuple[tuple[int, int], ...]
    answer: bool = False


def looks_like_chat(text: str) -> bool:
    """Whether a text begins as the history of what was shown."""
    return _CHAT.match(text.lstrip()) is not None


def looks_like_requests(text: str) -> bool:
    """Whether a text begins as the history of what was sent."""
    return _REQUEST.match(text.lstrip()) is not None


def sections(text: str, *, chat: bool) -> list[tuple[int, int]]:
    """Return where each chat, or each request with its answer, begins and ends."""
    starts = [mark.start() for mark in (_CHAT if chat else _REQUEST).finditer(text)]
    return list(zip(starts, [*starts[1:], len(text)], strict=True))[: None if starts else 0]


def sent(text: str) -> list[Spoken]:
    """Return the messages of one request and its answer; a rule of dashes parts two messages of one speaker."""
    answered = _ANSWER.search(text)
    border = answered.start() if answered else len(text)
    found: list[tuple[str, list[tuple[int, int]], bool]] = []
    fresh, at = True, 0
    for line in text.splitlines(keepends=True):
        start, at = at, at + len(line)
        if line.rstrip() == "-------" or (answered and start == border):
            fresh = True
            continue
        mark = _SPOKEN.match(line)
        if mark is None:
            continue
        answer = start >= border
        if fresh or not found or found[-1][0] != mark[1] or found[-1][2] != answer:
            found.append((mark[1], [], answer))
        fresh = False
        found[-1][1].append((start + mark.end(), at))
    return [Spoken(role, tuple(stretches), answer) for role, stretches, answer in found]


def unmarked(text: str) -> int:
    """Return how many lines of a section belong to no speaker, though there is text in them."""
    lines = (line for line in text.splitlines() if line.strip() and line.rstrip() != "-------")
    return sum(_SPOKEN.match(line) is None and _TIME.match(line.rstrip()) is None for line in lines)


def shown(text: str) -> list[Spoken]:
    """Return the turns of a chat: `####` is the user, `>` what aider printed, the rest the model."""
    found: list[tuple[str, list[tuple[int, int]]]] = []
    at = 0
    for line in text.splitlines(keepends=True):
        start, at = at, at + len(line)
        if _TIME.match(line.rstrip()):
            continue
        role, skip = "ASSISTANT", 0
        if line.startswith("#### "):
            role, skip = "USER", 5
        elif line.startswith("> ") or line.rstrip() == ">":
            role, skip = "PRINTED", min(2, len(line.rstrip("\n")))
        elif not line.strip():
            role = found[-1][0] if found else ""
        if not role:
            continue
        if not found or found[-1][0] != role:
            found.append((role, []))
        found[-1][1].append((start + skip, at))
    return [Spoken(role, tuple(stretches)) for role, stretches in found]
