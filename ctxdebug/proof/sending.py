"""What leaves the machine: secrets stay here unless the capture's owner lets them go, and it is said what goes where."""

from __future__ import annotations

from collections import Counter
from enum import StrEnum
from typing import TYPE_CHECKING

from ctxdebug.records import record
from ctxdebug.redaction.redactor import Redactor
from ctxdebug.text.plural import plural

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ctxdebug.proof.request import Request


class Send(StrEnum):
    """What may be sent of a request."""

    REDACTED = "redacted"
    EXACT = "exact"


@record(frozen=True, slots=True)
class Outgoing:
    """A request as it may be sent, and how many secrets of each kind are in it: hidden, or sent as they are."""

    request: Request
    secrets: Mapping[str, int]
    hidden: bool

    def line(self, host: str, documents: int, tokens: int | None) -> str:
        """Return what leaves the machine, and where to, as a sentence."""
        parts = [plural(documents, "document")] if documents else []
        if tokens is not None:
            parts.append(f"about {tokens:,} tokens a request")
        total = sum(self.secrets.values())
        kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(self.secrets.items()))
        if not total:
            parts.append("no secrets found in it")
        elif self.hidden:
            parts.append(f"{plural(total, 'secret')} hidden ({kinds}); --send exact sends them")
        else:
            parts.append(f"with {plural(total, 'secret')} ({kinds})")
        return f"sent to {host}: the request and parts of it, {', '.join(parts)}"


def outgoing(request: Request, send: Send, patterns: Mapping[str, str] | None = None) -> Outgoing:
    """Return the request as it may be sent; `patterns` are the project's own kinds of secrets."""
    redactor = Redactor(patterns or {})
    redactor.learn(request.body)
    kinds = Counter(redaction.kind for redaction in redactor.redactions)
    if send is Send.EXACT:
        return Outgoing(request, kinds, False)
    return Outgoing(request.with_body(redactor.apply(request.body)), kinds, True)
