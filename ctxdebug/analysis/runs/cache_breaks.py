"""Where the provider's cache was lost between two calls of a run, why, as far as can be told, and how many tokens it cost."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from ctxdebug.models.providers import provider_facts
from ctxdebug.records import record

if TYPE_CHECKING:
    from ctxdebug.analysis.runs.unrolled import Call

_LEAST = 5_000
"""Tokens. Less is a late block: in 460 calls of three recorded agent sessions nothing between 1,060 and 19,600 was lost at once."""
_SHARE = 0.5
"""Of what had been cached, that is still read. The same sessions read all of it or nothing."""
_SECONDS = 300
"""How long a cache surely lives where the provider's row does not say; the shortest that a row says."""


class Cause(StrEnum):
    """Why a cache was not read."""

    COMPACTION = "the conversation was compacted"
    MODEL = "another model"
    PAUSE = "a pause longer than the cache lives"
    PREFIX = "no pause and the same model: the prefix changed, or the provider dropped it"
    UNKNOWN = "not known: the log has no times, and keeps neither the system prompt nor the tools"


@record(frozen=True, slots=True)
class CacheBreak:
    """One loss: `call` is its number in the run, `lost` the tokens that had been cached and were read anew."""

    call: int
    lost: int
    cause: Cause
    seconds: float | None
    """Since the call before; None where the log has no times."""


def cache_breaks(calls: Iterable[Call], host: str | None, compacted: frozenset[int] = frozenset()) -> list[CacheBreak]:
    """Return the losses in a run; `compacted` are the calls before which the conversation was compacted."""
    facts = provider_facts(host)
    lives = (facts.cache_seconds if facts else None) or _SECONDS
    found: list[CacheBreak] = []
    before: Call | None = None
    for number, call in enumerate(calls):
        if call.usage is None or not call.usage.prompt:
            continue
        if before is not None and before.usage is not None:
            cached = (before.usage.cache_read or 0) + (before.usage.cache_write or 0)
            read = call.usage.cache_read or 0
            if cached - read >= _LEAST and read < _SHARE * cached and call.usage.cache_read is not None:
                seconds = elapsed(before.time, call.time)
                found.append(
                    CacheBreak(
                        number, cached - read, _cause(before, call, seconds, lives, number in compacted), seconds
                    )
                )
        before = call
    return found


def _cause(before: Call, call: Call, seconds: float | None, lives: int, compacted: bool) -> Cause:
    if compacted:
        return Cause.COMPACTION
    if before.model != call.model:
        return Cause.MODEL
    if seconds is None:
        return Cause.UNKNOWN
    return Cause.PAUSE if seconds >= lives else Cause.PREFIX


def moment(text: str | None) -> datetime | None:
    """Return a time as logs write it (ISO 8601); None for anything else."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def elapsed(before: str | None, after: str | None) -> float | None:
    """Return the seconds between two times of a log; None where one is missing, or they run backwards."""
    first, second = moment(before), moment(after)
    if first is None or second is None or second < first:
        return None
    return (second - first).total_seconds()
