"""An application trims its history between a call and its result; the provider refuses the request."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import anthropic

from scripts.captures.replies.anthropic_messages import answer, refusal
from scripts.captures.scripted import token
from scripts.captures.texts import text

if TYPE_CHECKING:
    from scripts.captures.stub import Recording, Stub

HOST = "https://api.anthropic.com"
TOOLS: list[Any] = [
    {
        "name": "get_sensor",
        "description": "Returns the last reading of a sensor with its unit and time.",
        "input_schema": {
            "type": "object",
            "properties": {"sensor": {"type": "string", "description": "floor.room.quantity"}},
            "required": ["sensor"],
        },
    },
    {
        "name": "open_ticket",
        "description": "Opens a maintenance ticket and returns its number.",
        "input_schema": {
            "type": "object",
            "properties": {
                "room": {"type": "string"},
                "fault": {"type": "string"},
                "priority": {"type": "string", "enum": ["low", "normal", "urgent"]},
            },
            "required": ["room", "fault", "priority"],
        },
    },
]
STEPS: list[tuple[str | None, str, tuple[str, dict[str, Any]] | None, str]] = [
    (
        "It's stuffy in 3.14. What does the sensor say?",
        "",
        ("get_sensor", {"sensor": "3.14.temperature"}),
        "27.4 °C, 10:42",
    ),
    (None, "Room 3.14 was at 27.4 °C at 10:42, which is to be watched. It belongs to zone B.", None, ""),
    ("And next door, 3.15? It's 10:50 now.", "", ("get_sensor", {"sensor": "3.15.temperature"}), "28.6 °C, 10:47"),
    (None, "Room 3.15 is at 28.6 °C (10:47), which is urgent. Shall I open a ticket, and how urgent is it?", None, ""),
    (
        "Yes please, urgent, for 3.15.",
        "",
        ("open_ticket", {"room": "3.15", "fault": "too warm, 28.6 °C at 10:47", "priority": "urgent"}),
        "HK-20931",
    ),
]


def record(stub: Stub) -> dict[str, list[Recording]]:
    """Five good exchanges; before the sixth the application drops the tool result of the ticket."""
    client = anthropic.Anthropic(base_url=stub.url(), api_key="unused", max_retries=0)
    messages: list[Any] = []
    for number, (question, words, call, result) in enumerate(STEPS, 1):
        stub.script(answer(f"building/{number}", words, [call] if call else []))
        if question:
            messages.append({"role": "user", "content": question})
        content = [
            block.model_dump(include={"type", "text", "id", "name", "input"})
            for block in _ask(client, messages).content
        ]
        messages.append({"role": "assistant", "content": content})
        if call:
            answered = {"type": "tool_result", "tool_use_id": content[-1]["id"], "content": result}
            messages.append({"role": "user", "content": [answered]})
    trimmed = [*messages[:-1], {"role": "user", "content": "Did that work? What's the number?"}]
    lost = "toolu_01" + token("building/5/call/0", 22)
    stub.script(
        refusal(
            "building/6",
            f"messages.{len(trimmed) - 2}: `tool_use` ids were found without `tool_result` blocks immediately after: "
            f"{lost}. Each `tool_use` block must have a corresponding `tool_result` block in the next message.",
        )
    )
    with suppress(anthropic.BadRequestError):
        _ask(client, trimmed)
    return {
        "captures/anthropic.messages/trimmed-history.json": stub.recordings,
        "captures/anthropic.messages/trimmed-history.session.jsonl": stub.recordings,
    }


def _ask(client: anthropic.Anthropic, messages: list[Any]) -> Any:
    return client.messages.create(
        model="claude-haiku-4-5-20251001", max_tokens=512, system=text("building.md"), tools=TOOLS, messages=messages
    )
