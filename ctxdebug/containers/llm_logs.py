"""Logs of the `llm` command: its SQLite file, and `llm logs --json`; the turns before are part of each prompt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ctxdebug.containers import Found, Likeness, container
from ctxdebug.containers.shapes.rows import first_row, rows
from ctxdebug.decoding.source import Source
from ctxdebug.decoding.sqlite_rows import records, tables, unwritten
from ctxdebug.exchange import Exchange
from ctxdebug.model import Decoding, Pointer, Problem, Usage
from ctxdebug.records import replace

_KEYS = frozenset({"prompt", "response", "conversation_id", "options_json"})
_COLUMNS = (
    "id",
    "model",
    "prompt",
    "system",
    "response",
    "conversation_id",
    "input_tokens",
    "output_tokens",
    "datetime_utc",
)
_LABELS = ("id", "datetime_utc", "duration_ms")


def _sniff(source: Source) -> Likeness:
    if source.shape == "sqlite":
        held = tables(source)
        known = {"conversations", "responses"} <= held.keys() and set(held["responses"]) >= _KEYS
        return Likeness.CERTAIN if known else Likeness.NO
    row = first_row(source, '"conversation_id"', '"options_json"', wrappers=())
    return Likeness.CERTAIN if row is not None and row.keys() >= _KEYS else Likeness.NO


@container("llm", "logs of the `llm` command: `responses` of its logs.db, or `llm logs --json`", _sniff)
def exchanges(source: Source) -> Iterator[Found]:
    """One exchange a response, with the conversation before it."""
    if source.shape == "sqlite" and {"turns", "messages", "parts"} <= tables(source).keys():
        yield from _turns(source)
    before: dict[str, list[tuple[dict[str, Any], Pointer]]] = {}
    for found in _rows(source):
        if isinstance(found, Problem):
            yield found
            continue
        at, row = found
        conversation = str(row.get("conversation_id") or "")
        turns = before.setdefault(conversation, [])
        turns.extend(_asked(row, at, first=not turns))
        yield _exchange(row, at, turns, conversation)
        turns.append(_answered(row, at))


def _rows(source: Source) -> Iterator[tuple[Pointer, Mapping[str, Any]] | Problem]:
    if source.shape != "sqlite":
        yield from rows(source, ())
        return
    known = tables(source)["responses"]
    for row in records(source, "responses", tuple(name for name in _COLUMNS if name in known), "id"):
        yield (*source.root, Decoding.SQLITE, "responses", str(row["id"])), row
    if (log := unwritten(source)) is not None:
        yield Problem(source.path, f"its newest rows are in {log}, which is not read", fatal=False)


def _asked(row: Mapping[str, Any], at: Pointer, *, first: bool) -> Iterator[tuple[dict[str, Any], Pointer]]:
    if first and row.get("system"):
        yield {"role": "system", "content": row["system"]}, (*at, "system")
    results = row.get("tool_results")
    for index, result in enumerate(results if isinstance(results, list) else []):
        if isinstance(result, dict):
            made = {"role": "tool", "content": result.get("output"), "tool_call_id": result.get("tool_call_id")}
            yield {**made, "name": result.get("name")}, (*at, "tool_results", index, "output")
    if row.get("prompt"):
        yield {"role": "user", "content": row["prompt"]}, (*at, "prompt")


def _answered(row: Mapping[str, Any], at: Pointer) -> tuple[dict[str, Any], Pointer]:
    message: dict[str, Any] = {"role": "assistant", "content": row.get("response")}
    calls = row.get("tool_calls")
    if isinstance(calls, list) and calls:
        message["tool_calls"] = [
            {"id": call.get("tool_call_id"), "name": call.get("name"), "arguments": call.get("arguments")}
            for call in calls
            if isinstance(call, dict)
        ]
    return message, (*at, "response")


def _exchange(
    row: Mapping[str, Any], at: Pointer, turns: list[tuple[dict[str, Any], Pointer]], conversation: str
) -> Exchange:
    made: Pointer = (*at, "turns")
    origins = {(*made, index, "content"): place for index, (_, place) in enumerate(turns)}
    answer, answer_at = _answered(row, at)
    prompt, output = row.get("input_tokens"), row.get("output_tokens")
    counted = isinstance(prompt, int) or isinstance(output, int)
    usage = Usage(prompt if isinstance(prompt, int) else None, None, None, output if isinstance(output, int) else None, None,
                  {}, (*at, "input_tokens"))  # fmt: skip
    return Exchange(
        at,
        request=[message for message, _ in turns],
        request_at=made,
        response={"message": answer},
        response_at=(*at, "answer"),
        origins={**origins, (*at, "answer", "message", "content"): answer_at},
        session=conversation or None,
        model=row["model"] if isinstance(row.get("model"), str) else None,
        usage=usage if counted else None,
        format="messages",
        labels={key: row[key] for key in _LABELS if isinstance(row.get(key), (str, int))},
    )


def _turns(source: Source) -> Iterator[Found]:
    """Yield the calls of llm 0.31 and later: a turn leads from the last message that was sent to the last of the answer."""
    parts: dict[str, list[dict[str, Any]]] = {}
    for row in records(source, "parts", ("message_hash", "type", "text", "payload"), "id"):
        held = source.reader.value(row["payload"]) if isinstance(row["payload"], str) else None
        text = {} if row["text"] is None else {"text": row["text"]}
        made = {**(held if isinstance(held, dict) else {}), "type": row["type"], **text}
        parts.setdefault(str(row["message_hash"]), []).append(made)
    parents: dict[str, tuple[str | None, dict[str, Any]]] = {}
    for row in records(source, "messages", ("hash", "parent_hash", "role")):
        message = {"role": row["role"], "content": parts.get(str(row["hash"]), [])}
        parents[str(row["hash"])] = (row["parent_hash"], message)
    columns = ("id", "thread_id", "parent_message_hash", "tip_message_hash", "model", "input_tokens", "output_tokens")
    for row in records(source, "turns", columns, "id"):
        at: Pointer = (*source.root, Decoding.SQLITE, "turns", str(row["id"]))
        asked = _chain(parents, row["parent_message_hash"], None)
        answered = _chain(parents, row["tip_message_hash"], row["parent_message_hash"])
        read = _exchange(row, at, [(message, at) for message in asked], str(row["thread_id"] or ""))
        yield replace(read, response=answered, response_at=(*at, "answer"), origins={})


def _chain(
    parents: Mapping[str, tuple[str | None, dict[str, Any]]], tip: str | None, end: str | None
) -> list[dict[str, Any]]:
    """Return the messages that lead to `tip`, from the one after `end`."""
    found: list[dict[str, Any]] = []
    while tip is not None and tip != end and tip in parents and len(found) < len(parents):
        tip, message = parents[tip]
        found.append(message)
    return found[::-1]
