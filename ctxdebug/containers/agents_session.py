"""The OpenAI Agents SDK's `SQLiteSession`: the items of each session, a row each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ctxdebug.containers import Found, Likeness, container
from ctxdebug.decoding.source import Source
from ctxdebug.decoding.sqlite_rows import records, tables, unwritten
from ctxdebug.exchange import Exchange
from ctxdebug.model import Decoding, Problem


def _sniff(source: Source) -> Likeness:
    if source.shape != "sqlite":
        return Likeness.NO
    known = "message_data" in tables(source).get("agent_messages", ())
    return Likeness.CERTAIN if known else Likeness.NO


@container(
    "openai-agents", "SQLite of the OpenAI Agents SDK: `agent_sessions`, and `agent_messages` with message_data", _sniff
)
def exchanges(source: Source) -> Iterator[Found]:
    """One exchange a session: its items as the input of a Responses call."""
    items: dict[str, list[Any]] = {}
    for row in records(source, "agent_messages", ("id", "session_id", "message_data"), "id"):
        item = source.reader.value(str(row["message_data"]))
        if isinstance(item, dict):
            items.setdefault(str(row["session_id"]), []).append(item)
    for session, listed in items.items():
        at = (*source.root, Decoding.SQLITE, "agent_messages", session)
        answered = next((n for n in range(len(listed), 0, -1) if listed[n - 1].get("role") != "assistant"), 0)
        note = "a session without responses: the assistant's last items are taken as the answer"
        yield Exchange(
            at,
            request={"input": listed[:answered]},
            request_at=at,
            response={"object": "response", "output": listed[answered:]} if answered < len(listed) else None,
            response_at=at,
            session=session,
            format="openai.responses",
            notes=(note,) if answered < len(listed) else (),
        )
    if (log := unwritten(source)) is not None:
        yield Problem(source.path, f"its newest rows are in {log}, which is not read", fatal=False)
    if not items:
        yield Problem(source.path, "is a session database of the OpenAI Agents SDK and holds no items")
