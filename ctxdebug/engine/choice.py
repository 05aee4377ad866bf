"""Which exchange of a capture is meant: the one that was asked for, else the one that fails."""

from __future__ import annotations

from collections.abc import Sequence

from ctxdebug.engine.report import Examined
from ctxdebug.errors import UsageError
from ctxdebug.model import Severity
from ctxdebug.text.nearest import choices
from ctxdebug.text.plural import plural


def choose(among: Sequence[Examined], exchange: int | None = None, session: str | None = None) -> tuple[Examined, int]:
    """Return the exchange that is meant and its number from 1: the one asked for, else the last with an error, else the last.

    `exchange` counts from 1, within the session where one is named. Raises `UsageError` where there is none such.
    """
    numbered = list(enumerate(among, 1))
    if session is not None:
        numbered = [(number, examined) for number, examined in numbered if examined.snapshot.session == session]
        if not numbered:
            known = dict.fromkeys(examined.snapshot.session for examined in among if examined.snapshot.session)
            raise UsageError(f"no session {session!r}; {choices(session, list(known)[:100])}")
    if exchange is not None:
        if not 1 <= exchange <= len(numbered):
            raise UsageError(no_exchange(len(numbered), exchange))
        number, examined = numbered[exchange - 1]
        return examined, number
    failing = [(number, examined) for number, examined in numbered if _fails(examined)]
    number, examined = (failing or numbered)[-1]
    return examined, number


def _fails(examined: Examined) -> bool:
    return examined.snapshot.error is not None or any(
        finding.severity is Severity.ERROR for finding in examined.findings
    )


def no_exchange(count: int, number: int) -> str:
    """Return the sentence that says that a capture has no exchange of a number."""
    return f"the file has {plural(count, 'exchange')}; there is no number {number}"
