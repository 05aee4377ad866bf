"""Which sources the answer names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ctxdebug.cases.assertion import assertion
from ctxdebug.cases.observation import Outcome
from ctxdebug.text.find_phrase import find_phrase
from ctxdebug.text.patterns import lazy

if TYPE_CHECKING:
    from ctxdebug.cases.observation import Observation

_MARK = lazy(
    r"\[(?:\^|doc(?:ument)? |source |ref )?(?P<number>[0-9]{1,3})\]|【(?P<other>[0-9]{1,3})[^】]{0,40}】", re.IGNORECASE
)


def _flaw(value: bool | str | list[str]) -> str | None:
    if value is False or value in ("", []):
        return "nothing to look for; put true, an id, or a list of ids"
    return None


@assertion("cites", bool | str | list[str], _flaw)
def cites(value: bool | str | list[str], seen: Observation) -> Outcome:
    """Expect this source (or each of these) to be named; `true`: any source that was given."""
    if value is True:
        return _cites_any(seen)
    wanted = [value] if isinstance(value, str) else list(value) if isinstance(value, list) else []
    spans = []
    for source in wanted:
        span = _name(seen.answer, source)
        if span is None:
            return Outcome(False, f"the answer does not cite {source!r}")
        spans.append(span)
    return Outcome(True, f"the answer cites {', '.join(wanted)}", tuple(spans))


def _cites_any(seen: Observation) -> Outcome:
    for source in seen.sources:
        if span := _name(seen.answer, source):
            return Outcome(True, f"the answer cites {source}", (span,))
    for match in _MARK.finditer(seen.answer):
        number = int(match.group("number") or match.group("other"))
        if number <= len(seen.sources):
            return Outcome(True, f"the answer cites source {number}", (match.span(),))
    return Outcome(False, "the answer cites no source")


def _name(answer: str, source: str) -> tuple[int, int] | None:
    at = 0
    while span := find_phrase(answer[at:], source, ignore_case=True):
        start, end = at + span[0], at + span[1]
        joined = answer[start - 1 : start].isalnum() or answer[end : end + 1].isalnum()
        if not joined:
            return start, end
        at = start + 1
    return None
