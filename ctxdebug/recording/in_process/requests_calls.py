"""Calls by requests: `Session.send` is what every call goes through, redirects included."""

from __future__ import annotations

from functools import wraps
from types import ModuleType
from typing import Any

from ctxdebug.recording.in_process.active import watch
from ctxdebug.recording.in_process.httpx_calls import Undo
from ctxdebug.recording.in_process.urllib3_body import follow


def patch(module: ModuleType) -> Undo:
    """Watch the sessions of a loaded `requests`; returns what undoes it."""
    session = module.Session
    send = session.send

    @wraps(send)
    def watched_send(self: Any, request: Any, **settings: Any) -> Any:
        watched = watch(request.method, request.url, request.headers.items(), "requests")
        if watched is None:
            return send(self, request, **settings)
        stream = settings.get("stream", self.stream)
        watched.sent(request.body)
        try:
            response = send(self, request, **{**settings, "stream": True})
        except BaseException as error:
            watched.failed(error)
            raise
        watched.answered(response.status_code, response.headers.items())
        if getattr(response, "_content_consumed", False):  # a hook of the application has read it
            watched.call.decoded = True
            watched.received(response.content)
            watched.over()
            return response
        if response.raw is not None and hasattr(response.raw, "stream"):
            follow(response.raw, watched)
        if not stream:
            response.content  # noqa: B018 - what requests itself does without a stream
            watched.over()
        return response

    session.send = watched_send

    def undo() -> None:
        session.send = send

    return undo
