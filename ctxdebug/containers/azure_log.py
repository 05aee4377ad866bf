"""Azure's diagnostic logs: the gateway's records of prompts and answers; those of the service hold no prompts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ctxdebug.containers import Found, Likeness, container, documents
from ctxdebug.decoding.http_body import read_body
from ctxdebug.decoding.source import Source
from ctxdebug.exchange import Exchange
from ctxdebug.model import Decoding, Pointer, Problem, Usage

_BODIES = (("BackendRequestBody", "BackendResponseBody"), ("RequestBody", "ResponseBody"),
    ("backendRequestBody", "backendResponseBody"), ("requestBody", "responseBody"))  # fmt: skip
_MESSAGES = ("RequestMessages", "requestMessages"), ("ResponseMessages", "responseMessages")
_CATEGORIES = ("RequestResponse", "Audit", "Trace", "GatewayLogs", "GatewayLlmLogs", "AzureOpenAIRequestUsage")


def _sniff(source: Source) -> Likeness:
    if source.shape not in {"json", "json lines"} or not (
        '"category"' in source.opening or '"Category"' in source.opening
    ):
        return Likeness.NO
    document = source.document if source.shape == "json" else source.first_line
    return Likeness.CERTAIN if any(True for _ in _records(document, ())) else Likeness.NO


@container(
    "azure-log",
    "Azure Monitor records: `category` RequestResponse or GatewayLlmLogs, `resourceId`, `properties`",
    _sniff,
)
def exchanges(source: Source) -> Iterator[Found]:
    """One exchange a record that holds a prompt."""
    found = without = 0
    for loaded in documents(source):
        if isinstance(loaded, Problem):
            yield loaded
            continue
        at, document = loaded
        for record, where in _records(document, at):
            exchange = _exchange(record, where, source)
            found += exchange is not None
            without += exchange is None
            if exchange is not None:
                yield exchange
    if without:
        told = f"{without} records of Azure's diagnostic log contain no prompts; log bodies in API Management (GatewayLlmLogs)"
        yield Problem(source.path, told, fatal=not found)


def _records(document: Any, at: Pointer) -> Iterator[tuple[Mapping[str, Any], Pointer]]:
    if isinstance(document, list):
        for index, item in enumerate(document):
            yield from _records(item, (*at, index))
    elif isinstance(document, dict):
        category = str(document.get("category") or document.get("Category") or "")
        if (
            category in _CATEGORIES
            and {"resourceId", "ResourceId", "properties", "_ResourceId", "operationName"} & document.keys()
        ):
            yield document, at
        elif isinstance(document.get("records"), list):
            yield from _records(document["records"], (*at, "records"))


def _exchange(record: Mapping[str, Any], at: Pointer, source: Source) -> Exchange | None:
    held, where = record, at
    if record.get("properties") is not None:
        opened, opened_at = read_body(record["properties"], (*at, "properties"), source.reader)
        held, where = (opened, opened_at) if isinstance(opened, dict) else (record, at)
    model = next(
        (str(held[key]) for key in ("ModelName", "modelName", "DeploymentName") if isinstance(held.get(key), str)), None
    )
    labels = {"time": str(record.get("time") or record.get("TimeGenerated") or "")}
    for asked, answered in _BODIES:
        if held.get(asked):
            request, request_at = read_body(held[asked], (*where, asked), source.reader)
            response, response_at = read_body(held.get(answered), (*where, answered), source.reader)
            return Exchange(
                at, request, request_at, response, response_at, model=model, provider="azure-openai", labels=labels
            )
    sent, received = (next((key for key in keys if held.get(key)), None) for keys in _MESSAGES)
    if sent is None:
        return None
    request, request_at = _opened(held[sent], (*where, sent), source)
    response, response_at = _opened(held[received], (*where, received), source) if received else (None, where)
    prompt, output = (next((held[key] for key in keys if isinstance(held.get(key), int)), None)
                      for keys in (("PromptTokens", "promptTokens"), ("CompletionTokens", "completionTokens")))  # fmt: skip
    usage = Usage(prompt, output=output, raw={"prompt": prompt, "output": output}, pointer=where) if prompt else None
    return Exchange(at, request, request_at, response, response_at, model=model, usage=usage, format="messages",
                    provider="azure-openai", labels=labels)  # fmt: skip


def _opened(value: Any, at: Pointer, source: Source) -> tuple[Any, Pointer]:
    if isinstance(value, str):
        return source.reader.value(value), (*at, Decoding.JSON)
    return value, at
