"""Inspect: a JSONL dataset and a task whose scorer asks no model. `files`, `setup` and `sandbox` are never written."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ctxdebug.cases.conversion import converted
from ctxdebug.cases.exchanges import case_snapshot
from ctxdebug.cases.export import Exported, copied, exporter, template
from ctxdebug.engine.run import RunOptions
from ctxdebug.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ctxdebug.cases.store import StoredCase


@exporter("inspect", "an Inspect task with its dataset")
def export(cases: Sequence[StoredCase]) -> Exported:
    """Write the dataset, the task and the cases."""
    out = Exported(
        {"ctxdebug_task.py": template("inspect_ai.py.txt")}, run="inspect eval ctxdebug_task.py --model PROVIDER/MODEL"
    )
    lines, kept = [], []
    for stored in cases:
        try:
            lines.append(json.dumps(_sample(stored), ensure_ascii=True))
            kept.append(stored)
        except UsageError as error:
            out.notes.append(f"{stored.case.id} was left out: {error}")
    out.files["ctxdebug_dataset.jsonl"] = "".join(f"{line}\n" for line in lines)
    out.files |= copied(kept)
    return out


def _sample(stored: StoredCase) -> dict[str, Any]:
    body = converted(case_snapshot(stored, RunOptions()), "openai.chat")
    return {
        "id": stored.case.id,
        "input": [_message(message) for message in body["messages"]],
        "target": "",
        "metadata": {"case": stored.case.id, "title": stored.case.title, "tools": body.get("tools", [])},
    }


def _message(message: dict[str, Any]) -> dict[str, Any]:
    role = "system" if message["role"] == "developer" else message["role"]
    held = {"role": role, "content": message.get("content") or ""}
    if message.get("tool_calls"):
        held["tool_calls"] = [
            {
                "id": call["id"],
                "function": call["function"]["name"],
                "arguments": _arguments(call["function"]["arguments"]),
                "type": "function",
            }
            for call in message["tool_calls"]
        ]
    if role == "tool":
        held["tool_call_id"] = message["tool_call_id"]
    return held


def _arguments(text: str) -> dict[str, Any]:
    try:
        parsed = json.loads(text)
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}
