"""An addon for mitmproxy that writes calls of models as a recording of ctxdebug: `mitmdump -s "$(ctxdebug addon mitmproxy)"`.

It runs in mitmproxy's own Python, so it needs nothing but the standard library. It writes to the file that the variable
CTXDEBUG_OUT names, else to `ctxdebug-mitmproxy.jsonl`: bodies and addresses, without headers and without keys in addresses.
"""

from __future__ import annotations

import base64
import json
import os
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

_FILE = "ctxdebug-mitmproxy.jsonl"
_KEPT = ("content-type",)
_SECRETS = frozenset({"key", "api_key", "api-key", "apikey", "token", "access_token", "sig", "signature", "code"})
_BODIES = ("json", "event-stream", "text/plain", "eventstream", "ndjson")


class CtxdebugRecording:
    """Writes a line for each call whose body is JSON, text, or a stream of events."""

    def response(self, flow: Any) -> None:
        """Record a call that was answered."""
        if _spoken(flow.request):
            _write(_line(flow, {"response": _side(flow.response, status=flow.response.status_code)}))

    def error(self, flow: Any) -> None:
        """Record a call that failed before its answer was complete."""
        if getattr(flow, "request", None) is not None and _spoken(flow.request):
            _write(_line(flow, {"error": {"type": "mitmproxy", "message": str(flow.error)}}))


def _spoken(request: Any) -> bool:
    kind = str(request.headers.get("content-type", ""))
    return request.method == "POST" and any(word in kind for word in _BODIES)


def _line(flow: Any, answered: dict[str, Any]) -> dict[str, Any]:
    request = flow.request
    started = request.timestamp_start
    asked = {**_side(request), "method": request.method, "url": _without_secrets(request.pretty_url)}
    ended = getattr(getattr(flow, "response", None), "timestamp_end", None)
    return {
        "ctxdebug_recording": 1,
        "started": datetime.fromtimestamp(started, UTC).isoformat() if started else None,
        "request": asked,
        **answered,
        "timings_ms": {"total": round((ended - started) * 1000)} if started and ended else {},
    }


def _side(message: Any, status: int | None = None) -> dict[str, Any]:
    """Return a message's body, decompressed: as text where it is UTF-8, else as base64."""
    content = message.get_content(strict=False) or b""
    headers = [[name, message.headers[name]] for name in _KEPT if name in message.headers]
    held: dict[str, Any] = {"headers": headers} | ({} if status is None else {"status": status})
    try:
        return {**held, "text": content.decode("utf-8")}
    except UnicodeDecodeError:
        return {**held, "body": {"_base64": base64.b64encode(content).decode("ascii")}}


def _without_secrets(url: str) -> str:
    parts = urlsplit(url)
    kept = [(name, "REMOVED" if name.lower() in _SECRETS else value) for name, value in parse_qsl(parts.query)]
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, parts.path, urlencode(kept), ""))


def _write(line: dict[str, Any]) -> None:
    path = os.environ.get("CTXDEBUG_OUT") or _FILE
    data = (json.dumps(line, ensure_ascii=False) + "\n").encode()
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(handle, data)
    finally:
        os.close(handle)


addons = [CtxdebugRecording()]
