"""Read an endpoint's reply as a snapshot, so that expectations and detectors see what a capture would hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ctxdebug.decoding.sse import read_sse
from ctxdebug.decoding.strict_json import JsonReader
from ctxdebug.evals.endpoint import NoAnswerError, Reply
from ctxdebug.evals.reply_shapes import reply_flaw
from ctxdebug.exchange import Exchange
from ctxdebug.model import Decoding, FinishReason, Snapshot
from ctxdebug.records import replace
from ctxdebug.segmentation import Policy, assemble
from ctxdebug.wire import WIRE_FORMATS

if TYPE_CHECKING:
    from collections.abc import Mapping


def snapshot_of(request: Mapping[str, Any], reply: Reply, format: str, path: str) -> Snapshot:
    """Return request and reply as one snapshot; raises `NoAnswerError` where the reply is no answer.

    An empty answer, a refusal and a filtered one are answers. An error under status 200, a reply
    without a choice or of another shape, and a stream that broke off are not.
    """
    response: Any = reply.body
    flaw = None if reply.stream is not None else reply_flaw(response, format)
    if flaw and not response.get("error"):
        raise NoAnswerError(f"the reply contains no answer: it is no {format} response ({flaw})")
    if reply.stream is not None:
        response = read_sse(reply.stream, ("response",), JsonReader())
    exchange = Exchange(
        (Decoding.JSON,),
        request,
        ("request",),
        response,
        ("response",),
        status=reply.status,
        labels={"latency": reply.seconds},
    )
    snapshot = assemble(
        WIRE_FORMATS.all()[format].read(exchange), exchange, path=path, container="live", format=format, policy=Policy()
    )
    if snapshot.error is not None:
        raise NoAnswerError(f"the reply is an error: {snapshot.error.message[:160]}")
    if snapshot.finish is not None and snapshot.finish.reason in (FinishReason.ABORTED, FinishReason.ERROR):
        raise NoAnswerError("the stream broke off before the answer ended")
    if flaw or (not snapshot.answer and snapshot.finish is None):
        raise NoAnswerError("the reply contains no answer")
    if reply.stream is not None and snapshot.finish is None:
        raise NoAnswerError("the stream broke off before the answer ended")
    return replace(snapshot, labels={"latency": reply.seconds, **reply.headers})
