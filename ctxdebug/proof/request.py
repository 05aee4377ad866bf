"""A request as it may be edited and sent: the captured body, and what the body does not say itself."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from ctxdebug.cases.conversion import converted
from ctxdebug.cases.exchanges import Sender, captured_request, snapshot_from
from ctxdebug.errors import UsageError
from ctxdebug.evals.recording import request_digest
from ctxdebug.model import Decoding
from ctxdebug.records import record, replace

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ctxdebug.cases.store import StoredCase
    from ctxdebug.engine.run import RunOptions
    from ctxdebug.model import Snapshot

BODY = (Decoding.YAML, "request", "body")
"""Where the body is in the pointers of a request's snapshot."""


@record(frozen=True, slots=True)
class Request:
    """A request body with its wire format, its model and its provider."""

    body: dict[str, Any]
    sender: Sender
    exact: bool = True
    """False where the capture held only messages, and the rest of the request is ours."""

    def snapshot(self, run: RunOptions) -> Snapshot:
        """Return the request as the model reads it, without an answer; pointers into the body begin with `BODY`."""
        return snapshot_from(self.body, None, self.sender, run, "proof")

    def with_body(self, body: dict[str, Any]) -> Request:
        """Return the same request with another body."""
        return replace(self, body=body)

    @property
    def digest(self) -> str:
        """The hash of the request, whatever the order of its keys."""
        return request_digest({"format": self.sender.format, "model": self.sender.model, "body": self.body})


def request_of(snapshot: Snapshot) -> Request:
    """Return a captured request; raises `UsageError` where the capture does not hold what can be sent."""
    body, sender, exact = captured_request(snapshot)
    return Request(copy.deepcopy(body), sender, exact)


def request_of_case(stored: StoredCase) -> Request:
    """Return the request that a case froze."""
    frozen = stored.case.request
    return Request(stored.body(), Sender(frozen.format, frozen.model, frozen.provider), frozen.exact)


def request_from(edited: Snapshot, of: Request) -> Request:
    """Return the request that an edited snapshot (`segmentation.repaired`) means, in the format of the one that it was made from.

    Raises `UsageError` where the snapshot cannot be written: it holds media, or rests on what the server keeps.
    """
    form = of.sender.format if of.sender.format in _WRITTEN else "openai.chat"
    return Request(converted(edited, form), replace(of.sender, format=form), False)


_WRITTEN = frozenset({"openai.chat", "anthropic.messages", "google.generate_content", "ollama.chat"})


def sent_body(request: Request, format: str, model: str | None, run: RunOptions) -> dict[str, Any]:
    """Return the body as an endpoint of a dialect gets it; raises `UsageError` where it cannot be written, or names no model."""
    body = request.body if request.sender.format == format else converted(request.snapshot(run), format)
    name = model or body.get("model") or request.sender.model
    if not name:
        raise UsageError("the request names no model; give --model")
    return {**body, "model": name}


def with_fields(body: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    """Return a body with further fields; fields of objects are joined, lists get what they lack."""
    found = dict(body)
    for name, value in more.items():
        held = found.get(name)
        if isinstance(value, dict):
            found[name] = with_fields(held if isinstance(held, dict) else {}, value)
        elif isinstance(value, list) and isinstance(held, list):
            found[name] = [*held, *(one for one in value if one not in held)]
        else:
            found[name] = value
    return found
