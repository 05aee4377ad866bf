"""Calls by botocore (boto3), such as Bedrock's: signed for their host, so that no proxy may stand between."""

from __future__ import annotations

from functools import wraps
from types import ModuleType
from typing import Any

from ctxdebug.recording.in_process.active import watch
from ctxdebug.recording.in_process.httpx_calls import Undo
from ctxdebug.recording.in_process.urllib3_body import follow


def patch(module: ModuleType) -> Undo:
    """Watch the sessions of a loaded `botocore.httpsession`; returns what undoes it."""
    session = module.URLLib3Session
    send = session.send

    @wraps(send)
    def watched_send(self: Any, request: Any) -> Any:
        headers = [(name, _text(value)) for name, value in request.headers.items()]
        watched = watch(request.method, request.url, headers, "botocore")
        if watched is None:
            return send(self, request)
        watched.sent(request.body)
        try:
            response = send(self, request)
        except BaseException as error:
            watched.failed(error)
            raise
        watched.answered(response.status_code, [(name, _text(value)) for name, value in response.headers.items()])
        if request.stream_output:
            follow(response.raw, watched)
        else:
            watched.received(response.content)
            watched.over()
        return response

    session.send = watched_send

    def undo() -> None:
        session.send = send

    return undo


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value
