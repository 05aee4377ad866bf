"""Ask a provider how many tokens it counts in a request: Anthropic count_tokens, Gemini countTokens, vLLM /tokenize."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from ctxdebug.errors import EndpointError, UsageError
from ctxdebug.records import record

if TYPE_CHECKING:
    from ctxdebug.model import Snapshot

_TIMEOUT = 30.0
_LONGEST = 1_000_000
"""Bytes of an answer that are read; it holds one number."""
_HERE = frozenset({"localhost", "127.0.0.1", "::1"})
_COUNTED_BY_ANTHROPIC = ("model", "messages", "system", "tools", "tool_choice", "thinking")


@record(frozen=True, slots=True)
class CountEndpoint:
    """One way to ask. `header` names the key's header and the variable that holds the key."""

    format: str
    path: Callable[[Snapshot], str]
    body: Callable[[Snapshot], Mapping[str, Any]]
    answer: str
    header: tuple[str, str] | None
    headers: tuple[tuple[str, str], ...] = ()


def _request(snapshot: Snapshot) -> dict[str, Any]:
    if not isinstance(snapshot.request, dict):
        raise UsageError("the capture does not contain the request itself, so nobody can count it")
    return dict(snapshot.request)


def _model(snapshot: Snapshot) -> str:
    return quote((snapshot.model or "").removeprefix("models/"), safe="")


# documented at docs.anthropic.com/en/api/messages-count-tokens, ai.google.dev/api/tokens, docs.vllm.ai (openai_compatible_server)
_ENDPOINTS = (
    CountEndpoint(
        "anthropic.messages",
        lambda _: "/v1/messages/count_tokens",
        lambda snapshot: {key: value for key, value in _request(snapshot).items() if key in _COUNTED_BY_ANTHROPIC},
        "input_tokens",
        ("x-api-key", "ANTHROPIC_API_KEY"),
        (("anthropic-version", "2023-06-01"),),
    ),
    CountEndpoint(
        "google.generate_content",
        lambda snapshot: f"/v1beta/models/{_model(snapshot)}:countTokens",
        lambda snapshot: {
            "generateContentRequest": {**_request(snapshot), "model": f"models/{_model(snapshot)}"},
        },
        "totalTokens",
        ("x-goog-api-key", "GEMINI_API_KEY"),
    ),
    CountEndpoint(
        "openai.chat",
        lambda _: "/tokenize",
        lambda snapshot: {
            key: value for key, value in _request(snapshot).items() if key in {"model", "messages", "tools"}
        },
        "count",
        ("authorization", "VLLM_API_KEY"),
    ),
)


def provider_count(snapshot: Snapshot, endpoint: str) -> int:
    """Return the count that the server at `endpoint` (its base URL) gives for this request.

    Raises `UsageError` where the format has no way to count, `EndpointError` when the server gives no number.
    """
    import httpx

    row = next((row for row in _ENDPOINTS if row.format == snapshot.format), None)
    if row is None:
        raise UsageError(
            f"no server counts {snapshot.format} requests; known are {', '.join(row.format for row in _ENDPOINTS)}"
        )
    headers = dict(row.headers)
    if row.header is not None and (key := os.environ.get(row.header[1])):
        headers[row.header[0]] = f"Bearer {key}" if row.header[0] == "authorization" else key
    url = endpoint.rstrip("/") + row.path(snapshot)
    if len(headers) > len(row.headers) and url.startswith("http://") and urlsplit(url).hostname not in _HERE:
        raise UsageError(f"{urlsplit(url).hostname} would get the key unencrypted; use https")
    try:
        response = httpx.post(url, json=row.body(snapshot), headers=headers, timeout=_TIMEOUT, follow_redirects=False)
        if response.status_code != httpx.codes.OK or len(response.content) > _LONGEST:
            raise EndpointError(f"{httpx.URL(url).host} gave no count: HTTP {response.status_code}")
        number = response.json().get(row.answer)
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, AttributeError) as error:
        raise EndpointError(f"{endpoint} gave no count: {type(error).__name__}") from error
    if not isinstance(number, int):
        raise EndpointError(f"{endpoint} gave no count: its answer contains no {row.answer}")
    return number
