"""An SQL helper's tool call is cut by max_tokens: half a query in broken JSON, streamed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import openai

from scripts.captures import accounting
from scripts.captures.replies.openai_chat import answer
from scripts.captures.texts import text

if TYPE_CHECKING:
    from scripts.captures.stub import Recording, Stub

HOST = "https://api.openai.com"
LIMIT = 220
RUN_QUERY: Any = {
    "type": "function",
    "function": {
        "name": "run_query",
        "description": "Runs one read-only PostgreSQL query and returns at most 200 rows as CSV.",
        "parameters": {
            "type": "object",
            "properties": {
                "purpose": {"type": "string", "description": "One line for the audit log: what the query is for."},
                "sql": {"type": "string", "description": "The query, without a trailing semicolon."},
            },
            "required": ["purpose", "sql"],
        },
    },
}
FIRST = """-- one row: a country and its number of live shops
SELECT s.country AS country, count(*) AS shops
FROM shops s
WHERE NOT s.is_test
GROUP BY s.country
ORDER BY shops DESC"""
QUESTION = (
    "Now the real one. For each quarter of 2025 and each country I need revenue net of discounts, the return rate by "
    "value, and the share of e-bikes in revenue, web shop and stores apart. Compare every quarter with the quarter "
    "before. Leave out shops that opened during 2025."
)


def record(stub: Stub) -> dict[str, list[Recording]]:
    """Ask for a small query that works, then a large one whose arguments do not fit into max_tokens."""
    client = openai.OpenAI(base_url=stub.url("/v1"), api_key="unused", max_retries=0)
    cut = _arguments_cut_at(LIMIT)
    stub.script(
        answer(
            "sql-helper/1",
            "2026-09-15T13:20:05",
            calls=[("run_query", {"purpose": "count live shops per country", "sql": FIRST})],
        ),
        answer(
            "sql-helper/2",
            "2026-09-15T13:20:08",
            "There are 34 live shops: 19 in the Netherlands, 9 in Belgium and 6 in Germany. Test shops are left out.",
        ),
        answer("sql-helper/3", "2026-09-15T13:22:31", calls=[("run_query", cut)], finish="length"),
    )
    messages: list[Any] = [
        {"role": "system", "content": text("sql_helper/system.md")},
        {"role": "user", "content": "Warm-up: how many shops do we have per country?"},
    ]
    first = _stream(client, messages)
    messages += [first, _result(first, "country,shops\nNL,19\nBE,9\nDE,6\n")]
    messages += [_stream(client, messages), {"role": "user", "content": QUESTION}]
    _stream(client, messages)
    return {
        "captures/openai.chat/sql-helper.json": stub.recordings,
        "captures/openai.chat/sql-helper.session.jsonl": stub.recordings,
    }


def _stream(client: openai.OpenAI, messages: list[Any]) -> Any:
    with client.chat.completions.stream(
        model="gpt-4.1-mini-2025-04-14",
        messages=messages,
        tools=[RUN_QUERY],
        temperature=0,
        max_tokens=LIMIT,
        stream_options={"include_usage": True},
    ) as stream:
        try:
            message = stream.get_final_completion().choices[0].message
        except openai.LengthFinishReasonError:
            return None
    return message.model_dump(include={"role", "content", "tool_calls"}, exclude_none=True)


def _result(message: Any, rows: str) -> Any:
    return {"role": "tool", "tool_call_id": message["tool_calls"][0]["id"], "content": rows}


def _arguments_cut_at(limit: int) -> str:
    """Cut the arguments of the large query, as far as `limit` completion tokens reach."""
    arguments = {
        "purpose": "quarterly revenue, returns and e-bike share per country and channel, 2025",
        "sql": text("sql_helper/large_query.sql"),
    }
    spent = accounting.count("run_query") + 7
    return "".join(accounting.pieces(accounting.compact(arguments))[: limit - spent])
