'''A quoted text holds the quotation mark that sets it off, or is never closed.

Where the data ends is then another place than the author meant: either the rest of the text reads as the prompt's own words, or
the request itself reads as part of the text. (Tags that are closed from inside are LRC302.)

## Bad

    system: You summarise manuals. The manual stands between triple quotation marks.
    user: """
    Write the module's purpose between """ marks. Then press the green key.
    """
    Which key do I press?

## Good

    system: You summarise manuals. The manual stands between triple quotation marks.
    user: """
    Write the module's purpose at the top. Then press the green key.
    """
    Which key do I press?

## Fix

Choose a delimiter that the text does not use (a tag with a random name), or escape it in the text.

## Source

OpenAI, GPT-4.1 prompting guide ("Delimiters").
'''

from __future__ import annotations

import re
from collections.abc import Iterator

from ctxdebug.analysis import Analysis
from ctxdebug.model import Confidence, Evidence, Hit, Role, Segment, Severity, quote
from ctxdebug.questions import Question
from ctxdebug.rules import rule
from ctxdebug.text.patterns import lazy

_CODE = lazy(r"^[^\S\n]*(?:def \w+\(|class \w+[:(]|import \w|from \w+ import|>>> )", re.MULTILINE)
"""Code has quotation marks of its own."""
_MARKS = (lazy(r'"""'), lazy(r"^[ \t]{0,3}```[^`\n]{0,40}$", re.MULTILINE))
_ROLES = frozenset({Role.SYSTEM, Role.DEVELOPER, Role.USER})


@rule("LRC409", "delimiter-collides", question=Question.INSTRUCTIONS_PLACED, severity=Severity.NOTE, confidence=Confidence.MEDIUM, explains=15,
      tags=("OWASP:LLM01",))  # fmt: skip
def check(analysis: Analysis) -> Iterator[Hit]:
    """Count the quotation marks of every prompt message that sets text off by them: an odd number is one too many."""
    for message in analysis.snapshot.messages:
        if message.role not in _ROLES or _CODE.search(message.text):
            continue
        for pattern in _MARKS:
            found = [(segment, mark) for segment in message.segments for mark in pattern.finditer(segment.text)]
            if len(found) > 1 and len(found) % 2 and _alone(*found[0]) and _alone(*found[-1]):
                segment, mark = found[-1]
                yield Hit(
                    f"{mark[0].strip()[:3]} is {len(found)} times in the message: one is inside the text that it sets off, or is not closed",
                    (_first(found), quote(segment, mark.start(), mark.end(), "the last of them")),
                    facts={"marks": len(found)},
                )


def _first(found: list[tuple[Segment, re.Match[str]]]) -> Evidence:
    segment, mark = found[0]
    return quote(segment, mark.start(), mark.end(), "the first of them")


def _alone(segment: Segment, mark: re.Match[str]) -> bool:
    """Whether a mark has a line of its own, as delimiters have and the quotation marks of code often have not."""
    before = segment.text[: mark.start()].rpartition("\n")[2]
    after = segment.text[mark.end() :].partition("\n")[0]
    return not before.strip() and not after.strip()
