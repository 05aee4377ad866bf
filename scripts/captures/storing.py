"""How recordings become files: one exchange as JSON, a conversation as JSON lines, a cassette or a HAR."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scripts.captures.stub import Recording


def stored(name: str, recordings: Sequence[Recording] | str) -> str:
    """Write the text of the file `name`, whose ending chooses the container; `.json` holds the last exchange."""
    if isinstance(recordings, str):
        return recordings
    if name.endswith(".jsonl"):
        return "".join(json.dumps(exchange(item), ensure_ascii=False) + "\n" for item in recordings)
    if name.endswith(".har"):
        return _pretty(_har(recordings))
    if name.endswith((".yaml", ".yml")):
        return _cassette(recordings)
    return _pretty(exchange(recordings[-1]))


def exchange(recording: Recording) -> dict[str, Any]:
    """One exchange: parsed JSON bodies, and the text itself where the response was streamed."""
    return {
        "request": json.loads(recording.request),
        "response": _body(recording),
        "url": recording.url,
        "status": recording.reply.status,
    }


def _body(recording: Recording) -> Any:
    text = recording.reply.body.decode()
    return json.loads(text) if recording.reply.content_type == "application/json" else text


def _pretty(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _har(recordings: Sequence[Recording]) -> dict[str, Any]:
    entries = []
    for number, item in enumerate(recordings):
        content: dict[str, Any] = {"size": len(item.reply.body), "mimeType": item.reply.content_type}
        try:
            content["text"] = item.reply.body.decode()
        except UnicodeDecodeError:
            content |= {"text": base64.b64encode(item.reply.body).decode(), "encoding": "base64"}
        entries.append(
            {
                "startedDateTime": f"2026-09-14T09:30:{number * 7:02d}.000Z",
                "time": 1840,
                "request": {
                    "method": "POST",
                    "url": item.url,
                    "httpVersion": "HTTP/1.1",
                    "cookies": [],
                    "headers": [{"name": "content-type", "value": "application/json"}],
                    "queryString": [],
                    "postData": {"mimeType": "application/json", "text": item.request.decode()},
                    "headersSize": -1,
                    "bodySize": len(item.request),
                },
                "response": {
                    "status": item.reply.status,
                    "statusText": "OK",
                    "httpVersion": "HTTP/1.1",
                    "cookies": [],
                    "headers": [{"name": "content-type", "value": item.reply.content_type}],
                    "content": content,
                    "redirectURL": "",
                    "headersSize": -1,
                    "bodySize": len(item.reply.body),
                },
                "cache": {},
                "timings": {"send": 2, "wait": 1830, "receive": 8},
            }
        )
    return {"log": {"version": "1.2", "creator": {"name": "scripts.captures", "version": "1"}, "entries": entries}}


def _cassette(recordings: Sequence[Recording]) -> str:
    import yaml

    interactions = [
        {
            "request": {
                "body": item.request.decode(),
                "headers": {"Content-Type": ["application/json"]},
                "method": "POST",
                "uri": item.url,
            },
            "response": {
                "body": {"string": item.reply.body.decode()},
                "headers": {"Content-Type": [item.reply.content_type]},
                "status": {"code": item.reply.status, "message": "OK" if item.reply.status < 400 else "Bad Request"},
            },
        }
        for item in recordings
    ]
    return yaml.safe_dump({"interactions": interactions, "version": 1}, allow_unicode=True, width=120)
