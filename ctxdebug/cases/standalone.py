"""One exchange by itself: its request body and its response as JSON, without the file that they came from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ctxdebug.cases.exchanges import Sender, answer_of, captured_request, response_form, response_of, snapshot_from
from ctxdebug.records import record

if TYPE_CHECKING:
    from ctxdebug.engine.run import RunOptions
    from ctxdebug.model import Snapshot


@record(frozen=True, slots=True)
class StandaloneExchange:
    """A request and a response that can be written down."""

    body: dict[str, Any]
    response: dict[str, Any] | None
    exact: bool
    """Whether the body is the request as it was sent; else it is rebuilt from messages, as a chat request."""
    sender: Sender

    def snapshot(self, options: RunOptions) -> Snapshot:
        """Return the snapshot of it, read as its wire format."""
        return snapshot_from(self.body, response_of(self.response), self.sender, options)


def standalone(snapshot: Snapshot) -> StandaloneExchange:
    """Return the exchange of a snapshot; raises `UsageError` where its messages cannot be written as a request."""
    body, sender, exact = captured_request(snapshot)
    response = response_form(snapshot.response) if exact else _chat_response(snapshot)
    return StandaloneExchange(body, response, exact, sender)


def _chat_response(snapshot: Snapshot) -> dict[str, Any]:
    """Return the answer of a capture without a raw request as a chat completion."""
    text, calls = answer_of(snapshot)
    message: dict[str, Any] = {"role": "assistant", "content": text or None}
    if calls:
        message["tool_calls"] = [
            {
                "id": call.id or f"call_{index}",
                "type": "function",
                "function": {"name": call.name, "arguments": call.arguments},
            }
            for index, call in enumerate(calls)
        ]
    return {"choices": [{"index": 0, "message": message, "finish_reason": "tool_calls" if calls else "stop"}]}
