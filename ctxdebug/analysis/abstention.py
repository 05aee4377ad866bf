"""Whether an answer declines to answer."""

# ruff: noqa: E501 - a pattern is read as one line

from __future__ import annotations

import re

from ctxdebug.text.patterns import lazy

_DECLINES = lazy(
    r"\b(?:i|we) (?:do not|don['’]t|cannot|can['’]t|could not|couldn['’]t|am not able to|am unable to|was not able to|was unable to|did not|didn['’]t|have no)\b"
    r"[^.!?\n]{0,40}?\b(?:know|find|found|locate|answer|determine|tell|say|see|have|confirm|provide|information|idea|access)\b"
    r"|\b(?:the|these|those|this|your) (?:\w+ ){0,3}(?:documents?|sources?|context|passages?|articles?|texts?|files?|excerpts?|results?|information|data)\b"
    r"[^.!?\n]{0,20}?\b(?:do(?:es)? not|don['’]t|doesn['’]t|did not|cannot)\b[^.!?\n]{0,30}?\b(?:contain|say|mention|state|include|provide|specify|hold|cover|give|list|tell|answer)"
    r"|\bnot (?:mentioned|stated|specified|available|provided|found|covered|listed|given|included)\b[^.!?\n]{0,30}?\b(?:in|by|here|there)\b"
    r"|\bno (?:information|answer|mention|details?|data|record|results?|documents?)\b[^.!?\n]{0,40}?\b(?:about|on|for|of|regarding|found|available|in)\b|\bthere is no (?:information|mention|record)\b",
    re.IGNORECASE,
)
_EMPTY = lazy(r"^\W*(?:null|none|nil|nothing|empty|\[\s*\]|\{\s*\}|no (?:results?|documents?|matches|hits|records?|data|entries)\b[^\n]{0,60}|0 (?:results?|hits|documents?|matches)\b[^\n]{0,60}|not found\.?|"
    r"\{\s*\"(?:results?|documents?|hits|items|matches|data)\"\s*:\s*\[\s*\]\s*(?:,[^\n]{0,120})?\}?)\W*$", re.IGNORECASE)  # fmt: skip
_LONGEST = 700


def declines(answer: str) -> re.Match[str] | None:
    """Find the words that decline, in an answer that does little else."""
    found = _DECLINES.search(answer)
    return found if found and len(answer.strip()) <= _LONGEST else None


def is_empty(result: str) -> bool:
    """Whether the result of a look-up says that there is nothing."""
    return len(result) < _LONGEST and (not result.strip() or _EMPTY.match(result) is not None)
