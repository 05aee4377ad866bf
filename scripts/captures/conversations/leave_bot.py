"""An HR assistant answers from the older of two policies that disagree."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import openai

from scripts.captures.replies.openai_chat import answer
from scripts.captures.texts import text

if TYPE_CHECKING:
    from scripts.captures.stub import Answer, Recording, Stub

HOST = "https://api.openai.com"
SERVED = "gpt-4o-mini-2024-07-18"
DOCUMENTS = (
    ("handbook-2022", "Employee handbook, chapter 7: Vacation and other leave", "2022-03-01"),
    ("policy-2025", "Leave policy, Norrvik Group", "2025-01-15"),
    ("leave-faq", "Leave FAQ (intranet page, Lund)", "2024-05-28"),
)
TOOLS: list[Any] = [
    {
        "type": "function",
        "function": {
            "name": "search_policies",
            "description": "Searches the intranet for leave policies and returns the best matching pages in full.",
            "parameters": {
                "type": "object",
                "properties": {
                    "query": {"type": "string", "description": "What to look for, in a few words."},
                    "top_k": {"type": "integer", "description": "How many pages to return, 1 to 5."},
                },
                "required": ["query", "top_k"],
                "additionalProperties": False,
            },
            "strict": True,
        },
    },
    {
        "type": "function",
        "function": {
            "name": "get_leave_balance",
            "description": "Returns the vacation balance of the signed-in employee, in days.",
            "parameters": {
                "type": "object",
                "properties": {"year": {"type": "integer", "description": "The calendar year."}},
                "required": ["year"],
                "additionalProperties": False,
            },
            "strict": True,
        },
    },
]


FIRST = "Hi Lova, how do I ask for the week of 5 October off? It's just normal vacation."
QUESTION = "Great, thanks! I'll still have 12 vacation days left on 31 December. How many can I carry over to 2027?"


def record(stub: Stub) -> dict[str, list[Recording] | str]:
    """Play the conversation and keep it in several containers."""
    play(stub)
    return {
        "captures/openai.chat/leave-bot.json": stub.recordings,
        "captures/openai.chat/leave-bot.session.jsonl": stub.recordings,
        "captures/har/leave-bot.har": stub.recordings,
        "captures/messages/leave-bot.repr.txt": f"{json.loads(stub.recordings[-1].request)!r}\n",
    }


def play(stub: Stub) -> None:
    """Ask two questions; the second needs a search, and the search returns both policies."""
    client = openai.OpenAI(base_url=stub.url("/v1"), api_key="unused", max_retries=0)
    stub.script(*script())
    messages: list[Any] = [
        {"role": "system", "content": text("leave_bot/system.md")},
        {"role": "user", "content": FIRST},
    ]
    turn = _ask(client, messages)
    messages += [{"role": "assistant", "content": turn.content}, {"role": "user", "content": QUESTION}]
    while calls := (turn := _ask(client, messages)).tool_calls:
        messages.append(turn.model_dump(include={"role", "content", "tool_calls"}))
        messages += [{"role": "tool", "tool_call_id": call.id, "content": pages()} for call in calls]


def script() -> list[Answer]:
    """Script the three answers of the model."""
    query = {"query": "carry over unused vacation days to next year", "top_k": 3}
    return [
        answer("leave-bot/1", "2026-09-14T09:02:11", text("leave_bot/answer-1.txt"), model=SERVED),
        answer("leave-bot/2", "2026-09-14T09:03:40", calls=[("search_policies", query)], model=SERVED),
        answer("leave-bot/3", "2026-09-14T09:03:43", text("leave_bot/answer-2.txt"), model=SERVED),
    ]


def _ask(client: openai.OpenAI, messages: list[Any]) -> Any:
    completion = client.chat.completions.create(
        model="gpt-4o-mini", messages=messages, tools=TOOLS, temperature=0.2, max_tokens=400
    )
    return completion.choices[0].message


def pages() -> str:
    """Write the search result: three pages in full."""
    return "\n\n".join(
        f'<document id="{name}" title="{title}" updated="{updated}">\n{text(f"leave_bot/{name}.md")}\n</document>'
        for name, title, updated in DOCUMENTS
    )
