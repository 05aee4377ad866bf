"""A good tool call with a strict schema, and a streamed answer that stands on its result."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import openai

from scripts.captures.replies.openai_chat import answer
from scripts.captures.texts import text

if TYPE_CHECKING:
    from scripts.captures.stub import Recording, Stub

HOST = "https://api.openai.com"
GET_ORDER: Any = {
    "type": "function",
    "function": {
        "name": "get_order",
        "description": "Returns one order with its lines and its shipments.",
        "strict": True,
        "parameters": {
            "type": "object",
            "properties": {"number": {"type": "string", "description": "The number of the order, such as T-10021."}},
            "required": ["number"],
            "additionalProperties": False,
        },
    },
}
ORDER = {
    "number": "T-20417",
    "ordered": "2026-09-08",
    "lines": [
        {"article": "Rain jacket Fjell, blue, M", "quantity": 1, "price": "149.00 EUR", "state": "shipped"},
        {
            "article": "Wool socks, grey, 42",
            "quantity": 2,
            "price": "18.50 EUR",
            "state": "back in stock on 2026-09-25",
        },
    ],
    "shipments": [{"carrier": "PostNord", "parcel": "1 of 2", "sent": "2026-09-10", "delivered": "2026-09-12"}],
}


def record(stub: Stub) -> dict[str, list[Recording]]:
    """One call and one answer."""
    client = openai.OpenAI(base_url=stub.url("/v1"), api_key="unused", max_retries=0)
    stub.script(
        answer("orders/1", "2026-09-14T16:20:00", calls=[("get_order", {"number": "T-20417"})]),
        answer(
            "orders/2",
            "2026-09-14T16:20:02",
            "The rain jacket was delivered on 12 September [T-20417]. "
            "The two pairs of wool socks were not in that parcel; they are back in stock on 25 September [T-20417].",
        ),
    )
    messages: list[Any] = [
        {"role": "system", "content": text("orders/system.md")},
        {
            "role": "user",
            "content": "Hi, my order T-20417 came on Saturday, but only the jacket was in it. Where are the socks?",
        },
    ]
    first = _stream(client, messages)
    call = first["tool_calls"][0]["id"]
    messages += [first, {"role": "tool", "tool_call_id": call, "content": json.dumps(ORDER)}]
    _stream(client, messages)
    return {"clean/openai.chat.tools.json": stub.recordings}


def _stream(client: openai.OpenAI, messages: list[Any]) -> Any:
    with client.chat.completions.stream(
        model="gpt-4.1-mini-2025-04-14",
        messages=messages,
        tools=[GET_ORDER],
        temperature=0.1,
        max_completion_tokens=200,
        stream_options={"include_usage": True},
    ) as stream:
        message = stream.get_final_completion().choices[0].message
    return message.model_dump(include={"role", "content", "tool_calls"}, exclude_none=True)
